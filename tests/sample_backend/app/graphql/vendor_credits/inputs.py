"""What the frontend sends of vendor credits."""

import strawberry


@strawberry.input
class VendorCreditInput:
    vendor_id: int
    amount: int

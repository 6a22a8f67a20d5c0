"""VendorCredit as the frontend sees it."""

import strawberry


@strawberry.type
class VendorCreditType:
    id: int
    vendor_id: int
    amount: int

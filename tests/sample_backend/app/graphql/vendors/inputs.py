"""What the frontend sends of vendors."""

import strawberry


@strawberry.input
class VendorInput:
    title: str

"""Vendor as the frontend sees it."""

import strawberry


@strawberry.type
class VendorType:
    id: int
    title: str

"""VendorCredit as the frontend sees it."""

import datetime

import strawberry


@strawberry.type
class VendorCreditType:
    id: int
    vendor_id: int
    amount: int
    approved_on: datetime.date | None


@strawberry.type
class CreditApprovalType:
    id: int
    credit_id: int
    approver: str
    note: str | None

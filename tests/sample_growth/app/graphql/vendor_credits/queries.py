"""Queries of vendor credits."""

import strawberry

from app.graphql.vendor_credits.types import VendorCreditType


@strawberry.type
class VendorCreditQueries:
    @strawberry.field
    def vendor_credits(self, info: strawberry.Info) -> list[VendorCreditType]:
        service = info.context["vendor_credits"]
        return [VendorCreditType(id=row.id, vendor_id=row.vendor_id, amount=row.amount, approved_on=row.approved_on) for row in service.list_vendor_credits()]

    @strawberry.field
    def pending_vendor_credits(self, info: strawberry.Info) -> list[VendorCreditType]:
        service = info.context["vendor_credits"]
        return [
            VendorCreditType(id=row.id, vendor_id=row.vendor_id, amount=row.amount, approved_on=row.approved_on)
            for row in service.list_pending_vendor_credits()
        ]

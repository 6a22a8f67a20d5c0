"""Mutations of vendor credits."""

import strawberry

from app.graphql.vendor_credits.inputs import VendorCreditInput
from app.graphql.vendor_credits.types import CreditApprovalType, VendorCreditType


@strawberry.type
class VendorCreditMutations:
    @strawberry.mutation
    def create_vendor_credit(self, info: strawberry.Info, input: VendorCreditInput) -> VendorCreditType:
        row = info.context["vendor_credits"].create_vendor_credit(input.vendor_id, input.amount)
        return VendorCreditType(id=row.id, vendor_id=row.vendor_id, amount=row.amount, approved_on=row.approved_on)

    @strawberry.mutation
    def update_vendor_credit(self, info: strawberry.Info, id: int, input: VendorCreditInput) -> VendorCreditType:
        row = info.context["vendor_credits"].update_vendor_credit(id, input.vendor_id, input.amount)
        return VendorCreditType(id=row.id, vendor_id=row.vendor_id, amount=row.amount, approved_on=row.approved_on)

    @strawberry.mutation
    def delete_vendor_credit(self, info: strawberry.Info, id: int) -> bool:
        info.context["vendor_credits"].delete_vendor_credit(id)
        return True

    @strawberry.mutation
    def approve_vendor_credit(
        self, info: strawberry.Info, id: int, approver: str, note: str | None = None
    ) -> CreditApprovalType:
        row = info.context["vendor_credits"].approve_vendor_credit(id, approver, note)
        return CreditApprovalType(id=row.id, credit_id=row.credit_id, approver=row.approver, note=row.note)

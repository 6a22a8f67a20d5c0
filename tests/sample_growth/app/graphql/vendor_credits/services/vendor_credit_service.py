"""What can be done with vendor credits."""

import datetime

from app.graphql.vendor_credits.models.credit_approval import CreditApproval
from app.graphql.vendor_credits.models.vendor_credit import VendorCredit
from app.graphql.vendor_credits.repositories.vendor_credit_repository import VendorCreditRepository


class VendorCreditService:
    def __init__(self, repository: VendorCreditRepository) -> None:
        self.repository = repository

    def list_vendor_credits(self) -> list[VendorCredit]:
        return self.repository.all()

    def list_pending_vendor_credits(self) -> list[VendorCredit]:
        return self.repository.pending()

    def create_vendor_credit(self, vendor_id: int, amount: int) -> VendorCredit:
        return self.repository.add(VendorCredit(vendor_id=vendor_id, amount=amount))

    def update_vendor_credit(self, id: int, vendor_id: int, amount: int) -> VendorCredit:
        row = self.repository.get(id)
        row.vendor_id = vendor_id
        row.amount = amount
        return row

    def approve_vendor_credit(self, id: int, approver: str, note: str | None) -> CreditApproval:
        self.repository.get(id).approved_on = datetime.date.today()
        return self.repository.approve(CreditApproval(credit_id=id, approver=approver, note=note))

    def delete_vendor_credit(self, id: int) -> None:
        self.repository.remove(self.repository.get(id))

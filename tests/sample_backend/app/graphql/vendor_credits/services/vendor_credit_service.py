"""What can be done with vendor credits."""

from app.graphql.vendor_credits.models.vendor_credit import VendorCredit
from app.graphql.vendor_credits.repositories.vendor_credit_repository import VendorCreditRepository


class VendorCreditService:
    def __init__(self, repository: VendorCreditRepository) -> None:
        self.repository = repository

    def list_vendor_credits(self) -> list[VendorCredit]:
        return self.repository.all()

    def create_vendor_credit(self, vendor_id: int, amount: int) -> VendorCredit:
        return self.repository.add(VendorCredit(vendor_id=vendor_id, amount=amount))

    def update_vendor_credit(self, id: int, vendor_id: int, amount: int) -> VendorCredit:
        row = self.repository.get(id)
        row.vendor_id = vendor_id
        row.amount = amount
        return row

    def delete_vendor_credit(self, id: int) -> None:
        self.repository.remove(self.repository.get(id))

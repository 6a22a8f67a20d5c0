"""Reads and writes rows of vendor_credits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.graphql.vendor_credits.models.credit_approval import CreditApproval
from app.graphql.vendor_credits.models.vendor_credit import VendorCredit


class VendorCreditRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def all(self) -> list[VendorCredit]:
        return list(self.session.scalars(select(VendorCredit).order_by(VendorCredit.id)))

    def pending(self) -> list[VendorCredit]:
        return list(self.session.scalars(select(VendorCredit).where(VendorCredit.approved_on.is_(None))))

    def get(self, id: int) -> VendorCredit:
        return self.session.get_one(VendorCredit, id)

    def add(self, row: VendorCredit) -> VendorCredit:
        self.session.add(row)
        self.session.flush()
        return row

    def approve(self, approval: CreditApproval) -> CreditApproval:
        self.session.add(approval)
        self.session.flush()
        return approval

    def remove(self, row: VendorCredit) -> None:
        self.session.delete(row)
        self.session.flush()

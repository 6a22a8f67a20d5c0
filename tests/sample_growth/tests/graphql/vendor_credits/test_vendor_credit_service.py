"""VendorCreditService on an empty database."""

from sqlalchemy.orm import Session

from app.graphql.vendor_credits.repositories.vendor_credit_repository import VendorCreditRepository
from app.graphql.vendor_credits.services.vendor_credit_service import VendorCreditService


def test_created_row_is_deleted(session: Session) -> None:
    service = VendorCreditService(VendorCreditRepository(session))
    row = service.create_vendor_credit(1, 500)
    assert service.list_vendor_credits() == [row]
    service.delete_vendor_credit(row.id)
    assert service.list_vendor_credits() == []


def test_approved_credit_waits_no_longer(session: Session) -> None:
    service = VendorCreditService(VendorCreditRepository(session))
    row = service.create_vendor_credit(1, 500)
    assert service.list_pending_vendor_credits() == [row]
    assert service.approve_vendor_credit(row.id, "ann", None).approver == "ann"
    assert service.list_pending_vendor_credits() == []

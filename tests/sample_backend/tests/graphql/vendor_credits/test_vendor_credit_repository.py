"""VendorCreditRepository on an empty database."""

from sqlalchemy.orm import Session

from app.graphql.vendor_credits.models.vendor_credit import VendorCredit
from app.graphql.vendor_credits.repositories.vendor_credit_repository import VendorCreditRepository


def test_added_row_is_listed(session: Session) -> None:
    repository = VendorCreditRepository(session)
    row = repository.add(VendorCredit(vendor_id=1, amount=500))
    assert repository.all() == [row]
    repository.remove(row)
    assert repository.all() == []

"""VendorRepository on an empty database."""

from sqlalchemy.orm import Session

from app.graphql.vendors.models.vendor import Vendor
from app.graphql.vendors.repositories.vendor_repository import VendorRepository


def test_added_row_is_listed(session: Session) -> None:
    repository = VendorRepository(session)
    row = repository.add(Vendor(title="Acme"))
    assert repository.all() == [row]
    repository.remove(row)
    assert repository.all() == []

"""VendorService on an empty database."""

from sqlalchemy.orm import Session

from app.graphql.vendors.repositories.vendor_repository import VendorRepository
from app.graphql.vendors.services.vendor_service import VendorService


def test_created_row_is_deleted(session: Session) -> None:
    service = VendorService(VendorRepository(session))
    row = service.create_vendor("Acme")
    assert service.list_vendors() == [row]
    service.delete_vendor(row.id)
    assert service.list_vendors() == []

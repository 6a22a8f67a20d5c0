"""What can be done with vendors."""

from app.graphql.vendors.models.vendor import Vendor
from app.graphql.vendors.repositories.vendor_repository import VendorRepository


class VendorService:
    def __init__(self, repository: VendorRepository) -> None:
        self.repository = repository

    def list_vendors(self) -> list[Vendor]:
        return self.repository.all()

    def create_vendor(self, title: str) -> Vendor:
        return self.repository.add(Vendor(title=title))

    def update_vendor(self, id: int, title: str) -> Vendor:
        row = self.repository.get(id)
        row.title = title
        return row

    def delete_vendor(self, id: int) -> None:
        self.repository.remove(self.repository.get(id))

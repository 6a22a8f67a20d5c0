"""Reads and writes rows of vendors."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.graphql.vendors.models.vendor import Vendor


class VendorRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def all(self) -> list[Vendor]:
        return list(self.session.scalars(select(Vendor).order_by(Vendor.id)))

    def get(self, id: int) -> Vendor:
        return self.session.get_one(Vendor, id)

    def add(self, row: Vendor) -> Vendor:
        self.session.add(row)
        self.session.flush()
        return row

    def remove(self, row: Vendor) -> None:
        self.session.delete(row)
        self.session.flush()

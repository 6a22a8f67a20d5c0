"""A parcel of a shipment."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Integer, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db.base import Base


class Parcel(Base):
    __tablename__ = "parcels"
    __table_args__ = (UniqueConstraint("barcode", name="uq_parcels_barcode"), {"comment": "Parcels of shipments"})

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id"), primary_key=True, comment="Shipment that it is of")
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="Counts within the shipment")
    barcode: Mapped[str] = mapped_column(comment="As it is scanned")
    weight: Mapped[Decimal | None] = mapped_column(Numeric(8, 3), comment="Kilograms")

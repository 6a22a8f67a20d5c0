"""A shipment and its tags."""

from typing import Any

from sqlalchemy import BigInteger, Column, Enum, ForeignKey, Index, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.api.orders.models.order import Tag
from shop.api.shipments.enums import ShipmentState
from shop.db.base import Base, Timestamped

shipment_tags = Table(
    "shipment_tags",
    Base.metadata,
    Column("shipment_id", BigInteger, ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True, comment="Tagged shipment"),
    Column("tag_id", BigInteger, ForeignKey("tags.id"), primary_key=True, comment="Tag that it bears"),
)


class Shipment(Timestamped, Base):
    __tablename__ = "shipments"
    __table_args__ = (Index("ix_shipments_state_carrier", "state", "carrier"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="Surrogate key")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), comment="Order that is sent")
    state: Mapped[ShipmentState] = mapped_column(Enum(ShipmentState, name="shipment_state"), comment="How far it is")
    carrier: Mapped[str | None] = mapped_column(String(60), comment="Who brings it")
    address: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Where it goes, as it was printed")
    tags: Mapped[list[Tag]] = relationship(secondary=shipment_tags)

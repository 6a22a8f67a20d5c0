"""Orders and tags."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db.base import Base


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="Surrogate key")
    number: Mapped[str] = mapped_column(String(20), comment="What the customer is told")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="Surrogate key")
    label: Mapped[str] = mapped_column(String(40), comment="What is printed")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), comment="Order that it was made for")

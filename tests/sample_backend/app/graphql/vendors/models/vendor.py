"""The table vendors."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Vendor(Base):
    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")
    title: Mapped[str] = mapped_column(comment="Name on the invoices")

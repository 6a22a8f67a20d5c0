"""The table vendor_credits."""

import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class VendorCredit(Base):
    __tablename__ = "vendor_credits"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), comment="Vendor who owes the credit")
    amount: Mapped[int] = mapped_column(comment="Open credit in cents")
    approved_on: Mapped[datetime.date | None] = mapped_column(index=True, comment="Day of the approval")

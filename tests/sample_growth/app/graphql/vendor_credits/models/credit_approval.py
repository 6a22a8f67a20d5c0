"""The table credit_approvals."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class CreditApproval(Base):
    __tablename__ = "credit_approvals"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")
    credit_id: Mapped[int] = mapped_column(ForeignKey("vendor_credits.id"), comment="Credit that is approved")
    approver: Mapped[str] = mapped_column(String(40), comment="Login of the second person")
    note: Mapped[str | None] = mapped_column(String(200), comment="Reason given by the approver")

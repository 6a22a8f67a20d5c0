"""The migration that the examples of this family lay over the sample backend."""

from definition_of_done.release._examples import released

PATH = "alembic/versions/20260601_add_credit_limit.py"
_OWN = "alembic/versions/20260524_add_vendor_credits.py"


def example(
    *,
    path: str = PATH,
    created: str = "2026-06-01",
    revises: str = "add_vendor_credits",
    down_revision: str = "add_vendor_credits",
    revision: str = "add_credit_limit",
    comment: str = 'comment="Highest open credit in cents"',
    more: str = "",
    upgrade: str = "",
    downgrade: str = 'op.drop_column("vendor_credits", "credit_limit")',
) -> dict[str, str | None]:
    """One migration in the template's shape, on top of the sample's head, with parts replaced.

    The changelog names it, in the place of the sample's own where it stands in that one's file.
    """
    extra = f", {comment}" if comment else ""
    upgrade = (
        upgrade
        or f"""op.add_column(
        "vendor_credits",
        sa.Column("credit_limit", sa.Integer(), nullable=True{extra}),
    )"""
    )
    names = [revision] if path == _OWN else ["add_vendor_credits", revision]
    return {
        **released(*names),
        path: f'''"""add credit_limit to vendor_credits

Revision ID: {revision}
Revises: {revises}
Create Date: {created} 00:00:00.000000
"""
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: str | None = "{down_revision}"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    {upgrade}{more and chr(10) + "    " + more}


def downgrade() -> None:
    {downgrade}
''',
    }


def standing(
    revision: str = "add_vendor_credits",
    *,
    more: str = "",
    downgrade: str = 'op.drop_table("vendor_credits")',
) -> dict[str, str | None]:
    """The sample's own second migration, which stands on the base, with parts replaced."""
    return example(
        path=_OWN,
        created="2026-05-24",
        revision=revision,
        revises="add_vendors",
        down_revision="add_vendors",
        upgrade="op.create_table(\n"
        '        "vendor_credits",\n'
        '        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),\n'
        '        sa.Column("vendor_id", sa.ForeignKey("vendors.id"), comment="Who owes it"),\n'
        '        sa.Column("amount", sa.Integer(), comment="Open credit in cents"),\n'
        "    )",
        more=more,
        downgrade=downgrade,
    )


def model(column: str = "") -> dict[str, str | None]:
    """The sample's own model, with another column."""
    path = "app/graphql/vendor_credits/models/vendor_credit.py"
    return {
        path: f'''"""The table vendor_credits."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class VendorCredit(Base):
    """What a vendor owes."""

    __tablename__ = "vendor_credits"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), comment="Who owes it")
    amount: Mapped[int] = mapped_column(comment="Open credit in cents")
    {column or "# A changed comment is no schema change."}
'''
    }

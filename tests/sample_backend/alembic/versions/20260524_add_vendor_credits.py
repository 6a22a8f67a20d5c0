"""add vendor_credits

Revision ID: add_vendor_credits
Revises: add_vendors
Create Date: 2026-05-24 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_vendor_credits"
down_revision: str | None = "add_vendors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "vendor_credits",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),
        sa.Column(
            "vendor_id",
            sa.Integer(),
            sa.ForeignKey("vendors.id"),
            nullable=False,
            comment="Vendor who owes the credit",
        ),
        sa.Column("amount", sa.Integer(), nullable=False, comment="Open credit in cents"),
    )


def downgrade() -> None:
    op.drop_table("vendor_credits")

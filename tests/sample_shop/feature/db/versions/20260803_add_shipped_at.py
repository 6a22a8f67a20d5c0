"""add shipped_at to orders

Revision ID: add_shipped_at
Revises: add_shipments
Create Date: 2026-08-03 09:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_shipped_at"
down_revision: str | None = "add_shipments"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True, comment="When the last parcel left"),
    )


def downgrade() -> None:
    op.drop_column("orders", "shipped_at")

"""add vendors

Revision ID: add_vendors
Revises:
Create Date: 2026-04-10 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_vendors"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "vendors",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),
        sa.Column("title", sa.String(), nullable=False, comment="Name on the invoices"),
    )


def downgrade() -> None:
    op.drop_table("vendors")

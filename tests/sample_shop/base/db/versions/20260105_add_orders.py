"""add orders

Revision ID: add_orders
Revises:
Create Date: 2026-01-05 09:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_orders"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False, comment="Surrogate key"),
        sa.Column("number", sa.String(20), nullable=False, comment="What the customer is told"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger(), nullable=False, comment="Surrogate key"),
        sa.Column("label", sa.String(40), nullable=False, comment="What is printed"),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False, comment="Order that it was made for"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("tags")
    op.drop_table("orders")

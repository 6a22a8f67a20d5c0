"""add approved_on to vendor_credits

Revision ID: add_approved_on
Revises: add_credit_approvals
Create Date: 2026-07-02 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_approved_on"
down_revision: str | None = "add_credit_approvals"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("vendor_credits") as batch_op:
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True, comment="Day of the approval"))
        batch_op.create_index("ix_vendor_credits_approved_on", ["approved_on"])


def downgrade() -> None:
    with op.batch_alter_table("vendor_credits") as batch_op:
        batch_op.drop_index("ix_vendor_credits_approved_on")
        batch_op.drop_column("approved_on")

"""add credit_approvals

Revision ID: add_credit_approvals
Revises: add_vendor_credits
Create Date: 2026-07-01 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_credit_approvals"
down_revision: str | None = "add_vendor_credits"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "credit_approvals",
        sa.Column("id", sa.Integer(), nullable=False, comment="Surrogate key"),
        sa.Column("credit_id", sa.Integer(), nullable=False, comment="Credit that is approved"),
        sa.Column("approver", sa.String(40), nullable=False, comment="Login of the second person"),
        sa.Column("note", sa.String(200), nullable=True, comment="Reason given by the approver"),
        sa.PrimaryKeyConstraint("id", name="pk_credit_approvals"),
        sa.ForeignKeyConstraint(["credit_id"], ["vendor_credits.id"], name="fk_credit_approvals_credit"),
    )


def downgrade() -> None:
    op.drop_table("credit_approvals")

"""add rooms

Revision ID: add_rooms
Revises:
Create Date: 2026-03-02 10:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_rooms"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False, comment="Surrogate key"),
        sa.Column("name", sa.String(80), nullable=False, comment="As the door says"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("name", name=op.f("uq_rooms_name")),
    )


def downgrade() -> None:
    op.drop_table("rooms")

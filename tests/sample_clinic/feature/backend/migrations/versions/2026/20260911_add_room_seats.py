"""add seats to rooms

Revision ID: add_room_seats
Revises: add_visits
Create Date: 2026-09-11 08:30:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_room_seats"
down_revision: str | None = "add_visits"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("seats", sa.Integer(), server_default="1", nullable=False, comment="How many can wait inside"))


def downgrade() -> None:
    op.drop_column("rooms", "seats")

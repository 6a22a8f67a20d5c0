"""add visits

Revision ID: add_visits
Revises: add_rooms
Create Date: 2026-09-10 08:30:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_visits"
down_revision: str | None = "add_rooms"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "slots",
        sa.Column("room_id", sa.BigInteger(), nullable=False, comment="Room that is free"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False, comment="When it begins to be"),
        sa.Column("minutes", sa.Integer(), server_default="20", nullable=False, comment="For how long"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_slots_rooms")),
        sa.PrimaryKeyConstraint("room_id", "starts_at", name=op.f("pk_slots")),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False, comment="Surrogate key"),
        sa.Column("room_id", sa.BigInteger(), nullable=False, comment="Room of its slot"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False, comment="Time of its slot"),
        sa.Column("patient", sa.String(80), nullable=False, comment="Name to be called"),
        sa.Column("state", sa.Enum("booked", "arrived", "cancelled", name="visit_state"), nullable=False, comment="How far it is"),
        sa.ForeignKeyConstraint(
            ["room_id", "starts_at"], ["slots.room_id", "slots.starts_at"], name=op.f("fk_visits_slots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_patient_state"), "visits", ["patient", "state"])
    op.create_table(
        "helpers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False, comment="Surrogate key"),
        sa.Column("name", sa.String(80), nullable=False, comment="As the badge says"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helpers")),
    )
    op.create_table(
        "visit_helpers",
        sa.Column("visit_id", sa.BigInteger(), nullable=False, comment="Visit that needs help"),
        sa.Column("helper_id", sa.BigInteger(), nullable=False, comment="Who gives it"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_helpers_visits"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["helper_id"], ["helpers.id"], name=op.f("fk_visit_helpers_helpers")),
        sa.PrimaryKeyConstraint("visit_id", "helper_id", name=op.f("pk_visit_helpers")),
    )


def downgrade() -> None:
    op.drop_table("visit_helpers")
    op.drop_table("helpers")
    op.drop_index(op.f("ix_visits_patient_state"), table_name="visits")
    op.drop_table("visits")
    op.drop_table("slots")
    op.execute("DROP TYPE visit_state")

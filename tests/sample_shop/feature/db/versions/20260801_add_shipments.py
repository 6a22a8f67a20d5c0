"""add shipments

Revision ID: add_shipments
Revises: add_orders
Create Date: 2026-08-01 09:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "add_shipments"
down_revision: str | None = "add_orders"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


STATE = postgresql.ENUM("PACKED", "SENT", name="shipment_state", create_type=False)


def upgrade() -> None:
    STATE.create(op.get_bind())
    op.create_table(
        "shipments",
        sa.Column("id", sa.BigInteger(), nullable=False, comment="Surrogate key"),
        sa.Column("order_id", sa.BigInteger(), nullable=False, comment="Order that is sent"),
        sa.Column("state", STATE, nullable=False, comment="How far it is"),
        sa.Column("carrier", sa.String(60), nullable=True, comment="Who brings it"),
        sa.Column("address", postgresql.JSONB(), nullable=False, comment="Where it goes, as it was printed"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False, comment="When the row was written"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shipments_state_carrier", "shipments", ["state", "carrier"])
    op.create_table(
        "parcels",
        sa.Column("shipment_id", sa.BigInteger(), sa.ForeignKey("shipments.id"), primary_key=True, comment="Shipment that it is of"),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="Counts within the shipment"),
        sa.Column("barcode", sa.String(), nullable=False, comment="As it is scanned"),
        sa.Column("weight", sa.Numeric(8, 3), comment="Kilograms"),
        sa.UniqueConstraint("barcode", name="uq_parcels_barcode"),
        comment="Parcels of shipments",
    )
    op.create_table(
        "shipment_tags",
        sa.Column("shipment_id", sa.BigInteger(), nullable=False, comment="Tagged shipment"),
        sa.Column("tag_id", sa.BigInteger(), nullable=False, comment="Tag that it bears"),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"]),
        sa.PrimaryKeyConstraint("shipment_id", "tag_id"),
    )


def downgrade() -> None:
    op.drop_table("shipment_tags")
    op.drop_table("parcels")
    op.drop_index("ix_shipments_state_carrier", table_name="shipments")
    op.drop_table("shipments")
    STATE.drop(op.get_bind())

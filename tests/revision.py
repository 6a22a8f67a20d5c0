"""A migration that keeps the contract, and the same with a hash as its revision."""

from __future__ import annotations

SUITE = "definition-of-done"
SLUG = "alembic-revision-slug"
PATH = "alembic/versions/20260524_add_x.py"
CLEAN = (
    "from alembic import op\nrevision = 'add_x'\n"
    "def upgrade():\n    op.drop_table('x')\ndef downgrade():\n    op.create_table('x')\n"
)
# What `alembic-revision-slug` finds.
HASH = CLEAN.replace("'add_x'", "'3f2a91bc04de'")

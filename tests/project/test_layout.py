"""A migration in a folder that no setting names is no application code for any rule."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import SAMPLE

from definition_of_done.engine.registry import all_rules

MIGRATION = '''\
"""add regions

Revision ID: add_regions
Revises:
Create Date: 2026-06-01 00:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision: str = "add_regions"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

regions = sa.Table(
    "regions", sa.MetaData(), sa.Column("name", sa.String(80), comment="What people call it")
)


class RegionService:
    def fill(self) -> None:
        op.bulk_insert(regions, [{"name": "north"}])


def upgrade() -> None:
    regions.create(op.get_bind())
    op.execute("CREATE TABLE more_regions (name text)")
    RegionService().fill()


def downgrade() -> None:
    op.drop_table("more_regions")
    op.drop_table("regions")
'''
# Each with the rules that take it for code where a line of a migration is missing.
CODE = {
    "services/billing/alembic/versions/20260601_add_regions.py": {"model-needs-migration"},
    "app/graphql/vendor_credits/models/20260601_add_regions.py": {
        "deltas-enumerated",
        "resource-full-chain",
    },
    "app/graphql/vendor_credits/services/add_regions.py": {
        "deltas-enumerated",
        "resource-full-chain",
        "tests-with-code",
    },
    "scripts/20260601_add_regions.py": {
        "changelog-migrations-order",
        "deltas-enumerated",
        "model-needs-migration",
        "tests-with-code",
    },
}
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
TOUCHED = {PAGE: SAMPLE[PAGE] + "- Refunds: no customer waits for them\n"}


@pytest.mark.parametrize("path", CODE)
def test_a_migration_elsewhere(path: str, sample: Project, run: Run) -> None:
    said = f"{SUITE}: error: {path} looks like a migration, and no setting names its folder: "
    others = [
        f"--select={rule.id}" for rule in all_rules() if not (rule.stages or rule.subject.refuses)
    ]
    for files in ({path: MIGRATION}, TOUCHED):
        sample.lay(files)
        code, out, err = run(SUITE, "check", "--base", "main", *others)
        assert (code, out.partition(" (")[0]) == (0, "no findings"), err
        assert run(SUITE, "check", "--base", "main")[2].startswith(said)
    sample.git("commit", "-qm", "add")
    sample.git("checkout", "-qb", "later")
    sample.git("rm", "-q", path)
    assert run(SUITE, "check", "--base", "feature")[0] == 0


@pytest.mark.parametrize(("path", "ids"), CODE.items())
@pytest.mark.parametrize("name", ["revision:", "down_revision:", "upgrade()"])
def test_near_miss(path: str, ids: set[str], name: str, sample: Project, run: Run) -> None:
    text = MIGRATION.replace("from alembic import op", "from app.database import op")
    text = text.replace(f"\n{name}", f"\nold_{name}").replace(f"def {name}", f"def old_{name}")
    sample.lay({path: text, **TOUCHED})
    out = run(SUITE, "check", "--base", "main")[1]
    places = [line for line in out.splitlines() if line.startswith((path, "docs/", "app/"))]
    found = {place.split(": ")[1] for place in places}
    assert found == {"no-inline-ddl", *ids}, out

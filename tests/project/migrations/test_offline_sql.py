"""Alembic's own SQL for PostgreSQL as the judge of column-comment-required."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

ID = "column-comment-required"
VERSIONS = "alembic/versions"
HISTORY = {path: text for path, text in SAMPLE.items() if path.startswith("alembic")}
# Every shape by which a column comes about, with and without a comment.
SHAPES = """\
op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),
    sa.Column("total", sa.Numeric(10, 2)),
    sa.Column("state", sa.String(8), comment=""),
    sa.Column("paid", sa.Boolean(), comment="Whether it is paid"),
)
op.add_column("orders", sa.Column("note", sa.Text()))
op.add_column("orders", column=sa.Column(name="memo", type_=sa.Text(), comment="For the clerk"))
for name in ("a", "b"):
    op.add_column("orders", sa.Column(name, sa.Integer()))
with op.batch_alter_table("orders") as batch:
    batch.add_column(sa.Column("c", sa.Integer(), comment=None))
    batch.add_column(sa.Column("d", sa.Integer(), **{"comment": "From a dictionary"}))
def stamp():
    return sa.Column("at", sa.DateTime())
op.create_table("more", sa.Column("id", sa.Integer(), comment="Key"), stamp(), schema="other")
"""


def _sql_without_comment(root: Path) -> set[str]:
    """The columns that Alembic's offline SQL adds and never comments."""
    run = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head", "--sql"],
        cwd=root,
        env={"DATABASE_URL": "postgresql://", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    added = set()
    for table, body in re.findall(r"CREATE TABLE (\S+) \((.*?)\n\);", run.stdout, re.S):
        lines = [line.strip().split(" ")[0] for line in body.splitlines() if line.strip()]
        constraints = ("PRIMARY", "FOREIGN", "CONSTRAINT", "UNIQUE", "CHECK")
        added |= {f"{table}.{name}" for name in lines if name not in constraints}
    added |= {
        f"{table}.{name}"
        for table, name in re.findall(r"ALTER TABLE (\S+) ADD COLUMN (\S+) ", run.stdout)
    }
    commented = set(re.findall(r"COMMENT ON COLUMN (\S+) IS '[^']", run.stdout))
    assert commented <= added
    return {column for column in added - commented if not column.startswith("alembic_version.")}


@pytest.mark.parametrize("shapes", ["", SHAPES])
def test_findings_are_the_columns_without_comment_on_column(
    shapes: str, project: Project, run: Run
) -> None:
    project.lay(HISTORY)
    if shapes:
        body = "".join(f"    {line}\n" for line in shapes.splitlines())
        project.lay({
            f"{VERSIONS}/20260601_orders.py": "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = 'orders'\ndown_revision = 'add_vendor_credits'\ndef upgrade():\n{body}"
        })  # fmt: skip
    out = run(ID)[1]
    # A schema is no part of how the rule names a table.
    found = set(
        re.findall(r": (?:the comment of )?column (\S+) (?:has no comment|is empty)\n", out)
    )
    if shapes:
        # A loop is one place in the file, and one finding.
        found = found - {"orders.{name}"} | {"orders.a", "orders.b"}
    expected = {column.removeprefix("other.") for column in _sql_without_comment(project.root)}
    assert found == expected
    assert bool(found) == bool(shapes)


def test_bad_examples_of_the_sample(project: Project, run: Run) -> None:
    from definition_of_done.engine.registry import load_rule

    project.lay(HISTORY)
    project.lay(load_rule(ID).bad)
    assert _sql_without_comment(project.root) == {"vendor_credits.credit_limit"}
    assert ": column vendor_credits.credit_limit has no comment\n" in run(ID)[1]

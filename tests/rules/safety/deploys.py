"""Migrations on top of a small schema that is in use, and what a rule finds in each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.repository import Project, Run

FOLDER = "alembic/versions"
TABLE = '[tool.definition-of-done]\ndatabase = "postgresql"\n'
HEAD = """\
import os
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "{revision}"
down_revision = {parent}
"""
START = f"""\
{HEAD.format(revision="start", parent=None)}
def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40)),
        sa.Column("note", sa.Text()),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Numeric(10, 2)),
        sa.Column("user_id", sa.Integer()),
        sa.Column("kind", sa.Enum("a", "b", name="kind")),
        sa.Column("made_at", sa.DateTime()),
        sa.CheckConstraint("user_id IS NOT NULL", name="ck_user"),
    )
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
"""


def migration(revision: str, upgrade: str, parent: str = "start") -> str:
    """A migration whose `upgrade` has this body; what stands before `def` goes above it.

    Of a merge all parents are named, with a comma between.
    """
    above, _, body = upgrade.rpartition("---\n")
    lines = "".join(f"    {line}\n" for line in body.rstrip("\n").split("\n"))
    parents = parent.split(", ")
    head = HEAD.format(revision=revision, parent=parents if parents[1:] else repr(parent))
    return f"{head}{above}def upgrade():\n{lines}"


def path_of(revision: str) -> str:
    return f"{FOLDER}/20260601_{revision}.py"


def lay(project: Project, bodies: Mapping[str, str], settings: str = TABLE) -> None:
    """Lay migrations on top of the schema; the name `b < a` sets `a` before `b`."""
    project.lay({f"{FOLDER}/20260401_start.py": START, "pyproject.toml": settings})
    project.git("commit", "-qm", "start")
    files: dict[str, str] = {}
    for name, body in bodies.items():
        revision, _, parent = name.partition(" < ")
        files[path_of(revision)] = migration(revision, body, parent or "start")
    project.lay(files)


def found(run: Run, id: str, *argv: str) -> dict[str, list[str]]:
    """The messages of a rule by revision."""
    code, out, err = run(id, "--format", "json", *argv)
    document = json.loads(out)
    assert (code == 1, err) == (bool(document["findings"]), "")
    told: dict[str, list[str]] = {}
    for finding in document["findings"]:
        revision = finding["path"].removeprefix(f"{FOLDER}/20260601_").removesuffix(".py")
        told.setdefault(revision, []).append(finding["message"])
    return told


def helps(run: Run, id: str) -> dict[str, str]:
    """The help of the first finding of each revision."""
    told: dict[str, str] = {}
    for finding in json.loads(run(id, "--format", "json")[1])["findings"]:
        revision = finding["path"].removeprefix(f"{FOLDER}/20260601_").removesuffix(".py")
        told.setdefault(revision, finding["help"])
    return told

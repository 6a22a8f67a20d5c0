"""Judges one migration in process, on the facts that a rule reads: cheaper than a whole branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Never

from definition_of_done.base.errors import Refused
from definition_of_done.engine.config import Config
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.registry import load_rule
from definition_of_done.project.migrations.files.migration import Migration, read_migration

PATH = "alembic/versions/20260524_add_x.py"
HEAD = """\
import sqlalchemy as sa
from alembic import op
revision = "add_x"
"""


NO_SETTINGS = Config("", {})


class NoFiller:
    """Writes nothing: what is written has tests of its own."""

    def add(self, _: object, __: object, help: str) -> tuple[str, None]:
        return help, None

    def fill(self, help: str, **_: bool) -> tuple[str, None]:
        return help, None


@dataclass
class Alone:
    """A migration without a project around it; the database is PostgreSQL where it is said."""

    migration: Migration
    is_on_postgresql: bool = False
    shared: Sequence[str] = ()
    filler: NoFiller = field(default_factory=NoFiller)

    def ancestors(self) -> Never:
        raise Refused("there is no project")

    def may_share_type(self, name: str) -> bool:
        return name in self.shared


def body(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n"))


def migration(upgrade: str, downgrade: str = "pass", head: str = HEAD) -> Migration:
    """A migration whose `upgrade` begins in line 5."""
    source = f"{head}def upgrade():\n{body(upgrade)}def downgrade():\n{body(downgrade)}"
    return read_migration(PATH, source.encode())


def findings_of(rule_id: str, facts: object) -> list[Finding]:
    """The findings of a rule that reads no settings."""
    return list(load_rule(rule_id).findings(facts, NO_SETTINGS))


def told(rule_id: str, facts: object) -> list[str]:
    """What a rule says of the facts: place and message."""
    findings = findings_of(rule_id, facts)
    return [f"{found.spot.line}:{found.spot.column}: {found.message}" for found in findings]


def advised(rule_id: str, facts: object) -> list[str]:
    """The helps of the findings."""
    return [found.help for found in findings_of(rule_id, facts)]

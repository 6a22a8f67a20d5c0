"""Every rule finds the same in newer grammar as in a twin in older grammar, at the same places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.repository import Files, Project, Run
from tests.revision import SUITE

from definition_of_done.engine.registry import all_rules

# What stands in front of the first function or class of a file, with its twin.
BLOCK = (
    '_A = {"é": f"{_B["é"]!r:>{_B["w"]}}"}\ntype _C = int\ndef _d[T: int](x: T) -> T: return x\n'
    "try: pass\nexcept KeyError, ValueError: pass\n",
    "_A = {\"é\": f\"{_B['é']!r:>{_B['w']}}\"}\n_C = int\ndef _d(x: T) -> T: return x\n"
    "try: pass\nexcept (KeyError, ValueError): pass\n",
)


def _is_code(file: tuple[str, str | bytes | None]) -> bool:
    path, text = file
    return path.endswith(".py") and not path.startswith("tests/") and text is not None


RULES = [rule for rule in all_rules() if any(map(_is_code, rule.bad.items())) and not rule.stages]
MIGRATION = """\
\"\"\"add x

Revision ID: add_x
Revises: add_vendor_credits
Create Date: 2026-06-01 00:00:00.000000
\"\"\"

import sqlalchemy as sa
from alembic import op

revision: str = 'add_x'
down_revision: str = 'add_vendor_credits'
TABLES = {'t': 'x'}

"""


def _with(files: Files, block: str) -> Files:
    def changed(text: str | bytes | None) -> str | bytes | None:
        assert isinstance(text, str)
        return re.sub(
            r"(?m)\A(.*?)^(?=@|def |class |\Z)", lambda m: m[0] + block, text, count=1, flags=re.S
        )

    return {path: changed(text) if _is_code((path, text)) else text for path, text in files.items()}


def _found(run: Run, *command: str) -> list[dict[str, Any]]:
    _, out, err = run(*command, "--format", "json")
    assert err == ""
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    for edit in (edit for finding in found for edit in finding.get("edits", ())):
        # The twin may be of another length.
        del edit["start"], edit["end"]
    return found


@pytest.mark.parametrize("id", [rule.id for rule in RULES])
def test_every_rule(id: str, sample: Project, run: Run) -> None:
    (rule,) = (rule for rule in RULES if rule.id == id)
    newer, older = (_with(rule.bad, block) for block in BLOCK)
    assert newer != older
    sample.lay(older)
    wanted = _found(run, SUITE, "check", "--select", id)
    assert id in {finding["rule"] for finding in wanted}
    sample.lay(newer)
    assert _found(run, SUITE, "check", "--select", id) == wanted


def _migration(body: str) -> Files:
    return {"alembic/versions/20260601_add_x.py": MIGRATION + body}


def _model(head: str) -> Files:
    return {
        "app/graphql/vendors/models/x.py": f"{head}\n    __tablename__ = 'x'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    }


# What is newer stands in the facts; the marks are replaced by it or by what is older.
PAIRS: list[tuple[Callable[[str], Files], str, str, str]] = [
    (
        _migration,
        "def upgrade():\n    op.execute({})\n    op.drop_index('i', 'x')\ndef downgrade(): pass\n",
        'f"ALTER TABLE {TABLES["t"]} ADD y int"',
        "f\"ALTER TABLE {TABLES['t']} ADD y int\"",
    ),
    (
        _migration,
        "def upgrade():\n    op.add_column({}, sa.Column('é', sa.Integer())); op.drop_table('z')\n",
        'f"{TABLES["t"]}"',
        "f\"{TABLES['t']}\"",
    ),
    (
        _migration,
        "def upgrade():\n    try:\n        op.drop_table('x')\n    {}\n        pass\n",
        "except KeyError, ValueError:",
        "except (KeyError, ValueError):",
    ),
    (
        _migration,
        "def upgrade():\n    x = {}  # noqa\n    y = 1  # type: ignore\n",
        'f"{TABLES["t"]}#{"#"}"',
        "f\"{TABLES['t']}#{'.'}\"",
    ),
    (
        _migration,
        "def upgrade():\n    op.add_column({}, sa.Column('a', sa.Integer()))"
        "  # dod: ignore[column-comment-required] not ours\n",
        'f"{TABLES["t"]}"',
        "f\"{TABLES['t']}\"",
    ),
    (_migration, "{} pass\ndef downgrade(): pass\n", "def upgrade[T]():", "def upgrade():"),
    (
        _model,
        "from sqlalchemy.orm import Mapped, mapped_column\n{}",
        "class X[T](Base):",
        "class X(Base):",
    ),
    (
        lambda text: {"app/graphql/vendors/services/x_service.py": text},
        "class XService:\n    async def run(self):\n        await self.db.execute({})\n"
        "    async def other(self): pass\n",
        'f"ALTER TABLE {self.tables["é"]} ADD y int"',
        "f\"ALTER TABLE {self.tables['é']} ADD y int\"",
    ),
    (
        _migration,
        "{}\ndef upgrade(): op.add_column('x', sa.Column('y', sa.Integer()))\n",
        "type Key[T: int] = dict[T, str]",
        "Key = dict[int, str]",
    ),
    (
        _migration,
        "def upgrade():\n    x = {}; op.add_column('x', sa.Column('y', sa.Integer()))\n",
        "f'''\n{TABLES['t']}{a['''\n''']}é'''",
        "f'''\n{TABLES['t']}{a[\"\"\"\n\"\"\"]}é'''",
    ),
]


@pytest.mark.parametrize(("files", "body", "newer", "older"), PAIRS)
def test_facts(
    files: Callable[[str], Files], body: str, newer: str, older: str, sample: Project, run: Run
) -> None:
    sample.lay(files(body.replace("{}", older)))
    wanted = _found(run, SUITE, "check")
    assert wanted
    assert "unreadable" not in {finding["rule"] for finding in wanted}
    sample.lay(files(body.replace("{}", newer)))
    assert _found(run, SUITE, "check") == wanted

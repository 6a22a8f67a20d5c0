"""Lays a chain of migrations and reads what the rules say of the last one."""

from __future__ import annotations

import re
import textwrap

from tests.repository import Project, Run

MIRRORS = "downgrade-mirrors-upgrade"
PASSES = "downgrade-not-pass"
_FILE = """import sqlalchemy as sa
from alembic import op
{imports}
revision = 'r{number}'
down_revision = {parent}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
"""


def path(number: int) -> str:
    """The path of a migration of the chain."""
    return f"alembic/versions/2026052{number}_r{number}.py"


def source(number: int, upgrade: str, downgrade: str = "pass", imports: str = "") -> str:
    """The text of a migration of the chain."""
    return _FILE.format(
        number=number,
        parent=f"'r{number - 1}'" if number else None,
        upgrade=textwrap.indent(upgrade, "    "),
        downgrade=textwrap.indent(downgrade, "    "),
        imports=imports,
    )


def lay(project: Project, *upgrades: str, downgrade: str = "pass", imports: str = "") -> str:
    """Write a chain of migrations; return the path of the last one."""
    last = len(upgrades) - 1
    for number, upgrade in enumerate(upgrades):
        text = source(number, upgrade, downgrade if number == last else "pass", imports)
        project.lay({path(number): text})
    return path(last)


def helps(run: Run, rule: str, file: str) -> list[str]:
    """The helps of the findings of a rule in a file, without their indent."""
    parts = re.findall(r"(?m)^    help: (.*(?:\n    .*)*)", run(rule, file)[1])
    return [textwrap.dedent("    " + part) for part in parts]


def written(project: Project, run: Run, rule: str, file: str) -> str:
    """The body of `downgrade` after `--fix`."""
    run(rule, "--fix", file)
    body = (project.root / file).read_text().partition("def downgrade() -> None:\n")[2]
    return textwrap.dedent(body).rstrip("\n")

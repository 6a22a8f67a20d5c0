"""Two layouts as public projects have them: a backend below the top, and one of Flask."""

from __future__ import annotations

from dataclasses import dataclass, field

# As Alembic's own template writes one, up to 1.16.
_MIGRATION = '''"""{title}

Revision ID: {revision}
Revises: {parent}
Create Date: {day} 10:02:49.218374

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '{revision}'
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''
_TABLE = (
    'op.create_table("{0}", sa.Column("id", sa.Integer(), nullable=False),'
    ' sa.PrimaryKeyConstraint("id"))'
)
COMMENTED = (
    'op.add_column("person", sa.Column("colour", sa.String(40),'
    ' comment="the colour that a person likes best"))'
)
BARE = 'op.add_column("person", sa.Column("colour", sa.String(40)))'
UNDONE = 'op.drop_column("person", "colour")'


def migration(
    revision: str, parent: str, title: str, upgrade: str = COMMENTED, downgrade: str = UNDONE
) -> str:
    """The text of a migration in Alembic's own form."""
    return _MIGRATION.format(
        title=title,
        revision=revision,
        parent=parent,
        day=f"2026-0{1 + int(revision[0], 16) % 9}-11",
        down=repr(parent) if parent else None,
        upgrade=upgrade,
        downgrade=downgrade,
    )


@dataclass(frozen=True)
class Layout:
    """A project: its files, the folder and the head of its migrations, and what init sets of it.

    `released` are the files of an honest release in the project's own style, by their new text, and
    `faults` those that break one of its rules, by the rule. `code` is a file of the application.
    """

    name: str
    versions: str
    head: str
    files: dict[str, str]
    chosen: dict[str, object]
    code: str
    released: dict[str, str] = field(default_factory=dict)
    faults: dict[str, dict[str, str]] = field(default_factory=dict)


def _history(folder: str, separator: str = "_") -> dict[str, str]:
    """Three migrations in a folder, named as Alembic names them."""
    rows = (("1a31ce608336", "", "person"), ("2c1f7a9de410", "1a31ce608336", "city"))
    return {
        f"{folder}/{revision}{separator}add_{table}.py": migration(
            revision,
            parent,
            f"add {table}",
            _TABLE.format(table),
            f'op.drop_table("{table}")',
        )
        for revision, parent, table in rows
    }


BACKEND = Layout(
    "a backend below the top",
    "backend/app/alembic/versions",
    "2c1f7a9de410",
    {
        "backend/alembic.ini": "[alembic]\nscript_location = app/alembic\n",
        "backend/app/alembic/env.py": "from alembic import context\n",
        **_history("backend/app/alembic/versions"),
        "backend/app/main.py": "app = 1\n",
        "backend/pyproject.toml": '[project]\nname = "app"\nversion = "0.1.0"\n',
        "backend/tests/test_main.py": "def test_main():\n    assert True\n",
        "frontend/package.json": '{\n  "name": "frontend",\n  "version": "0.0.0"\n}\n',
        "README.md": "# A project\n\nSee [the backend](backend/app/main.py).\n",
    },
    {
        "alembic-config": "backend/alembic.ini",
        "filename-pattern": "%(rev)s_%(slug)s",
        "revision-pattern": "hash",
        "revision-annotations": False,
        "since": "2c1f7a9de410",
        "tests": "backend/tests",
        "version-files": ["backend/pyproject.toml"],
    },
    "backend/app/main.py",
    faults={
        "version-sync": {"backend/pyproject.toml": '[project]\nname = "app"\n'},
        "docs-links-resolve": {"README.md": "# A project\n\nSee [it](backend/app/gone.py).\n"},
    },
)
_CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Cities.

## [1.1.0] - 2026-03-01

### Added

- People.

[Unreleased]: https://example.com/o/app/compare/v1.1.0...HEAD
[1.1.0]: https://example.com/o/app/releases/tag/v1.1.0
"""
_RELEASED = _CHANGELOG.replace(
    "## [Unreleased]\n", "## [Unreleased]\n\n## [1.2.0] - 2026-04-01\n"
).replace(
    "v1.1.0...HEAD\n",
    "v1.2.0...HEAD\n[1.2.0]: https://example.com/o/app/releases/tag/v1.2.0\n",
)
_PACKAGE = '{\n  "name": "app",\n  "version": "1.1.0",\n  "private": true\n}\n'
_INIT = '__version__ = "1.1.0"\n'
FLASK = Layout(
    "an application of Flask",
    "migrations/versions",
    "2c1f7a9de410",
    {
        # Flask-Migrate names no script_location: it is the folder of the file.
        "migrations/alembic.ini": "[alembic]\n# file_template = %%(rev)s_%%(slug)s\n",
        "migrations/env.py": "from alembic import context\nfrom flask import current_app\n",
        **_history("migrations/versions"),
        "app/__init__.py": _INIT,
        "app/models.py": "people = []\n",
        "package.json": _PACKAGE,
        "CHANGELOG.md": _CHANGELOG,
        "tests/test_app.py": "def test_app():\n    assert True\n",
    },
    {
        "changelog": "CHANGELOG.md",
        "changelog-style": "keep-a-changelog",
        "filename-pattern": "%(rev)s_%(slug)s",
        "revision-pattern": "hash",
        "revision-annotations": False,
        "since": "2c1f7a9de410",
    },
    "app/models.py",
    {
        "CHANGELOG.md": _RELEASED,
        "package.json": _PACKAGE.replace("1.1.0", "1.2.0"),
        "app/__init__.py": _INIT.replace("1.1.0", "1.2.0"),
    },
    {
        "version-sync": {"package.json": _PACKAGE.replace("1.1.0", "1.2.0")},
        "docs-links-resolve": {"CHANGELOG.md": f"{_CHANGELOG}\n[gone]: docs/gone.md\n[x][gone]\n"},
        "changelog-shape": {
            "CHANGELOG.md": _CHANGELOG.replace("### Added\n\n- C", "### Ad\n\n- C")
        },
    },
)
LAYOUTS = (BACKEND, FLASK)

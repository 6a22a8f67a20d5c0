"""A project with findings that stood before the hooks came, and the baseline that accepts them."""

from __future__ import annotations

from tests.repository import Project
from tests.revision import SLUG

from definition_of_done.engine.finding import BASELINE_FILE

PASS = "downgrade-not-pass"
LINKS = "docs-links-resolve"
ONE = "alembic/versions/20240101_one.py"
TWO = "alembic/versions/20240102_two.py"
PAGE = "docs/index.md"
STALE = "    help: run `definition-of-done baseline --update`\n"


def migration(revision: str, down: str, upgrade: str = "pass") -> str:
    return (
        f"from alembic import op\nrevision = {revision!r}\ndown_revision = {down or None!r}\n\n"
        f"def upgrade():\n    {upgrade}\n\ndef downgrade():\n    pass\n"
    )


LEGACY = {
    ONE: migration("3f2a91bc04de", ""),
    TWO: migration("4f2a91bc04de", "3f2a91bc04de"),
    PAGE: "# Home\n\n[gone](gone.md)\n",
    "mkdocs.yml": "site_name: x\nnav:\n  - Home: index.md\n",
    "pyproject.toml": (
        f"[tool.definition-of-done]\nselect = ['{SLUG}', '{PASS}', '{LINKS}']\nversion-file = ''\n"
    ),
}
BASELINE = f"""\
# Findings that are accepted, by hook, file and symbol. To shrink it: \
definition-of-done baseline --update

[{SLUG}."{ONE}"]
3f2a91bc04de = 1

[{SLUG}."{TWO}"]
4f2a91bc04de = 1

[{LINKS}."{PAGE}"]
"gone.md" = 1

[{PASS}."{ONE}"]
downgrade = 1
upgrade = 1

[{PASS}."{TWO}"]
downgrade = 1
upgrade = 1
"""


def baseline(project: Project) -> str:
    return (project.root / BASELINE_FILE).read_text()

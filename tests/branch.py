"""The sample backend as a branch that brings its second feature, and as it was before."""

from __future__ import annotations

import re

from tests.repository import Files, Project
from tests.sample import SAMPLE

PAGE = "docs/feature/2026-05-24-vendor-credits.md"
MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
CHANGELOG = "docs/changelog/1.2.0.md"
RBAC = ("app/graphql/rbac/models/models.py", "scripts/backfill_new_path_permissions.py")
SCHEMA = "app/graphql/schema.py"
VERSION = ("app/version.py", "pyproject.toml")
EXPORTS = ("schema.graphql", "schema-admin.graphql")
ENTRY = "      - 1.2.0: changelog/1.2.0.md\n"
_WORDS = re.compile("vendor_credit|vendor-credits|[vV]endorCredit|VENDOR_CREDITS|expire_c")
_NAV = "      - Vendor credits: feature/2026-05-24-vendor-credits.md\n"


def _before(path: str, text: str) -> str | None:
    """The file as it was before the feature, None for one that the feature brings."""
    if _WORDS.search(path) or path == CHANGELOG:
        return None
    if path in EXPORTS:
        text = re.sub(r"(type|input) VendorCredit\w+ {[^}]*}\n\n", "", text)
        return "".join(line for line in text.splitlines(True) if not _WORDS.search(line))
    if path == "mkdocs.yml":
        return text.replace(_NAV, "").replace(ENTRY, "")
    if path in VERSION:
        return text.replace('"1.2.0"', '"1.1.0"')
    if path == SCHEMA:
        text = re.sub(", VendorCredit(Queries|Mutations)", "", text)
    if path in (SCHEMA, *RBAC):
        return "".join(line for line in text.splitlines(True) if not _WORDS.search(line))
    return text


# The sample without its second feature.
BEFORE = {
    path: before for path, text in SAMPLE.items() if (before := _before(path, text)) is not None
}


def start_branch(project: Project, base: Files | None = None) -> None:
    """A branch that holds the sample, on top of a main without its second feature."""
    project.lay({**BEFORE, **(base or {})})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay(SAMPLE)
    project.git("commit", "-qm", "vendor credits")

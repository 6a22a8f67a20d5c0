"""The sample backend as a branch that brings one of its features."""

from __future__ import annotations

from tests.repository import Files, Project
from tests.sample import SAMPLE

PAGE = "docs/feature/2026-05-24-vendor-credits.md"
MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
CHANGELOG = "docs/changelog/1.2.0.md"
# What the second feature of the sample adds.
_NEW = (PAGE, MIGRATION, CHANGELOG, "app/graphql/vendor_credits/", "tests/graphql/vendor_credits/")


def start_branch(project: Project, base: Files | None = None) -> None:
    """A branch that holds the sample, on top of a main without its second feature."""
    old = {path: data for path, data in SAMPLE.items() if not path.startswith(_NEW)}
    for path in ("app/version.py", "pyproject.toml"):
        old[path] = old[path].replace("1.2.0", "1.1.0")
    project.lay({**old, **(base or {})})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay(SAMPLE)
    project.git("commit", "-qm", "vendor credits")

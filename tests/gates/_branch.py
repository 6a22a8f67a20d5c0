"""The sample backend as a repository: on main, or as a branch that brings one of its features."""

from collections.abc import Mapping

from tests.project import Project
from tests.snapshot import SAMPLE

PAGE = "docs/feature/2026-05-24-vendor-credits.md"
MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
CHANGELOG = "docs/changelog/1.2.0.md"
FILES = {
    path.relative_to(SAMPLE).as_posix(): path.read_bytes()
    for path in sorted(SAMPLE.rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
}
# What the second feature of the sample adds.
_NEW = (PAGE, MIGRATION, CHANGELOG, "app/graphql/vendor_credits/", "tests/graphql/vendor_credits/")
Changes = Mapping[str, str | bytes | None]


def start_main(project: Project) -> None:
    """The whole sample as the first commit of main."""
    project.lay(FILES)
    project.git("commit", "-qm", "sample")


def start_branch(project: Project, base: Changes | None = None) -> None:
    """A branch that holds the sample, on top of a main without its second feature."""
    old = {path: data for path, data in FILES.items() if not path.startswith(_NEW)}
    for path in ("app/version.py", "pyproject.toml"):
        old[path] = old[path].replace(b"1.2.0", b"1.1.0")
    project.lay({**old, **(base or {})})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay(FILES)
    project.git("commit", "-qm", "vendor credits")

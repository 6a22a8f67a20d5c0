"""A feature page in parts, for the rules that hold it against the code."""

from __future__ import annotations

from collections.abc import Mapping

from tests.repository import Project

PAGE = "docs/feature/2026-06-01-refunds.md"
SECTIONS = ("GraphQL surface", "Background tasks / cron", "What's being implemented")


def feature_page(surface: str = "None", tasks: str = "None", deltas: str = "None") -> str:
    """The three sections that name code, the first on line 5, the second on line 9, the third
    on line 13 where each of the earlier ones has one line."""
    bodies = zip(SECTIONS, (surface, tasks, deltas), strict=True)
    return "# Refunds\n\nDate: 2026-06-01\n\n" + "\n".join(
        f"## {name}\n\n{body}\n" for name, body in bodies
    )


def changelog(page: str = PAGE) -> dict[str, str]:
    """A page of the changelog that links to a feature page."""
    name = page.rpartition("/")[2]
    return {"docs/changelog/1.3.0.md": f"# 1.3.0\n\n## Added\n\n- [Refunds](../feature/{name})\n"}


def start_branch(project: Project, base: Mapping[str, str] | None = None) -> None:
    """A commit on main with some files, and a branch that starts there."""
    project.lay({"README.md": "x\n", **(base or {})})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")

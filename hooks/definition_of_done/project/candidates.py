"""Candidates for a key that is not set: the files that the project keeps for itself."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import listed
from definition_of_done.project.layout import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.session import Session

# What lies in these is somebody else's, or only shows what a project might have.
_NOT_OWN = frozenset(
    (
        *("node_modules", "site-packages", ".venv", "venv"),
        *("vendor", "vendored", "_vendor", "third_party", "thirdparty"),
        *("example", "examples", "sample", "samples", "snippets"),
        *("template", "templates", "fixture", "fixtures"),
        *("testdata", "test_data", "test-data"),
    )
)


def is_own(path: str) -> bool:
    """True for a file that neither tests, nor is vendored, nor is an example or a template."""
    return "{{" not in path and not is_test(path) and _NOT_OWN.isdisjoint(path.split("/"))


def own_files(session: Session, end: str, pattern: str = "", below: str = "") -> list[str]:
    """The project's own tracked files in a folder, by the end of their names and a pattern.

    Excluded files are left out.
    """
    import re

    start = f"{below}/" if below else ""
    wanted = re.compile(pattern)
    return [
        path
        for path in session.tree.tracked
        if path.endswith(end)
        and path.startswith(start)
        and wanted.search(path)
        and is_own(path)
        and not session.config.excludes(path)
    ]


def only(key: str, noun: str, found: Iterable[str]) -> str | None:
    """The only candidate for a key, None where there is none; raises UsageError for several."""
    names = sorted(set(found))
    if len(names) > 1:
        raise UsageError(f"there are several {noun}: {listed(names)}: set {key}")
    return names[0] if names else None

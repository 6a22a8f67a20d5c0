"""The paths that a section lists, in its text and by its links."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.docs.mentions import listed_paths
from definition_of_done.project.settings import open_project

PAGE = "docs/feature/2026-07-01-x.md"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("- `app/x.py`", ["app/x.py"]),
        ("- [x](../../app/x.py)", ["app/x.py"]),
        ("- [x](https://example.com/a/b/blob/main/app/x.py#L3)", ["app/x.py"]),
        ("- [x](https://example.com/a/b/-/tree/main/app/x.py)", ["app/x.py"]),
        ("- [x](https://example.com/a/b/src/branch/app/x.py)", ["app/x.py"]),
        ("- [app/x.py](https://example.com/a/b/blob/main/app/x.py)", ["app/x.py"]),
        ("- [x](https://example.com/app/x.py)", []),
        ("- [x](#part), [y](mailto:a@b.c)", []),
        ("None", []),
    ],
)
def test_paths(text: str, paths: list[str], project: Project) -> None:
    project.lay({PAGE: f"# X\n\n## What's being implemented\n\n{text}\n"})
    page = feature_page_of(open_project(str(project.root)), PAGE)
    assert list(listed_paths(page.sections[0])) == paths

"""Patterns as .gitignore spells them, against git itself."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.readers.gitignore import Patterns


@pytest.mark.parametrize(
    ("lines", "listed"),
    [
        ([], ""),
        (["*.md", "!b.md"], "a.md c/a.md"),
        (["c/**/"], "c/a.md c/b.md"),
        # What is no pattern for MkDocs is left out.
        (["!", "\\", "[z-a]", "[[:x:]]", "/b.md"], "b.md"),
    ],
)
def test_patterns(lines: list[str], listed: str) -> None:
    patterns = Patterns("mkdocs.yml", lines)
    names = ("a.md", "b.md", "c/a.md", "c/b.md")
    assert [name for name in names if patterns.match(name)] == listed.split()


def test_patterns_of_too_many_stars() -> None:
    # The first five are what people write; there are too many ways to match the last one.
    name = "a" * 200 + ".md"
    lines = ["docs/**/a/**/*.md", "*-*-*-*.md", "**/*a*", "***", "*a*a*b"]
    assert not Patterns("mkdocs.yml", lines[-1:]).match(name)
    assert Patterns("mkdocs.yml", lines).match("docs/a/b/2026-05-24-a-page.md")
    for many in (20, 1_000):
        with pytest.raises(Unreadable, match="patterns of too many stars, which are not judged"):
            Patterns("mkdocs.yml", ["*a" * many + "b"]).match(name)

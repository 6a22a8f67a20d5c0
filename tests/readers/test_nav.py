"""The nav of a site as records."""

from __future__ import annotations

import pytest

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers.nav import Nav, NavEntry, NavSection, Tagged


def entry(target: str, *trail: str, title: str | None = None) -> NavEntry:
    return NavEntry(title, target, Spot("mkdocs.yml"), trail, (0, 0), None)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a/b.md", "a/b.md"),
        ("./a//b.md", "a/b.md"),
        ("a/./b.md", "a/b.md"),
        ("a/", "a"),
        ("../a.md", "../a.md"),
        ("/a//b.md", "/a//b.md"),
        ("", ""),
    ],
)
def test_path(target: str, path: str) -> None:
    assert entry(target).path == path


@pytest.mark.parametrize(("path", "is_toml"), [("mkdocs.yml", False), ("zensical.toml", True)])
def test_what_a_nav_says(path: str, is_toml: bool) -> None:
    sections = (NavSection(("S",), Spot(path, 2, 5)), NavSection(("S", "T"), Spot(path, 3, 5)))
    nav = Nav(Text(path, ""), Spot(path), (entry("a.md", title="A"), entry("b.md", "S")), sections)
    assert nav.gist == [("A", "a.md", ()), (None, "b.md", ("S",))]
    assert nav.trails == [("S",), ("S", "T")]
    assert nav.is_toml is is_toml


def test_a_tag_tells_two_values_apart() -> None:
    assert Tagged("!a", "1") == Tagged("!a", "1") != Tagged("!b", "1")
    assert not isinstance(Tagged("!a", {}), dict | list | str)
    assert (Tagged("!a", ["b"]).tag, Tagged("!a", ["b"]).value) == ("!a", ["b"])

"""A zensical.toml: its settings, and the places of its nav."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.zensical import read_zensical

SOURCE = """\
[project]
site_name = "x"
nav = [
  "index.md",  # "no.md"
  { "T" = "a.md" },
  { S = [ { "\\u0041" = 'b.md' } , "c.md"] },
]
"""


def test_places_of_the_nav() -> None:
    text = Text("zensical.toml", SOURCE)
    settings, nav = read_zensical(text)
    assert settings == {"site_name": "x"}
    assert nav is not None
    assert nav.spot.key == ("zensical.toml", 3, 1)
    shown = [
        (entry.title, entry.target, entry.trail, entry.spot.key[1:], text.text[slice(*entry.span)])
        for entry in nav.entries
    ]
    assert shown == [
        (None, "index.md", (), (4, 3), '"index.md"'),
        ("T", "a.md", (), (5, 11), '{ "T" = "a.md" }'),
        ("A", "b.md", ("S",), (6, 24), "{ \"\\u0041\" = 'b.md' }"),
        (None, "c.md", ("S",), (6, 35), '"c.md"'),
    ]
    titles = [entry.title_span and text.text[slice(*entry.title_span)] for entry in nav.entries]
    assert titles == [None, '"T"', '"\\u0041"', None]
    assert [(section.trail, section.spot.key[1:]) for section in nav.sections] == [(("S",), (6, 5))]


@pytest.mark.parametrize(
    ("source", "settings", "entries"),
    [
        ('nav = ["a.md"]\nb = 2\n', {"b": 2}, ["a.md"]),
        ('nav = [{ "}" = "a.md" }, "b.md"]\n', {}, ["a.md", "b.md"]),
        # Of a table `project` the rest of the file is no part.
        ('b = 2\n[project]\nnav = ["a.md"]\n', {}, ["a.md"]),
        # A list within a list is no section, and a dotted key no title: what they hold is not seen.
        ('nav = [{ a = [["b.md"], "c.md"] }]\n', {}, ["c.md"]),
        ('nav = [{ a.b = "c.md" }, "d.md"]\n', {}, ["d.md"]),
        ('nav = "a.md"\nb = 2\n', {"b": 2}, None),
        ("b = 2\n", {"b": 2}, None),
        ("", {}, None),
    ],
)
def test_where_the_nav_is(
    source: str, settings: dict[str, object], entries: list[str] | None
) -> None:
    found, nav = read_zensical(Text("zensical.toml", source))
    assert (found, nav and [entry.target for entry in nav.entries]) == (settings, entries)


def test_no_toml() -> None:
    with pytest.raises(Unreadable) as caught:
        read_zensical(Text("zensical.toml", "a = 1\nnav = [\n"))
    assert (caught.value.line, caught.value.path) == (3, "zensical.toml")

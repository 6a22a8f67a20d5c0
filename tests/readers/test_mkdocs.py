"""A mkdocs.yml: its settings as plain values, and the places of its nav."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from definition_of_done.base.text import Text
from definition_of_done.readers.mkdocs import is_plain, read_mkdocs
from definition_of_done.readers.nav import Tagged
from definition_of_done.readers.site import read_site

NAV = """\
nav:
  - index.md
  - Title: 'a b.md'
  - Section:
    - "In": https://x
    - Empty:
  - null
"""


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        ("a: 'x'", {"a": "x"}),
        ("a: 1", {"a": "1"}),
        ("a: Yes", {"a": True}),
        ("a: off", {"a": False}),
        ("a: null", {}),
        ("a: [1, {b: c}]", {"a": ["1", {"b": "c"}]}),
        ("a: 1\na: 2", {"a": "2"}),
        ("a: !ENV [A, B, last]", {"a": "last"}),
        ("a: !ENV [A, B, true]", {"a": True}),
        ("a: !ENV A", {}),
        ("a: !ENV []", {}),
        ("a: !mine 1", {"a": Tagged("!mine", "1")}),
        ("a: !!python/name:b.c", {"a": Tagged("tag:yaml.org,2002:python/name:b.c", "")}),
        ("a: &a [*a]", {"a": [None]}),
        ("- a", {}),
        ("", {}),
    ],
)
def test_settings(line: str, settings: dict[str, Any]) -> None:
    assert read_mkdocs(Text("mkdocs.yml", line)) == (settings, None)


def test_places_of_the_nav() -> None:
    text = Text("mkdocs.yml", NAV)
    settings, nav = read_mkdocs(text)
    assert settings == {}
    assert nav is not None
    assert (nav.spot.key, nav.spot.end) == (("mkdocs.yml", 1, 1), (1, 4))
    shown = [
        (
            entry.title,
            entry.target,
            entry.trail,
            entry.spot.key[1:],
            text.text[slice(*entry.span)],
            entry.title_span and text.text[slice(*entry.title_span)],
        )
        for entry in nav.entries
    ]
    assert shown == [
        (None, "index.md", (), (2, 5), "index.md", None),
        ("Title", "a b.md", (), (3, 12), "Title: 'a b.md'", "Title"),
        ("In", "https://x", ("Section",), (5, 13), '"In": https://x', '"In"'),
    ]
    assert [(section.trail, section.spot.key[1:]) for section in nav.sections] == [
        (("Section",), (4, 5)),
        (("Section", "Empty"), (6, 7)),
    ]


def test_a_nav_that_is_null_is_none() -> None:
    assert read_mkdocs(Text("mkdocs.yml", "nav:\na: b\n")) == ({"a": "b"}, None)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("abc", True),
        ("a b", True),
        ("\u00e9", True),
        ("", False),
        ("a: b", False),
        ("a #b", False),
        ("'a'", False),
        ("- a", False),
        ("[a", False),
        ("yes", False),
        ("null", False),
        ("1", False),
        ("2026-05-24", False),
        (" a", False),
    ],
)
def test_is_plain(value: str, plain: bool) -> None:
    assert is_plain(value) is plain
    if plain:
        assert yaml.safe_load(f"- {value}: {value}") == [{value: value}]


def test_plain_yaml_is_read_as_pyyaml_reads_it() -> None:
    source = "a: [1, {b: yes}]\nc: |\n  x\n  y\nd: 'q'\n"
    text = Text("mkdocs.yml", source)
    mine = read_site("mkdocs.yml", lambda _: text).settings
    theirs = yaml.safe_load(source)
    assert mine == {**theirs, "a": ["1", {"b": True}]}

"""The site's configuration, against the libraries that the tools read with."""

from __future__ import annotations

import json

import pytest

from definition_of_done.base.text import Text
from definition_of_done.readers.nav import Tagged
from definition_of_done.readers.nav_edits import added
from definition_of_done.readers.site import (
    PACKING,
    read_part,
    read_site,
)

YAML = """\
nav:
  - Home: index.md
  - "A: b": &a a.md
  - *a
  - Section:
    - bare.md
    - {X: x.md, Y: y.md}
    - Inner: [in.md]
  - Empty:
"""
TOML = """\
# nav = ["no"]
other = ["nav = ["]
[project]
note = '''
nav = [
'''
nav = [
  { Home = "index.md" }, { "A: b" = 'a.md' },
  "a.md", # ] }
  { "Section" = [
    "bare.md",
    { X = "x.md" }, { Y = "y.md" },
    { Inner = ["in.md"] },
  ] },
  { "Empty" = [] },
]
"""
ENTRIES = [
    ("Home", "index.md", ()),
    ("A: b", "a.md", ()),
    (None, "a.md", ()),
    (None, "bare.md", ("Section",)),
    ("X", "x.md", ("Section",)),
    ("Y", "y.md", ("Section",)),
    (None, "in.md", ("Section", "Inner")),
]
SECTIONS = [("Section",), ("Section", "Inner"), ("Empty",)]


@pytest.mark.parametrize(("path", "source"), [("mkdocs.yml", YAML), ("zensical.toml", TOML)])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_nav(path: str, source: str, newline: str) -> None:
    text = Text(path, source.replace("\n", newline))
    nav = read_part(text)[1]
    assert nav is not None
    assert nav.gist == ENTRIES
    assert [one.trail for one in nav.sections] == SECTIONS
    assert text.text[text.offset(nav.spot.line, nav.spot.column) :].startswith("nav")
    for entry in nav.entries:
        start = text.offset(entry.spot.line, entry.spot.column)
        written = text.text[start : start + len(entry.target) + 4]
        assert entry.target in written or written.startswith("*a")
        if entry.title_span:
            assert str(entry.title) in text.text[slice(*entry.title_span)]


def test_nav_of_another_spelling_has_no_places() -> None:
    text = Text(
        "zensical.toml", '[[project.nav]]\nHome = "index.md"\n[[project.nav]]\nB = ["b.md"]\n'
    )
    nav = read_part(text)[1]
    assert nav is not None
    assert nav.gist == [("Home", "index.md", ()), (None, "b.md", ("B",))]
    assert {entry.spot.key for entry in nav.entries} == {("zensical.toml", 1, 1)}
    assert added(nav, "X", "x.md", nav.entries[0], after=True) == ()


def test_settings_are_inherited() -> None:
    files = {
        "docs/mkdocs.yml": "INHERIT: ../base.yml\ndocs_dir: !ENV [DIR, pages]\nplugins: [search]\n",
        "base.yml": "docs_dir: no\nplugins: [blog]\ntheme: x\nnav: [a.md]\nINHERIT: gone.yml\n"
        "validation: {not_found: info, links: {anchors: warn}}\n",
    }

    def load(path: str) -> Text | None:
        return Text(path, files[path]) if path in files else None

    site = read_site("docs/mkdocs.yml", load)
    assert site.docs_dir == "docs/pages"
    assert site.files == ("docs/mkdocs.yml", "base.yml", "gone.yml")
    assert site.is_whole is False
    assert list(site.plugins) == ["search"]
    assert site.nav is not None
    assert site.nav.spot.key == ("base.yml", 4, 1)
    levels = {
        name: site.level("links", name) for name in ("anchors", "not_found", "absolute_links")
    }
    assert levels == {"anchors": "warn", "not_found": "info", "absolute_links": None}


def test_no_tag_is_constructed() -> None:
    text = Text("mkdocs.yml", "x: !!python/object/apply:os.abort []\ny: !env [A]\n")
    site = read_site("mkdocs.yml", lambda _: text)
    assert site.settings["x"] == Tagged("tag:yaml.org,2002:python/object/apply:os.abort", [])


@pytest.mark.parametrize(
    "source",
    [
        "",
        "site_name: X\n",
        YAML,
        f"{YAML}extra: {{a: [yes, no, ~], b: !ENV [X, y]}}\n"
        "markdown_extensions:\n  - e: {f: !!python/name:g.h , g: !relative $docs_dir}\n",
    ],
)
def test_a_part_that_is_kept_is_the_same(source: str) -> None:
    text = Text("mkdocs.yml", source)
    part = read_part(text)
    pack, unpack = PACKING
    settings, nav = unpack("mkdocs.yml", source.encode(), json.loads(json.dumps(pack(part))))
    assert nav is None or (nav.text.path, nav.text.text) == ("mkdocs.yml", source)
    assert repr((settings, nav and nav._replace(text=text))) == repr(part)
    assert nav is None or [entry.spot.end for entry in nav.entries] == [
        entry.spot.end for entry in (part[1].entries if part[1] else ())
    ]


@pytest.mark.parametrize(("line", "uses"), [("", True), ("true", True), ("false", False)])
def test_directory_urls(line: str, uses: bool) -> None:
    source = f"use_directory_urls: {line}\n" if line else "site_name: x\n"
    assert read_site("mkdocs.yml", lambda path: Text(path, source)).uses_directory_urls is uses

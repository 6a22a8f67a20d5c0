"""The site's configuration, slugs and patterns, against the libraries that the tools read with."""

from __future__ import annotations

import re
from functools import partial

import markdown  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown.extensions.toc import (  # type: ignore[import-untyped]
    slugify,
    slugify_unicode,
)
from pymdownx.slugs import slugify as pymdownx_slugify  # type: ignore[import-untyped]

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.gitignore import Patterns
from definition_of_done.readers.nav_edits import added
from definition_of_done.readers.site import read_nav, read_site
from definition_of_done.readers.site_pages import quick_anchors, read_anchors
from definition_of_done.readers.slugs import slugger
from definition_of_done.readers.tagged import Tagged

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
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("path", "source"), [("mkdocs.yml", YAML), ("zensical.toml", TOML)])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_nav(path: str, source: str, newline: str) -> None:
    text = Text(path, source.replace("\n", newline))
    nav = read_nav(text)
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
    nav = read_nav(text)
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


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.sampled_from(["-", "_"]))
@SLOW
def test_slugs(heading: str, separator: str) -> None:
    for options, theirs in (
        ({}, slugify),
        ({"slugify": "markdown.extensions.toc.slugify_unicode"}, slugify_unicode),
        ({"slugify": {"kwds": {"case": "lower"}}}, pymdownx_slugify(case="lower")),
        (
            {"slugify": Tagged("tag:yaml.org,2002:python/object/apply:pymdownx.slugs.slugify", {})},
            pymdownx_slugify(),
        ),
    ):
        mine = slugger({"separator": separator, **options})
        assert mine is not None
        assert mine(heading) == theirs(heading, separator)


WORDS = st.sampled_from(
    ["One", "one", "two  words", "`code`", "*it*", "a_b_c", "x & y", "&amp;", "<T>", "[l](x.md)",
     "![i](x.png)", "1.2", "é", "\\*", "List<T>", "a: b", "C#", "one_1", '<a id="q"></a>']
)  # fmt: skip
BLOCKS = st.sampled_from(
    ["## {}", "# {} #", "{}\n---", "> ## {}", "- a\n\n    ### {}", "```\n# {}\n```", "#{}",
     "!!! note\n    ## {}", "text\n## {}", "{} {{: #own }}\n---", "## {} {{#own}}"]
)  # fmt: skip


@given(st.lists(st.tuples(BLOCKS, st.lists(WORDS, min_size=1, max_size=3)), max_size=6))
@SLOW
def test_anchors_are_those_of_python_markdown(parts: list[tuple[str, list[str]]]) -> None:
    source = "\n\n".join(block.format(" ".join(words)) for block, words in parts) + "\n"
    extensions = ["toc", "tables", "attr_list", "admonition", "pymdownx.superfences"]
    html = markdown.Markdown(extensions=extensions).convert(source)
    theirs = set(re.findall(r'<h[1-6][^>]* id="([^"]*)"', html))
    text = Text("x.md", source)
    slug = partial(slugify, separator="-")
    mine = read_anchors(text, slug, reads_lists=True).ids
    # One too many is a link that is not reported, one too few a false finding.
    assert theirs <= mine
    assert quick_anchors(text, slug) <= mine


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


def test_plain_yaml_is_read_as_pyyaml_reads_it() -> None:
    source = "a: [1, {b: yes}]\nc: |\n  x\n  y\nd: 'q'\n"
    text = Text("mkdocs.yml", source)
    mine = read_site("mkdocs.yml", lambda _: text).settings
    theirs = yaml.safe_load(source)
    assert mine == {**theirs, "a": ["1", {"b": True}]}

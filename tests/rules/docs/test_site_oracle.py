"""Both rules over the site against the tools that build it: what they warn of is what we name."""

from __future__ import annotations

import json
import logging
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE
from tests.snapshot import BIN

# The strictest that each tool can be.
VALIDATION = """\
validation:
  nav: {omitted_files: warn, not_found: warn}
  links: {not_found: warn, anchors: warn, unrecognized_links: warn}
"""
NAV = """\
nav:
  - Home: index.md
  - Page: page.md
  - Guide: [guide/index.md, guide/setup.md]
  - Accounting Features:
      - A: feature/2026-01-01-a.md
"""
EXTENSIONS = """\
markdown_extensions: [attr_list, admonition, footnotes, md_in_html, pymdownx.details, \
pymdownx.superfences, pymdownx.tabbed]
"""
SITE = {
    "docs/index.md": "# Home\n",
    "docs/guide/index.md": "# Guide\n\n## Usage\n\n## Usage\n\n## `make` & *run*, 2nd try\n",
    "docs/guide/setup.md": "# Setup\n",
    "docs/feature/2026-01-01-a.md": "# A\n",
    "docs/img/a b.png": "",
    "docs/img/a.png": "",
}


class Variant(NamedTuple):
    """A page, or files, with what is named: `page -> target`, `nav -> target`, `omitted page`."""

    name: str
    files: Mapping[str, str | None]
    named: set[str]
    config: str = ""


def page(name: str, body: str, *named: str, config: str = "") -> Variant:
    targets = {f"page.md -> {target}" for target in named}
    return Variant(name, {"docs/page.md": f"# Page\n\n{body}\n"}, targets, config)


LINKS = [
    page("page", "[x](guide/setup.md) [y](./guide/../index.md)"),
    page("missing page", "[x](guide/nope.md)", "guide/nope.md"),
    page("missing page with an anchor", "[x](nope.md#a)", "nope.md#a"),
    page("image", "![x](img/a.png)"),
    page("missing image", "![x](img/b.png)", "img/b.png"),
    page("image in a link", "[![x](img/b.png)](nope.md)", "img/b.png", "nope.md"),
    page("anchor", "[x](guide/index.md#usage) [y](#page)"),
    page("missing anchor", "[x](guide/index.md#use)", "guide/index.md#use"),
    page("missing anchor of its own", "[x](#nope)", "#nope"),
    page("second heading", "[x](guide/index.md#usage_1)"),
    page("third heading", "[x](guide/index.md#usage_2)", "guide/index.md#usage_2"),
    page("slug of markup", "[x](guide/index.md#make-run-2nd-try)"),
    page("anchor of an image", "[x](img/a.png#top)"),
    page("slug of accents", "## Über größe\n\n[x](#uber-groe) [y](#uber-grosse)", "#uber-grosse"),
    page("slug of nothing", "## 日本\n\n[x](#_1) [y](#_2)", "#_2"),
    page("setext", "Two\n---\n\n[x](#two)"),
    page("heading in a list", "- a\n\n    ## In list\n\n[x](#in-list)"),
    page("heading without a blank", "##Tight\n\n[x](#tight)"),
    page("heading below a tag", '<a id="old"></a>\n## New\n\n[x](#new) [y](#old)'),
    page("heading in a fence", "```\n## Not one\n```\n\n[x](#not-one)", "#not-one"),
    page("id of a tag", '<div id="a"></div> <a name="b"></a>\n\n[x](#a) [y](#b) [z](#c)', "#c"),
    page("attribute list", "## X {#own}\n\n[x](#own) [y](#x)", "#x"),
    page("attribute list of a paragraph", "Text\n{: #own }\n\n[x](#own)"),
    page(
        "no attribute lists",
        "## X {#own}\n\n[x](#own) [y](#x-own)",
        "#own",
        config="markdown_extensions: [admonition]\n",
    ),
    page("footnote", "A[^1].\n\n[^1]: See [x](nope.md).", "nope.md"),
    page(
        "reference",
        "[x][one] [two] [one][]\n\n[one]: nope.md\n[two]: guide/setup.md",
        "nope.md",
    ),
    page("unused definition", "Text\n\n[one]: nope.md"),
    page("table", "| a | b |\n|---|---|\n| [x](nope.md) | `[y](no.md)` |", "nope.md"),
    page("code", "`[x](nope.md)`\n\n    [x](nope.md)\n\n```\n[x](nope.md)\n```\n"),
    page("comment", "<!-- [x](nope.md) -->"),
    page("escaped", r"\[x](nope.md)"),
    page("admonition", '!!! note "N"\n\n    [x](nope.md)\n\n    ## In\n\n[y](#in)', "nope.md"),
    page("details", "??? note\n    [x](nope.md)\n", "nope.md"),
    page("tab", '=== "One"\n\n    [x](nope.md)\n', "nope.md"),
    page("raw HTML", '<a href="nope.md">x</a>'),
    page("Markdown in HTML", '<div markdown="1">\n\n[x](nope.md)\n\n</div>', "nope.md"),
    page(
        "no Markdown in HTML",
        "<div>\n\n[x](nope.md)\n\n</div>",
    ),
    page("encoded", "![x](img/a%20b.png) ![y](img/b%20b.png)", "img/b%20b.png"),
    page("in angle brackets", "![x](<img/a b.png>) ![y](<img/b b.png>)", "img/b b.png"),
    page("with a title", '[x](guide/setup.md "T") [y](nope.md "T")', "nope.md"),
    page("with a query", "[x](guide/setup.md?a=1) [y](?a=1)"),
    page("address", "[x](https://example.com/nope.md) [y](//example.com/a.md) <mailto:a@b.c>"),
    page("absolute", "[x](/nope.md)"),
    page(
        "absolute, relative to docs",
        "[x](/nope.md) [y](/guide/setup.md)",
        "/nope.md",
        config="validation: {links: {absolute_links: relative_to_docs}}\n",
    ),
    page("out of the site", "[x](../README.md)", "../README.md"),
    page("folder", "[x](guide/)", "guide/"),
    page("page without suffix", "[x](guide/setup)", "guide/setup"),
    page("its own folder", "[x](.)", "."),
    Variant("front matter", {"docs/page.md": "---\nurl: '[x](nope.md)'\n---\n# P\n"}, set()),
]
SITES = [
    Variant(
        "index wins over README",
        {"docs/page.md": "[x](guide/README.md)\n", "docs/guide/README.md": "# R\n"},
        {"page.md -> guide/README.md"},
    ),
    Variant(
        "README as index",
        {
            "docs/guide/index.md": None,
            "docs/guide/README.md": "# R\n",
            "docs/page.md": "[x](guide/README.md#r) [y](guide/index.md)\n",
        },
        {"page.md -> guide/index.md"},
        NAV.replace("guide/index", "guide/README"),
    ),
    Variant(
        "excluded page",
        {"docs/page.md": "[x](drafts/a.md)\n", "docs/drafts/a.md": "# A\n\n[x](nope.md)\n"},
        set(),
        "exclude_docs: |\n  drafts/\n",
    ),
    Variant(
        "draft",
        {"docs/page.md": "# P\n", "docs/drafts/a.md": "# A\n\n[x](nope.md)\n"},
        set(),
        "draft_docs: drafts/*\n",
    ),
    Variant(
        "not in the nav",
        {"docs/page.md": "# P\n", "docs/feature/2026-01-02-b.md": "# B\n\n[x](nope.md)\n"},
        {"feature/2026-01-02-b.md -> nope.md"},
        "not_in_nav: '*-b.md'\n",
    ),
    Variant("missing in the nav", {"docs/page.md": None}, {"nav -> page.md"}),
    Variant(
        "omitted",
        {"docs/page.md": "# P\n", "docs/feature/2026-01-02-b.md": "# B\n"},
        {"omitted feature/2026-01-02-b.md"},
    ),
    Variant(
        "addresses in the nav",
        {"docs/page.md": "# P\n"},
        set(),
        NAV + "  - X: https://example.com\n  - Y: /absolute/\n",
    ),
    Variant(
        "anchor in the nav",
        {"docs/page.md": "# P\n"},
        {"nav -> page.md#p"},
        NAV + "  - X: page.md#p\n",
    ),
    Variant(
        "dots and slashes in the nav",
        {"docs/page.md": "# P\n"},
        set(),
        NAV.replace("page.md", "./page.md"),
    ),
    Variant(
        "folder in the nav",
        {"docs/page.md": "# P\n"},
        {"nav -> guide/"},
        NAV + "  - X: guide/\n",
    ),
    Variant("no nav", {"docs/page.md": "[x](nope.md)\n"}, {"page.md -> nope.md"}, "nav:\n"),
]
VARIANTS = [*LINKS, *SITES]


def lay(variant: Variant, project: Project) -> None:
    """The site of a variant; what its configuration sets takes the place of the usual."""
    keys = {line.partition(":")[0] for line in variant.config.splitlines()}
    parts = (VALIDATION, NAV, EXTENSIONS)
    kept = "".join(part for part in parts if part.partition(":")[0] not in keys)
    config = f"site_name: x\ntheme: {{name: null, custom_dir: theme}}\n{kept}{variant.config}"
    theme = {"theme/main.html": "{{ page.content }}\n", "theme/mkdocs_theme.yml": "locale: en\n"}
    project.lay({**SITE, **theme, "mkdocs.yml": config, **variant.files})


def ours(run: Run) -> set[str]:
    """The findings of the two rules in the words of a variant, without titles and places."""
    named = set()
    for id in ("docs-links-resolve", "mkdocs-nav-entry"):
        code, out, err = run(id, "--format", "json")
        assert (code in (0, 1), err) == (True, "")
        for finding in json.loads(out)["findings"]:
            path = finding["path"].removeprefix("docs/")
            if id == "docs-links-resolve":
                named.add(f"{path} -> {finding['symbol']}")
            elif "the nav has no entry" in finding["message"]:
                named.add(f"omitted {finding['symbol']}")
            elif "the nav names" in finding["message"]:
                named.add(f"nav -> {finding['symbol']}")
            else:
                assert "is in the nav twice" in finding["message"]
    return named


def built_by_mkdocs(folder: Path) -> set[str]:
    """Build the site with MkDocs and return what it warns of."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    said: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    handler = Handler(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        build(load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site")))
    finally:
        logger.removeHandler(handler)
    return {name for message in said for name in _understood(message)}


def _understood(message: str) -> set[str]:
    link = r"Doc file '(.*?)' contains (?:a|an unrecognized relative) link '(.*?)', "
    if found := re.match(link, message):
        return {f"{found[1]} -> {found[2]}"}
    if found := re.match(r"A reference to '(.*?)' is included in the 'nav'", message):
        return {f"nav -> {found[1]}"}
    if message.startswith("The following pages exist"):
        return {f"omitted {line[4:]}" for line in message.splitlines() if line.startswith("  - ")}
    assert message.startswith("Excluding 'guide/README.md' from the site"), message
    return set()


@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.name for variant in VARIANTS])
def test_mkdocs(variant: Variant, project: Project, run: Run) -> None:
    lay(variant, project)
    assert built_by_mkdocs(project.root) == variant.named
    assert ours(run) == variant.named


def test_sample_backend_builds_strictly(project: Project, run: Run) -> None:
    project.lay({**SAMPLE, "mkdocs.yml": SAMPLE["mkdocs.yml"] + VALIDATION})
    assert built_by_mkdocs(project.root) == set()
    assert ours(run) == set()


# The lines that Zensical 0.0.73 names where it is not of MkDocs' mind, and why.
ZENSICAL: dict[str, tuple[set[int], str]] = {
    "missing image": (set(), "images are not judged"),
    "encoded": (set(), "images are not judged"),
    "in angle brackets": (set(), "images are not judged"),
    "folder": (set(), "what has no suffix is not judged"),
    "page without suffix": (set(), "what has no suffix is not judged"),
    "reference": ({5}, "named where it is defined, not where it is used"),
    "unused definition": ({5}, "definitions are judged, used or not"),
    "raw HTML": ({3}, "attributes of HTML are judged"),
    "absolute": ({3}, "absolute paths are judged"),
    "address": ({3}, "an address without a scheme is taken for a path"),
    "code": ({5}, "indented code is read as text"),
    "front matter": ({2}, "front matter is read as text"),
}


def named_by_zensical(folder: Path) -> set[tuple[str, int]]:
    """Page and line of each warning of `zensical build --strict`."""
    run = subprocess.run(
        [BIN / "zensical", "build", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    plain = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    found = re.findall(r"\[ (\S+):(\d+):\d+ \]", plain)
    assert (run.returncode != 0) == bool(found), plain
    return {(path, int(line)) for path, line in found}


def toml(nav: str = "") -> str:
    names = re.sub(r".*\[|\]|\n", "", EXTENSIONS).split(",")
    tables = "".join(f"[project.markdown_extensions.{name.strip()}]\n" for name in names)
    return f"[project]\nsite_name = 'x'\n{nav}{tables}"


@pytest.mark.xdist_group("zensical")
def test_zensical(project: Project, run: Run) -> None:
    """All variants of links as one site, each in a folder: the build takes half a second."""
    variants = {f"{at:02}": variant for at, variant in enumerate(LINKS) if not variant.config}
    files = {
        f"docs/{folder}/{path.removeprefix('docs/')}": content
        for folder, variant in variants.items()
        for path, content in {**SITE, **variant.files}.items()
    }
    project.lay({**files, "zensical.toml": toml()})
    theirs = named_by_zensical(project.root)
    found = json.loads(run("docs-links-resolve", "--format", "json")[1])["findings"]
    mine = {(finding["path"].removeprefix("docs/"), finding["line"]) for finding in found}
    for folder, variant in variants.items():
        lines = {line for path, line in theirs if path.startswith(folder)}
        expected = {line for path, line in mine if path.startswith(folder)}
        if variant.name in ZENSICAL:
            assert lines != expected, variant.name
            expected = ZENSICAL[variant.name][0]
        assert lines == expected, variant.name


@pytest.mark.xdist_group("zensical")
def test_zensical_does_not_judge_the_nav(project: Project, run: Run) -> None:
    nav = "nav = [{ Home = 'index.md' }, { X = 'nope.md' }, 'index.md']\n"
    project.lay({"docs/index.md": "# Home\n", "zensical.toml": toml(nav)})
    assert named_by_zensical(project.root) == set()
    assert ours(run) == {"nav -> nope.md"}

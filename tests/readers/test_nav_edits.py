"""Edits of a nav: the text after them, and where there are none."""

from __future__ import annotations

import pytest

from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text, splice
from definition_of_done.readers.nav import Nav
from definition_of_done.readers.nav_edits import added, copied, retitled
from definition_of_done.readers.site import read_part


def read(source: str, path: str) -> Nav:
    nav = read_part(Text(path, source))[1]
    assert nav
    return nav


def after(nav: Nav, edits: tuple[Edit, ...]) -> str | None:
    return splice(nav.text, edits) if edits else None


@pytest.mark.parametrize(
    ("source", "path", "title", "expected"),
    [
        ("nav:\n- A: a.md\n", "mkdocs.yml", "B c", "nav:\n- B c: a.md\n"),
        ("nav:\n- 'A': a.md  # x\n", "mkdocs.yml", "B: c", 'nav:\n- "B: c": a.md  # x\n'),
        ("nav:\n- a.md\n", "mkdocs.yml", "B", "nav:\n- B: a.md\n"),
        ("nav: [a.md]\n", "mkdocs.yml", "B", "nav: [B: a.md]\n"),
        ('nav = [{ A = "a.md" }]\n', "zensical.toml", "B", 'nav = [{ "B" = "a.md" }]\n'),
        ('nav = ["a.md"]\n', "zensical.toml", "B", 'nav = [{ "B" = "a.md" }]\n'),
        # Of an alias there is no place to write to.
        ("x: &a a.md\nnav:\n- *a\n", "mkdocs.yml", "B", None),
        # What stands elsewhere, too, would change there.
        ("nav: &a\n- a.md\nx: *a\n", "mkdocs.yml", "B", None),
        ("nav: &a\n- a.md\nx: '*a'\n", "mkdocs.yml", "B", "nav: &a\n- B: a.md\nx: '*a'\n"),
    ],
)
def test_retitled(source: str, path: str, title: str, expected: str | None) -> None:
    nav = read(source, path)
    assert after(nav, retitled(nav, nav.entries[0], title)) == expected


YAML = "nav:\n  - A: a.md  # here\n  - S:\n    - b.md\n"
TOML = 'nav = [\n  "a.md",\n  { S = [\n    "b.md"\n  ] },\n]\n'


@pytest.mark.parametrize(
    ("source", "path", "at", "is_after", "expected"),
    [
        (YAML, "mkdocs.yml", 0, True, YAML.replace("# here\n", "# here\n  - N: n.md\n")),
        (YAML, "mkdocs.yml", 0, False, YAML.replace("nav:\n", "nav:\n  - N: n.md\n")),
        (YAML, "mkdocs.yml", 1, True, f"{YAML}    - N: n.md\n"),
        (
            TOML,
            "zensical.toml",
            0,
            True,
            TOML.replace('"a.md",\n', '"a.md",\n  { "N" = "n.md" },\n'),
        ),
        (
            TOML,
            "zensical.toml",
            1,
            True,
            TOML.replace('"b.md"\n', '"b.md",\n    { "N" = "n.md" }\n'),
        ),
        (
            TOML,
            "zensical.toml",
            1,
            False,
            TOML.replace('    "b.md"\n', '    { "N" = "n.md" },\n    "b.md"\n'),
        ),
        # Two on a line: which of them the new one would stand beside is not certain.
        ("nav: [a.md, b.md]\n", "mkdocs.yml", 0, True, None),
        ('nav = ["a.md"]\n', "zensical.toml", 0, True, None),
    ],
)
def test_added(source: str, path: str, at: int, is_after: bool, expected: str | None) -> None:
    nav = read(source, path)
    edits = added(nav, "N", "n.md", nav.entries[at], after=is_after)
    assert after(nav, edits) == expected


def test_copied() -> None:
    nav = read("nav:\n  - '1.2.0': c/1.2.0.md  # 1.2.0\n", "mkdocs.yml")
    line, copy = "  - '1.2.0': c/1.2.0.md  # 1.2.0\n", "  - '1.3.0': c/1.3.0.md # 1.3.0\n"
    for is_after, lines in ((True, line + copy), (False, copy + line)):
        edits = copied(nav, nav.entries[0], "1.2.0", "1.3.0", after=is_after)
        assert after(nav, edits) == f"nav:\n{lines}"

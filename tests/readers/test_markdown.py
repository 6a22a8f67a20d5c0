"""What a page is read as, and that every place is where the text stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from definition_of_done.base.spots import Spot
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import Block, ListItem, Page

PAGE = """\
---
title: x
---
Before [any](first.md) heading.

# Title [one](one.md) ##

**Lead:** hi \\_x\\_ [y](z.md "title") and <https://x.y> ![alt](<p q.png>)
> quote [ref][R], `[no](code)`
   > more [e](caf\u00e9.md)

- [ ] a [l](m.md)
  more ~~s~~
  - nested `x`
- [x] ~~all `c`~~
1) hard\\
   break [k](k.md)
   - - [z](z.md)

Setext [s](s.md)
---

| a | b |
|---|---|
| [t](u) | `[n](o)` [v](w\\|x) [\u00e9](h) |

<div>[no](html)</div>

[R]: http://ref
"""


def _page(text: str) -> Page:
    return read_page("a.md", text.encode())


def _blocks(page: Page) -> Iterator[Block]:
    yield from page.preamble
    for section in page.sections:
        yield from section.blocks


def _items(page: Page) -> Iterator[ListItem]:
    for block in _blocks(page):
        for item in block.items:
            yield from item.all_items


def _at(page: Page, spot: Spot) -> str:
    return page.text.line(spot.line)[spot.column - 1 :]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_links(newline: str, bom: str) -> None:
    page = _page(bom + PAGE.replace("\n", newline))
    assert [(link.href, link.text, *link.spot.key[1:], link.is_image) for link in page.links] == [
        ("first.md", "any", 4, 8, False),
        ("one.md", "one", 6, 9, False),
        ("z.md", "y", 8, 20, False),
        ("https://x.y", "https://x.y", 8, 42, False),
        ("p q.png", "alt", 8, 56, True),
        ("http://ref", "ref", 9, 9, False),
        ("caf\u00e9.md", "e", 10, 11, False),
        ("m.md", "l", 12, 9, False),
        ("k.md", "k", 17, 10, False),
        ("z.md", "z", 18, 8, False),
        ("s.md", "s", 20, 8, False),
        ("u", "t", 25, 3, False),
        ("w|x", "v", 25, 21, False),
        ("h", "\u00e9", 25, 31, False),
    ]
    assert all(_at(page, link.spot)[0] in "[!<" for link in page.links)


def test_items() -> None:
    found = [
        (
            item.text,
            item.spot.key[1:],
            item.is_task,
            item.is_ticked,
            item.is_struck,
            [piece.text for piece in item.code],
            len(item.items),
        )
        for item in _items(_page(PAGE))
    ]
    assert found == [
        ("a l more s", (12, 1), True, False, False, [], 1),
        ("nested x", (14, 3), False, False, False, ["x"], 0),
        ("all c", (15, 1), True, True, True, ["c"], 0),
        ("hard break k", (16, 1), False, False, False, [], 1),
        ("", (18, 4), False, False, False, [], 1),
        ("z", (18, 6), False, False, False, [], 0),
    ]


@pytest.mark.parametrize(
    ("source", "struck"),
    [
        ("- ~~gone~~", True),
        ("- <del>gone *all*</del>", True),
        ("- [ ] <s>gone</s>", True),
        ("- ~~gone~~ but", False),
        ("- ~gone~", False),
        ("- `~~gone~~`", False),
        ("-", False),
    ],
)
def test_struck(source: str, struck: bool) -> None:
    assert [item.is_struck for item in _items(_page(source))] == [struck]


@pytest.mark.parametrize(
    ("source", "ticked"),
    [
        ("- [x] a", True),
        ("1. [X] a", True),
        ("- [ ] a", False),
        ("- [x](y.md)", None),
        ("- [x]a", None),
        ("- [x] a\n\n[x]: y", None),
        ("- # [x] a", None),
    ],
)
def test_ticked(source: str, ticked: bool | None) -> None:
    (item,) = _items(_page(source))
    assert (item.is_task, item.is_ticked) == (ticked is not None, bool(ticked))


def test_lines_of_an_item_are_its_own() -> None:
    (item,) = _page("- a *b*\n  c\n\n  d `e`\n  > f\n  - g\n").preamble[0].items
    assert [(line.text, *line.spot.key[1:]) for line in item.lines] == [
        ("a b", 1, 3),
        ("c", 2, 3),
        ("d e", 4, 3),
        ("f", 5, 5),
    ]
    assert item.text == "a b c"


@pytest.mark.parametrize(
    ("source", "lead"),
    [
        ("**In scope:** x", "In scope:"),
        ("__In\nscope__ x", "In scope"),
        ("x **In scope**", ""),
        ("*In scope*", ""),
        ("`x` **y**", ""),
    ],
)
def test_leads(source: str, lead: str) -> None:
    assert _page(source).preamble[0].lead == lead
    assert _page("- " + source.replace("\n", "\n  ")).preamble[0].items[0].lead == lead


def test_code_is_told() -> None:
    page = _page("# A\n\n```py\nx = 1\n```\n\n    y\n\n<p>z</p>\n")
    pieces = [piece for block in _blocks(page) for piece in block.pieces if piece.kind != "text"]
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("code", "x = 1\n"),
        ("code", "y\n"),
        ("html", "<p>z</p>"),
    ]


def test_headings_inside_and_front_matter() -> None:
    page = _page("---\na: 1\n\nb: 2\n---\n## S\n\n### *In* scope\n\nx\n")
    assert [(line.text, line.spot.line) for line in page.front_matter] == [
        ("a: 1", 2),
        ("", 3),
        ("b: 2", 4),
    ]
    (section,) = page.sections
    heading = section.blocks[0].heading
    assert heading is not None
    assert (heading.level, heading.text, heading.spot) == (3, "In scope", Spot("a.md", 8, 1))


WORDS = st.lists(
    st.sampled_from(
        ["w", "\u00e9t\u00e9", "*i*", "**b**", "~~s~~", "`c`", "[l](h)", "![i](h)", "*"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)
FRAMES = st.sampled_from(
    ["# {}", "## {} ##", "> {}", "> > - {}", "- {}", "  3. {}", "\t{}", "- [ ] {}", "| {} | {} |"]
)


@given(st.lists(st.tuples(FRAMES, WORDS), min_size=1, max_size=6), st.sampled_from(["\n", "\n\n"]))
def test_every_place_is_where_the_text_stands(parts: list[tuple[str, str]], between: str) -> None:
    page = _page(between.join(frame.replace("{}", words) for frame, words in parts))
    for block in _blocks(page):
        for piece in block.pieces:
            if block.kind != "code":
                at = _at(page, piece.spot).removeprefix("![").removeprefix("`")
                assert at.startswith(piece.text.split("\n")[0])
    for link in page.links:
        assert _at(page, link.spot).startswith("![i](h)" if link.is_image else "[l](h)")
    for item in _items(page):
        assert _at(page, item.spot)[0] in "-*3"


SCRAPS = st.lists(
    st.sampled_from(
        "[ ] ( ) ! < > ` * ** _ ~~ | \\ &amp; # - 1. x \u00e9 \0 \x0b \xa0 --- |--| [a](b) ![c](d)"
        " <https://a.b> [r]:u [r] <!-- --> <b> > ``` [x]".split(" ")
    )
    | st.sampled_from(["\n", "\n\n", "\t", " ", "    ", "\r", "\r\n"]),
    max_size=30,
).map("".join)


@given(SCRAPS)
def test_links_are_those_of_the_plain_parser(source: str) -> None:
    plain = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    plain.normalizeLink = lambda url: url  # type: ignore[method-assign]
    plain.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    expected = [
        str(child.attrs["href" if child.type == "link_open" else "src"])
        for token in plain.parse(source)
        for child in token.children or ()
        if child.type in ("link_open", "image")
    ]
    page = _page(source)
    assert sorted(link.href for link in page.links) == sorted(expected)
    assert all(_at(page, link.spot)[:1] in tuple("[!<") for link in page.links)

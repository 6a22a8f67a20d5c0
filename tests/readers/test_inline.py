"""markdown-it with a place for each inline token, which it does not keep itself."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB, Text
from definition_of_done.readers._inline import parse, parser
from definition_of_done.readers.markdown import read_page


def children(source: str) -> list[tuple[str, str, int]]:
    (_, inline, *_) = parse(parser(), Text("a.md", source), source, {})
    return [(child.type, child.content, child.meta["at"]) for child in inline.children or ()]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a `b` c", [("text", "a ", 0), ("code_inline", "b", 2), ("text", " c", 5)]),
        (
            "a **b**",
            [
                ("text", "a ", 0),
                ("strong_open", "", 2),
                ("text", "b", 4),
                ("strong_close", "", 5),
                ("text", "", 7),
            ],
        ),
        (
            "[a](b) <c>",
            [
                ("link_open", "", 0),
                ("text", "a", 1),
                ("link_close", "", 0),
                ("text", " ", 6),
                ("html_inline", "<c>", 7),
            ],
        ),
        ("a\nb", [("text", "a", 0), ("softbreak", "", 1), ("text", "b", 2)]),
        (r"a\*b", [("text", "a", 0), ("text_special", "*", 1), ("text", "b", 3)]),
        ("![i](j) k", [("image", "i", 0), ("text", " k", 7)]),
    ],
)
def test_places(source: str, found: list[tuple[str, str, int]]) -> None:
    assert [child for child in children(source) if child[1] or child[0] != "text"] == [
        child for child in found if child[1] or child[0] != "text"
    ]


@pytest.mark.parametrize(
    "source",
    ["a **b** _c_ ~~d~~", "[a][b]\n\n[b]: c 'd'", "| a |\n|---|\n| `b` |", "<u>x</u> \\\ny"],
)
def test_it_is_markdown_as_ever(source: str) -> None:
    markdown = parser()
    plain = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    assert markdown.renderer.render(
        parse(markdown, Text("a.md", source), source, {}), markdown.options, {}
    ) == plain.render(source)


def test_destinations_stay_as_they_are_written() -> None:
    (_, inline, *_) = parse(parser(), Text("a.md", ""), "[a](<b c\u00e9>) [x](javascript:y)", {})
    links = [child.attrs["href"] for child in inline.children or () if child.type == "link_open"]
    assert links == ["b c\u00e9", "javascript:y"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a" * (MIB + 1), "larger than 1 MiB, which is not parsed"),
        (f"{'[' * 2000}a", "nested too deeply to be judged"),
    ],
)
def test_unreadable(source: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    markdown = parser()
    if len(source) < MIB:

        def deep(*_: object) -> None:
            raise RecursionError

        monkeypatch.setattr(markdown, "parse", deep)
    with pytest.raises(Unreadable) as caught:
        parse(markdown, Text("a.md", source), source, {})
    assert (caught.value.message, caught.value.path) == (message, "a.md")


BOXES = """\
> - quoted
>
> told

!!! note "In scope"
    - a [l](a.md)

    ```
    - code
    ```

???+ tip
    told

Term
:   one
:   two

\u2022 b\u2022
\u2022 c

\u2013 d
more
\u2013 e

a) f
(b) g (h) i
iii) j

told \u2013
\u2013 by: x
:told
(b) too

a[^1]

[^1]: [m](m.md)
    more
"""


def test_boxes_quotes_and_marks_of_other_editors() -> None:
    page = read_page("a.md", BOXES.encode())
    told = [
        (block.kind, [line.text for line in block.lines], [item.text for item in block.items])
        for block in page.preamble
    ]
    assert told == [
        ("list", ["quoted"], ["quoted"]),
        ("paragraph", ["told"], []),
        ("other", ["In scope"], []),
        ("list", ["a l"], ["a l"]),
        ("code", [], []),
        ("paragraph", ["told"], []),
        ("paragraph", ["Term"], []),
        ("list", ["one", "two"], ["one", "two"]),
        ("list", ["b\u2022", "c"], ["b\u2022", "c"]),
        ("list", ["d", "more", "e"], ["d more", "e"]),
        ("list", ["f", "g (h) i", "j"], ["f", "g (h) i", "j"]),
        ("paragraph", ["told \u2013", "\u2013 by: x", ":told", "(b) too"], []),
        ("paragraph", ["a[^1]"], []),
        ("other", ["m"], []),
        ("paragraph", ["more"], []),
    ]
    assert [link.href for link in page.links] == ["a.md", "m.md"]

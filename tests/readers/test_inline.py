"""markdown-it with a place for each inline token, which it does not keep itself."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB, Text
from definition_of_done.readers._inline import parse, parser


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

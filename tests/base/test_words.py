"""Words as a message lists and counts them, and the known name that somebody meant."""

from __future__ import annotations

import pytest

from definition_of_done.base.words import count, few, listed, nearest


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_how_a_message_lists_words(words: list[str], text: str) -> None:
    assert listed(words) == text
    assert listed(words, "or") == text.replace(" and ", " or ")


@pytest.mark.parametrize(
    ("words", "shown", "most", "found"),
    [
        ("", 2, 0, []),
        ("ab", 2, 0, ["a", "b"]),
        ("abc", 2, 0, ["a", "b", "1 more"]),
        ("abc", 2, 3, ["a", "b", "c"]),
        ("abcd", 2, 3, ["a", "b", "2 more"]),
    ],
)
def test_the_first_few(words: str, shown: int, most: int, found: list[str]) -> None:
    assert few(words, shown, most) == found


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (21, "21 files")]
)
def test_count(number: int, text: str) -> None:
    assert count(number, "file") == text


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("verions", "; did you mean 'versions'?"),
        ("mkdcos", "; did you mean 'mkdocs'?"),
        ("zzz", ""),
        ("", ""),
        # A comparison that would take long.
        ("versions" * 13, ""),
    ],
)
def test_nearest(name: str, hint: str) -> None:
    assert nearest(name, ["versions", "mkdocs", "base"]) == hint

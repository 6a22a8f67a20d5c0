"""Words as a message lists and counts them, and the known name that somebody meant."""

from __future__ import annotations

import io
import sys

import pytest

from definition_of_done.base.words import (
    count,
    encodable,
    few,
    listed,
    nearest,
    printable,
    wants_colour,
    write,
)


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\u00e9\u65e5\U0001f600", "\u00e9\u65e5\U0001f600"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\u202eb\u2028", "a\\u202eb\\u2028"),
        ("\udcff", "\\udcff"),
        ("##[add-mask]x", "\\x23#[add-mask]x"),
        ("###[x", "#\\x23#[x"),
        ("a \\ b", "a \\ b"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("text", "shown"), [("a\u00e9\n", "a\u00e9\n"), ("a\udcffb", "a\\udcffb"), ("", "")]
)
def test_encodable(text: str, shown: str) -> None:
    assert encodable(text) == shown
    shown.encode()


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "\u00e9 \u65e5 \\udcff".encode()),
        ("latin-1", b"\xe9 \\u65e5 \\udcff"),
        ("ascii", b"\\xe9 \\u65e5 \\udcff"),
    ],
)
def test_write(encoding: str, written: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    write("\u00e9 \u65e5 \udcff")
    # It is flushed: what is written to standard error comes after it.
    assert raw.getvalue() == written


@pytest.mark.parametrize(
    ("is_terminal", "variable", "wants"),
    [(True, None, True), (True, "", True), (True, "1", False), (False, None, False)],
)
def test_colour(
    is_terminal: bool, variable: str | None, wants: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdout", out)
    if variable is None:
        monkeypatch.delenv("NO_COLOR", raising=False)
    else:
        monkeypatch.setenv("NO_COLOR", variable)
    assert wants_colour() is wants

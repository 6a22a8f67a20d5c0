"""Text on its way out: nothing in it forges a line or commands a terminal or runner."""

from __future__ import annotations

import io
import sys

import pytest

from definition_of_done.base.printing import encodable, printable, wants_colour, write


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

"""SQL is split at its own semicolons and commas alone."""

from __future__ import annotations

import pytest

from definition_of_done.readers.sql import inside, outside, parts, statements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" ; ;\n", []),
        ("a;b", ["a", "b"]),
        ("select\n\t1 -- one; two\n, 2;", ["select 1 , 2"]),
        ("/* a;\nb */ select ';' ; x", ["select ';'", "x"]),
        ("select 'it''s;  so'", ["select 'it''s;  so'"]),
        ('drop table "a;  b"', ['drop table "a;  b"']),
        ("do $$ begin a; b; end $$; c", ["do $$ begin a; b; end $$", "c"]),
        ("do $x$ a; $$ b; $x$; c", ["do $x$ a; $$ b; $x$", "c"]),
        ("select $1; b", ["select $1", "b"]),
        ("a 'open; b", ["a 'open; b"]),
        ("a /* open; b", ["a"]),
        ("select 1--one\nfrom a/* */b", ["select 1 from a b"]),
        ("a $$ open; b", ["a $$ open; b"]),
    ],
)
def test_statements(text: str, found: list[str]) -> None:
    assert statements(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", ["a"]),
        ("a, b", ["a", "b"]),
        ("a numeric(1, 2), b", ["a numeric(1, 2)", "b"]),
        (
            "a default ',', \"b,c\" text, array[1, 2]",
            ["a default ','", '"b,c" text', "array[1, 2]"],
        ),
        ("a), b", ["a), b"]),
    ],
)
def test_parts(text: str, found: list[str]) -> None:
    assert parts(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on t (a, f(b)) where (c)", "a, f(b)"),
        ("on t", ""),
        ("(a", ""),
        ("x ')' (b)", "b"),
        ("(a)", "a"),
    ],
)
def test_inside(text: str, found: str) -> None:
    assert inside(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a (b (c)) d ')' (", "a  d ')' "),
        ("a) (b) c", "a)  c"),
        ("'(' a", "'(' a"),
    ],
)
def test_outside(text: str, found: str) -> None:
    assert outside(text) == found

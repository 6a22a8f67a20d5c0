"""Masks: the same expressions in the same lines, in older grammar."""

from __future__ import annotations

import sys

import pytest

from definition_of_done.readers._masks import Masks

MASKED: list[tuple[str, str | None]] = [
    ("type X = int", "lambda _=[]: int"),
    ("if a: type X[T: int = str, *U] = int", "if a: lambda _=[( int ),( str)]: int"),
    ("class A[T]: pass", "class A([]): pass"),
    ("class A[T: b](C): pass", "class A([( b)],C): pass"),
    ("def f[**P = [int]](): pass", "def f(_:[( [int])],): pass"),
    ("def f[*U = *int,](a): pass", "def f(_:[(int)],a): pass"),
    ("except A, B:", "except (A, B):"),
    ("except*A, b :", "except*(A, b) :"),
    ("except A, _B:", "except (A, _B):"),
    ("except a.b, c.d:", "except (a.b, c.d):"),
    ("t'{a}' t'b'", "[(a)]"),
    ("t'a\nb'''{c}\n'''", None),
    ("t'''a\nb{c}\n'''", "[\n(c)\n]"),
    ("lazy import a", "import a"),
    ("lazy from a import b", "from a import b"),
    ("x = [*a for a in b]", "x = [a for a in b]"),
    ("f(*a async for a in b)", "f(a async for a in b)"),
    ("x = {**a for a in b}", "x = {a for a in b}"),
]
F_STRINGS: list[tuple[str, str | None]] = [
    ("f'{a['b']}{c}'", "[(a['b']),(c)]"),
    ("f'{a!r:>{b}.{c}}'", "[(a),(b),(c)]"),
    ("'x' f'{\n a # b\n}' \\\n'y'", "[(\n a # b\n)\\\n]"),
    ("f'{f'{a}'}'", "[([(a)])]"),
    ("f'{a = }' 'é'", "[(a )]"),
]
ALONE = [
    "type = 1",
    "type (X) = 1",
    "type in [1]",
    "type * [1]",
    "type X",
    "x = type",
    "print(type, X)",
    "class A(B): pass",
    "x = a[T]",
    "except E, e:",
    "except (A, B):",
    "except A, B as c:",
    "except A:\n    x, y",
    "lazy = 1",
    "lazy(import_)",
    "[*a, *b]",
    "[*a, [b for b in c]]",
    "f(*a, *(b for b in c))",
    "[x * a for a in b]",
    "def f(*a): pass",
    "['a' *b for b in c]",
    "b'{a}' '{a}' rb'{a}'",
]


@pytest.mark.parametrize(("source", "masked"), MASKED + F_STRINGS * (sys.version_info < (3, 12)))
def test_masked(source: str, masked: str | None) -> None:
    if masked is None:
        with pytest.raises(SyntaxError):
            Masks(source)
        return
    result, at = "", 0
    for start, end, mask in Masks(source).edits:
        result += source[at:start] + mask
        at = end
    assert result + source[at:] == masked


@pytest.mark.parametrize("source", ALONE)
def test_left_alone(source: str) -> None:
    assert Masks(source).edits == []


@pytest.mark.parametrize(
    "source",
    [
        *("def f[](): pass", "def f[T:](): pass", "def f[T=](): pass", "def f[1](): pass"),
        *("def f[T U](): pass", "def f[*T: int](): pass", "def f[T] -> int: pass", "class A[T"),
    ],
)
def test_no_type_parameters(source: str) -> None:
    with pytest.raises(SyntaxError):
        Masks(source)

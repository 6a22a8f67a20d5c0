"""What a module's names are bound to in the end."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.readers.bindings import Bindings


def read(source: str) -> Bindings:
    return Bindings(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("a = 1\na = 2", {"a": "2"}),
        ("a = b = 3", {"a": "3", "b": "3"}),
        ("a, [b, c] = 1, (2, 3)", {"a": "1", "b": "2", "c": "3"}),
        # How many there are is not known: each is the whole of it.
        ("a, b = c", {"a": "(a, b)", "b": "(a, b)"}),
        ("a = 1\na += 2", {"a": "a += 2"}),
        ("a: int = 1", {"a": "1"}),
        ("a: int", {}),
        ("a = 1\ndel a", {}),
        ("if x:\n    a = 1\nelse:\n    a = 2", {"a": "2"}),
        (
            "try:\n    a = 1\nexcept E:\n    b = 2\nfinally:\n    c = 3",
            {"a": "1", "b": "2", "c": "3"},
        ),
        ("for x in y:\n    a = 1", {"x": "for x in y:\n    a = 1", "a": "1"}),
        ("with x as a:\n    b = 1", {"a": "with x as a:\n    b = 1", "b": "1"}),
        ("(a := 1)", {"a": "1"}),
        ("match x:\n    case 1:\n        a = 1", {"a": "1"}),
        ("def f():\n    a = 1", {"f": "def f():\n    a = 1"}),
        ("async def f(): ...", {"f": "async def f():\n    ..."}),
        ("a.b = 1\na[0] = 2", {}),
    ],
)
def test_bound(source: str, bound: dict[str, str]) -> None:
    assert {name: ast.unparse(node) for name, node in read(source).bound.items()} == bound


def test_bound_again_in_a_block() -> None:
    again = read("a = 1\nb = 1\na = 2\nif x:\n    b = 2\n    c = 3").again
    assert again == {"b"}


def test_imports() -> None:
    bound = read("import a.b, c.d as e\nfrom f import g, h as i").bound
    assert {name: node.name for name, node in bound.items() if isinstance(node, ast.alias)} == {
        "a": "a.b",
        "e": "c.d",
        "g": "g",
        "i": "h",
    }


@pytest.mark.parametrize(("source", "has"), [("from a import *", True), ("from a import b", False)])
def test_a_star(source: str, has: bool) -> None:
    assert read(source).has_star_import is has


def test_where_it_stands_and_its_annotation() -> None:
    found = read("a: int = 1\nb: str = 'x'\nb = 2\n(c, d) = 3, 4\ndef e(): ...")
    assert {name: node.lineno for name, node in found.targets.items()} == {
        "a": 1,
        "b": 3,
        "c": 4,
        "d": 4,
    }
    # The later one has none.
    assert {name: ast.unparse(node) for name, node in found.annotations.items()} == {"a": "int"}

"""The names that are bound when a statement runs, and to what."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.readers.python_scope import (
    OWN,
    STAR,
    UNCERTAIN,
    names_before,
    names_of_annotations,
    origin,
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from collections.abc import Sequence", "collections.abc.Sequence"),
        ("from typing import List as Sequence", "typing.List"),
        ("from .types import Sequence", ".types.Sequence"),
        ("import Sequence.abc", "Sequence"),
        ("import collections.abc as Sequence", "collections.abc"),
        ("Sequence = 1", OWN),
        ("x = y, Sequence = 1, 2", OWN),
        ("class Sequence: pass", OWN),
        ("def Sequence(): pass", OWN),
        ("(Sequence := 1)", OWN),
        ("with a as Sequence: pass", UNCERTAIN),
        ("for Sequence in a: pass", UNCERTAIN),
        ("match a:\n    case [*Sequence]: pass", UNCERTAIN),
        ("match a:\n    case {**Sequence}: pass", UNCERTAIN),
        ("if a: from typing import Sequence", UNCERTAIN),
        ("if a: Sequence = 1\nelse: Sequence = 2", OWN),
        ("if a:\n    from typing import Sequence\nelse:\n    Sequence = 1", UNCERTAIN),
        ("if TYPE_CHECKING: from typing import Sequence", UNCERTAIN),
        ("if not TYPE_CHECKING: from typing import Sequence", UNCERTAIN),
        ("if t.TYPE_CHECKING: pass\nelse: from typing import Sequence", "typing.Sequence"),
        (
            "try: from typing import Sequence\nexcept E: from collections.abc import Sequence",
            UNCERTAIN,
        ),
        ("try: from typing import Sequence\nfinally: pass", "typing.Sequence"),
        ("try: pass\nexcept E as Sequence: pass", UNCERTAIN),
        ("from typing import Sequence\ndel Sequence", UNCERTAIN),
        ("from typing import Sequence\nfrom x import *", UNCERTAIN),
        ("from x import *\nfrom typing import Sequence", "typing.Sequence"),
        ("def f():\n    global Sequence\n    Sequence = 1", UNCERTAIN),
        ("def f():\n    Sequence = 1", UNCERTAIN),
        ("f = lambda: (Sequence := 1)", UNCERTAIN),
        ("", UNCERTAIN),
    ],
)
def test_origin(source: str, expected: str) -> None:
    names = names_before(ast.parse(source).body, None, {})
    assert origin(names, ast.Name("Sequence", ast.Load())) == expected


def test_builtins_stay_until_a_star_import_may_bind_them() -> None:
    name = ast.Name("str", ast.Load())
    assert origin({}, name) == "builtins.str"
    assert origin({STAR: "x.*"}, name) == UNCERTAIN
    assert origin({STAR: "x.*", "str": OWN}, name) == OWN


def test_only_what_stands_before_counts() -> None:
    tree = ast.parse("a = 1\nfrom typing import Sequence\nb = 2")
    assert names_before(tree.body, tree.body[1], {}) == {"a": OWN}
    assert names_before(tree.body, tree.body[2], {})["Sequence"] == "typing.Sequence"


def test_attributes_of_modules() -> None:
    names = names_before(ast.parse("import collections.abc\nx = 1").body, None, {})
    expression = ast.parse("collections.abc.Sequence", mode="eval").body
    assert origin(names, expression) == "collections.abc.Sequence"
    assert origin(names, ast.parse("x.y", mode="eval").body) == OWN
    assert origin(names, ast.parse("f().y", mode="eval").body) == UNCERTAIN


def test_what_checkers_read() -> None:
    source = "if TYPE_CHECKING:\n    from typing import Sequence\nif a:\n    b = 1"
    tree = ast.parse(source)
    assert names_of_annotations(tree, None) == {"b": UNCERTAIN}
    tree = ast.parse(f"from __future__ import annotations\n{source}")
    names = names_of_annotations(tree, tree.body[1])
    assert names == {
        "annotations": "__future__.annotations", "Sequence": "typing.Sequence", "b": UNCERTAIN,
    }  # fmt: skip

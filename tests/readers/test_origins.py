"""Where a file's names come from."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.readers.origins import Origins

SOURCE = """\
import strawberry as sb
import os.path
from . import here
from .near import thing as it
from ..above import far
field = sb.field
class Own: ...
own = Own.made
def inside():
    from deep import down
"""


@pytest.fixture
def origins() -> Origins:
    return Origins("app/graphql/types.py", ast.parse(SOURCE))


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("sb.type", "strawberry.type"),
        ("sb.type(name='x')", "strawberry.type"),
        ("sb.auto[int]", "strawberry.auto"),
        ("os.path.join", "os.path.join"),
        ("here.x", "app.graphql.here.x"),
        ("it", "app.graphql.near.thing"),
        ("far", "app.above.far"),
        ("down", "deep.down"),
        ("field", "strawberry.field"),
        ("Own", "Own"),
        ("own", "own"),
        ("unknown", "unknown"),
        ("1", ""),
        ("made().part", ""),
    ],
)
def test_of(source: str, origin: str, origins: Origins) -> None:
    assert origins.of(ast.parse(source, mode="eval").body) == origin


def test_of_nothing(origins: Origins) -> None:
    assert origins.of(None) == ""


def test_imported(origins: Origins) -> None:
    assert origins.imported == {
        "strawberry",
        "os.path",
        "app.graphql.here",
        "app.graphql.near.thing",
        "app.above.far",
        "deep.down",
    }
    names = ("sb", "it", "field", "Own", "thing")
    assert [origins.is_imported(name) for name in names] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("a.b", "a.b"),
        (".", "app.graphql"),
        (".a", "app.graphql.a"),
        ("..a.b", "app.a.b"),
        ("...a", "a"),
    ],
)
def test_module(name: str, module: str, origins: Origins) -> None:
    assert origins.module(name) == module

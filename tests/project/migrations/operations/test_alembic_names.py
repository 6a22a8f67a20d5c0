"""What a file calls Alembic's operations and SQLAlchemy's columns."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.project.migrations.operations.opaque import AlembicNames


def _names(source: str) -> AlembicNames:
    return AlembicNames(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "op", "operations", "columns"),
    [
        ("", {"op"}, {}, set()),
        ("from alembic import op as o, context", {"op", "o"}, {}, set()),
        ("import alembic.op as o", {"op", "o"}, {}, set()),
        ("import alembic.op", {"op"}, {}, set()),
        ("from alembic.op import drop_table as d", {"op"}, {"d": "drop_table"}, set()),
        ("from sqlalchemy import Column as C, Index", {"op"}, {}, {"C"}),
        ("from sqlalchemy.schema import *", {"op"}, {}, {"Column"}),
        ("from sqlmodel import Column", {"op"}, {}, {"Column"}),
        ("from team import Column, op as o", {"op"}, {}, set()),
        ("def f():\n    if x:\n        from alembic import op as o", {"op", "o"}, {}, set()),
    ],
)
def test_names(source: str, op: set[str], operations: dict[str, str], columns: set[str]) -> None:
    found = _names(source)
    assert (found.op, found.operations, found.columns) == (op, operations, columns)


def test_packages_and_classes() -> None:
    found = _names(
        "import os.path, json as j\nfrom team.sub import a as b\nfrom . import c\n"
        "from .d import e\nclass A:\n    class B:\n        pass\n"
    )
    assert found.packages == {"os": "os", "j": "json", "b": "team", "c": ".", "e": "."}
    assert sorted(found.classes) == ["A", "B"]

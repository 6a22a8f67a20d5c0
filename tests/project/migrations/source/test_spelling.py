"""The comparison of types, references and annotations, and files that need no parser."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.project.migrations.ancestry.history import _is_plain_text
from definition_of_done.project.migrations.operations.opaque import dispatched_prefix
from definition_of_done.project.migrations.source.columns import _optional
from definition_of_done.project.migrations.source.spelling import (
    UNTOLD,
    differ,
    differ_in_reference,
)


def _expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("String(20)", "String(20)", False),
        ("String(20)", "String(30)", True),
        ("String(20)", "Text()", True),
        (f"String({UNTOLD})", "String(30)", False),
        ("String(20)", f"String({UNTOLD})", False),
        (f"String({UNTOLD})", "Text()", True),
        ("Text()", f"Numeric({UNTOLD})", True),
        ("Money()", "Text()", False),
        ("Text()", "Money()", False),
    ],
)
def test_types(old: str, new: str, expected: bool) -> None:
    assert differ(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("users.id", "users.id", False),
        ("users.id", "users.id CASCADE", True),
        ("users.id", "people.id", True),
        (f"{UNTOLD}.id", "users.id", False),
        ("users.id", f"{UNTOLD}.id", False),
        (f"{UNTOLD}.id", "users.uid", True),
        (f"{UNTOLD}.id CASCADE", "users.id CASCADE", False),
        (f"{UNTOLD}.id CASCADE", "users.id", True),
    ],
)
def test_references(old: str, new: str, expected: bool) -> None:
    assert differ_in_reference(old, new) == expected


@pytest.mark.parametrize(
    ("source", "admits", "inner"),
    [
        ("int", False, "int"),
        ("int | None", True, "int"),
        ("None | int", True, "int"),
        ("int | str", False, "int | str"),
        ("Optional[int]", True, "int"),
        ("Union[int, None]", True, "int"),
        ("Union[int, str]", False, "Union[int, str]"),
        ("Union[int, str, None]", True, "Union[int, str, None]"),
    ],
)
def test_what_admits_none(source: str, admits: bool, inner: str) -> None:
    found, left = _optional(_expression(source))
    assert (found, ast.unparse(left)) == (admits, inner)


@pytest.mark.parametrize(
    ("source", "prefix"),
    [
        ("globals()['upgrade_%s' % name]", "upgrade_"),
        ("globals()[f'downgrade_{name}']", "downgrade_"),
        ("eval('upgrade_' + name)", "upgrade_"),
        ("table['upgrade_' + name]", None),
        ("globals()['other_' + name]", None),
        ("upgrade_all", None),
    ],
)
def test_the_prefix_of_what_is_looked_up(source: str, prefix: str | None) -> None:
    assert dispatched_prefix(_expression(source)) == prefix


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"revision = 'a'\n", True),
        (b"# coding: latin-1\n", True),
        ("# é\n".encode(), True),
        (b"# \xe9\n", False),
        ("# coding: utf-8\n# é\n".encode(), False),
        (b"#" * 200 + "coding é\n".encode(), True),
    ],
)
def test_what_is_read_without_a_parser(data: bytes, expected: bool) -> None:
    assert _is_plain_text(data) is expected

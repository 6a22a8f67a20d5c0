"""Turns `alter_column` round: the attributes that it sets get back what they had."""

from __future__ import annotations

import ast
from collections.abc import Callable

from definition_of_done.base.errors import Refused
from definition_of_done.project.migrations.operations.plain import dotted
from definition_of_done.project.migrations.operations.schema import Call, Table, literal
from definition_of_done.project.migrations.source.spelling import UNTOLD, Spelling, differ
from definition_of_done.readers.nodes import is_constant

_SET = ("type_", "nullable", "server_default", "comment")
_EXISTING = {name: f"existing_{name.rstrip('_')}" for name in _SET}
_KNOWN = {*_SET, *_EXISTING.values(), "new_column_name", "schema", "table_name", "column_name"}
_NONE = ast.Constant(None)
_INTEGERS = {"SmallInteger": 1, "SMALLINT": 1, "Integer": 2, "INTEGER": 2, "INT": 2}
_INTEGERS |= {"BigInteger": 3, "BIGINT": 3}
_STRINGS = {"String", "VARCHAR", "Unicode", "Text", "TEXT", "UnicodeText"}
_TEXTS = {"Text", "TEXT", "UnicodeText"}
_DECIMALS = {"Numeric", "NUMERIC", "DECIMAL"}


def unaltered(call: Call, table: Callable[[], Table]) -> dict[str, ast.expr]:
    """The keywords of the call that undoes `alter_column`; raises Refused where one is not known.

    `table` returns the table before the call.
    """
    strange = sorted(call.keywords.keys() - _KNOWN)
    if strange:
        raise Refused(f"alter_column has {strange[0]}")
    result: dict[str, ast.expr] = {}
    new_name = call.keywords.get("new_column_name")
    if new_name is not None and not is_constant(new_name, None):
        literal(new_name)
        result["new_column_name"] = call.required("target")
    for name in _SET:
        new, existing = call.keywords.get(name), call.keywords.get(_EXISTING[name])
        if new is None or _is_unchanged(name, new):
            if existing is not None:
                result[_EXISTING[name]] = existing
            continue
        existing = _before(call, table, name, existing)
        _refuse_narrowing(call, name, new, existing)
        result[name], result[_EXISTING[name]] = existing, new
    return result


def _is_unchanged(name: str, value: ast.expr) -> bool:
    """True where the value of a keyword says nothing."""
    return is_constant(value, None if name in ("type_", "nullable") else False)


def _before(call: Call, table: Callable[[], Table], name: str, told: ast.expr | None) -> ast.expr:
    """The value that it had: as the call tells it, unless the ancestors made something else."""
    if told is not None and _is_unchanged(name, told):
        told = None
    try:
        present = _present(call, table(), name)
    except Refused:
        if told is None:
            raise
        return told
    return present if told is None or _contradict(name, told, present) else told


def _contradict(name: str, told: ast.expr, made: ast.expr) -> bool:
    """True where two values of an attribute are more than two spellings of one."""
    spelling = Spelling(ast.Module([], []))
    if name == "type_":
        return differ(spelling.plain(told), spelling.plain(made))
    if name == "server_default":
        texts = spelling.default(told), spelling.default(made)
        return texts[0] != texts[1] and UNTOLD not in texts
    return ast.dump(told) != ast.dump(made)


def _present(call: Call, table: Table, name: str) -> ast.expr:
    column = table.column(call.text("target"))
    if name == "nullable":
        return ast.Constant(table.takes_null(column))
    if name == "type_":
        if column.type is None:
            raise Refused(f"the type of column {column.name} is not told")
        return column.type
    if name == "server_default":
        return table.default(column) or _NONE
    return column.keywords.get(name, _NONE)


def _refuse_narrowing(call: Call, name: str, new: ast.expr, old: ast.expr) -> None:
    label = f"column {call.text('target')}"
    is_same = ast.dump(new) == ast.dump(old)
    if name == "nullable" and not (is_same or is_constant(old, True)):
        raise Refused(f"{label} may hold NULL by then")
    if name == "type_" and not (is_same or _holds(old, new)):
        raise Refused(f"the old type of {label} may be too narrow for what it holds by then")


def _holds(wide: ast.expr, narrow: ast.expr) -> bool:
    """True where each value of the narrow type has a place in the wide one."""
    (kind, limits), (other, others) = _limits(wide), _limits(narrow)
    if limits is None or others is None:
        return False
    if kind in _INTEGERS and other in _INTEGERS:
        return _INTEGERS[kind] >= _INTEGERS[other]
    if kind in _STRINGS and other in _STRINGS:
        if kind in _TEXTS or not limits:
            return True
        return bool(others) and other not in _TEXTS and limits[0] >= others[0]
    if kind in _DECIMALS and other in _DECIMALS and len(limits) == len(others) == 2:
        return limits[1] >= others[1] and limits[0] - limits[1] >= others[0] - others[1]
    return False


def _limits(kind: ast.expr) -> tuple[str, list[int] | None]:
    """The last name of a type and its numbers, None where it has other arguments."""
    if not isinstance(kind, ast.Call):
        return dotted(kind).rpartition(".")[2], []
    given = [*kind.args, *(keyword.value for keyword in kind.keywords)]
    known = {"length", "precision", "scale"}
    numbers = [node.value for node in given if isinstance(node, ast.Constant)]
    is_plain = all(isinstance(number, int) for number in numbers) and len(numbers) == len(given)
    is_named = all(keyword.arg in known for keyword in kind.keywords)
    name = dotted(kind.func).rpartition(".")[2]
    return name, [int(str(number)) for number in numbers] if is_plain and is_named else None

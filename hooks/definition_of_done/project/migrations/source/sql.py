"""Reads the SQL that a Python expression spells, as far as it is not computed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from definition_of_done.base.expressions import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import TypeAlias

    # A function from an expression to those that it may be; none where they are not known.
    Resolve: TypeAlias = Callable[[ast.expr], list[ast.expr]]
    _Known: TypeAlias = dict[int, tuple[str, bool]]


_DATA = {"select", "update", "insert", "delete", "values", "exists", "func"}
_WRAPPERS = {"text", "DDL", "dedent", "cleandoc", "quoted_name"}
_CHAINED = {"bindparams", "execution_options", "columns", "strip", "lstrip", "rstrip", "format"}
_DEEPEST = 60
# The most characters of a joined text.
_LONGEST = 1_000_000
_COMPUTED = "…"
# The plain fields of `%` and of `format`, and what stands for the sign itself.
_PERCENT = regex(r"%(?:%|s|\((?P<name>\w+)\)s)?")
_BRACES = regex(r"\{\{|\}\}|\{(?P<name>\w*)\}|[{}]")
_SIGNS = ("%%", "{{", "}}")


def called(call: ast.Call) -> str:
    """The last name of the called function."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def texts(
    node: ast.expr, resolve: Resolve, depth: int = 0, known: _Known | None = None
) -> Iterator[tuple[str, bool]]:
    """Yield the texts that an expression may be, each with True where it is whole.

    A computed part stands in the text as `…`. SQLAlchemy's statements on data yield no text.
    """
    known = {} if known is None else known
    # A name that is bound to a change of itself (`sql = sql.strip()`) has no end.
    found = resolve(node) if depth < _DEEPEST else []
    if not found:
        yield _COMPUTED, False
    for meant in found:
        yield from _texts_of(meant, resolve, depth + 1, known)


def _texts_of(
    node: ast.expr, resolve: Resolve, depth: int, known: _Known
) -> Iterator[tuple[str, bool]]:
    """The texts of one expression that another may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, True
        case ast.JoinedStr(values=parts):
            yield _joined(node, parts, resolve, depth, known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield _joined(node, [left, right], resolve, depth, known)
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            found = next(texts(left, resolve, depth, known), (_COMPUTED, False))
            yield _filled(found, _PERCENT, _values(right), resolve, depth, known)
        case ast.Call():
            yield from _texts_of_call(node, resolve, depth, known)
        case _:
            yield _COMPUTED, False


def _texts_of_call(
    call: ast.Call, resolve: Resolve, depth: int, known: _Known
) -> Iterator[tuple[str, bool]]:
    name = called(call)
    if name in _WRAPPERS and call.args:
        yield from texts(call.args[0], resolve, depth, known)
    elif name in _CHAINED and isinstance(call.func, ast.Attribute):
        found = texts(call.func.value, resolve, depth, known)
        if name != "format":
            yield from found
            return
        named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        values = {**_placed(call.args), **named}
        yield from (_filled(text, _BRACES, values, resolve, depth, known) for text in found)
    elif not _changes_data(call):
        yield _COMPUTED, False


def _values(node: ast.expr) -> Mapping[str, ast.expr]:
    """The values behind `%` by their names, or by their places."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
    return _placed(node.elts if isinstance(node, ast.Tuple) else [node])


def _placed(values: list[ast.expr]) -> dict[str, ast.expr]:
    if any(isinstance(value, ast.Starred) for value in values):
        return {}
    return {str(at): value for at, value in enumerate(values)}


def _filled(
    found: tuple[str, bool],
    fields: re.Pattern[str],
    values: Mapping[str, ast.expr],
    resolve: Resolve,
    depth: int,
    known: _Known,
) -> tuple[str, bool]:
    """Fill the plain fields of a text with texts that are known; as it is where one is not."""
    text, is_whole = found
    pieces, end, length, place = [], 0, 0, 0
    for field in fields.finditer(text):
        piece = field[0][0]
        if field[0] not in _SIGNS:
            name = field["name"] or str(place)
            place += not field["name"]
            value = values.get(name) if field[0] != piece else None
            piece, is_known = (
                _joined(value, [value], resolve, depth, known) if value else ("", False)
            )
            is_whole &= is_known
        pieces += [text[end : field.start()], piece]
        end = field.end()
        length += len(piece)
        if not is_whole or length > _LONGEST:
            return text, False
    return "".join([*pieces, text[end:]]), is_whole


def _joined(
    node: ast.expr, parts: list[ast.expr], resolve: Resolve, depth: int, known: _Known
) -> tuple[str, bool]:
    """Join the texts of the parts. Each node is joined once: a name may double again and again."""
    if id(node) in known:
        return known[id(node)]
    text, is_whole = "", True
    for part in parts:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        found = list(texts(inner, resolve, depth, known))
        is_whole &= len(found) == 1 and found[0][1]
        text += found[0][0] if len(found) == 1 else _COMPUTED
    if len(text) > _LONGEST:
        text, is_whole = text[:_LONGEST] + _COMPUTED, False
    known[id(node)] = text, is_whole
    return text, is_whole


def _changes_data(node: ast.expr) -> bool:
    """True where this is SQLAlchemy's select, insert, update or delete."""
    return any(isinstance(inner, ast.Call) and called(inner) in _DATA for inner in ast.walk(node))

"""Writes the missing half of a migration: the lines, and where they go."""

from __future__ import annotations

import ast
from contextlib import suppress
from functools import partial

from definition_of_done.base.errors import Refused
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.rewrites import AddFunction, InBody, Rewrite
from definition_of_done.project.migrations.files.migration import is_marker
from definition_of_done.project.migrations.operations.plain import (
    Local,
    function_of,
    read_local,
    read_plain,
)
from definition_of_done.project.migrations.undoing.inverse import Undo, identity, named, undone
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import parse_expression, read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.ancestry.past import Past
    from definition_of_done.project.migrations.operations.plain import Plain
    from definition_of_done.project.migrations.source.evaluator import Function
    from definition_of_done.readers.python import Module

_WIDTH = 88
_INDENT = "    "
# The steps that one rewrite undoes; each of its findings carries it whole.
_TOGETHER = 100
_DEEP = "what it is made from is nested too deeply"


class Filling(NamedTuple):
    """The help of a finding about a missing half, and the rewrite that writes it."""

    help: str
    rewrite: Rewrite | None = None


class Filler:
    """Writes the inverse of one migration's `upgrade`, whole or in parts."""

    def __init__(self, past: Past) -> None:
        self.path = past.path
        self._past = past
        self._module = read_module(past.path, past.data)
        self._local = read_local(self._module)
        self._undoing: list[Undo] | Refused | None = None
        self._places: _Places | None = None
        # What findings of one place write, by the steps that it undoes.
        self._shared: dict[tuple[int, ...], InBody] = {}

    def fill(self, advice: str, *, may_write: bool) -> Filling:
        """Write the whole inverse as `downgrade`; the help says why where that is refused.

        `may_write` says that `downgrade` is missing or empty.
        """
        try:
            source, imports = self._source(self._undo())
        except Refused as refused:
            return Filling(f"{advice}; not written, because {refused}" if may_write else advice)
        text = _told(advice, source, imports)
        if not may_write:
            return Filling(text)
        return self._filling(text, partial(self._whole, source, imports))

    def add(self, spot: Spot, lacking: Iterable[Spot], advice: str) -> Filling:
        """Write the inverse of the operation at a spot between what stands in `downgrade`.

        `lacking` are the spots of all operations without an inverse: those that have the same place
        are written together.
        """
        try:
            undoing = self._undo()
            numbers = {
                (undo.statement.line, undo.statement.column): number
                for number, undo in enumerate(undoing)
            }
            number = numbers.get((spot.line, spot.column))
            if number is None:
                raise Refused("the operation is not a plain one of upgrade")
            source, imports = self._source([undoing[number]])
        except Refused as refused:
            return Filling(f"{advice}; not written, because {refused}")

        def between() -> InBody:
            if self._places is None:
                plain = read_plain(self.path, self._past.data, "downgrade")
                found = (numbers.get((other.line, other.column)) for other in lacking)
                self._places = _Places(plain, undoing, {at for at in found if at is not None})
            at, together = self._places.of(number)
            if together not in self._shared:
                source, imports = self._source([undoing[other] for other in together])
                self._shared[together] = InBody("downgrade", at, at, source, imports)
            return self._shared[together]

        return self._filling(_told(advice, source, imports), between)

    def _filling(self, text: str, step: Callable[[], InBody | AddFunction]) -> Filling:
        try:
            self._past.refuse_kept()
            return Filling(text, Rewrite(self.path, (step(),)))
        except Refused as refused:
            return Filling(f"{text}\nnot written, because {refused}")

    def _undo(self) -> list[Undo]:
        if self._undoing is None:
            try:
                plain = read_plain(self.path, self._past.data, "upgrade")
                if plain.obstacle or not plain.statements:
                    raise Refused(f"upgrade {plain.obstacle or 'does nothing'}")
                self._undoing = undone(plain.statements, self._past)
            except Refused as refused:
                self._undoing = refused
            except RecursionError:
                self._undoing = Refused(_DEEP)
        if isinstance(self._undoing, Refused):
            raise self._undoing
        return self._undoing

    def _source(self, undoing: list[Undo]) -> tuple[str, tuple[str, ...]]:
        """The statements that undo some steps of upgrade, and the imports that they need."""
        imports: set[str] = set()
        try:
            lines = list(_blocks(undoing[::-1], self._local, imports))
        except RecursionError:
            raise Refused(_DEEP) from None
        return "\n".join(lines), tuple(sorted(imports))

    def _whole(self, source: str, imports: tuple[str, ...]) -> InBody | AddFunction:
        """The step that puts statements into an empty `downgrade`, or adds the function."""
        module = self._module
        function = function_of(module, "downgrade")
        if function is None:
            if "downgrade" in Bindings(module.tree).bound:
                raise Refused("downgrade is not a plain function of its file")
            upgrade = function_of(module, "upgrade")
            returns = f" -> {ast.unparse(upgrade.returns)}" if upgrade and upgrade.returns else ""
            return AddFunction(f"def downgrade(){returns}:\n{_indented(source)}", imports)
        if any(
            not is_marker(comment.text) and _holds(module, function, comment.line, comment.column)
            for comment in module.comments()
        ):
            raise Refused("downgrade holds a comment")
        documented = ast.get_docstring(function, clean=False) is not None
        rest = function.body[documented:]
        if len(rest) > 1 or not all(_is_nothing(node) for node in rest):
            raise Refused("downgrade holds more than a pass")
        return InBody("downgrade", int(documented), len(function.body), source, imports)


class _Places:
    """Where `downgrade` lacks the inverse of some steps of upgrade, which are given by number."""

    def __init__(self, downgrade: Plain, undoing: list[Undo], lacking: set[int]) -> None:
        self._lacking = sorted(lacking)
        self._obstacle = f"downgrade {downgrade.obstacle}" if downgrade.obstacle else ""
        steps: dict[object, set[int]] = {}
        for at, undo in enumerate(undoing):
            for statement in undo.by:
                steps.setdefault(identity(statement), set()).add(at)
        self._beside: dict[int, list[int]] = {}
        # The steps that each statement of downgrade undoes.
        self._blocks: dict[int, set[int]] = {}
        for statement in downgrade.statements:
            found = steps.get(identity(statement), set())
            if not found:
                self._obstacle = self._obstacle or "downgrade does what upgrade does not tell"
            self._blocks.setdefault(statement.block, set()).update(found)

    def of(self, number: int) -> tuple[int, tuple[int, ...]]:
        """The statement of `downgrade` before which a step is undone, and the steps beside it.

        Raises Refused where what stands there leaves no certain place.
        """
        at = self._place(number)
        beside = self._beside.setdefault(at, [])
        if not beside:
            for other in self._lacking:
                with suppress(Refused):
                    if self._place(other) == at:
                        beside.append(other)
        first = beside.index(number) // _TOGETHER * _TOGETHER
        return at, tuple(beside[first : first + _TOGETHER])

    def _place(self, number: int) -> int:
        if self._obstacle:
            raise Refused(self._obstacle)
        blocks = self._blocks
        if any(number in found for found in blocks.values()):
            raise Refused("a part of it stands in downgrade")
        earlier = [block for block, found in blocks.items() if max(found) < number]
        later = [block for block, found in blocks.items() if min(found) > number]
        first = min(earlier, default=max(blocks, default=-1) + 1)
        if len(earlier) + len(later) < len(blocks) or max(later, default=-1) > first:
            raise Refused("the order of downgrade leaves no certain place")
        return first


def _told(advice: str, source: str, imports: tuple[str, ...]) -> str:
    return "\n".join([f"{advice}:", *imports, _indented(source)])


def _indented(source: str) -> str:
    return "\n".join(_INDENT + line for line in source.split("\n"))


def _blocks(undoing: Iterable[Undo], local: Local, imports: set[str]) -> Iterator[str]:
    """Yield the lines; what one batch did is undone in one batch, if that can be."""
    block, touched = -1, set[object]()
    for undo in undoing:
        for statement in undo.by:
            batch, alias = statement.batch, statement.alias if statement.batch else ""
            thing, is_rename = named(statement)
            if batch and (statement.block != block or is_rename or thing in touched):
                yield f"with {local.spelt(batch, imports)} as {alias}:"
                touched = set()
            # A batch does not know a column by its new name.
            block = statement.block if batch and not is_rename else -1
            touched.add(thing)
            text = local.spelt(statement.call, imports, alias)
            yield from laid_out(text, _INDENT if batch else "")


def laid_out(text: str, indent: str) -> list[str]:
    """An expression on lines of a fair width, its arguments one below the other where needed."""
    node = parse_expression(text)
    is_table = text.partition("(")[0].endswith(".create_table")
    return [indent + line for line in _split(text, node, _WIDTH - len(_INDENT + indent), is_table)]


def _split(text: str, node: ast.expr, width: int, is_long: bool = False) -> list[str]:
    if not isinstance(node, ast.Call) or not (is_long or len(text) > width):
        return [text]
    data = text.encode()
    lines = [data[: node.func.end_col_offset].decode() + "("]
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        value = data[argument.col_offset : argument.end_col_offset].decode()
        inner = _split(value, parse_expression(value), width - len(_INDENT))
        names = [k.arg for k in node.keywords if k.value is argument]
        inner[0] = (f"{names[0]}=" if names else "") + inner[0]
        inner[-1] += ","
        lines += [_INDENT + line for line in inner]
    return [*lines, ")"] if len(lines) > 1 else [text]


def _holds(module: Module, function: Function, line: int, column: int) -> bool:
    """True where a comment stands in a function: on its lines, or indented below them."""
    body = module.tree.body
    later = [node.lineno for node in body if node.lineno > function.lineno]
    end = min(later, default=len(module.text.starts) + 1)
    is_inside = function.lineno <= line <= (function.end_lineno or 0)
    return is_inside or ((function.end_lineno or 0) < line < end and column > 2)


def _is_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return value is ... or value is None
    return False

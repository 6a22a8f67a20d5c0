"""Reads the plain statements of a direction: operations that no branch, loop or helper decides."""

from __future__ import annotations

import ast

from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.operations.operations import SCHEMA_OPERATIONS
from definition_of_done.project.migrations.source.canonical import Canonical, dotted, is_value
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.source.evaluator import Function
    from definition_of_done.readers.python import Module

ENUMS = ("sqlalchemy.Enum", "sqlalchemy.dialects.postgresql.ENUM")
_OP = "alembic.op."
_BATCH = f"{_OP}batch_alter_table"
_FOLLOWED = tuple(f"{_OP}{operation}(" for operation in SCHEMA_OPERATIONS)
_TYPES = dict.fromkeys(("create", "drop"), tuple(f"{enum}(" for enum in ENUMS))
_SQL = {"execute", "exec_driver_sql", "scalar", "scalars"}
_BLOCKS: dict[type[ast.stmt], str] = {
    ast.If: "has a condition",
    ast.Try: "has a condition",
    ast.Match: "has a condition",
    ast.For: "has a loop",
    ast.While: "has a loop",
}


class Statement(NamedTuple):
    """A call in its canonical spelling, and its place.

    `batch` is the call that makes its batch, and `alias` the batch's name in the file. `block`
    numbers the statements of the function: those of one batch share a number.
    """

    call: str
    batch: str
    alias: str
    block: int
    line: int
    column: int


class Plain(NamedTuple):
    """The plain statements of a function; `obstacle` says what else it does, if anything.

    `lines` are the first and last line of each block.
    """

    statements: tuple[Statement, ...]
    obstacle: str
    lines: tuple[tuple[int, int], ...] = ()


def function_of(module: Module, name: str) -> Function | None:
    """The function of that name at the module's level, None where it is none or decorated."""
    found = Bindings(module.tree).bound.get(name)
    return found if isinstance(found, ast.FunctionDef) and not found.decorator_list else None


def read_plain(path: str, data: bytes, name: str) -> Plain:
    """Read a direction; raises Unreadable where the file is not Python."""
    module = read_module(path, data)
    function = function_of(module, name)
    if function is None:
        return Plain((), "is not a plain function of its file")
    reader = _PlainReader(module, Canonical(module, function))
    for block, node in enumerate(function.body):
        reader.read(node, block)
    lines = tuple((node.lineno, node.end_lineno or node.lineno) for node in function.body)
    return Plain(tuple(reader.statements), reader.obstacle, lines)


class _PlainReader:
    def __init__(self, module: Module, canonical: Canonical) -> None:
        self.statements: list[Statement] = []
        self.obstacle = ""
        self._module = module
        self._canonical = canonical

    def read(self, node: ast.stmt, block: int) -> None:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name()], value=value) if self._is_harmless(value):
                pass
            case ast.Expr(value=ast.Call() as call):
                self._note(call, self._canonical.text(call), block)
            case ast.With(items=[ast.withitem(context, ast.Name(id=alias))], body=body):
                header = self._canonical.text(context)
                if not header.startswith(f"{_BATCH}("):
                    self._stop("has a block that is not followed")
                    return
                for inner in body:
                    self._read_in_batch(inner, block, header, alias)
            case _:
                self._stop(_BLOCKS.get(type(node), "has a statement that is not followed"))

    def _is_harmless(self, value: ast.expr) -> bool:
        """True where a name is given a text, a connection or a type."""
        if isinstance(value, ast.Call):
            return self._canonical.text(value).startswith((f"{_OP}get_bind()", "sqlalchemy."))
        return is_value(value)

    def _read_in_batch(self, node: ast.stmt, block: int, header: str, alias: str) -> None:
        match node:
            case ast.Pass():
                pass
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) as call
            ) if name == alias and attr in SCHEMA_OPERATIONS:
                # The batch has the same functions as the module.
                text = self._canonical.text(call).replace(f"own.{alias}.", _OP)
                self._add(call, text, block, header, alias)
            case _:
                self._stop("has a batch with more than operations")

    def _note(self, call: ast.Call, text: str, block: int) -> None:
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else ""
        if name in _SQL:
            self._stop("runs SQL")
        elif name == "bulk_insert":
            self._stop("changes data")
        elif text.startswith(_FOLLOWED if text.startswith(_OP) else _TYPES.get(name, ("?",))):
            self._add(call, text, block)
        else:
            self._stop("calls what is not followed")

    def _add(
        self, call: ast.Call, text: str, block: int, header: str = "", alias: str = ""
    ) -> None:
        spot = self._module.spot(call)
        self.statements.append(Statement(text, header, alias, block, spot.line, spot.column))

    def _stop(self, obstacle: str) -> None:
        self.obstacle = self.obstacle or obstacle


def calls(node: ast.AST, *origins: str) -> Iterator[ast.Call]:
    """Yield the calls of these origins anywhere in a canonical expression."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call) and dotted(found.func) in origins:
            yield found

"""Which members of Path and Resource a backfill script gives to the tenants."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from definition_of_done.readers.python import Module

_ENUMS = ("Path", "Resource")
_MAPS = ("__members__", "_member_map_", "_member_names_", "_value2member_map_")
# Calls that take an enum and go through none of its members.
_NO_LOOPS = ("isinstance", "issubclass", "getattr", "hasattr", "cast")
# A script may hold its rows as SQL.
_QUOTED = re.compile(r"""(?<!\w)(['"])(.+?)\1""")


class Script(NamedTuple):
    """What one script names. `takes_all` says that it goes through an enum as a whole."""

    path: str
    names: frozenset[str]
    takes_all: bool

    def handles(self, names: frozenset[str]) -> bool:
        """Whether it handles a member that is known by these names and values."""
        return self.takes_all or bool(self.names & names)


def read_script(path: str, data: bytes) -> Script:
    """The facts of a script; raises Unreadable where it is not Python."""
    from definition_of_done.readers.python import read_module

    reader = _Reader(read_module(path, data))
    return Script(path, frozenset(reader.names()), reader.takes_all())


class _Reader:
    def __init__(self, module: Module) -> None:
        from definition_of_done.readers.origins import Origins

        self._nodes = list(ast.walk(module.tree))
        self._origins = Origins(module.path, module.tree)

    def names(self) -> Iterator[str]:
        """The members by `Path.X`, and all strings, which may hold their values."""
        prose = {id(one.value) for one in self._nodes if isinstance(one, ast.Expr)}
        for node in self._nodes:
            match node:
                case ast.Attribute(value=value, attr=name) if self._is_enum(value):
                    yield name
                case ast.Constant(value=str(text)) if id(node) not in prose:
                    yield text
                    yield from (found[2] for found in _QUOTED.finditer(text))

    def takes_all(self) -> bool:
        """Whether an enum is looped over, or handed on as a whole."""
        single: set[int] = set()
        for node in self._nodes:
            single.update(map(id, self._of_one_member(node)))
        return any(self._is_enum(node) and id(node) not in single for node in self._nodes)

    def _of_one_member(self, node: ast.AST) -> Iterator[ast.AST | None]:
        """The parts of a node in which an enum stands for one member, or for a type."""
        match node:
            case ast.Attribute(value=value, attr=name):
                if name not in _MAPS:
                    yield value
            case ast.Subscript(value=value):
                yield value
            case ast.Call(func=func, args=args):
                yield func
                last = self._origins.of(func).rpartition(".")[2]
                if last in _NO_LOOPS or last.lower().endswith("enum"):
                    yield from args
                    for inner in args:
                        yield from ast.walk(inner)
            case ast.Compare(left=left, comparators=others):
                yield from (left, *others)
            case ast.arg(annotation=ast.expr() as given) | ast.AnnAssign(annotation=given):
                yield from ast.walk(given)
            case (
                ast.FunctionDef(returns=ast.expr() as given)
                | ast.AsyncFunctionDef(returns=ast.expr() as given)
            ):
                yield from ast.walk(given)

    def _is_enum(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        module, _, name = self._origins.of(node).rpartition(".")
        return name in _ENUMS and module != "pathlib"

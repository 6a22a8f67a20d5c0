"""The members of Path and Resource that a backfill script gives to the tenants."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.api.rbac import ENUMS
from definition_of_done.readers.python import Module

_MAPS = ("__members__", "_member_map_", "_member_names_", "_value2member_map_")
# These calls take an enum and do not loop over its members.
_NO_LOOPS = ("isinstance", "issubclass", "getattr", "hasattr", "cast")
# A script may hold its rows as SQL.
_QUOTED = regex(r"""(?<!\w)(['"])(.+?)\1""")


class Script(NamedTuple):
    """The names in one script. `takes_all` says that it loops over all members of an enum."""

    path: str
    names: frozenset[str]
    takes_all: bool

    def handles(self, names: frozenset[str]) -> bool:
        """True where it handles the member that has these names and values."""
        return self.takes_all or bool(self.names & names)


def read_script(path: str, data: bytes) -> Script:
    """Read a script; raise Unreadable where it is not Python."""
    from definition_of_done.readers.python import read_module

    reader = _ScriptReader(read_module(path, data))
    return Script(path, frozenset(reader.names()), reader.takes_all())


class _ScriptReader:
    def __init__(self, module: Module) -> None:
        self._nodes = list(ast.walk(module.tree))
        self._origins = module.origins
        # The names that the script gives the enums, and where it does so.
        self._aliases: set[str] = set()
        self._given: set[int] = set()
        for target, value in map(_pair, self._nodes):
            for name, given in zip(target, value, strict=False):
                if isinstance(name, ast.Name) and self._is_enum(given):
                    self._aliases.add(name.id)
                    self._given.add(id(given))

    def names(self) -> Iterator[str]:
        """Yield the members of `Path.X`, and all strings, which may hold their values."""
        prose = {id(node.value) for node in self._nodes if isinstance(node, ast.Expr)}
        for node in self._nodes:
            match node:
                case ast.Attribute(value=value, attr=name) if self._is_enum(value):
                    yield name
                case ast.Constant(value=str(text)) if id(node) not in prose:
                    yield text
                    yield from (found[2] for found in _QUOTED.finditer(text))

    def takes_all(self) -> bool:
        """True where the script loops over an enum, or hands it on."""
        single = {*self._given}
        for node in self._nodes:
            single.update(map(id, self._single_members(node)))
        return any(self._is_enum(node) and id(node) not in single for node in self._nodes)

    def _single_members(self, node: ast.AST) -> Iterator[ast.AST | None]:
        """Yield the parts of a node in which an enum stands for one member, or for a type."""
        match node:
            case ast.Attribute(value=value, attr=name):
                if name not in _MAPS:
                    yield value
            case ast.Subscript(value=value):
                yield value
            case ast.Call(func=func, args=args):
                yield func
                last = self._origins.last(func)
                if last in _NO_LOOPS or last.lower().endswith("enum"):
                    for inner in args:
                        yield from ast.walk(inner)
            case ast.Compare(left=left, comparators=comparators):
                yield from (left, *comparators)
            case (
                ast.arg(annotation=ast.expr() as annotation)
                | ast.AnnAssign(annotation=annotation)
                | ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                yield from ast.walk(annotation)

    def _is_enum(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        if isinstance(node, ast.Name) and node.id in self._aliases:
            return isinstance(node.ctx, ast.Load)
        module, _, name = self._origins.of(node).rpartition(".")
        return name in ENUMS and module != "pathlib"


def _pair(node: ast.AST) -> tuple[list[ast.expr], list[ast.expr]]:
    """The targets of an assignment with what each of them gets; none of any other node."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            return targets, values
        case ast.Assign(targets=[target], value=value):
            return [target], [value]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return [target], [value]
    return [], []

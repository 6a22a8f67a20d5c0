"""The members of an enum of Python's, as its class body declares them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.base.spots import Spot

if TYPE_CHECKING:
    from definition_of_done.readers.python import Module

# Calls that make a descriptor, or say themselves that they make no member.
_NO_MEMBERS = ("property", "cached_property", "staticmethod", "classmethod", "nonmember", "partial")
# Decorators that give the enum back.
_PASSED_ON = ("enum", "unique")
_CONSTRUCTORS = ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")


class Member(NamedTuple):
    """A member: `value` is its text, None where it is none or is computed."""

    spot: Spot
    name: str
    value: str | None


class Enumeration(NamedTuple):
    """An enum, at its class line. `aliases` are further names of its members.

    `unseen` says why there may be members that the source does not show, empty where it shows all.
    """

    spot: Spot
    name: str
    members: tuple[Member, ...]
    aliases: frozenset[str] = frozenset()
    unseen: str = ""

    @property
    def names(self) -> frozenset[str]:
        """All names that it can be asked for."""
        return frozenset(one.name for one in self.members) | self.aliases


def read_enums(path: str, data: bytes) -> dict[str, Enumeration]:
    """The enums at module level, by name; raises Unreadable where the file is not Python."""
    if b"Enum" not in data and b"enum" not in data:
        return {}
    from definition_of_done.readers.python import read_module

    return dict(_Reader(read_module(path, data)).read())


class _Reader:
    def __init__(self, module: Module) -> None:
        from definition_of_done.readers.bindings import Bindings
        from definition_of_done.readers.origins import Origins

        self._module = module
        self._bound = Bindings(module.tree).bound
        self._origins = Origins(module.path, module.tree)

    def read(self) -> Iterator[tuple[str, Enumeration]]:
        """The enums that the module's names are bound to in the end."""
        for name, node in self._bound.items():
            # `Path = strawberry.enum(_Path)` is what the decorator stands for.
            if isinstance(node, ast.Call) and self.last(node) in _PASSED_ON and node.args:
                node = node.args[0]
            if isinstance(node, ast.Name):
                node = self._bound.get(node.id, node)
            if isinstance(node, ast.ClassDef) and self._is_enum(node):
                yield name, _Body(self, node).read(name)
            elif isinstance(node, ast.Call) and self.last(node).endswith(_CONSTRUCTORS):
                why = f"{name} is made by a call"
                yield name, Enumeration(self._module.spot(node), name, (), unseen=why)

    def spot(self, node: ast.AST) -> Spot:
        """Where a node of the file starts."""
        return self._module.spot(node)

    def is_function(self, name: str) -> bool:
        """Whether a name of the module is a function, of which no member is made."""
        return isinstance(self._bound.get(name), ast.FunctionDef | ast.AsyncFunctionDef)

    def _is_enum(self, node: ast.ClassDef, below: tuple[ast.ClassDef, ...] = ()) -> bool:
        if any(self._origins.of(one) == "strawberry.enum" for one in node.decorator_list):
            return True
        for base in node.bases:
            name = self._origins.of(base)
            above = self._bound.get(name)
            if isinstance(above, ast.ClassDef):
                # What inherits from itself has taken the name of another class.
                if above not in (node, *below) and self._is_enum(above, (node, *below)):
                    return True
            elif name.endswith(_CONSTRUCTORS):
                return True
        return False

    def is_lowered(self, node: ast.ClassDef) -> bool:
        """Whether `auto()` gives the lower-case name, as it does in a StrEnum."""
        return any(self.last(base) == "StrEnum" for base in node.bases) and not any(
            isinstance(one, ast.FunctionDef) and one.name == "_generate_next_value_"
            for one in node.body
        )

    def last(self, node: ast.AST) -> str:
        """The last name of where an expression comes from."""
        return self._origins.of(node).rpartition(".")[2]


class _Body:
    """One class body in the making, statement by statement as Python runs it."""

    def __init__(self, reader: _Reader, node: ast.ClassDef) -> None:
        self._reader = reader
        self._node = node
        self._is_lowered = reader.is_lowered(node)
        self._members: dict[str, Member] = {}
        self._aliases: set[str] = set()
        self._others: set[str] = set()
        # What the values are, to know an alias by; those in the list cannot be hashed.
        self._hashed: set[object] = set()
        self._values: list[object] = []
        self._unseen = ""

    def read(self, name: str) -> Enumeration:
        """The enum under the name that the module knows it by."""
        for one in self._node.body:
            match one:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(target, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, value)
                case ast.FunctionDef(name=other) | ast.AsyncFunctionDef(name=other):
                    self._others.add(other)
                case ast.ClassDef(name=other):
                    self._others.add(other)
                case ast.AnnAssign() | ast.Pass() | ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    self._miss(one)
        return Enumeration(
            self._reader.spot(self._node),
            name,
            tuple(self._members.values()),
            frozenset(self._aliases),
            self._unseen,
        )

    def _miss(self, node: ast.AST) -> None:
        line = self._reader.spot(node).line
        self._unseen = self._unseen or f"line {line} computes members of {self._node.name}"

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id="_ignore_"), _:
                self._ignore(value)
            case ast.Name(id=name), _:
                if not _is_reserved(name) and name not in self._others:
                    self._declare(target, name, value)
            case (
                (ast.Tuple(elts=targets) | ast.List(elts=targets)),
                (ast.Tuple(elts=values) | ast.List(elts=values)),
            ) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    self._bind(one, its)
            case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
                for one in targets:
                    if not isinstance(one, ast.Name):
                        self._miss(target)
                        continue
                    self._bind(one, target)
            case _:
                self._miss(target)

    def _ignore(self, value: ast.expr) -> None:
        try:
            names = ast.literal_eval(value)
        except ValueError:
            self._miss(value)
            return
        self._others |= set(names.replace(",", " ").split() if isinstance(names, str) else names)

    def _declare(self, target: ast.expr, name: str, value: ast.expr) -> None:
        last = self._reader.last(value)
        if isinstance(value, ast.Call) and last in ("enum_value", "member") and value.args:
            value = value.args[0]
        elif self._is_no_member(value):
            self._others.add(name)
            return
        match value:
            case ast.Name(id=other) if other in self._members or other in self._aliases:
                self._aliases.add(name)
                return
            case ast.Call() if self._is_lowered and self._reader.last(value) == "auto":
                value = ast.Constant(name.lower())
        try:
            known = ast.literal_eval(value)
        except (ValueError, TypeError):
            known = None
        if known is not None and self._is_known(known):
            self._aliases.add(name)
            return
        text = known if isinstance(known, str) else None
        self._members[name] = Member(self._reader.spot(target), name, text)

    def _is_known(self, value: object) -> bool:
        """Whether a member before has this value; from now on, one has."""
        try:
            was = value in self._hashed
            self._hashed.add(value)
        except TypeError:
            was = value in self._values
            self._values.append(value)
        return was

    def _is_no_member(self, value: ast.expr) -> bool:
        """Whether a value is a method or another descriptor, of which no member is made."""
        match value:
            case ast.Call():
                return self._reader.last(value) in _NO_MEMBERS
            case ast.Name(id=name):
                return name in self._others or self._reader.is_function(name)
        return isinstance(value, ast.Lambda)


def _is_reserved(name: str) -> bool:
    """Whether Python makes no member of a name: `_sunder_`, `__dunder__` and `__private`."""
    return name.startswith("__") or (len(name) > 2 and name[0] == name[-1] == "_")

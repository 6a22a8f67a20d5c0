"""The members of Python's enums, as their class bodies declare them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import Module

# Calls that make a descriptor, or something else that is no member.
_NO_MEMBERS = ("property", "cached_property", "staticmethod", "classmethod", "nonmember", "partial")
# Decorators that return the enum.
_PASSED_ON = ("enum", "unique")
_CONSTRUCTORS = ("Enum", "Flag")


class Member(NamedTuple):
    """A member of an enum. `value` is None where it is computed or is no text."""

    spot: Spot
    name: str
    value: str | None


class Enumeration(NamedTuple):
    """An enum, at the line of its class. `aliases` are further names of its members.

    `unseen` says why there may be members that the source does not show. It is empty where the
    source shows all.
    """

    spot: Spot
    name: str
    members: tuple[Member, ...]
    aliases: frozenset[str] = frozenset()
    unseen: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names of all members, with their aliases."""
        return frozenset(member.name for member in self.members) | self.aliases


def read_enums(path: str, data: bytes) -> dict[str, Enumeration]:
    """Read the enums of a module, by name; raise Unreadable where the file is not Python."""
    if b"Enum" not in data and b"enum" not in data:
        return {}
    from definition_of_done.readers.python import read_module

    return dict(_EnumReader(read_module(path, data)).read())


class _EnumReader:
    """The reader of a module's enums; their bodies ask it about the module's names."""

    def __init__(self, module: Module) -> None:
        from definition_of_done.readers.bindings import Bindings

        self.module = module
        self.bound = Bindings(module.tree).bound
        self.origins = module.origins

    def read(self) -> Iterator[tuple[str, Enumeration]]:
        """Yield the enums that the module's names are bound to in the end."""
        for name, node in self.bound.items():
            # The decorator is short for `Path = strawberry.enum(_Path)`.
            if isinstance(node, ast.Call) and self.origins.last(node) in _PASSED_ON and node.args:
                node = node.args[0]
            if isinstance(node, ast.Name):
                node = self.bound.get(node.id, node)
            if isinstance(node, ast.ClassDef) and self._is_enum(node):
                yield name, _Body(self, node).read(name)
            elif isinstance(node, ast.Call) and self.origins.last(node).endswith(_CONSTRUCTORS):
                why = f"{name} is made by a call"
                yield name, Enumeration(self.module.spot(node), name, (), unseen=why)

    def _is_enum(self, node: ast.ClassDef, below: tuple[ast.ClassDef, ...] = ()) -> bool:
        if any(self.origins.of(item) == "strawberry.enum" for item in node.decorator_list):
            return True
        for base in node.bases:
            name = self.origins.of(base)
            above = self.bound.get(name)
            if isinstance(above, ast.ClassDef):
                # A class that seems to inherit from itself has taken the name of another one.
                if above not in (node, *below) and self._is_enum(above, (node, *below)):
                    return True
            elif name.endswith(_CONSTRUCTORS):
                return True
        return False

    def is_lowered(self, node: ast.ClassDef) -> bool:
        """True where `auto()` gives the lower-case name, as it does in a StrEnum."""
        return any(self.origins.last(base) == "StrEnum" for base in node.bases) and not any(
            isinstance(statement, ast.FunctionDef) and statement.name == "_generate_next_value_"
            for statement in node.body
        )


class _Body:
    """The members of one class body, collected statement by statement as Python runs it."""

    def __init__(self, reader: _EnumReader, node: ast.ClassDef) -> None:
        self._reader = reader
        self._node = node
        self._is_lowered = reader.is_lowered(node)
        self._members: dict[str, Member] = {}
        self._aliases: set[str] = set()
        self._no_members: set[str] = set()
        # A member with the value of an earlier one is its alias. The list has unhashable values.
        self._hashed_values: set[object] = set()
        self._other_values: list[object] = []
        self._unseen = ""

    def read(self, name: str) -> Enumeration:
        """Read the enum; `name` is the one that the module knows it by."""
        for statement in self._node.body:
            match statement:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(target, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, value)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self._no_members.add(statement.name)
                case ast.AnnAssign() | ast.Pass() | ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    self._miss(statement)
        return Enumeration(
            self._reader.module.spot(self._node),
            name,
            tuple(self._members.values()),
            frozenset(self._aliases),
            self._unseen,
        )

    def _miss(self, node: ast.stmt | ast.expr) -> None:
        line = self._reader.module.spot(node).line
        self._unseen = self._unseen or f"line {line} computes members of {self._node.name}"

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id="_ignore_"), _:
                self._ignore(value)
            case ast.Name(id=name), _:
                if not _is_reserved(name) and name not in self._no_members:
                    self._declare(target, name, value)
            case (
                (ast.Tuple(elts=targets) | ast.List(elts=targets)),
                (ast.Tuple(elts=values) | ast.List(elts=values)),
            ) if len(targets) == len(values):
                for part, part_value in zip(targets, values, strict=True):
                    self._bind(part, part_value)
            case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
                for part in targets:
                    if not isinstance(part, ast.Name):
                        self._miss(target)
                        continue
                    self._bind(part, target)
            case _:
                self._miss(target)

    def _ignore(self, value: ast.expr) -> None:
        try:
            names = ast.literal_eval(value)
            self._no_members |= set(
                names.replace(",", " ").split() if isinstance(names, str) else names
            )
        except (ValueError, TypeError):
            self._miss(value)

    def _declare(self, target: ast.expr, name: str, value: ast.expr) -> None:
        last = self._reader.origins.last(value)
        if isinstance(value, ast.Call) and last in ("enum_value", "member") and value.args:
            value = value.args[0]
        elif self._is_no_member(value):
            self._no_members.add(name)
            return
        match value:
            case ast.Name(id=member) if member in self._members or member in self._aliases:
                self._aliases.add(name)
                return
            case ast.Call() if self._is_lowered and self._reader.origins.last(value) == "auto":
                value = ast.Constant(name.lower())
        try:
            literal = ast.literal_eval(value)
        except (ValueError, TypeError):
            literal = None
        if literal is not None and self._is_known(literal):
            self._aliases.add(name)
            return
        text = literal if isinstance(literal, str) else None
        self._members[name] = Member(self._reader.module.spot(target), name, text)

    def _is_known(self, value: object) -> bool:
        """Note a value; True where an earlier member has it."""
        try:
            is_known = value in self._hashed_values
            self._hashed_values.add(value)
        except TypeError:
            is_known = value in self._other_values
            self._other_values.append(value)
        return is_known

    def _is_no_member(self, value: ast.expr) -> bool:
        """True for a method or another descriptor, which Python makes no member of."""
        match value:
            case ast.Call():
                return self._reader.origins.last(value) in _NO_MEMBERS
            case ast.Name(id=name):
                is_function = isinstance(self._reader.bound.get(name), Function)
                return name in self._no_members or is_function
        return isinstance(value, ast.Lambda)


def _is_reserved(name: str) -> bool:
    """True for a name that is never a member: `_sunder_`, `__dunder__` and `__private`."""
    return name.startswith("__") or (len(name) > 2 and name[0] == name[-1] == "_")

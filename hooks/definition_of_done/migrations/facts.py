"""A migration file as facts: its identifiers, its two directions, and what they do."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.migrations._dispatch import dispatched
from definition_of_done.migrations._nothing import Emptiness, emptiness
from definition_of_done.migrations._operations import Column, Operation, read_operations
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import Module, read_module

__all__ = ["Column", "Direction", "Identifier", "Migration", "Operation", "read_migration"]


class Identifier(NamedTuple):
    """A module-level identifier such as `revision`, as its last assignment leaves it.

    `values` are its strings: none for None, several for a tuple of parents. `is_literal` is
    false where Python computes the value, so that it is not known here.
    """

    spot: Spot
    values: tuple[str, ...]
    is_literal: bool
    is_text: bool


class Direction(NamedTuple):
    """`upgrade` or `downgrade`.

    `is_defined` says that the file has the function; `is_elsewhere` that the name is imported or
    assigned, so that its body is not in this file. `spot` is the function's, or the file's start.
    """

    name: str
    spot: Spot
    is_defined: bool
    is_elsewhere: bool
    emptiness: Emptiness
    operations: tuple[Operation, ...]

    @property
    def does_nothing(self) -> bool:
        """Whether the body has no effect, however it is dressed up."""
        return self.emptiness is not Emptiness.EFFECT


class Migration(NamedTuple):
    """One migration file. `revision` is None where the file assigns none."""

    path: str
    revision: Identifier | None
    down_revision: Identifier | None
    upgrade: Direction
    downgrade: Direction

    @property
    def start(self) -> Spot:
        """The file's first line."""
        return Spot(self.path)

    @property
    def is_merge(self) -> bool:
        """Whether it joins two or more parents."""
        return self.down_revision is not None and len(self.down_revision.values) > 1

    @property
    def is_empty(self) -> bool:
        """Whether both directions are defined and do nothing."""
        return all(
            direction.is_defined and direction.does_nothing
            for direction in (self.upgrade, self.downgrade)
        )

    @property
    def new_columns(self) -> Iterator[Column]:
        """The columns that `upgrade` adds, with a table or to one, in the order of the file."""
        for operation in self.upgrade.operations:
            if operation.name in ("add_column", "create_table"):
                yield from operation.columns


def read_migration(path: str, data: bytes) -> Migration:
    """The facts of a migration's source; raises Unreadable where it is not Python."""
    module = read_module(path, data)
    try:
        names = Bindings(module.tree)
        return Migration(
            path,
            _identifier(module, names, "revision"),
            _identifier(module, names, "down_revision"),
            _direction(module, names, "upgrade"),
            _direction(module, names, "downgrade"),
        )
    except RecursionError:
        raise Unreadable("nested too deeply to be judged") from None


def _identifier(module: Module, names: Bindings, name: str) -> Identifier | None:
    value = names.bound.get(name)
    if value is None:
        return None
    spot = module.spot(value)
    match value:
        case ast.Constant(value=str(text)):
            return Identifier(spot, (text,), True, True)
        case ast.Constant(value=None):
            return Identifier(spot, (), True, False)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            texts = [one.value for one in parts if isinstance(one, ast.Constant)]
            if len(texts) == len(parts) and all(isinstance(text, str) for text in texts):
                return Identifier(spot, tuple(str(text) for text in texts), True, False)
    return Identifier(spot, (), False, False)


def _direction(module: Module, names: Bindings, name: str) -> Direction:
    value = names.bound.get(name)
    if not isinstance(value, ast.FunctionDef | ast.AsyncFunctionDef):
        elsewhere = value is not None or names.has_star_import
        return Direction(name, Spot(module.path), False, elsewhere, Emptiness.EFFECT, ())
    # A decorator may do the work that the body leaves out.
    body = dispatched(value, module.tree)
    empty = Emptiness.EFFECT if value.decorator_list else emptiness(body, module.tree)
    return Direction(name, module.spot(value), True, False, empty, read_operations(module, value))

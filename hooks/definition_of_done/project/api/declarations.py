"""The names that GraphQL shows of what Python code declares with Strawberry, as records."""

from __future__ import annotations

from typing import NamedTuple

from definition_of_done.base.spots import Spot

OPERATIONS = ("query", "mutation", "subscription")


class Unseen(NamedTuple):
    """What cannot be read from the source, with the reason."""

    spot: Spot
    name: str
    why: str


class Field(NamedTuple):
    """A field of a type, an argument of an input or a value of an enum.

    `name` is GraphQL's, `attribute` Python's; `kind` is field, mutation or subscription. `types`
    are origins of what its annotations surely bring into the schema; there may be more.
    """

    spot: Spot
    name: str
    attribute: str
    kind: str = "field"
    types: tuple[str, ...] = ()


class Declaration(NamedTuple):
    """A type, input, interface, enum, scalar or union, as `kind` says.

    `name` is GraphQL's, None where it is computed or, of a generic type, made from its arguments;
    `label` is the name in Python. `operation` is query, mutation or subscription for a class whose
    fields are these, by its own file alone. `is_base` says that another class of the file inherits
    from it; `elsewhere` are the origins of bases that other files define, of all that it merges and
    of the enum of another file that it is made of, `hidden` attributes that the schema does not
    show though a base may have them. `unseen` is what of its fields cannot be read.
    """

    spot: Spot
    kind: str
    name: str | None
    label: str
    fields: tuple[Field, ...]
    operation: str | None = None
    is_base: bool = False
    elsewhere: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unseen: tuple[Unseen, ...] = ()


class Mount(NamedTuple):
    """A class whose fields are those of an operation: a schema names it, or inherits from it."""

    operation: str
    origin: str

    def names(self, path: str, label: str) -> bool:
        """Whether this is the class of another file, which a package may pass on."""
        module, _, name = self.origin.rpartition(".")
        own = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return name == label and bool(module) and f"{own}.".startswith(f"{module}.")


class Operation(NamedTuple):
    """A field of a query, mutation or subscription, as `kind` says."""

    kind: str
    field: Field


class GraphQLCode(NamedTuple):
    """What one file declares. `unseen` are declarations whose name cannot be read.

    `mounts` are the classes that its schemas are made of; `loose` are operations that stand in no
    class; `camel_case` is False where its schema shows the names of fields as Python spells them,
    None where a name converter of the project's own decides.
    """

    path: str
    declarations: tuple[Declaration, ...]
    mounts: tuple[Mount, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    loose: tuple[Operation, ...] = ()
    camel_case: bool | None = True


def camel_case(name: str) -> str:
    """A snake_case name as Strawberry shows it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() or "_" for part in rest)

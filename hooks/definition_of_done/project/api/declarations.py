"""Records of the names that GraphQL shows of Python code written with Strawberry."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot

OPERATIONS = ("query", "mutation", "subscription")
OBJECTS = ("type", "input", "interface")
TYPES = (*OBJECTS, "enum")
# Strawberry gives these arguments to a resolver that has them; the API does not show them.
RESERVED = ("self", "root", "info")
# A default that cannot be read.
UNSEEN = "?"


class Given(NamedTuple):
    """An argument: its name in GraphQL, its type with origins for names, its default."""

    name: str
    type: str
    default: str | None


class Shape(NamedTuple):
    """The form of a field; `type` is empty and `arguments` are None where nobody can see them.

    In a type the origins of Python's names stand for GraphQL's names: `[app.types.Vendor!]!`. A
    `default` is None where there is none, and UNSEEN where it cannot be read.
    """

    type: str = ""
    arguments: tuple[Given, ...] | None = None
    default: str | None = UNSEEN


class Opaque(NamedTuple):
    """A part of the code that cannot be read from its source."""

    name: str


class Field(NamedTuple):
    """A field of a type, an argument of an input or a value of an enum.

    `name` is GraphQL's, `attribute` is Python's. `kind` is the operation that it belongs to, as far
    as its own code shows, else field; outside of any class, the module shows it, too. `types` are
    the origins of types that its annotations surely bring into the schema; there may be more.
    `shape` is its type, arguments and default, as far as they can be seen. `is_stub` says that its
    resolver has no code, and that nothing else may resolve it.
    """

    spot: Spot
    name: str
    attribute: str
    kind: str = "field"
    types: tuple[str, ...] = ()
    shape: Shape = Shape()
    is_stub: bool = False


class Declaration(NamedTuple):
    """A type, input, interface, enum, scalar or union, as `kind` says.

    `name` is GraphQL's. It is None where it is computed, and for a generic type, whose name is made
    from its arguments. `label` is the name in Python. `operation` is query, mutation or
    subscription for a class whose fields are such, as far as its own file shows. `is_base` says
    that another class of the file inherits from it.

    `elsewhere` are origins in other files: of its bases, of the classes that it merges, of the enum
    that it is made of. `hidden` are attributes that the schema does not show, though a base may
    have them. `opaque` are the parts of it that cannot be read.
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
    opaque: tuple[Opaque, ...] = ()


class Mount(NamedTuple):
    """A class that gives an operation its fields.

    `schema` is the number of the call in the file that names it. With `is_base` the call names a
    class that inherits from it.
    """

    operation: str
    origin: str
    is_base: bool = False
    schema: int = 0


class GraphQLCode(NamedTuple):
    """The declarations of one file.

    `mounts` are the classes that its schemas are made of. `opaque` are declarations whose name
    cannot be read. `loose` are operations outside of any class. `camel_case` is False where the
    schema shows the fields' names as Python spells them, and None where a name converter of the
    project's own decides.
    """

    path: str
    declarations: tuple[Declaration, ...]
    mounts: tuple[Mount, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    loose: tuple[Field, ...] = ()
    camel_case: bool | None = True


def camel_case(name: str) -> str:
    """The name by which Strawberry shows a snake_case name."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() or "_" for part in rest)

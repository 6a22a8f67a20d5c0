"""What a Python file declares with Strawberry, by the names that GraphQL shows."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.engine.finding import Spot

if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

OPERATIONS = ("query", "mutation", "subscription")
# Of a file without either word no part is Strawberry's, and none needs to be parsed.
_MARKS = (b"strawberry", b"Strawberry")
# How many names are sought by expressions, and how many pairs of a file's words are joined.
_FEW = 50
_MOST_PAIRS = 1_000_000


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


def read_graphql(path: str, data: bytes) -> GraphQLCode:
    """The facts of a Python file; raises Unreadable where it is not Python."""
    if not any(mark in data for mark in _MARKS):
        return GraphQLCode(path, ())
    from definition_of_done.readers.python import read_module
    from definition_of_done.resources._strawberry import Reader

    return Reader(read_module(path, data)).read()


def read_code(session: "Session", path: str) -> GraphQLCode:
    """The same of a file of the new side, read once."""
    return session.keep(f"graphql {path}", lambda: read_graphql(path, session.read(path)))


def spelt_in(sources: Iterable[bytes], names: Iterable[str]) -> Iterator[str]:
    """Which of these names the sources have somewhere, in snake_case or in camelCase."""
    left = set(names)
    for data in sources:
        # An expression is found sooner than all words; many take long to make.
        words = _joined_words(data) if len(left) > _FEW else None
        found = {name for name in left if _is_spelt(name, data, words)}
        yield from found
        left -= found
        if not left:
            return


def _is_spelt(name: str, data: bytes, words: set[bytes] | None) -> bool:
    plain = name.replace("_", "")
    if words is not None and plain and plain.isascii():
        return plain.lower().encode() in words
    return bool(_spelt(name).search(data))


def _joined_words(data: bytes) -> set[bytes] | None:
    """The words of a file, and what their parts between `_` make, in lower case without any `_`.

    None where that would be too much.
    """
    found: set[bytes] = set()
    left = _MOST_PAIRS
    for word in set(re.findall(rb"[a-z0-9_]+", data.lower())):
        parts = word.replace(b"_", b" ").split()
        left -= len(parts) ** 2
        if left < 0:
            return None
        for start in range(len(parts)):
            found.update(b"".join(parts[start:end]) for end in range(start + 1, len(parts) + 1))
    return found


@cache
def _spelt(name: str) -> re.Pattern[bytes]:
    letters = "_*".join(re.escape(letter) for letter in name.replace("_", ""))
    return re.compile(rf"(?<![a-z0-9]){letters}(?![a-z0-9])".encode(), re.I)


def camel_case(name: str) -> str:
    """A snake_case name as Strawberry shows it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() or "_" for part in rest)

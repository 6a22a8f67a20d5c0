"""GraphQL: the names in a document, and a schema with what a change of it asks for.

Names are found without a parser, which costs a start of Python. graphql-core parses schemas; its
own comparison is the tests' oracle and not used here: 3.2 stops at an object as the default value
of a custom scalar, no version counts a default that is taken from a required argument as breaking,
and each version words a change otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import MIB, Text, decode, refuse_large

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_TEXT = r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|#[^\n]*'
_TOKEN = re.compile(rf"{_TEXT}|([_A-Za-z][_0-9A-Za-z]*)")
PATCH, MINOR, MAJOR = range(3)
_TYPES = {
    "scalar_type": "scalar",
    "object_type": "type",
    "interface_type": "interface",
    "union_type": "union",
    "enum_type": "enum",
    "input_object_type": "input",
}
_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
# A directive for other places is the server's own matter: no client can write it.
_EXECUTABLE = frozenset(
    "QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT"
    " VARIABLE_DEFINITION".split()
)


class Part(NamedTuple):
    """One thing of a schema: `name` as a message calls it, `parent` the coordinate it is in.

    `type` is as the schema writes it, `default` the text of a default value, `at` the offset of
    the name in the file's text.
    """

    kind: str
    name: str
    parent: str = ""
    type: str = ""
    default: str | None = None
    at: int = 0

    @property
    def is_required(self) -> bool:
        """Whether whoever calls must give a value, for an argument or an input field."""
        return self.type.endswith("!") and self.default is None


class Schema(NamedTuple):
    """The parts by coordinate (`Query.vendors(first:)`), and the operation of each root type."""

    parts: dict[str, Part]
    roots: dict[str, str]
    text: Text

    @property
    def answered(self) -> set[str]:
        """The names of the types that a field answers with."""
        return {one.type.strip("[]!") for one in self.parts.values() if one.kind == "field"}

    def spot(self, key: str) -> Spot:
        """Where the name of a part stands."""
        return self.text.spot(self.parts[key].at)

    def reached(self, without: Collection[str]) -> set[str]:
        """The types that the root types lead to, but for what these parts alone lead to."""
        leads: dict[str, list[str]] = {}
        for key, part in self.parts.items():
            if not part.parent or key in without or part.parent in without:
                continue
            owner = part.parent.partition(".")[0]
            if part.kind in ("implemented", "member"):
                leads.setdefault(owner, []).append(key.split()[-1])
            elif part.type:
                leads.setdefault(owner, []).append(part.type.strip("[]!"))
        found: set[str] = set()
        waiting = [*self.roots]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += leads.get(name, ())
        return found


class Change(NamedTuple):
    """One difference between two schemas, and the least step of the version that it asks for."""

    level: int
    what: str


def read_names(source: str) -> set[str]:
    """Every name and keyword of a document, those in descriptions and comments left out."""
    return {found[1] for found in _TOKEN.finditer(source) if found[1]}


def read_schema(path: str, data: bytes) -> Schema:
    """The schema of a file's bytes; raises Unreadable at the first token that is wrong."""
    from graphql.error import GraphQLSyntaxError
    from graphql.language import parse

    refuse_large(path, len(data), 4 * MIB)
    text = decode(path, data)
    try:
        nodes = parse(text.text).definitions
        parts = dict(_parts(nodes))
    except GraphQLSyntaxError as error:
        spot = text.spot(next(iter(error.positions or ()), 0))
        message = f"not GraphQL: {error.message.removeprefix('Syntax Error: ').rstrip('.')}"
        raise Unreadable(message, spot.line, spot.column, path=path) from None
    except RecursionError:
        raise Unreadable("not GraphQL: nested too deeply", path=path) from None
    return Schema(parts, _roots(nodes), text)


def pack_schema(schema: Schema) -> object:
    """What `unpack_schema` makes the schema of again, as JSON has it."""
    return [(key, *part) for key, part in schema.parts.items()], schema.roots


def unpack_schema(path: str, data: bytes, packed: Any) -> Schema:
    """The schema of a file's bytes that was read before."""
    parts, roots = packed
    return Schema({key: Part(*part) for key, *part in parts}, roots, decode(path, data))


def compare(old: Schema, new: Schema) -> list[Change]:
    """What differs, in the order of the schemas: what is gone, then what is new or changed.

    Descriptions, deprecations and directives that no client can write make no difference.
    """
    return [*_gone(old, new), *_new(old, new)]


def _gone(old: Schema, new: Schema) -> Iterator[Change]:
    for key, part in old.parts.items():
        # With its parent gone, or become another kind, it is not named once more.
        if key not in new.parts and (not part.parent or _stays(old, new, part.parent)):
            yield Change(MAJOR, f"{part.name} was removed")


def _new(old: Schema, new: Schema) -> Iterator[Change]:
    answered = old.answered
    for key, part in new.parts.items():
        before = old.parts.get(key)
        if part.parent and not _stays(old, new, part.parent):
            continue
        if before is None:
            needs = " and is required" if _demands(part) else ""
            yield Change(_level_of_new(part, new, answered), f"{part.name} was added{needs}")
        elif before.kind != part.kind:
            yield Change(MAJOR, f"{part.name} changed from {before.kind} to {part.kind}")
        else:
            yield from _changed(before, part)


def _stays(old: Schema, new: Schema, key: str) -> bool:
    one, other = old.parts.get(key), new.parts.get(key)
    if one is None or other is None or one.kind != other.kind:
        return False
    return not other.parent or _stays(old, new, other.parent)


def _level_of_new(part: Part, schema: Schema, answered: set[str]) -> int:
    if _demands(part):
        return MAJOR
    if part.kind in _TYPES.values() or part.kind in ("member", "implemented"):
        return MINOR
    if part.kind == "field":
        return MINOR if part.parent in schema.roots else PATCH
    # A frontend that gets a value it does not know has no case for it.
    return MINOR if part.kind == "value" and part.parent in answered else PATCH


def _demands(part: Part) -> bool:
    return part.kind in ("argument", "input field") and part.is_required


def _changed(old: Part, new: Part) -> Iterator[Change]:
    if old.type != new.type:
        wide, narrow = (old, new) if old.kind == "field" else (new, old)
        level = PATCH if _accepts(wide.type, narrow.type) else MAJOR
        yield Change(level, f"{new.name} changed from {old.type} to {new.type}")
    if old.default == new.default:
        return
    if new.default is None:
        needs = ", and it is required" if new.is_required else ""
        level = MAJOR if new.is_required else MINOR
        yield Change(level, f"{new.name} lost its default {old.default}{needs}")
    elif old.default is None:
        yield Change(PATCH, f"{new.name} got the default {new.default}")
    else:
        what = f"the default of {new.name} changed from {old.default} to {new.default}"
        yield Change(MINOR, what)


def _accepts(wide: str, narrow: str) -> bool:
    """Whether every value of the narrow type is one of the wide type, `Int` being wider than
    `Int!`."""
    if narrow.endswith("!"):
        return _accepts(wide.removesuffix("!"), narrow[:-1])
    if wide.endswith("!"):
        return False
    if wide.startswith("[") and narrow.startswith("["):
        return _accepts(wide[1:-1], narrow[1:-1])
    return wide == narrow


def _roots(nodes: Sequence[Any]) -> dict[str, str]:
    named = {
        one.operation.value: one.type.name.value
        for node in nodes
        if node.kind in ("schema_definition", "schema_extension")
        for one in node.operation_types or ()
    }
    is_defined = any(node.kind == "schema_definition" for node in nodes)
    by_operation = named if is_defined else {**_ROOTS, **named}
    return {name: operation for operation, name in by_operation.items()}


def _parts(nodes: Sequence[Any]) -> Iterator[tuple[str, Part]]:
    for node in nodes:
        kind = _TYPES.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
        if kind:
            yield node.name.value, Part(kind, node.name.value, at=node.name.loc.start)
            yield from _inside(node, node.name.value, kind)
        elif node.kind == "directive_definition":
            places = [place.value for place in node.locations if place.value in _EXECUTABLE]
            name = f"@{node.name.value}"
            if not places:
                continue
            yield name, Part("directive", name)
            for place in places:
                yield f"{name} on {place}", Part("place", f"{place} of {name}", name)
            if node.repeatable:
                yield f"{name} repeatable", Part("repeatable", f"repeatable of {name}", name)
            yield from _values(node.arguments, name, "argument")


def _inside(node: Any, name: str, kind: str) -> Iterator[tuple[str, Part]]:
    for one in getattr(node, "interfaces", None) or ():
        what = f"interface {one.name.value} of {name}"
        yield f"{name} & {one.name.value}", Part("implemented", what, name)
    for one in getattr(node, "types", None) or ():
        what = f"member {one.name.value} of {name}"
        yield f"{name} | {one.name.value}", Part("member", what, name)
    for one in getattr(node, "values", None) or ():
        key = f"{name}.{one.name.value}"
        yield key, Part("value", key, name, at=one.name.loc.start)
    fields = getattr(node, "fields", None) or ()
    if kind == "input":
        yield from _values(fields, name, "input field")
        return
    for one in fields:
        key = f"{name}.{one.name.value}"
        yield key, Part("field", key, name, _written(one.type), at=one.name.loc.start)
        yield from _values(one.arguments or (), key, "argument")


def _values(nodes: Sequence[Any], parent: str, kind: str) -> Iterator[tuple[str, Part]]:
    for one in nodes or ():
        name = one.name.value
        key = f"{parent}({name}:)" if kind == "argument" else f"{parent}.{name}"
        default = _written(one.default_value) if one.default_value else None
        yield key, Part(kind, key, parent, _written(one.type), default, one.name.loc.start)


def _written(node: Any) -> str:
    from graphql.language import print_ast

    return " ".join(print_ast(node).split())

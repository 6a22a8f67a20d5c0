"""GraphQL: the names in a document, a schema, and the differences between two schemas.

Names are found without a parser: to import one takes as long as a start of Python. graphql-core
parses schemas. Its own comparison is the tests' oracle and is not used here: 3.2 stops at an object
as the default value of a custom scalar, no version counts it as breaking that a required argument
loses its default, and each version words a change in its own way.
"""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import MIB, Text, decode, refuse_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

_TEXT = r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|#[^\n]*'
_TOKEN = regex(rf"{_TEXT}|([_A-Za-z][_0-9A-Za-z]*)")
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
# A client can write a directive at these places; one for other places concerns the server alone.
_EXECUTABLE = frozenset(
    "QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT"
    " VARIABLE_DEFINITION".split()
)


class Part(NamedTuple):
    """A part of a schema: `name` as a message calls it, `parent` the coordinate that holds it.

    `type` is the type as the schema writes it, `default` the text of the default value, `at` the
    offset of the name in the file's text.
    """

    kind: str
    name: str
    parent: str = ""
    type: str = ""
    default: str | None = None
    at: int = 0

    @property
    def is_required(self) -> bool:
        """True for an argument or an input field that every call must give a value."""
        return self.type.endswith("!") and self.default is None


class Schema(NamedTuple):
    """The parts by coordinate (`Query.vendors(first:)`), and the operation of each root type."""

    parts: dict[str, Part]
    roots: dict[str, str]
    text: Text

    def below(self, parent: str) -> list[str]:
        """The coordinates of the parts that a part holds."""
        return [key for key, part in self.parts.items() if part.parent == parent]

    def spot(self, key: str) -> Spot:
        """The place of a part's name."""
        return self.text.spot(self.parts[key].at)

    def reached(self, without: Collection[str]) -> set[str]:
        """The types that the root types lead to, except through the parts `without`."""
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
    """A difference between two schemas, and the lowest level of version that it requires."""

    level: int
    what: str


def read_names(source: str) -> set[str]:
    """The names and keywords of a document, except those in descriptions and comments."""
    return {found[1] for found in _TOKEN.finditer(source) if found[1]}


def read_schema(path: str, data: bytes) -> Schema:
    """Read the schema of a file's bytes; raises Unreadable at the first wrong token."""
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
    """The schema as a value for JSON, from which `unpack_schema` makes it again."""
    return [(key, *part) for key, part in schema.parts.items()], schema.roots


def unpack_schema(path: str, data: bytes, packed: Any) -> Schema:
    """The schema of a file's bytes, from the value that `pack_schema` made of it."""
    parts, roots = packed
    return Schema({key: Part(*part) for key, *part in parts}, roots, decode(path, data))


def compare(old: Schema, new: Schema) -> list[Change]:
    """The differences in the order of the schemas: parts removed, then parts added or changed.

    Descriptions, deprecations and directives that no client can write make no difference.
    """
    return [*_removed(old, new), *_added_or_changed(old, new)]


def _removed(old: Schema, new: Schema) -> Iterator[Change]:
    for key, part in old.parts.items():
        # Where its parent was removed, or changed its kind, that alone is reported.
        if key not in new.parts and (not part.parent or _stays(old, new, part.parent)):
            yield Change(MAJOR, f"{part.name} was removed")


def _added_or_changed(old: Schema, new: Schema) -> Iterator[Change]:
    answered = {part.type.strip("[]!") for part in old.parts.values() if part.kind == "field"}
    for key, part in new.parts.items():
        before = old.parts.get(key)
        if part.parent and not _stays(old, new, part.parent):
            continue
        if before is None:
            needs = " and is required" if _is_required_input(part) else ""
            yield Change(_level_of_added(part, new, answered), f"{part.name} was added{needs}")
        elif before.kind != part.kind:
            yield Change(MAJOR, f"{part.name} changed from {before.kind} to {part.kind}")
        else:
            yield from _changed(before, part)


def _stays(old: Schema, new: Schema, key: str) -> bool:
    before, after = old.parts.get(key), new.parts.get(key)
    if before is None or after is None or before.kind != after.kind:
        return False
    return not after.parent or _stays(old, new, after.parent)


def _level_of_added(part: Part, schema: Schema, answered: set[str]) -> int:
    if _is_required_input(part):
        return MAJOR
    if part.kind in _TYPES.values() or part.kind in ("member", "implemented"):
        return MINOR
    if part.kind == "field":
        return MINOR if part.parent in schema.roots else PATCH
    # A frontend may get the new value, and has no case for it.
    return MINOR if part.kind == "value" and part.parent in answered else PATCH


def _is_required_input(part: Part) -> bool:
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
        message = f"the default of {new.name} changed from {old.default} to {new.default}"
        yield Change(MINOR, message)


def _accepts(wide: str, narrow: str) -> bool:
    """True where the wide type has every value of the narrow one; `Int` is wider than `Int!`."""
    if narrow.endswith("!"):
        return _accepts(wide.removesuffix("!"), narrow[:-1])
    if wide.endswith("!"):
        return False
    if wide.startswith("[") and narrow.startswith("["):
        return _accepts(wide[1:-1], narrow[1:-1])
    return wide == narrow


def _roots(nodes: Sequence[Any]) -> dict[str, str]:
    named = {
        operation.operation.value: operation.type.name.value
        for node in nodes
        if node.kind in ("schema_definition", "schema_extension")
        for operation in node.operation_types or ()
    }
    is_defined = any(node.kind == "schema_definition" for node in nodes)
    by_operation = named if is_defined else {**_ROOTS, **named}
    return {name: operation for operation, name in by_operation.items()}


def _parts(nodes: Sequence[Any]) -> Iterator[tuple[str, Part]]:
    for node in nodes:
        kind = _TYPES.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
        if kind:
            yield node.name.value, Part(kind, node.name.value, at=node.name.loc.start)
            yield from _parts_of_type(node, node.name.value, kind)
        elif node.kind == "directive_definition":
            yield from _directive(node, f"@{node.name.value}")


def _directive(node: Any, name: str) -> Iterator[tuple[str, Part]]:
    places = [place.value for place in node.locations if place.value in _EXECUTABLE]
    if not places:
        return
    yield name, Part("directive", name)
    for place in places:
        yield f"{name} on {place}", Part("place", f"{place} of {name}", name)
    if node.repeatable:
        yield f"{name} repeatable", Part("repeatable", f"repeatable of {name}", name)
    yield from _inputs(node.arguments, name, "argument")


def _parts_of_type(node: Any, name: str, kind: str) -> Iterator[tuple[str, Part]]:
    for interface in getattr(node, "interfaces", None) or ():
        its_name = interface.name.value
        part = Part("implemented", f"interface {its_name} of {name}", name)
        yield f"{name} & {its_name}", part
    for member in getattr(node, "types", None) or ():
        its_name = member.name.value
        yield f"{name} | {its_name}", Part("member", f"member {its_name} of {name}", name)
    for value in getattr(node, "values", None) or ():
        key = f"{name}.{value.name.value}"
        yield key, Part("value", key, name, at=value.name.loc.start)
    fields = getattr(node, "fields", None) or ()
    if kind == "input":
        yield from _inputs(fields, name, "input field")
        return
    for field in fields:
        key = f"{name}.{field.name.value}"
        yield key, Part("field", key, name, _source(field.type), at=field.name.loc.start)
        yield from _inputs(field.arguments, key, "argument")


def _inputs(nodes: Sequence[Any] | None, parent: str, kind: str) -> Iterator[tuple[str, Part]]:
    """Yield the arguments or input fields of `parent`."""
    for node in nodes or ():
        name = node.name.value
        key = f"{parent}({name}:)" if kind == "argument" else f"{parent}.{name}"
        default = _source(node.default_value) if node.default_value else None
        yield key, Part(kind, key, parent, _source(node.type), default, node.name.loc.start)


def _source(node: Any) -> str:
    from graphql.language import print_ast

    return " ".join(print_ast(node).split())

"""The project's Strawberry declarations, and those that its schemas surely lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.api.declarations import Declaration, Field, GraphQLCode
from definition_of_done.project.api.enums import read_enums
from definition_of_done.project.api.graphql import read_code
from definition_of_done.project.layout import is_code
from definition_of_done.project.references import References

# These bases give a class no fields.
_EMPTY = ("object", "ABC", "Protocol")


class Members(NamedTuple):
    """The fields or values of a declaration by attribute, with the inherited ones.

    `is_whole` is False where there may be others.
    """

    fields: dict[str, Field]
    is_whole: bool


class Root(NamedTuple):
    """A class that a schema mounts; `declaration` is None where it is not found.

    `schema` is the path of its module and its number there. `is_first` is True for the class of
    the operation, and False for a base of it.
    """

    schema: tuple[str, int]
    operation: str
    declaration: Declaration | None
    is_first: bool


class SchemaGraph:
    """The declarations of all files but tests; raises Unreadable for a file that is not Python.

    `is_filtered` says that a schema class of the project's own may leave fields out,
    `has_own_scalars` that a schema may call the types of Python otherwise.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._references = References(session, session.config["resources"])
        self._members: dict[tuple[str, str], Members] = {}
        self.files: list[GraphQLCode] = []
        self.is_filtered = False
        self.has_own_scalars = False
        schemas = []
        for path in session.tree.tracked:
            if not is_code(path) or not session.tree.exists(path):
                continue
            data = session.tree.read(path)
            self.files.append(code := read_code(session, path))
            self.is_filtered |= b"def get_fields(" in data and b"strawberry" in data
            self.has_own_scalars |= b"scalar_overrides" in data or b"scalar_map" in data
            if code.mounts and b"Schema(" in data:
                schemas.append(code)
        self.declarations = {
            place(declaration): declaration
            for code in self.files
            for declaration in code.declarations
        }
        self.roots = [root for code in schemas for root in self._roots(code)]

    def _roots(self, code: GraphQLCode) -> Iterator[Root]:
        for mount in code.mounts:
            declared = self.declared(code.path, mount.origin)
            schema = (code.path, mount.schema)
            yield Root(schema, mount.operation, declared, not mount.is_base)

    def declared(self, path: str, origin: str) -> Declaration | None:
        """The declaration that an origin in a file means, None where there is none."""
        found = self._references.definition(path, origin)
        return self.declarations.get(found) if found else None

    def members(self, declaration: Declaration) -> Members:
        """The fields or values of a declaration."""
        key = place(declaration)
        if key not in self._members:
            # A class that inherits from itself gets nothing more from itself.
            self._members[key] = Members({}, is_whole=True)
            is_enum = declaration.kind == "enum"
            read = self._values if is_enum else self._with_bases
            self._members[key] = read(declaration)
        return self._members[key]

    def _values(self, declaration: Declaration) -> Members:
        """The values of an enum, which another file may define."""
        found = None
        if declaration.opaque and not declaration.fields and len(declaration.elsewhere) == 1:
            path, origin = declaration.spot.path, declaration.elsewhere[0]
            found = self._references.definition(path, origin)
        if found is not None and b"enum_value" not in (data := self._session.tree.read(found[0])):
            enum = read_enums(found[0], data).get(found[1])
            if enum is not None and not enum.unseen:
                return Members(
                    {
                        member.name: Field(member.spot, member.name, member.name)
                        for member in enum.members
                    },
                    is_whole=True,
                )
        return Members(_by_attribute(declaration), not declaration.opaque)

    def _with_bases(self, declaration: Declaration) -> Members:
        fields: dict[str, Field] = {}
        is_whole = not declaration.opaque
        for origin in reversed(declaration.elsewhere):
            base = self.declared(declaration.spot.path, origin)
            if base is not None:
                inherited = self.members(base)
                fields |= inherited.fields
                is_whole &= inherited.is_whole
            elif origin.rpartition(".")[2] not in _EMPTY:
                is_whole = False
        for attribute in (*declaration.hidden, *(part.name for part in declaration.opaque)):
            fields.pop(attribute, None)
        return Members(fields | _by_attribute(declaration), is_whole)

    def reached(self, roots: Iterable[Declaration]) -> set[tuple[str, str]]:
        """The places of the declarations that the roots' fields lead to; a schema may show more."""
        found: set[tuple[str, str]] = set()
        waiting = [*roots]
        while waiting:
            for field in self.members(waiting.pop()).fields.values():
                for origin in field.types:
                    declared = self.declared(field.spot.path, origin)
                    if declared is not None and place(declared) not in found:
                        found.add(place(declared))
                        waiting.append(declared)
        return found


def place(declaration: Declaration) -> tuple[str, str]:
    """The path and label of a declaration, which no other has."""
    return declaration.spot.path, declaration.label


def _by_attribute(declaration: Declaration) -> dict[str, Field]:
    return {field.attribute: field for field in declaration.fields}

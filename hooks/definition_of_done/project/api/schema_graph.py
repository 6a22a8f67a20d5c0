"""All that the project declares with Strawberry, and what its schemas surely lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from definition_of_done.engine.session import Session
from definition_of_done.project.api.declarations import Declaration, Field, GraphQLCode
from definition_of_done.project.api.enums import read_enums
from definition_of_done.project.api.graphql import read_code
from definition_of_done.project.api.references import References
from definition_of_done.project.layout import is_test

# Bases that give a class no fields.
_EMPTY = ("object", "ABC", "Protocol")


class Members(NamedTuple):
    """The fields or values of a declaration by attribute, inherited ones too.

    `is_whole` says that there are no others.
    """

    fields: dict[str, Field]
    is_whole: bool


class Root(NamedTuple):
    """A class that a schema's module mounts; `declaration` is None where it cannot be seen.

    `is_first` says that it is the class of the operation, and no base of it.
    """

    schema: str
    operation: str
    declaration: Declaration | None
    is_first: bool


class Code:
    """The declarations of all files but tests; raises Unreadable for one that is not Python.

    `is_filtered` says that a schema class of the project's own may leave fields out.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._references = References(session, session.config["resources"])
        self._members: dict[tuple[str, str], Members] = {}
        self.files: list[GraphQLCode] = []
        self.is_filtered = False
        schemas = []
        for path in session.tree.tracked:
            if not path.endswith(".py") or is_test(path) or not session.tree.exists(path):
                continue
            data = session.tree.read(path)
            self.files.append(code := read_code(session, path))
            self.is_filtered |= b"def get_fields(" in data and b"strawberry" in data
            if code.mounts and b"Schema(" in data:
                schemas.append(code)
        self.declarations = {place(one): one for code in self.files for one in code.declarations}
        self.roots = [root for code in schemas for root in self._roots(code)]

    def _roots(self, code: GraphQLCode) -> Iterator[Root]:
        seen: set[str] = set()
        for one in code.mounts:
            declared = self._declared(code.path, one.origin)
            yield Root(code.path, one.operation, declared, one.operation not in seen)
            seen.add(one.operation)

    def _declared(self, path: str, origin: str) -> Declaration | None:
        found = self._references.definition(path, origin)
        return self.declarations.get(found) if found else None

    def members(self, one: Declaration) -> Members:
        """The fields of a declaration."""
        if place(one) not in self._members:
            # What inherits from itself has nothing more from there.
            self._members[place(one)] = Members({}, True)
            self._members[place(one)] = (
                self._values(one) if one.kind == "enum" else self._with_bases(one)
            )
        return self._members[place(one)]

    def _values(self, one: Declaration) -> Members:
        found = None
        if one.unseen and not one.fields and len(one.elsewhere) == 1:
            found = self._references.definition(one.spot.path, one.elsewhere[0])
        if found is not None and b"enum_value" not in (data := self._session.tree.read(found[0])):
            enum = read_enums(found[0], data).get(found[1])
            if enum is not None and not enum.unseen:
                values = (Field(each.spot, each.name, each.name) for each in enum.members)
                return Members({each.name: each for each in values}, True)
        return Members({each.attribute: each for each in one.fields}, not one.unseen)

    def _with_bases(self, one: Declaration) -> Members:
        fields: dict[str, Field] = {}
        is_whole = not one.unseen
        for origin in reversed(one.elsewhere):
            above = self._declared(one.spot.path, origin)
            if above is not None:
                inherited = self.members(above)
                fields |= inherited.fields
                is_whole &= inherited.is_whole
            elif origin.rpartition(".")[2] not in _EMPTY:
                is_whole = False
        for attribute in (*one.hidden, *(unseen.name for unseen in one.unseen)):
            fields.pop(attribute, None)
        return Members(fields | {each.attribute: each for each in one.fields}, is_whole)

    def reached(self, roots: Iterable[Declaration]) -> set[tuple[str, str]]:
        """The places of what the fields of these lead to; a schema may show more."""
        found: set[tuple[str, str]] = set()
        waiting = [*roots]
        while waiting:
            for field in self.members(waiting.pop()).fields.values():
                for origin in field.types:
                    one = self._declared(field.spot.path, origin)
                    if one is not None and place(one) not in found:
                        found.add(place(one))
                        waiting.append(one)
        return found


def place(one: Declaration) -> tuple[str, str]:
    """What tells a declaration from all others."""
    return one.spot.path, one.label

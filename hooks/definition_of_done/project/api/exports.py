"""What the code declares with Strawberry against what the exported schemas hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_export, read_schema_modules
from definition_of_done.project.api.declarations import Declaration, Field
from definition_of_done.project.api.schema_graph import Code, place
from definition_of_done.project.api.spelling import spelt_in
from definition_of_done.project.layout import is_test
from definition_of_done.readers.graphql import Schema

_KINDS = ("type", "input", "interface", "enum")
# Root fields that a federated schema has besides.
_FEDERATION = ("_entities", "_service")
_PARTS = ("field", "input field", "value")


class Stale(NamedTuple):
    """A type, field or value that one side has and the other lacks.

    `what` names it with its kind, `symbol` without; `lacking` is the side that lacks it.
    """

    spot: Spot
    what: str
    symbol: str
    lacking: str


def read_stale(session: Session) -> list[Stale]:
    """The differences, none where no schema is exported.

    Raises NotEvaluated where the project's own code decides what its schema shows, and Unreadable
    for a file that cannot be read.
    """
    paths = [path for path in session.config["schema-exports"] if session.tree.exists(path)]
    if not paths:
        return []
    exports = {path: read_export(session, path) for path in paths}
    code = Code(session)
    if any(one.camel_case is None for one in code.files):
        raise NotEvaluated("a name converter decides what the schema calls its fields")
    if code.is_filtered:
        raise NotEvaluated("a get_fields of the project's own decides what the schema shows")
    comparison = _Comparison(session, code, exports)
    return [*comparison.not_exported(), *comparison.not_in_code()]


class _Comparison:
    def __init__(self, session: Session, code: Code, exports: dict[str, Schema]) -> None:
        self._session = session
        self._code = code
        self._is_camel = all(one.camel_case for one in code.files)
        self._named: dict[str, list[Declaration]] = {}
        for one in code.declarations.values():
            if one.name is not None:
                self._named.setdefault(one.name, []).append(one)
        roots = [root.declaration for root in code.roots if root.declaration]
        self._roots = {place(one) for one in roots}
        # A file without any of the root fields is the schema of something else.
        self._exports = {
            path: export
            for path, export in exports.items()
            if not roots or any(self._root_fields(one) & export.parts.keys() for one in roots)
        }

    def not_exported(self) -> Iterator[Stale]:
        """What the code shows and no export holds."""
        roots = list(self._exported())
        reached = self._code.reached(roots)
        for one in roots:
            yield from self._lacking(one)
        for declared in self._named.values():
            # Of several classes of one name the schema has the one that it leads to.
            known = [one for one in declared if place(one) in reached] or declared
            one = known[0]
            if len(known) == 1 and one.kind in _KINDS and place(one) not in self._roots:
                yield from self._lacking(one, only_parts=place(one) not in reached)

    def _exported(self) -> Iterator[Declaration]:
        """The classes of the operations of those schemas that are exported."""
        paths = {root.schema for root in self._code.roots}
        if len(paths) > len(self._exports):
            # One of them is exported nowhere, or to a file that the settings do not name.
            paths &= {one.path for one in read_schema_modules(self._session)}
        for path in paths:
            roots = [
                root.declaration
                for root in self._code.roots
                if root.schema == path and root.is_first and root.declaration
            ]
            shown = {key for one in roots for key in self._root_fields(one)}
            if any(shown & export.parts.keys() for export in self._exports.values()):
                yield from roots

    def _root_fields(self, one: Declaration) -> set[str]:
        fields = self._code.members(one).fields.values()
        return {f"{one.name}.{name}" for field in fields for name in self._names(field)}

    def _lacking(self, one: Declaration, *, only_parts: bool = False) -> Iterator[Stale]:
        kinds = {
            export.parts[one.name].kind
            for export in self._exports.values()
            if one.name in export.parts
        }
        where = " or ".join(self._exports)
        if not kinds and not only_parts:
            yield Stale(one.spot, f"{one.kind} {one.name}", str(one.name), where)
        elif one.kind in kinds:
            kind = "value" if one.kind == "enum" else "field"
            for field in self._code.members(one).fields.values():
                if not self._holds(one, field):
                    symbol = f"{one.name}.{self._names(field)[0]}"
                    yield Stale(field.spot, f"{kind} {symbol}", symbol, where)

    def _holds(self, one: Declaration, field: Field) -> bool:
        keys = [f"{one.name}.{name}" for name in self._names(field)]
        return any(key in export.parts for export in self._exports.values() for key in keys)

    def _names(self, field: Field) -> tuple[str, ...]:
        """The names that a schema may show a field by."""
        return (field.name,) if self._is_camel else (field.attribute, field.name)

    def not_in_code(self) -> Iterator[Stale]:
        """What an export holds and the code has not."""
        for export in self._exports.values():
            stale = dict(self._surplus(export))
            stale |= dict.fromkeys(self._gone(export, stale), "the code")
            for key, lacking in stale.items():
                part = export.parts[key]
                kind = "field" if part.kind == "input field" else part.kind
                yield Stale(export.spot(key), f"{kind} {part.name}", part.name, lacking)

    def _surplus(self, export: Schema) -> Iterator[tuple[str, str]]:
        """The keys of the fields and values that no class has, with the class that lacks them."""
        types = {key for key, part in export.parts.items() if part.kind in _KINDS}
        declared = {name: self._declared(export, name) for name in types}
        shown = {name: set(self._shown(export, name, declared[name])) for name in types}
        for key, part in export.parts.items():
            if part.kind in _PARTS and declared[part.parent]:
                one, name = declared[part.parent][0], key.rpartition(".")[2]
                if name not in shown[part.parent] and name not in _FEDERATION:
                    yield key, f"class {one.label} of {one.spot.path}"

    def _declared(self, export: Schema, name: str) -> list[Declaration]:
        """The declarations that an exported type has all its fields from; none if unsure."""
        declared = self._named.get(name, [])
        if any(one.kind != export.parts[name].kind for one in declared):
            return []
        if name in export.roots:
            operations = self._operations(declared)
            for root in self._code.roots:
                if root.operation in operations:
                    if root.declaration is None:
                        return []
                    declared = [*declared, root.declaration]
        elif not any(self._is_of_resource(one) for one in declared):
            return []
        return declared if all(self._code.members(one).is_whole for one in declared) else []

    def _operations(self, declared: list[Declaration]) -> set[str]:
        return {root.operation for root in self._code.roots if root.declaration in declared}

    def _shown(self, export: Schema, name: str, declared: list[Declaration]) -> Iterator[str]:
        if name in export.roots:
            # A class that the schema does not mount is for another rule to report.
            operations = self._operations(declared)
            classes = self._code.declarations.values()
            declared = [*declared, *(one for one in classes if one.operation in operations)]
        for one in declared:
            for field in self._code.members(one).fields.values():
                yield from self._names(field)

    def _is_of_resource(self, one: Declaration) -> bool:
        folder = self._session.config["resources"]
        return bool(folder) and one.spot.path.startswith(folder + "/")

    def _gone(self, export: Schema, stale: dict[str, str]) -> Iterator[str]:
        """The types that only such fields lead to, and that no Python file spells."""
        if not stale or any(code.unseen for code in self._code.files):
            return
        names = {
            name
            for name in export.reached(()) - export.reached(stale) - self._named.keys()
            if name in export.parts and export.parts[name].kind in _KINDS
        }
        names -= set(spelt_in(self._sources(), names))
        yield from (name for name in export.parts if name in names)

    def _sources(self) -> Iterator[bytes]:
        for path in self._session.tree.tracked:
            if path.endswith(".py") and not is_test(path) and self._session.tree.exists(path):
                yield self._session.tree.read(path)

"""The differences between the code's declarations and the exported schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_export, read_schema_modules
from definition_of_done.project.api.declarations import Declaration, Field
from definition_of_done.project.api.schema_graph import SchemaGraph, place
from definition_of_done.project.api.spelling import spelt_in
from definition_of_done.project.layout import is_test
from definition_of_done.readers.graphql import Schema

_KINDS = ("type", "input", "interface", "enum")
# A federated schema has these root fields, too.
_FEDERATION = ("_entities", "_service")
_PARTS = ("field", "input field", "value")


class ExportDifference(NamedTuple):
    """A type, field or value that one side has and the other lacks.

    `noun` is its kind and name, `symbol` its name alone. `lacking` is the side that lacks it.
    """

    spot: Spot
    noun: str
    symbol: str
    lacking: str


def read_export_differences(session: Session) -> list[ExportDifference]:
    """Read the differences; there are none where no schema is exported.

    Raises NotEvaluated where the project's own code decides what its schema shows, and Unreadable
    for a file that cannot be read.
    """
    paths = [path for path in session.config["schema-exports"] if session.tree.exists(path)]
    if not paths:
        return []
    exports = {path: read_export(session, path) for path in paths}
    graph = SchemaGraph(session)
    if any(code.camel_case is None for code in graph.files):
        raise NotEvaluated("a name converter decides what the schema calls its fields")
    if graph.is_filtered:
        raise NotEvaluated("a get_fields of the project's own decides what the schema shows")
    comparison = _Comparison(session, graph, exports)
    return [*comparison.not_exported(), *comparison.not_in_code()]


class _Comparison:
    def __init__(self, session: Session, graph: SchemaGraph, exports: dict[str, Schema]) -> None:
        self._session = session
        self._graph = graph
        self._is_camel = all(code.camel_case for code in graph.files)
        self._named: dict[str, list[Declaration]] = {}
        for declaration in graph.declarations.values():
            if declaration.name is not None:
                self._named.setdefault(declaration.name, []).append(declaration)
        roots = [root.declaration for root in graph.roots if root.declaration]
        self._root_places = {place(root) for root in roots}
        # An export without any of the code's root fields is the schema of another program.
        self._exports = {
            path: export
            for path, export in exports.items()
            if not roots or any(self._root_fields(root) & export.parts.keys() for root in roots)
        }

    def not_exported(self) -> Iterator[ExportDifference]:
        """Yield the parts that the code shows and no export holds."""
        roots = list(self._exported_roots())
        reached = self._graph.reached(roots)
        for root in roots:
            yield from self._lacking(root)
        for declared in self._named.values():
            # Of several classes of one name, the schema has the one that it leads to.
            known = [found for found in declared if place(found) in reached] or declared
            sole = known[0]
            if len(known) == 1 and sole.kind in _KINDS and place(sole) not in self._root_places:
                yield from self._lacking(sole, only_parts=place(sole) not in reached)

    def _exported_roots(self) -> Iterator[Declaration]:
        """Yield the operations' classes of those schemas that are exported."""
        paths = {root.schema for root in self._graph.roots}
        if len(paths) > len(self._exports):
            # One of the schemas is exported nowhere, or to a file that the settings do not name.
            paths &= {code.path for code in read_schema_modules(self._session)}
        for path in paths:
            roots = [
                root.declaration
                for root in self._graph.roots
                if root.schema == path and root.is_first and root.declaration
            ]
            shown = {key for root in roots for key in self._root_fields(root)}
            if any(shown & export.parts.keys() for export in self._exports.values()):
                yield from roots

    def _root_fields(self, root: Declaration) -> set[str]:
        fields = self._graph.members(root).fields.values()
        return {f"{root.name}.{name}" for field in fields for name in self._names(field)}

    def _lacking(
        self, declaration: Declaration, *, only_parts: bool = False
    ) -> Iterator[ExportDifference]:
        kinds = {
            export.parts[declaration.name].kind
            for export in self._exports.values()
            if declaration.name in export.parts
        }
        lacking = " or ".join(self._exports)
        if not kinds and not only_parts:
            noun = f"{declaration.kind} {declaration.name}"
            yield ExportDifference(declaration.spot, noun, str(declaration.name), lacking)
        elif declaration.kind in kinds:
            kind = "value" if declaration.kind == "enum" else "field"
            for field in self._graph.members(declaration).fields.values():
                if not self._is_exported(declaration, field):
                    symbol = f"{declaration.name}.{self._names(field)[0]}"
                    yield ExportDifference(field.spot, f"{kind} {symbol}", symbol, lacking)

    def _is_exported(self, declaration: Declaration, field: Field) -> bool:
        keys = [f"{declaration.name}.{name}" for name in self._names(field)]
        return any(key in export.parts for export in self._exports.values() for key in keys)

    def _names(self, field: Field) -> tuple[str, ...]:
        """The names by which a schema may show a field."""
        return (field.name,) if self._is_camel else (field.attribute, field.name)

    def not_in_code(self) -> Iterator[ExportDifference]:
        """Yield the parts that an export holds and the code does not have."""
        for export in self._exports.values():
            surplus = dict(self._surplus(export))
            surplus |= dict.fromkeys(self._gone(export, surplus), "the code")
            for key, lacking in surplus.items():
                part = export.parts[key]
                kind = "field" if part.kind == "input field" else part.kind
                yield ExportDifference(export.spot(key), f"{kind} {part.name}", part.name, lacking)

    def _surplus(self, export: Schema) -> Iterator[tuple[str, str]]:
        """Yield the keys of fields and values that no class has, and the class that lacks each."""
        types = {key for key, part in export.parts.items() if part.kind in _KINDS}
        declared = {name: self._declared(export, name) for name in types}
        shown = {name: set(self._shown(export, name, declared[name])) for name in types}
        for key, part in export.parts.items():
            if part.kind in _PARTS and declared[part.parent]:
                owner, name = declared[part.parent][0], key.rpartition(".")[2]
                if name not in shown[part.parent] and name not in _FEDERATION:
                    yield key, f"class {owner.label} of {owner.spot.path}"

    def _declared(self, export: Schema, name: str) -> list[Declaration]:
        """The declarations that give an exported type all its fields; none where that is unsure."""
        declared = self._named.get(name, [])
        if any(found.kind != export.parts[name].kind for found in declared):
            return []
        if name in export.roots:
            operations = self._operations(declared)
            for root in self._graph.roots:
                if root.operation in operations:
                    if root.declaration is None:
                        return []
                    declared = [*declared, root.declaration]
        elif not any(self._is_of_resource(found) for found in declared):
            return []
        return declared if all(self._graph.members(found).is_whole for found in declared) else []

    def _operations(self, declared: list[Declaration]) -> set[str]:
        return {root.operation for root in self._graph.roots if root.declaration in declared}

    def _shown(self, export: Schema, name: str, declared: list[Declaration]) -> Iterator[str]:
        """Yield the names of all fields that an exported type may have."""
        if name in export.roots:
            # Another rule reports a class that the schema does not mount.
            operations = self._operations(declared)
            classes = self._graph.declarations.values()
            declared = [*declared, *(found for found in classes if found.operation in operations)]
        for declaration in declared:
            for field in self._graph.members(declaration).fields.values():
                yield from self._names(field)

    def _is_of_resource(self, declaration: Declaration) -> bool:
        folder = self._session.config["resources"]
        return bool(folder) and declaration.spot.path.startswith(folder + "/")

    def _gone(self, export: Schema, surplus: dict[str, str]) -> Iterator[str]:
        """Yield the types that only the surplus leads to, and that no Python file spells."""
        if not surplus or any(code.opaque for code in self._graph.files):
            return
        names = {
            name
            for name in export.reached(()) - export.reached(surplus) - self._named.keys()
            if name in export.parts and export.parts[name].kind in _KINDS
        }
        names -= set(spelt_in(self._sources(), names))
        yield from (name for name in export.parts if name in names)

    def _sources(self) -> Iterator[bytes]:
        for path in self._session.tree.tracked:
            if path.endswith(".py") and not is_test(path) and self._session.tree.exists(path):
                yield self._session.tree.read(path)

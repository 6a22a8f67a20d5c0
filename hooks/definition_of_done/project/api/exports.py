"""The differences between the code's declarations and the exported schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.api.declarations import (
    TYPES,
    UNSEEN,
    Declaration,
    Field,
    Given,
    camel_case,
)
from definition_of_done.project.api.graphql import read_export, read_schema_modules, recall_schema
from definition_of_done.project.api.schema_graph import SchemaGraph, place
from definition_of_done.project.api.sources import read_sources, spelt_in
from definition_of_done.project.layout import is_resource_code
from definition_of_done.readers.graphql import Part, Schema

# A federated schema has these root fields, too.
_FEDERATION = ("_entities", "_service")
_PARTS = ("field", "input field", "value")
_SCALARS = {
    "int": "Int",
    "str": "String",
    "bool": "Boolean",
    "float": "Float",
    "None": "Void",
    "strawberry.ID": "ID",
    "strawberry.scalars.JSON": "JSON",
    "datetime.date": "Date",
    "datetime.datetime": "DateTime",
    "datetime.time": "Time",
    "decimal.Decimal": "Decimal",
    "uuid.UUID": "UUID",
}


class ExportDifference(NamedTuple):
    """A type, field, argument or value in which the code and an export differ.

    `symbol` is its name. `differs` says how: which side lacks it, or what each side makes of it.
    `lacking` names the side that lacks it.
    """

    spot: Spot
    kind: str
    symbol: str
    differs: str
    lacking: str = ""

    @property
    def noun(self) -> str:
        """Its kind and name."""
        return f"{self.kind} {self.symbol}"


def read_export_differences(session: Session) -> list[ExportDifference]:
    """Read the differences, and the exports that the branch deletes.

    There are none where no schema is exported.

    Raises NotEvaluated where the project's own code decides what its schema shows, or no export is
    of the code, and Unreadable for a file that cannot be read.
    """
    paths = [path for path in session.config["schema-exports"] if session.tree.exists(path)]
    deleted = [*_deleted(session)]
    if not paths:
        return deleted
    exports = {path: read_export(session, path) for path in paths}
    graph = SchemaGraph(session)
    if any(code.camel_case is None for code in graph.files):
        raise NotEvaluated("a name converter decides what the schema calls its fields")
    if graph.is_filtered:
        raise NotEvaluated("a get_fields of the project's own decides what the schema shows")
    comparison = _Comparison(session, graph, exports)
    found = [*deleted, *comparison.replaced(), *comparison.not_exported()]
    found += comparison.not_in_code()
    # Where a field is missing, the types that it alone leads to are no invention.
    found += [] if found else comparison.orphans()
    if not found and comparison.is_blind:
        raise NotEvaluated("no export has a query or a mutation of the code")
    return found


def _deleted(session: Session) -> Iterator[ExportDifference]:
    """Yield the exports that the settings still name and the branch deletes."""
    letters = session.branch.changed_if_known()
    for path in session.config["schema-exports"]:
        if letters.get(path) == "D" and not session.tree.exists(path):
            yield ExportDifference(Spot(path), "the export", path, "is deleted")


def _were_equal(session: Session, paths: list[str]) -> bool:
    """True where the exports held the same on the base: they are made of one schema."""
    if len(paths) < 2 or not session.branch.changed_if_known():
        return False
    try:
        texts = [session.branch.read_before(path) for path in paths]
        if len(set(texts)) == 1:
            return True
        schemas = [recall_schema(session, *pair) for pair in zip(paths, texts, strict=True)]
    except (OSError, Unreadable):
        return False
    parts = [
        {(key, part.type, part.default) for key, part in schema.parts.items()} for schema in schemas
    ]
    return all(part == parts[0] for part in parts)


class _Comparison:
    """Compares the code with those exports that are of the code; `is_blind` where none is."""

    def __init__(self, session: Session, graph: SchemaGraph, exports: dict[str, Schema]) -> None:
        self._session = session
        self._graph = graph
        self._is_camel = all(code.camel_case for code in graph.files)
        self._named: dict[str, list[Declaration]] = {}
        for declaration in graph.declarations.values():
            if declaration.name is not None:
                self._named.setdefault(declaration.name, []).append(declaration)
        roots = [root.declaration for root in graph.roots if root.declaration]
        # The first classes of each schema, by its operations.
        self._schemas: dict[tuple[str, int], dict[str, Declaration]] = {}
        for root in graph.roots:
            if root.declaration and root.is_first:
                self._schemas.setdefault(root.schema, {})[root.operation] = root.declaration
        self._root_places = {place(root) for root in roots}
        self._roots = {name for root in roots for name in self._root_fields(root)}
        # An export without any of the code's root fields is the schema of another program.
        self._foreign = [
            path for path, export in exports.items() if roots and not self._owns(export)
        ]
        self._exports = {path: exports[path] for path in exports if path not in self._foreign}
        self.is_blind = not self._exports
        self._sure = self._led_to()
        self._are_equal = not self._sure and _were_equal(session, [*exports])

    def _owns(self, export: Schema) -> bool:
        return not self._roots.isdisjoint(export.parts)

    def replaced(self) -> Iterator[ExportDifference]:
        """Yield the exports that were the code's on the base."""
        branch = self._session.branch
        for path in self._foreign if branch.changed_if_known() else ():
            with suppress(OSError, Unreadable):
                before = branch.read_before(path)
                if self._owns(recall_schema(self._session, path, before)):
                    differs = "has no query and no mutation of the code, and had some on the base"
                    yield ExportDifference(Spot(path), "the export", path, differs)

    def not_exported(self) -> Iterator[ExportDifference]:
        """Yield the parts that the code shows and no export holds."""
        roots = self._exported_roots()
        reached = self._graph.reached(roots)
        for root in roots:
            yield from self._lacking(root)
        for declared in self._named.values():
            # Of several classes of one name, the schema has the one that it leads to.
            known = [found for found in declared if place(found) in reached] or declared
            sole = known[0]
            if len(known) == 1 and sole.kind in TYPES and place(sole) not in self._root_places:
                yield from self._lacking(sole, only_parts=place(sole) not in reached)

    def _exported_roots(self) -> list[Declaration]:
        """The operations' classes of those schemas that are exported."""
        paths = {path for path, _ in self._schemas}
        if len(paths) > len(self._exports):
            # One of the schemas is exported nowhere, or to a file that the settings do not name.
            paths &= {code.path for code in read_schema_modules(self._session)}
        found: dict[tuple[str, str], Declaration] = {}
        for (path, _), roots in self._schemas.items():
            shown = {key for root in roots.values() for key in self._root_fields(root)}
            names = {str(roots["query"].name)} if self._sure and "query" in roots else set()
            if path in paths and any(
                shown & export.parts.keys() and names <= export.roots.keys()
                for export in self._exports.values()
            ):
                found |= {place(root): root for root in roots.values()}
        return [*found.values()]

    def _led_to(self) -> dict[str, set[tuple[str, str]]]:
        """The places that each export shows for sure.

        There are some only where there are several schemas, and the export's query tells its own.
        """
        queries: dict[str, list[dict[str, Declaration]]] = {}
        for roots in self._schemas.values():
            known = queries.setdefault(str(roots["query"].name if "query" in roots else ""), [])
            known += [] if roots in known else [roots]
        found = {}
        for path, export in self._exports.items() if len(queries) > 1 else ():
            own = [roots for name in export.roots for roots in queries.get(name, ())]
            if len(own) == 1:
                first = own[0].values()
                found[path] = {*map(place, first)} | self._graph.reached(first)
        return found

    def _root_fields(self, root: Declaration) -> set[str]:
        fields = self._graph.members(root).fields.values()
        return {f"{root.name}.{name}" for field in fields for name in self._names(field)}

    def _lacking(
        self, declaration: Declaration, *, only_parts: bool = False
    ) -> Iterator[ExportDifference]:
        name = str(declaration.name)
        kinds = {part.kind for part in self._parts(name).values()}
        if not only_parts and (paths := self._without([name], declaration)):
            yield _absent(declaration.spot, declaration.kind, name, *paths)
        if declaration.kind not in kinds:
            return
        kind = "value" if declaration.kind == "enum" else "field"
        for field in self._graph.members(declaration).fields.values():
            symbols = [f"{name}.{shown}" for shown in self._names(field)]
            # A type that an export lacks as a whole is reported as a whole.
            if paths := [
                path
                for path in self._without(symbols, declaration)
                if name in self._exports[path].parts
            ]:
                yield _absent(field.spot, kind, symbols[0], *paths)
            if kind == "field" and not declaration.opaque:
                for symbol in symbols:
                    yield from self._changed(field, symbol)

    def _without(self, keys: list[str], declaration: Declaration) -> list[str]:
        """The paths of the exports that should have one of a declaration's keys, and have none.

        Where the exports always differed, one of them is enough.
        """
        paths = [
            path
            for path, export in self._exports.items()
            if not any(key in export.parts for key in keys)
        ]
        sure = [path for path in paths if place(declaration) in self._sure.get(path, ())]
        return sure or (paths if self._are_equal or len(paths) == len(self._exports) else [])

    def _parts(self, key: str) -> dict[str, Part]:
        """The part with a key, by the path of each export that has it."""
        return {
            path: export.parts[key] for path, export in self._exports.items() if key in export.parts
        }

    def _changed(self, field: Field, symbol: str) -> Iterator[ExportDifference]:
        """Yield what exports have otherwise: the field's type and default, and its arguments."""
        parts = self._parts(symbol)
        shape = field.shape
        yield from self._compared(field, Given(symbol, shape.type, shape.default), parts, "field")
        if shape.arguments is None or not self._is_camel:
            return
        known = set()
        for given in shape.arguments:
            name = given.name[1:] if given.name.startswith("=") else camel_case(given.name)
            known.add(key := f"{symbol}({name}:)")
            theirs = self._parts(key)
            lacking = [path for path in parts if path not in theirs]
            if lacking and self._type(field, given.type):
                yield _absent(field.spot, "argument", key, *lacking)
            yield from self._compared(field, given._replace(name=key), theirs, "argument")
        everywhere = (
            (key, path) for path, export in self._exports.items() for key in export.below(symbol)
        )
        for key, paths in _grouped(everywhere).items():
            if key not in known:
                differs = f"is in {listed(paths)}, and not in the code"
                yield ExportDifference(field.spot, "argument", key, differs)

    def _compared(
        self, field: Field, given: Given, parts: dict[str, Part], kind: str
    ) -> Iterator[ExportDifference]:
        own = self._type(field, given.type)
        for theirs, paths in _grouped((part.type, path) for path, part in parts.items()).items():
            if own and theirs != own:
                differs = f"is {own}, and {theirs} in {listed(paths)}"
                yield ExportDifference(field.spot, kind, given.name, differs)
        if given.default == UNSEEN or own.strip("![]") not in _SCALARS.values():
            return
        inputs = ((path, part) for path, part in parts.items() if part.kind != "field")
        for theirs, paths in _grouped((part.default or "", path) for path, part in inputs).items():
            if _value(theirs) != _value(given.default or ""):
                mine = f"the default {given.default}" if given.default else "no default"
                differs = f"has {mine}, and {theirs or 'none'} in {listed(paths)}"
                yield ExportDifference(field.spot, kind, given.name, differs)

    def _type(self, field: Field, written: str) -> str:
        """The GraphQL type of a written one, empty where a name of it is not known."""
        origins = set(re.findall(r"[\w.]+", written))
        names = {origin: self._name(field, origin) for origin in origins}
        if not all(names.values()):
            return ""
        return re.sub(r"[\w.]+", lambda found: names[found[0]], written)

    def _name(self, field: Field, origin: str) -> str:
        if origin in _SCALARS:
            return "" if self._graph.has_own_scalars else _SCALARS[origin]
        declared = self._graph.declared(field.spot.path, origin)
        return (declared.name or "") if declared and declared.kind in TYPES else ""

    def _names(self, field: Field) -> tuple[str, ...]:
        """The names by which a schema may show a field."""
        return (field.name,) if self._is_camel else (field.attribute, field.name)

    def not_in_code(self) -> Iterator[ExportDifference]:
        """Yield the parts that an export holds and the code does not have."""
        for export in self._exports.values():
            surplus = dict(self._surplus(export))
            # Types that only the surplus leads to, and that no Python file spells, go with it.
            left_over = export.reached(()) - export.reached(surplus)
            surplus |= dict.fromkeys(self._unspelt(export, left_over), "the code")
            for key, lacking in surplus.items():
                part = export.parts[key]
                kind = "field" if part.kind == "input field" else part.kind
                yield _absent(export.spot(key), kind, part.name, lacking)

    def _surplus(self, export: Schema) -> Iterator[tuple[str, str]]:
        """Yield the keys of fields and values that no class has, and the class that lacks each."""
        types = {key for key, part in export.parts.items() if part.kind in TYPES}
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
        elif not any(is_resource_code(self._session, found.spot.path) for found in declared):
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

    def orphans(self) -> Iterator[ExportDifference]:
        """Yield the types that nothing of an export leads to, and that no Python file spells."""
        for export in self._exports.values():
            for name in self._unspelt(export, export.parts.keys() - export.reached(())):
                differs = "is not in the code, and nothing leads to it"
                yield ExportDifference(export.spot(name), "type", name, differs)

    def _unspelt(self, export: Schema, types: set[str]) -> Iterator[str]:
        if not types or any(code.opaque for code in self._graph.files):
            return
        names = {
            name
            for name in types - self._named.keys()
            if name in export.parts and export.parts[name].kind in TYPES and name[0] != "_"
        }
        names -= set(spelt_in(read_sources(self._session), names))
        yield from (name for name in export.parts if name in names)


def _absent(spot: Spot, kind: str, symbol: str, *sides: str) -> ExportDifference:
    lacking = " or ".join(sides)
    return ExportDifference(spot, kind, symbol, f"is not in {lacking}", lacking)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The paths of each text, for pairs of a text and a path."""
    found: dict[str, list[str]] = {}
    for text, path in pairs:
        found.setdefault(text, []).append(path)
    return found


def _value(default: str) -> object:
    """The value of a default, so that 1.0 is 1."""
    try:
        return json.loads(default)
    except ValueError:
        return default

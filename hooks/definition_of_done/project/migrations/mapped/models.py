"""Reads what a file's SQLAlchemy models declare: tables with columns, indexes and constraints."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.columns import (
    PARTS,
    Declarations,
    Declared,
    parsed,
)
from definition_of_done.project.migrations.source.spelling import Spelling, last
from definition_of_done.readers.nodes import is_constant, keyword_of, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot
    from definition_of_done.readers.python import Module

    _Parts: TypeAlias = dict[str, Declared]
    _Values: TypeAlias = dict[str, ast.expr]
    # A part by its key, None where it is declared but cannot be seen.
    _Seen: TypeAlias = Iterator[tuple[str, Declared | None]]


_COLUMNS = {"mapped_column", "Column"}
# Attributes of a class that are no columns.
_NO_COLUMNS = {"relationship", "Relationship", "synonym", "association_proxy", "column_property"}
_LIBRARIES = (b"sqlalchemy", b"sqlmodel", b".Column(", b"__tablename__")
_KINDS = ("column", "index", "constraint", "schema")
# One of these is in each file with a model.
MARKS = (b"mapped_column", b"Column(", b"Mapped[", b"table=True", b"Table(", b"__tablename__")
# What such a class may set without a column.
_BARE = {"metadata", "registry", "type_annotation_map", "__abstract__"}
# Classes of SQLAlchemy that bring no columns.
DECLARATIVE = {"DeclarativeBase", "DeclarativeBaseNoMeta", "MappedAsDataclass"}


class Table(NamedTuple):
    """A table, or the columns of a class that has none in this file (`is_mixin`).

    `owner` is its class. `name` is the table's where the file tells it (`is_named`), else the
    class's. `parts` are its columns, indexes and constraints by kind and name. `elsewhere` are the
    bases that other files define: their parts cannot be seen. `unseen` are the parts, or kinds of
    parts, that the file computes: they cannot be seen either.
    """

    spot: Spot
    name: str
    owner: str
    is_named: bool
    is_mixin: bool
    parts: _Parts
    elsewhere: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()

    def may_have(self, key: str) -> bool:
        """True where the part with this key may be there without being seen."""
        return not self.unseen.isdisjoint((key, key.partition(" ")[0]))

    def with_parts_of(self, addition: Table) -> Table:
        """Return this table with the parts that another class adds to it."""
        return self._replace(
            parts={**addition.parts, **self.parts},
            elsewhere=self.elsewhere | addition.elsewhere,
            unseen=self.unseen | addition.unseen,
        )


def read_models(module: Module) -> list[Table]:
    """Read the tables of a file, as far as it does not compute them."""
    # Other libraries have columns, too. A model may take its own from `db.Column`.
    if not any(module.holds(mark) for mark in _LIBRARIES):
        return []
    if _is_of_another_database(module):
        return []
    models = _ModelClasses(module)
    tables = {name: table for name in models.classes if (table := models.table(name))}
    core = {table.owner: table for table in models.core_tables()}
    found: dict[str, Table] = {}
    for table in [*tables.values(), *core.values(), *models.indexes(tables | core)]:
        above = found.get(table.name)
        # Single-table inheritance: the columns stand in the table of the class above.
        found[table.name] = above.with_parts_of(table) if above else table
    return [_folded(table) for table in found.values()]


def read_base(module: Module, name: str) -> Table | None:
    """Read what a class of a file hands to its heirs; None for another name."""
    models = _ModelClasses(module)
    return models.any_table(name) if name in models.classes else None


def is_bare(module: Module, name: str) -> bool:
    """True for a class of a file whose body plainly has no columns: an own declarative base."""
    node = _ModelClasses(module).classes.get(name)
    return node is not None and all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (isinstance(part, ast.FunctionDef) and not part.decorator_list)
        or (isinstance(part, ast.Assign) and last(part.targets[0]) in _BARE)
        for part in node.body
    )


def read_alias(module: Module, name: str) -> Declared | None:
    """Read the column that an alias brings: `Key = Annotated[int, mapped_column()]`."""
    models = _ModelClasses(module)
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=known)], value=value) if known == name:
                return models.of_alias(value)
    return None


def _is_of_another_database(module: Module) -> bool:
    """True where the file's models are ClickHouse's, which Alembic does not migrate."""
    if not (module.holds(b"clickhouse") or module.holds(b"ClickHouse")):
        return False
    imported: list[str] = []
    for node in statements(module.tree):
        if isinstance(node, ast.ImportFrom):
            imported += [node.module or "", *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
    return any("clickhouse" in name.lower() for name in imported)


def _folded(table: Table) -> Table:
    """The table with its one-column indexes and constraints as aspects of their columns.

    Only those are folded that the column could declare itself.
    """
    parts = dict(table.parts)
    for key, part in table.parts.items():
        definition, columns = part.aspects.get("definition", ""), [f"column {on}" for on in part.on]
        implied: dict[str, str] = {}
        if definition.startswith("PrimaryKeyConstraint"):
            implied = {"primary key": "True", "nullable": "False"}
        elif key == f"constraint UniqueConstraint({part.on and part.on[0]!r})":
            implied = {"unique": "True"}
        elif len(part.on) == 1 and re.fullmatch(
            rf"index ix_+{re.escape(table.name)}_+{re.escape(part.on[0])}", key
        ):
            is_unique = definition == f"Index({part.on[0]!r}, unique=True)"
            if is_unique or definition == f"Index({part.on[0]!r})":
                implied = {"index": "True", "unique": str(is_unique)}
        if not implied or not all(column in parts for column in columns):
            continue
        del parts[key]
        for column in columns:
            parts[column] = parts[column]._replace(aspects={**parts[column].aspects, **implied})
    return table._replace(parts=parts)


class _Body(NamedTuple):
    """The annotations and the values of the names in the body of a class.

    A `declared_attr` has those of what it returns; `computed` are those that do more.
    """

    annotations: _Values
    values: _Values
    computed: list[str]


class _ModelClasses:
    """The classes of one file: how they inherit from each other, and what they declare."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._spelling = Spelling(module.tree)
        self._declarations = Declarations(module.spot, self._spelling)
        self._columns = _column_names(module.tree)
        self.classes: dict[str, ast.ClassDef] = {}
        for node in statements(module.tree):
            if isinstance(node, ast.ClassDef):
                # Of two classes of one name the first is read.
                self.classes.setdefault(node.name, node)
        self._bodies = {name: _body(node) for name, node in self.classes.items()}
        self._values = {name: body.values for name, body in self._bodies.items()}
        self._owners = {name: self._owner(name) for name in self.classes}
        # The parts of a mixin that a model inherits are the model's.
        self._inherited = {
            above for name in self.classes if self._owners[name] for above in self._mixins(name)
        }

    def table(self, name: str) -> Table | None:
        """The table of a class, or the columns of a mixin that no class of the file inherits."""
        if self._owners[name] is None and name in self._inherited:
            return None
        return self.any_table(name)

    def any_table(self, name: str) -> Table:
        """The table of a class, or the columns of a mixin."""
        owner = self._owners[name]
        classes = [*reversed(self._mixins(name)), name]
        parts: _Parts = {}
        unseen: set[str] = set()
        is_sqlmodel = _is_sqlmodel(self.classes[name])
        for class_name in classes:
            for key, part in self._parts(class_name, is_sqlmodel=is_sqlmodel):
                if part is None:
                    unseen.add(key)
                else:
                    parts[key] = part
        label = self._spelling.text(self._values[owner].get("__tablename__")) if owner else None
        if not parts and (owner is None or "__tablename__" not in self._values[owner]):
            # A base may tell its table, or a function that makes the class.
            owner, unseen = None, set(_KINDS)
        bases = {last(base) for class_name in classes for base in self.classes[class_name].bases}
        return Table(
            self._module.spot(self.classes[name]),
            label or owner or name,
            owner or name,
            is_named=label is not None,
            is_mixin=owner is None,
            parts=parts,
            elsewhere=frozenset(base for base in bases if base not in self.classes),
            unseen=frozenset(unseen),
        )

    def core_tables(self) -> Iterator[Table]:
        """Yield the tables that `Table(name, metadata, ...)` makes at module level."""
        for node in self._module.tree.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call() as call)
                    | ast.AnnAssign(target=ast.Name(id=variable), value=ast.Call() as call)
                ):
                    pass
                case ast.Expr(value=ast.Call() as call):
                    variable = ""
                case _:
                    continue
            name = self._spelling.text(call.args[0]) if call.args else None
            if last(call.func) != "Table" or name is None:
                continue
            found = list(self._core_parts(call.args[1:]))
            yield Table(
                self._module.spot(call),
                name,
                variable or name,
                is_named=True,
                is_mixin=False,
                parts={key: part for key, part in found if part is not None},
                unseen=frozenset(key for key, part in found if part is None),
            )

    def indexes(self, tables: dict[str, Table]) -> Iterator[Table]:
        """Yield the indexes at module level, each as its table with this part alone.

        `tables` are the tables by variable or class.
        """
        for node in self._module.tree.body:
            call = getattr(node, "value", None)
            if not isinstance(call, ast.Call) or last(call.func) != "Index":
                continue
            names = [inner.id for inner in ast.walk(call) if isinstance(inner, ast.Name)]
            table = next((tables[name] for name in names if name in tables), None)
            for key, part in self._declarations.part(call):
                if table is not None and part is not None:
                    yield table._replace(parts={key: part}, unseen=frozenset())

    def _core_parts(self, args: list[ast.expr]) -> _Seen:
        for arg in args:
            if isinstance(arg, ast.Starred):
                yield from dict.fromkeys(("column", "index", "constraint")).items()
            elif isinstance(arg, ast.Call) and last(arg.func) in self._columns:
                key, part = self._declarations.column("", arg, None, arg)
                yield (key, part) if part.name else ("column", None)
            elif isinstance(arg, ast.Call) and last(arg.func) in PARTS:
                yield from self._declarations.part(arg)
            elif isinstance(arg, ast.Call) and last(arg.func) != "MetaData":
                # A helper may make a column.
                yield "column", None

    def _owner(self, name: str, seen: frozenset[str] = frozenset()) -> str | None:
        """The class whose table a class is stored in: itself, one above it, or None."""
        node = self.classes.get(name)
        if (
            node is None
            or name in seen
            or is_constant(self._values[name].get("__abstract__"), True)
        ):
            return None
        if _names_a_table(node) or _is_sqlmodel(node):
            return name
        owners = (self._owner(last(base), seen | {name}) for base in node.bases)
        above = next((owner for owner in owners if owner), None)
        return above or (name if self._is_named_by_its_base(name) else None)

    def _is_named_by_its_base(self, name: str) -> bool:
        """True where a base names the table: Flask-SQLAlchemy's, or one of the project's own."""
        node = self.classes[name]
        bases = [last(base) for base in node.bases]
        if not DECLARATIVE.isdisjoint(bases) or any(
            "declarative" in last(decorator) for decorator in node.decorator_list
        ):
            return False
        line = [name, *self._line(name)]
        above = {last(base) for class_name in line for base in self.classes[class_name].bases} - {
            "SQLModel"
        }
        if "Model" in above:
            return True
        if not any(base.endswith(("Base", "Model")) for base in above):
            return False
        # A base may compute the names of its heirs' tables in a method.
        return any("__tablename__" in self._values[class_name] for class_name in line[1:]) or any(
            isinstance(value, ast.Call) and is_constant(keyword_of(value, "primary_key"), True)
            for value in self._values[name].values()
        )

    def _line(self, name: str, seen: frozenset[str] = frozenset()) -> list[str]:
        """The classes of the file above one, nearest first."""
        found: list[str] = []
        for base in self.classes[name].bases:
            above = last(base)
            if above in self.classes and above not in {*seen, name}:
                found += [above, *self._line(above, seen | {name, above})]
        return found

    def _mixins(self, name: str) -> list[str]:
        """The classes above that have no table of their own, nearest first."""
        return [above for above in self._line(name) if self._owners[above] is None]

    def _parts(self, name: str, *, is_sqlmodel: bool) -> _Seen:
        annotations, values, computed = self._bodies[name]
        calls = self._columns | {"Field"} if is_sqlmodel else self._columns
        for attribute in dict.fromkeys((*annotations, *values)):
            if attribute.startswith("__") or (is_sqlmodel and attribute.startswith("_")):
                continue
            value, annotation = values.get(attribute), annotations.get(attribute)
            columns = _columns_in(value, calls)
            if not columns and isinstance(value, ast.Call):
                yield from self._of_another_call(attribute, value)
                continue
            kind = _mapped(annotation)
            if is_sqlmodel and kind is None and annotation is not None:
                kind = annotation if last(annotation) != "ClassVar" else None
            is_wrapped = columns != [value]
            if not columns and kind is not None and (value is None or is_sqlmodel):
                columns, is_wrapped = [ast.Call(ast.Name("mapped_column"), [], [])], False
            for column in columns:
                place = annotation if annotation is not None else column
                yield self._declarations.column(
                    attribute, column, kind, place, is_wrapped=is_wrapped
                )
        for attribute in computed:
            if attribute == "__table_args__":
                yield from dict.fromkeys(("index", "constraint", "schema")).items()
            else:
                yield f"column {attribute}", None
        yield from self._declarations.table_args(values.get("__table_args__"))

    def of_alias(self, value: ast.expr) -> Declared | None:
        """The column in `Annotated[...]`, None where there is none or several."""
        match value:
            case ast.Subscript(slice=ast.Tuple(elts=[kind, *rest])) if last(value) == "Annotated":
                calls = [column for arg in rest for column in _columns_in(arg, self._columns)]
                if len(calls) == 1:
                    return self._declarations.column("", calls[0], kind, calls[0])[1]
        return None

    def _of_another_call(self, attribute: str, call: ast.Call) -> _Seen:
        """The part that an attribute holds whose value is a call without a column in it."""
        if last(call.func) == "Index":
            yield from self._declarations.part(call)
        elif not any(last(inner) in _NO_COLUMNS for inner in ast.walk(call)):
            yield f"column {attribute}", None


def _column_names(tree: ast.Module) -> set[str]:
    """The names by which a file calls `mapped_column` and `Column`."""
    names = set(_COLUMNS)
    for node in statements(tree):
        match node:
            case ast.ImportFrom(names=imported):
                found = [alias for alias in imported if alias.name in _COLUMNS]
                names |= {alias.asname for alias in found if alias.asname}
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() as of):
                if last(of) in names:
                    names.add(name)
    return names


def _columns_in(value: ast.expr | None, calls: set[str]) -> list[ast.Call]:
    """The columns that a value makes, in the calls that wrap them, such as `deferred(...)`."""
    if not isinstance(value, ast.Call):
        return []
    if last(value.func) not in calls:
        return [column for arg in value.args for column in _columns_in(arg, calls)]
    return _columns_in(keyword_of(value, "sa_column"), calls) or [value]


def _is_sqlmodel(node: ast.ClassDef) -> bool:
    """True where this is a SQLModel with a table: all that it annotates is a column."""
    return is_constant(keyword_of(node, "table"), True)


def _body(node: ast.ClassDef) -> _Body:
    """Read what a class body says of its names."""
    found = _Body({}, {}, [])
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                found.annotations[name] = annotation
                if value is not None:
                    found.values[name] = value
            case ast.FunctionDef(name=name, returns=annotation) if _is_declared(statement):
                returned = _returned(statement)
                if returned is None:
                    found.computed.append(name)
                else:
                    found.values[name] = returned
                    if annotation is not None:
                        found.annotations[name] = annotation
    return found


def _returned(node: ast.FunctionDef) -> ast.expr | None:
    """The value that a function returns, None where it does more."""
    match [statement for statement in node.body if not _is_docstring(statement)]:
        case [ast.Return(value=value)]:
            return value
    return None


def _is_declared(node: ast.FunctionDef) -> bool:
    return any("declared_attr" in ast.unparse(decorator) for decorator in node.decorator_list)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names_a_table(node: ast.ClassDef) -> bool:
    """True where a class has the name of its own table; a method computes that of the heirs."""
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="__tablename__")], value=value)
                | ast.AnnAssign(target=ast.Name(id="__tablename__"), value=ast.expr() as value)
            ):
                return not is_constant(value, None)
    return False


def _mapped(annotation: ast.expr | None) -> ast.expr | None:
    """The type in `Mapped[...]`, None for another annotation."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = parsed(annotation.value)
    if isinstance(annotation, ast.Subscript) and last(annotation.value) == "Mapped":
        return annotation.slice
    return None

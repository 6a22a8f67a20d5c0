"""What a file's SQLAlchemy models declare: tables, columns, indexes and constraints."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.engine.finding import Spot
from definition_of_done.migrations._columns import Declarations, Declared, is_true, last
from definition_of_done.readers.python import Module

_COLUMNS = {"mapped_column", "Column"}
_LIBRARIES = (b"sqlalchemy", b"sqlmodel", b".Column(")
# A store for analysis has no migrations of Alembic's.
_OTHER_DATABASES = (b"clickhouse", b"ClickHouse")


class Table(NamedTuple):
    """A table, or the columns of a class that has none in this file (`is_mixin`).

    `elsewhere` are the bases that other files define: what they declare cannot be seen.
    """

    spot: Spot
    name: str
    is_mixin: bool
    parts: dict[str, Declared]
    elsewhere: frozenset[str] = frozenset()


def read_models(module: Module) -> dict[str, Table]:
    """The tables of a file by name; what is computed is left out."""
    # Other libraries have columns, too; a model may get its own through `db.Column`.
    if not any(module.holds(mark) for mark in _LIBRARIES):
        return {}
    if any(module.holds(mark) for mark in _OTHER_DATABASES):
        return {}
    reader = _Reader(module)
    found: dict[str, Table] = {}
    for name in reader.classes:
        table = reader.table(name)
        if table is None:
            continue
        if table.name in found:
            # Single-table inheritance: the columns stand in the table of the class above.
            above = found[table.name]
            table = above._replace(
                parts={**table.parts, **above.parts}, elsewhere=above.elsewhere | table.elsewhere
            )
        found[table.name] = table
    return found | {table.name: table for table in reader.core_tables()}


class _Reader:
    """One file's classes, how they inherit from each other, and what they declare."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._declarations = Declarations(module)
        self.classes = {
            node.name: node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)
        }
        owners = {name: self._owner(name) for name in self.classes}
        self._owners = owners
        # What a model inherits counts as the model's; what none inherits is counted by itself.
        self._inherited = {
            above for name in self.classes if owners[name] for above in self._mixins(name)
        }

    def table(self, name: str) -> Table | None:
        """The table of a class, or the columns of a mixin that no class of the file inherits."""
        node, owner = self.classes[name], self._owners[name]
        if owner is None and name in self._inherited:
            return None
        above = self._mixins(name)
        parts: dict[str, Declared] = {}
        for each in (*reversed(above), name):
            parts |= dict(self._parts(self.classes[each], is_sqlmodel=_is_sqlmodel(node)))
        if owner is None and not parts:
            return None
        label = name if owner is None else _table_name(self.classes[owner]) or owner
        bases = {last(base) for each in (name, *above) for base in self.classes[each].bases}
        elsewhere = frozenset(bases - set(self.classes))
        return Table(self._module.spot(node), label, owner is None, parts, elsewhere)

    def core_tables(self) -> Iterator[Table]:
        """The tables that `Table(name, metadata, ...)` makes at module level, and its indexes."""
        for node in self._module.tree.body:
            value = getattr(node, "value", None)
            if not isinstance(value, ast.Call) or not isinstance(node, ast.Assign | ast.Expr):
                continue
            spot = self._module.spot(value)
            if last(value.func) == "Index":
                for key, part in self._declarations.part(value):
                    yield Table(spot, key, is_mixin=False, parts={key: part})
            match value:
                case ast.Call(args=[ast.Constant(value=str(name)), _, *rest]) if (
                    last(value.func) == "Table"
                ):
                    parts = dict(self._core_parts(rest))
                    yield Table(spot, name, is_mixin=False, parts=parts)

    def _core_parts(self, args: list[ast.expr]) -> Iterator[tuple[str, Declared]]:
        for arg in args:
            if isinstance(arg, ast.Call) and last(arg.func) == "Column":
                yield self._declarations.column("", arg, None, arg)
            elif isinstance(arg, ast.Call):
                yield from self._declarations.part(arg)

    def _owner(self, name: str, seen: frozenset[str] = frozenset()) -> str | None:
        """The class whose table a class is stored in: itself, one above it, or None."""
        node = self.classes.get(name)
        if node is None or name in seen or _is_abstract(node):
            return None
        if _names_a_table(node) or _is_sqlmodel(node) or _is_named_by_its_base(node):
            return name
        owners = (self._owner(last(base), seen | {name}) for base in node.bases)
        return next((owner for owner in owners if owner), None)

    def _mixins(self, name: str, seen: frozenset[str] = frozenset()) -> list[str]:
        """The classes above that have no table of their own, nearest first."""
        found: list[str] = []
        for base in self.classes[name].bases:
            above = last(base)
            if above in self.classes and above not in seen and self._owners[above] is None:
                found += [above, *self._mixins(above, seen | {name, above})]
        return found

    def _parts(self, node: ast.ClassDef, *, is_sqlmodel: bool) -> Iterator[tuple[str, Declared]]:
        values = _assigned(node)
        annotations = {
            one.target.id: one.annotation
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        }
        calls = _COLUMNS | {"Field"} if is_sqlmodel else _COLUMNS
        for name in dict.fromkeys((*annotations, *values)):
            value, annotation = values.get(name), annotations.get(name)
            mapped = _mapped(annotation)
            is_field = is_sqlmodel and annotation is not None
            if isinstance(value, ast.Call) and last(value.func) in calls:
                column = value
            elif (value is None and (mapped is not None or is_field)) or (
                is_field and isinstance(value, ast.Constant)
            ):
                column = ast.Call(func=ast.Name(id="mapped_column"), args=[], keywords=[])
            else:
                continue
            kind = mapped if mapped is not None or not is_sqlmodel else annotation
            place = annotation if annotation is not None else column
            yield self._declarations.column(name, column, kind, place)
        yield from self._declarations.table_args(values.get("__table_args__"))


def _is_sqlmodel(node: ast.ClassDef) -> bool:
    """Whether this is a SQLModel with a table: all that it annotates is a column."""
    return any(one.arg == "table" and is_true(one.value) for one in node.keywords)


def _assigned(node: ast.ClassDef) -> dict[str, ast.expr]:
    """The values that the body assigns to names; a `declared_attr` gives what it returns."""
    found: dict[str, ast.expr] = {}
    for one in node.body:
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
            case ast.FunctionDef(name=name, decorator_list=decorators):
                if any("declared_attr" in ast.unparse(each) for each in decorators):
                    returned = one.body[-1]
                    if isinstance(returned, ast.Return) and returned.value is not None:
                        found[name] = returned.value
    return found


def _is_abstract(node: ast.ClassDef) -> bool:
    value = _assigned(node).get("__abstract__")
    return value is not None and is_true(value)


def _table_name(node: ast.ClassDef) -> str | None:
    value = _assigned(node).get("__tablename__")
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return None


def _names_a_table(node: ast.ClassDef) -> bool:
    """Whether a class says its table's name; one that computes it does so for its heirs."""
    return any(
        isinstance(target, ast.Name) and target.id == "__tablename__"
        for one in node.body
        for target in getattr(one, "targets", [getattr(one, "target", None)])
    )


def _is_named_by_its_base(node: ast.ClassDef) -> bool:
    """Whether a base of another file names the table: Flask-SQLAlchemy's, or a project's own."""
    bases = {last(base) for base in node.bases} - {"SQLModel"}
    if "Model" in bases:
        return True
    return any(base.endswith(("Base", "Model")) for base in bases) and any(
        isinstance(value, ast.Call)
        and any(one.arg == "primary_key" and is_true(one.value) for one in value.keywords)
        for value in _assigned(node).values()
    )


def _mapped(annotation: ast.expr | None) -> ast.expr | None:
    """What `Mapped[...]` holds, None for another annotation."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(annotation, ast.Subscript) and last(annotation.value) == "Mapped":
        return annotation.slice
    return None

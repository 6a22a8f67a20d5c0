"""Reads what migrations leave of the tables that they touch, to be compared with models."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.files.migration import Migration
from definition_of_done.project.migrations.operations.opaque import Opaque
from definition_of_done.project.migrations.operations.operations import (
    CONSTRAINT_OF,
    SCHEMA_OPERATIONS,
    Operation,
)
from definition_of_done.project.migrations.source.columns import PARTS, Declarations
from definition_of_done.project.migrations.source.spelling import UNTOLD, Spelling, is_untold, last
from definition_of_done.readers.nodes import is_constant
from definition_of_done.readers.python import parse_expression

_BARE = Spelling(ast.Module([], []))
# Of a column that is brought, the aspects alone are asked for.
_DECLARATIONS = Declarations(lambda _: Spot(""), _BARE)
_ALL = ("column", "index", "constraint")
# The keyword of `alter_column` for each aspect of a column.
ATTRIBUTES = {
    "type": "type_",
    "nullable": "nullable",
    "server default": "server_default",
    "comment": "comment",
}


class Given(NamedTuple):
    """An index or a constraint: `on` are its columns, None where they are not all told.

    `made` is the class that a model declares it with. `targets` are the columns that a foreign key
    refers to, `actions` what it does when they change.
    """

    made: str
    name: str | None
    on: tuple[str, ...] | None
    is_unique: bool = False
    targets: tuple[str, ...] = ()
    actions: str = ""


class Brought:
    """One table as migrations leave it.

    `columns` are the aspects of those that they add, `altered` the ones that they set of others.
    `named` are the new names of columns. `unseen` are parts, or kinds of parts, that they compute.
    """

    def __init__(self) -> None:
        self.is_created = False
        self.columns: dict[str, dict[str, str]] = {}
        self.altered: dict[str, dict[str, str]] = {}
        self.named: set[str] = set()
        self.parts: list[Given] = []
        self.unseen: set[str] = set()

    def hides(self, key: str) -> bool:
        """True where a part may be among what is computed."""
        return not self.unseen.isdisjoint((key, key.partition(" ")[0]))

    @property
    def all_parts(self) -> Iterator[Given]:
        """Yield the indexes and constraints, also those that the columns make."""
        yield from self.parts
        for name, aspects in self.columns.items():
            on = (name,)
            if "foreign key" in aspects:
                target, _, actions = aspects["foreign key"].partition(" ")
                key = "ForeignKeyConstraint"
                yield Given(key, None, on, targets=(target,), actions=actions)
            if "True" in (aspects.get("index"), aspects.get("unique")):
                yield Given("Index", None, on, aspects.get("unique") == "True")
        columns = self.columns.items()
        keys = [name for name, aspects in columns if aspects.get("primary key") == "True"]
        if keys:
            yield Given("PrimaryKeyConstraint", None, tuple(keys))

    def apply(self, operation: Operation) -> None:
        """Do what an operation does to the table."""
        if not operation.is_certain:
            self.unseen.update(_doubts(operation))
        for column in operation.columns:
            if column.name is None or column.call is None:
                self.unseen.add("column")
                continue
            named = ast.Call(
                column.call.func,
                [ast.Constant(column.name), *column.call.args[1:]],
                [keyword for keyword in column.call.keywords if keyword.arg != "name"],
            )
            _, declared = _DECLARATIONS.column(column.name, named, None, named)
            self.columns[column.name] = declared.aspects
        if operation.name in _APPLY:
            _APPLY[operation.name](self, operation)

    def _create(self, operation: Operation) -> None:
        self.is_created = True
        contents = operation.call.args[1:] if operation.call else []
        for node in contents:
            name = last(node) if isinstance(node, ast.Call) else ""
            if name in PARTS and isinstance(node, ast.Call):
                self._keep(given_by(node))
            elif not operation.columns or name != "Column":
                # A name or a helper may be a column that is read already, or more than that.
                self.unseen.update(_ALL)

    def _alter(self, operation: Operation) -> None:
        name, call = operation.target, operation.call
        if name is None or call is None:
            self.unseen.add("column")
            return
        if "**" in operation.attributes:
            self.unseen.add(f"column {name}")
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        aspects = {
            aspect: "" if is_constant(given[keyword], None) else _spelt(aspect, given[keyword])
            for aspect, keyword in ATTRIBUTES.items()
            if keyword in given
        }
        self._set(name, aspects)
        if operation.new_name:
            self.named.add(operation.new_name)
            if name in self.columns:
                self.columns[operation.new_name] = self.columns.pop(name)

    def _set(self, name: str, aspects: dict[str, str]) -> None:
        columns = self.columns if name in self.columns else self.altered
        columns.setdefault(name, {}).update(aspects)

    def _keep(self, part: Given) -> None:
        """Add an index or a constraint; a primary key makes its columns NOT NULL."""
        self.parts.append(part)
        if part.made == "PrimaryKeyConstraint":
            if part.on is None:
                self.unseen.add("column")
            for name in part.on or ():
                self._set(name, {"nullable": "False"})

    def _drop_column(self, operation: Operation) -> None:
        self.columns.pop(operation.target or "", None)

    def _add(self, operation: Operation) -> None:
        made = _MADE[operation.name]
        targets: tuple[str, ...] = ()
        if made == "ForeignKeyConstraint":
            tables = [key.referent for key in operation.foreign_keys]
            targets = tuple(f"{table}." for table in tables)
        is_unique = made == "UniqueConstraint" or "unique" in operation.options
        actions = _BARE.actions(operation.call.keywords) if operation.call else UNTOLD
        self._keep(Given(made, operation.target, operation.on, is_unique, targets, actions))

    def _drop_part(self, operation: Operation) -> None:
        self.parts = [part for part in self.parts if part.name != operation.target]


_MADE = {"create_index": "Index", **CONSTRAINT_OF}
_APPLY: dict[str, Callable[[Brought, Operation], None]] = {
    "create_table": Brought._create,
    "alter_column": Brought._alter,
    "drop_column": Brought._drop_column,
    "drop_index": Brought._drop_part,
    "drop_constraint": Brought._drop_part,
    **dict.fromkeys(_MADE, Brought._add),
}


class MigratedTables:
    """The tables as some migrations leave them, one at a time."""

    def __init__(self, migrations: Iterable[Migration]) -> None:
        self._tables: dict[str, Brought] = {}
        self._opaque: list[Opaque] = []
        self._is_hidden = False
        for migration in migrations:
            self._is_hidden |= migration.upgrade.is_elsewhere
            self._opaque += migration.upgrade.steps.opaque
            for operation in migration.upgrade.steps.operations:
                if operation.name in SCHEMA_OPERATIONS:
                    self._apply(operation)

    def table(self, names: Iterable[str]) -> Brought | None:
        """The table that has one of these names, as they leave it, None where none is touched."""
        touched = (self._tables.get(name.rpartition(".")[2]) for name in names)
        return next(filter(None, touched), None)

    def may_touch(self, name: str) -> bool:
        """True where code that cannot be seen may do anything to a table."""
        bare = name.rpartition(".")[2]
        return self._is_hidden or any(found.explains((bare,), bare) for found in self._opaque)

    @property
    def runs_sql(self) -> bool:
        """True where SQL may change a type that columns have."""
        return bool(self._opaque)

    def _apply(self, operation: Operation) -> None:
        if operation.name == "drop_index" and operation.table is None and operation.target:
            # An index may be dropped by its name alone.
            for table in self._tables.values():
                table.apply(operation)
        elif operation.table is None:
            self._is_hidden = True
        elif operation.name == "rename_table":
            renamed = self._tables.setdefault(operation.target or "", Brought())
            renamed.is_created = True
            renamed.unseen.update(_ALL)
        elif operation.name == "drop_table":
            self._tables.pop(operation.table, None)
        else:
            self._tables.setdefault(operation.table, Brought()).apply(operation)


def given_by(call: ast.Call) -> Given:
    """Read an index or a constraint as a table declares it."""
    made, args = last(call.func), list(call.args)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    named = keywords.get("name")
    if made == "Index":
        named = args.pop(0) if args and named is None else named
    elif made == "CheckConstraint" and len(args) > 1:
        named = args[1]
    name = named.value if isinstance(named, ast.Constant) else None
    if isinstance(named, ast.Call) and named.args and isinstance(named.args[0], ast.Constant):
        # `op.f("...")`
        name = named.args[0].value
    targets: tuple[str, ...] = ()
    if made == "ForeignKeyConstraint":
        lists = [getattr(arg, "elts", []) for arg in args[:2]] + [[], []]
        args, targets = list(lists[0]), _texts(lists[1]) or ()
    is_unique = made == "UniqueConstraint" or is_constant(keywords.get("unique"), True)
    on = _texts(args) if made != "CheckConstraint" else None
    actions = _BARE.actions(call.keywords)
    return Given(made, str(name) if name is not None else None, on, is_unique, targets, actions)


def given_in(definition: str) -> Given | None:
    """Read the definition of a model's index or constraint."""
    node = parse_expression(definition)
    if not isinstance(node, ast.Call):
        return None
    name = [ast.Constant(None)] if last(node.func) == "Index" else []
    return given_by(ast.Call(node.func, [*name, *node.args], node.keywords))


def serves(aspect: str, column: str, given: Given) -> bool:
    """True where an index or a constraint is what a flag of a column asks for."""
    if given.on is None:
        return given.made == "Index" and aspect == "index"
    if given.made == "ForeignKeyConstraint":
        return False
    if aspect == "primary key":
        return given.made == "PrimaryKeyConstraint" and column in given.on
    is_unique = given.is_unique or given.made == "PrimaryKeyConstraint"
    return given.on[:1] == (column,) and ((is_unique and len(given.on) == 1) or aspect == "index")


def has_reference(brought: Brought, column: str, wanted: str) -> bool:
    """True where a column refers to what its model says, as far as that is told."""
    target, _, actions = wanted.partition(" ")
    return any(
        found.made == "ForeignKeyConstraint"
        and found.on in ((column,), None)
        and _acts(actions, found.actions)
        and any(_is_same_target(target, other) for other in found.targets or [""])
        for found in brought.all_parts
    )


def _acts(wanted: str, given: str) -> bool:
    """True where a foreign key does what its model says, as far as that is told."""
    return is_untold(wanted + given) or set(wanted.split()) <= set(given.split())


def _is_same_target(wanted: str, given: str) -> bool:
    if is_untold(wanted) or is_untold(given) or not given:
        return True
    (above, _, column), (other_above, _, other) = wanted.rpartition("."), given.rpartition(".")
    tables = above.rpartition(".")[2] == other_above.rpartition(".")[2]
    return tables and (column == other or not other)


def _does_same(wanted: Given, given: Given) -> bool:
    """True where a foreign key refers and acts as its model says, as far as that is told."""
    pairs = zip(wanted.targets, given.targets, strict=False)
    return _acts(wanted.actions, given.actions) and all(_is_same_target(*pair) for pair in pairs)


def is_same(wanted: Given, given: Given) -> bool:
    """True where an index or a constraint is the one that a model declares."""
    kinds = {wanted.made, given.made}
    is_key = kinds <= {"Index", "UniqueConstraint"}
    if len(kinds) > 1 and not is_key:
        return False
    if is_key and wanted.is_unique and not given.is_unique:
        return False
    if wanted.made == "ForeignKeyConstraint" and not _does_same(wanted, given):
        return False
    if wanted.on and given.on:
        if wanted.is_unique or wanted.made == "PrimaryKeyConstraint":
            return set(wanted.on) == set(given.on)
        return wanted.on == given.on
    if wanted.made == "CheckConstraint" or not (wanted.name and given.name):
        return True
    return given.name.endswith(wanted.name) or is_untold(wanted.name)


def _texts(nodes: Iterable[ast.expr]) -> tuple[str, ...] | None:
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    if not texts or len(texts) < len(list(nodes)):
        return None
    return tuple(str(text) for text in texts)


def _doubts(operation: Operation) -> Iterator[str]:
    """Yield the parts of a table that an operation changes, where it may not run."""
    if operation.name == "create_table":
        yield from _ALL
    elif operation.name in ("add_column", "alter_column", "drop_column"):
        names = [column.name for column in operation.columns]
        for name in (*names, operation.target, operation.new_name):
            if name:
                yield f"column {name}"
    else:
        yield from ("index", "constraint")


def _spelt(aspect: str, node: ast.expr) -> str:
    if aspect == "comment":
        return _BARE.text(node) or ""
    return _BARE.default(node) if aspect == "server default" else _BARE.plain(node)

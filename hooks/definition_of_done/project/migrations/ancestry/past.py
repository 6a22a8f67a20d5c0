"""Finds out what the ancestors of a migration made of a table, from those that name it alone."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Refused, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.ancestry.lineage import encoded, lineage_of, why_kept
from definition_of_done.project.migrations.files.migration import read_migration
from definition_of_done.project.migrations.operations.opaque import Opaque
from definition_of_done.project.migrations.operations.operations import SCHEMA_OPERATIONS
from definition_of_done.project.migrations.operations.plain import Statement, read_plain
from definition_of_done.project.migrations.operations.schema import Call, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.ancestry.lineage import Lineage
    from definition_of_done.project.migrations.operations.schema import Name


class Deeds(NamedTuple):
    """The upgrade of an ancestor.

    `loose` are the tables of its operations that are not plain, None for one that is computed.
    `opaque` are its other calls that may change the schema, as `Opaque` has them.
    """

    statements: tuple[Statement, ...]
    loose: tuple[str | None, ...]
    opaque: tuple[str | None, ...]


def read_deeds(path: str, data: bytes) -> Deeds:
    """Read the upgrade of an ancestor; raises Unreadable where the file is not Python."""
    migration = read_migration(path, data)
    if not migration.upgrade.is_defined:
        return Deeds((), (None,), ())
    plain = read_plain(path, data, "upgrade").statements
    places = {(statement.line, statement.column) for statement in plain}
    loose: list[str | None] = []
    for operation in migration.upgrade.steps.operations:
        place = operation.spot.line, operation.spot.column
        if operation.name in SCHEMA_OPERATIONS and place not in places:
            loose.append(operation.table)
            if operation.name == "rename_table":
                loose.append(operation.target)
    opaque = dict.fromkeys(thing.sql for thing in migration.upgrade.steps.opaque)
    return Deeds(plain, tuple(dict.fromkeys(loose)), tuple(opaque))


def _unpack(_: str, __: bytes, kept: list[list[list[object]]]) -> Deeds:
    statements, loose, opaque = kept
    return Deeds(tuple(Statement(*fields) for fields in statements), tuple(loose), tuple(opaque))  # type: ignore[arg-type]  # as JSON has them


class Past:
    """The ancestors of one migration; `asked` are the names that were looked up in them."""

    def __init__(self, session: Session, path: str) -> None:
        self.session = session
        self.path = path
        self.data = session.tree.read(path)
        self.asked: dict[str, None] = {}

    def table(self, name: Name) -> Table:
        """A table as the ancestors leave it; raises Refused where that is not certain."""
        indexes: set[str] = set()
        while True:
            table = self._table(name, indexes)
            # An index may be dropped where nothing names its table.
            if table.index_names <= indexes:
                return table
            indexes |= table.index_names

    def _table(self, name: Name, indexes: set[str]) -> Table:
        """A table as it is left by the ancestors that name it or one of these indexes."""
        lineage = self._lineage()
        present = name
        holding, names = self._look_up(name[1]).union(*map(self._look_up, indexes)), {name[1]}
        deeds: list[tuple[str, Deeds]] = []
        for node in lineage.line(self.path):
            if node.path not in holding:
                continue
            found = self._deeds(node.path)
            deeds.append((node.path, found))
            for call in _calls(found.statements[::-1], names):
                if call.name == "create_table" and call.table == present:
                    start = found.statements.index(call.statement)
                    deeds[-1] = node.path, found._replace(statements=found.statements[start:])
                    return _followed(Table(present), deeds[::-1], names, indexes)
                if call.name == "rename_table" and renamed(call) == present:
                    present = call.table
                    holding |= self._look_up(present[1])
                    names.add(present[1])
                elif call.name in ("drop_table", "rename_table") and call.table == present:
                    raise Refused(f"{node.path} takes table {present[1]} away")
        raise Refused(f"no ancestor creates table {present[1]}")

    def refuse_shared_type(self, name: str) -> None:
        """Raise Refused where an ancestor may use a type of that name, too."""
        # A class gives its name in lower case.
        self._refuse_in_bytes(
            name, r"name\s*=\s*[\"']%s[\"']|\btype\s+\S*%s\b|Enum\(\s*[\w.]*\b%s\b"
        )

    def refuse_sql(self, name: str) -> None:
        """Raise Refused where an ancestor may change a type in SQL, or out of sight."""
        self._refuse_in_bytes(name, r"\btype\s+\S*%s\b")
        for path in self._naming(name):
            if None in self._deeds(path).opaque:
                raise Refused(f"{path} may change enum type {name} out of sight")

    def refuse_kept(self) -> None:
        """Raise Refused where others rely on the file: it stands on the base, or may do so."""
        reason = why_kept(self.session, self.path)
        if reason:
            raise Refused(reason)

    def _refuse_in_bytes(self, name: str, pattern: str) -> None:
        using = re.compile(encoded(pattern.replace("%s", re.escape(name))), re.I)
        for path in self._naming(name):
            if using.search(self._read(path)):
                raise Refused(f"enum type {name} is also used in {path}")

    def _naming(self, name: str) -> list[str]:
        """The paths of the ancestors that hold a name."""
        holding = self._look_up(name)
        return [path for path in self._lineage().ancestors(self.path) if path in holding]

    def _lineage(self) -> Lineage:
        try:
            lineage = lineage_of(self.session)
        except Unreadable as error:
            raise Refused(f"{error.path} cannot be read") from None
        if self.path not in lineage.by_path:
            raise Refused("the file is not among the migrations that are tracked")
        return lineage

    def _look_up(self, name: str) -> set[str]:
        self.asked[name] = None
        return self._lineage().naming(name)

    def _read(self, path: str) -> bytes:
        return next((data for _, data in self.session.tree.read_each([path])), b"")

    def _deeds(self, path: str) -> Deeds:
        known: dict[str, Deeds] = self.session.cache.keep("deeds", dict)
        if path not in known:
            try:
                known[path] = self.session.cache.recall(
                    "deeds", path, self._read(path), read_deeds, lambda made: made, _unpack
                )
            except Unreadable:
                raise Refused(f"{path} cannot be read") from None
        return known[path]


def _followed(
    table: Table, deeds: Iterable[tuple[str, Deeds]], names: set[str], indexes: set[str]
) -> Table:
    for path, found in deeds:
        if None in found.loose or not names.isdisjoint(found.loose):
            raise Refused(f"{path} changes table {table.name[1]} in a way that is not followed")
        things = names | indexes
        if any(Opaque(sql).explains(things, name) for sql in found.opaque for name in names):
            raise Refused(f"{path} may change table {table.name[1]} out of sight")
        for call in _calls(found.statements, names):
            if is_on(call, table):
                table.apply(call)
    return table


def _calls(statements: Iterable[Statement], names: set[str]) -> Iterator[Call]:
    """Yield the calls of operations that may concern one of the tables."""
    for statement in statements:
        # An index may be dropped without its table.
        text = f"{statement.call} {statement.batch} "
        if ".drop_index(" in text or any(name in text for name in names):
            call = Call(statement)
            if call.name in SCHEMA_OPERATIONS:
                yield call


def is_on(call: Call, table: Table) -> bool:
    """True where an operation is on this table; raises Refused where that is computed."""
    if call.name == "drop_index" and call.argument("table") is None:
        return call.text("target") in table.index_names
    return call.table == table.name


def renamed(call: Call) -> Name:
    """The new name that `rename_table` gives."""
    return call.table[0], call.text("target")

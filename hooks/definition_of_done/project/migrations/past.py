"""Finds out what the ancestors of a migration made of a table, from those that name it alone."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Refused, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import objects_of
from definition_of_done.engine.store import digest
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.history import read_scans
from definition_of_done.project.migrations.migration import read_migration
from definition_of_done.project.migrations.opaque import Opaque
from definition_of_done.project.migrations.operations import SCHEMA_OPERATIONS
from definition_of_done.project.migrations.plain import Statement, read_plain
from definition_of_done.project.migrations.scan import Scan, scan
from definition_of_done.project.migrations.schema import Call, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.schema import Name

_WORD = re.compile(rb"[\w\x80-\xff]+")


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


class Lineage:
    """All migrations by revision, and the words that each of them holds."""

    def __init__(self, session: Session) -> None:
        self.nodes: dict[str, Scan] = {}
        self.unclear: set[str] = set()
        self.by_path: dict[str, Scan] = {}
        for node in read_scans(session):
            self.by_path[node.path] = node
            name = node.revision or ""
            if name in self.nodes or not node.is_certain:
                self.unclear.add(name)
            self.nodes[name] = node
        self._session = session
        self._holders: dict[bytes, set[str]] | None = None
        # The digest of each file's bytes, and of each line of ancestors.
        self.digests: dict[str, bytes] = {}
        # What the upgrades do that were read up to now.
        self.deeds: dict[str, Deeds] = {}
        self._lines: dict[str, bytes] = {}

    def naming(self, name: str) -> set[str]:
        """The paths of the migrations whose bytes hold all words of a name."""
        if self._holders is None:
            self._holders = {}
            for path, data in self._session.tree.read_each(sorted(self.by_path)):
                self.digests[path] = digest(path, data)
                for word in set(_WORD.findall(data.lower())):
                    self._holders.setdefault(word, set()).add(path)
        sets = [self._holders.get(word, set()) for word in _WORD.findall(_bytes(name.lower()))]
        return set.intersection(*sets) if sets else set()

    def digest(self, path: str) -> bytes:
        """Another value for other ancestors, or for another order of them."""
        way = [self.by_path[path]]
        seen: set[str] = set()
        while way:
            node = way[-1]
            above = [
                parent
                for name in (*node.parents, *node.depends)
                if (parent := self.nodes.get(name)) and parent.path not in self._lines
            ]
            if above and node.path not in seen:
                seen.add(node.path)
                way += above
                continue
            way.pop()
            lines = [self._lines.get(self.nodes[n].path) for n in node.parents if n in self.nodes]
            told = repr((node, lines, (node.revision or "") in self.unclear))
            self._lines[node.path] = digest(told, b"")
        return self._lines[path]

    def line(self, path: str) -> Iterator[Scan]:
        """Yield the ancestors of a migration, the nearest first.

        Raises Refused where they are not one line, or one of them is not known.
        """
        node = self.by_path[path]
        while True:
            parents = [parent for parent in node.parents if parent]
            if len(parents) > 1 or node.depends:
                raise Refused(f"the ancestors of {node.revision} are parallel")
            if not parents:
                return
            node = self._known(parents[0])
            yield node

    def ancestors(self, path: str) -> list[str]:
        """The paths of all ancestors; raises Refused where one of them is not known."""
        found: dict[str, None] = {}
        queue = [self.by_path[path]]
        while queue:
            node = queue.pop()
            for name in (*node.parents, *node.depends):
                parent = self._known(name) if name else None
                if parent and parent.path not in found:
                    found[parent.path] = None
                    queue.append(parent)
        return list(found)

    def _known(self, revision: str) -> Scan:
        if revision in self.unclear or revision not in self.nodes:
            raise Refused(f"revision {revision} is not one migration that can be read")
        return self.nodes[revision]


def _bytes(text: str) -> bytes:
    """The bytes of a name, which may be no text that a file can hold."""
    return text.encode("utf-8", "surrogatepass")


def lineage_of(session: Session) -> Lineage:
    """All migrations of the project, read once a run; raises Unreadable for a broken one."""
    return session.cache.keep("lineage", lambda: Lineage(session))


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
        holding = self._look_up(name)
        for path in self._lineage().ancestors(self.path):
            if path in holding and None in self._deeds(path).opaque:
                raise Refused(f"{path} may change enum type {name} out of sight")

    def refuse_standing(self) -> None:
        """Raise Refused where others rely on the file: it stands on the base, or may do so."""
        reason = _standing(self.session, self.path)
        if reason:
            raise Refused(reason)

    def _refuse_in_bytes(self, name: str, pattern: str) -> None:
        using = re.compile(_bytes(pattern.replace("%s", re.escape(name))), re.I)
        holding = self._look_up(name)
        for path in self._lineage().ancestors(self.path):
            if path in holding and using.search(self._read(path)):
                raise Refused(f"enum type {name} is also used in {path}")

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
        known = self._lineage().deeds
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
    """Tell whether an operation is on this table; raises Refused where that is computed."""
    if call.name == "drop_index" and call.argument("table") is None:
        return call.text("target") in table.index_names
    return call.table == table.name


def renamed(call: Call) -> Name:
    """The new name that `rename_table` gives."""
    return call.table[0], call.text("target")


def answers(session: Session, path: str, asked: Iterable[str]) -> object:
    """All that the inverse of a migration is made from, besides the file: its ancestors' bytes."""
    try:
        lineage = lineage_of(session)
        line = lineage.digest(path)
    except (Refused, Unreadable, KeyError) as error:
        return _standing(session, path), str(error)
    named = [sorted(lineage.naming(name)) for name in asked]
    return _standing(session, path), line, [[lineage.digests[p] for p in paths] for paths in named]


def _standing(session: Session, path: str) -> str:
    """Why a migration must not be edited, empty where the branch adds it.

    Without a base, what is committed may be released.
    """
    branch = session.branch
    commit = branch.relied_on
    if commit is None and not branch.has_commits:
        return ""
    files = session.cache.keep(
        "files of the base", lambda: objects_of(session.root, commit or "HEAD"), lasts=True
    )
    if path not in files and not _is_moved(session, files, path):
        return ""
    if commit is None:
        return "it is committed, and no base is known that lacks it"
    return "it stands on the base"


def _is_moved(session: Session, files: dict[str, str], path: str) -> bool:
    """Tell whether the base has the revision of a file in one that is gone."""
    gone = [old for old in files if is_migration(session, old) and not session.tree.exists(old)]
    if not gone:
        return False
    own = scan(path, session.tree.read(path)).revision
    commit = session.branch.relied_on or "HEAD"
    return any(scan(old, session.branch.read_at(commit, old)).revision == own for old in gone)

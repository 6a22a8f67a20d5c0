"""Reads the tables that SQLAlchemy models declare on both sides of a branch, and compares them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import changed_code, shows_migration
from definition_of_done.project.migrations.mapped.models import MARKS, Table, read_base, read_models
from definition_of_done.project.migrations.source.columns import Declared
from definition_of_done.readers.python import read_module


class NamedTable(NamedTuple):
    """A table that a model names, or a mixin that does, and the comment of each of its columns."""

    name: str
    is_mixin: bool
    comments: dict[str, str | None]


class Difference(NamedTuple):
    """One thing that differs: `change` names it and says what became of it.

    `table` is the one that has it now, None for what is gone. `part` has the key `key`: a column,
    index or constraint, None for the whole table. `aspects` are those of it that differ, none where
    all of it is new.
    """

    spot: Spot
    change: str
    symbol: str
    table: Table | None = None
    key: str = ""
    part: Declared | None = None
    aspects: tuple[str, ...] = ()

    @property
    def is_gone(self) -> bool:
        """True for a table or a column that no model maps any more."""
        return self.table is None and (not self.key or self.key.startswith("column "))


def read_new_tables(session: Session) -> list[Table]:
    """Read the tables that the branch adds."""
    return [*added_tables(*read_sides(session))]


@once
def read_sides(session: Session) -> tuple[list[Table], list[Table]]:
    """Read the tables of the changed files before and after."""
    old: list[Table] = []
    new: list[Table] = []
    for path, letter in changed_code(session).items():
        now = (
            read_tables(path, session.tree.read(path))
            if letter != "D" and session.tree.exists(path)
            else []
        )
        if letter != "A":
            try:
                data = session.branch.read_before(path)
                before = read_tables(path, data)
                old += [*before, *_empty_mixins(path, data, before, now)]
            except Unreadable:
                # A file that was not Python cannot be compared.
                continue
        new += now
    return old, new


def _empty_mixins(path: str, data: bytes, before: list[Table], now: list[Table]) -> Iterator[Table]:
    """Yield the old side of each mixin that had no column in this file."""
    known = {table.owner for table in before}
    for table in now:
        if table.is_mixin and table.owner not in known:
            empty = read_base(read_module(path, data), table.owner)
            if empty is not None and empty.is_mixin:
                yield empty._replace(unseen=frozenset())


def read_tables(path: str, data: bytes) -> list[Table]:
    """Read the tables that a file's models declare, and none of a migration."""
    if not any(mark in data for mark in MARKS) or shows_migration(data):
        return []
    return read_models(read_module(path, data))


def recall_tables(session: Session, path: str, data: bytes) -> list[NamedTable]:
    """The named tables that a file's models declare, as earlier runs kept them."""
    if not any(mark in data for mark in MARKS):
        return []
    return session.cache.recall("tables", path, data, _named_tables, list, _unpack)


def _named_tables(path: str, data: bytes) -> list[NamedTable]:
    return [
        NamedTable(
            table.name,
            table.is_mixin,
            {part.name: part.comment for key, part in table.parts.items() if key[:7] == "column "},
        )
        for table in read_tables(path, data)
        if table.is_named
    ]


def _unpack(_: str, __: bytes, kept: list[list[object]]) -> list[NamedTable]:
    return [NamedTable(*fields) for fields in kept]  # type: ignore[arg-type]  # as JSON has them


def compare(
    old: list[Table],
    new: list[Table],
    has_heirs: Callable[[str], bool] = lambda _: False,
    inherited: Callable[[Table, frozenset[str]], Table] = lambda table, _: table,
) -> Iterator[Difference]:
    """Yield the differences between the tables of both sides; a table may move to another file.

    `has_heirs` is true for a mixin with several heirs: where a column moves between it and one of
    them, the tables of the others change. `inherited` adds to a table what bases of other files
    hand to it.
    """
    before, after = _merged(old), _merged(new)
    pairs = [(_counterpart(table, before), table) for table in after]
    paired = {id(former) for former, _ in pairs}
    gone = [former for former in before if id(former) not in paired]
    here = {table.spot.path for table in after}
    # A mixin that lost all its columns is no mixin any more.
    empty = [(former, None) for former in gone if former.spot.path not in here]
    moved = _moved([*pairs, *empty], has_heirs)
    there = {former.spot.path for former in before}
    for former, table in pairs:
        # A new file may hold a base that had the same name elsewhere.
        if former is None and table.is_mixin and table.spot.path not in there:
            moved |= table.parts.keys()
    for former, table in pairs:
        if former is not None:
            yield from _within(former, inherited(table, table.elsewhere - former.elsewhere), moved)
        elif not table.is_mixin:
            yield Difference(table.spot, f"table {table.name} is new", table.name, table)
    for former in gone:
        if not former.is_mixin:
            yield Difference(Spot(former.spot.path), f"table {former.name} is gone", former.name)


def added_tables(old: list[Table], new: list[Table]) -> Iterator[Table]:
    """Yield the tables that only the new side has, without those of a class that only moves."""
    before = _merged(old)
    for table in _merged(new):
        if not table.is_mixin and _counterpart(table, before) is None:
            yield table


def _merged(tables: list[Table]) -> list[Table]:
    """The tables, where several files declare parts of one table as one."""
    found: dict[tuple[str, str], Table] = {}
    for table in tables:
        key = (table.spot.path if table.is_mixin else "", table.name)
        found[key] = found[key].with_parts_of(table) if key in found else table
    return list(found.values())


def _counterpart(table: Table, tables: list[Table]) -> Table | None:
    """Find a table on the other side: by its name or, where a side does not tell it, its class."""
    for candidate in tables:
        if candidate.name == table.name and not (candidate.is_mixin or table.is_mixin):
            return candidate
    for candidate in tables:
        is_same_class = (candidate.spot.path, candidate.owner) == (table.spot.path, table.owner)
        if is_same_class and not (candidate.is_named and table.is_named):
            return candidate
    return None


def _moved(
    pairs: list[tuple[Table | None, Table | None]], has_heirs: Callable[[str], bool]
) -> set[str]:
    """The keys of parts that move, as they are, between a table and a mixin with one heir."""
    # What tables and mixins lose and gain.
    tables, mixins = [], []
    for former, table in pairs:
        before, after = (side.parts if side else {} for side in (former, table))
        owner = next(side for side in (table, former) if side)
        lost = {key: part for key, part in before.items() if key not in after}
        gained = {key: part for key, part in after.items() if key not in before}
        if owner.is_mixin:
            mixins.append((owner.owner, lost, gained))
        elif former and table:
            tables.append((lost, gained))
    return {
        key
        for owner, *mixin in mixins
        for lost, gained in tables
        for left, right in zip(mixin, (gained, lost), strict=True)
        for key in left.keys() & right.keys()
        if not left[key].differs(right[key]) and not has_heirs(owner)
    }


def _within(old: Table, new: Table, moved: set[str]) -> Iterator[Difference]:
    for key, part in new.parts.items():
        before = old.parts.get(key)
        added = added_part(new, key, part)
        if before is not None:
            if differing := part.differs(before):
                of = "" if differing == ["definition"] else f"{', '.join(differing)} of "
                change = f"{of}{label_of(new, key, part.name)} changed"
                yield added._replace(change=change, aspects=tuple(differing))
            continue
        # The part may have moved from or to a base in a file that is not read.
        is_moved = key in moved and part.spot.path == new.spot.path
        if not (is_moved or old.may_have(key) or old.elsewhere - new.elsewhere):
            yield added
    for key, part in old.parts.items():
        hidden = key in moved or new.may_have(key) or new.elsewhere - old.elsewhere
        if key not in new.parts and not hidden:
            label = label_of(old, key, part.name)
            yield Difference(new.spot, f"{label} is gone", f"{old.name}.{part.name}", key=key)


def added_part(table: Table, key: str, part: Declared) -> Difference:
    """The difference of a part that its table has now."""
    change = f"{label_of(table, key, part.name)} is new"
    return Difference(part.spot, change, f"{table.name}.{part.name}", table, key, part)


def label_of(table: Table, key: str, name: str) -> str:
    """Name a part as a message does; `key` begins with its kind."""
    if key == "schema":
        return f"schema of table {table.name}"
    kind = key.partition(" ")[0]
    return f"column {table.name}.{name}" if kind == "column" else f"{kind} {name} of {table.name}"

"""How the branch changes what SQLAlchemy models declare, as facts of both sides."""

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.session import Session
from definition_of_done.migrations import is_migration, is_test
from definition_of_done.migrations._models import Table, read_models
from definition_of_done.readers.python import read_module

_MARKS = (b"mapped_column", b"Column(", b"Mapped[", b"table=True", b"Table(")


class Difference(NamedTuple):
    """One thing that differs: `what` names it with what became of it."""

    spot: Spot
    what: str
    symbol: str


def read_models_changed(session: Session) -> list[Difference]:
    """What the branch changes in the models, none where it adds or changes a migration.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    changed = session.branch_or_nothing()
    if any(letter != "D" and is_migration(session, path) for path, letter in changed.items()):
        return []
    if not any(is_migration(session, path) for path in session.tracked):
        return []
    sides = _sides(session, changed)
    return [*_differences(sides.old, sides.new, sides.gone)]


def read_new_tables(session: Session) -> list[Table]:
    """The tables that the branch adds; a class that only moves is not among them.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    sides = _sides(session, session.branch_or_nothing())
    return [
        table
        for name, table in sides.new.items()
        if name not in sides.old and not table.is_mixin and not name.startswith("index ")
    ]


class _Sides(NamedTuple):
    """The tables of the changed files before and after, and the files that they stood in."""

    old: dict[str, Table]
    new: dict[str, Table]
    gone: dict[str, str]


def _sides(session: Session, changed: dict[str, str]) -> _Sides:
    old: dict[str, Table] = {}
    new: dict[str, Table] = {}
    gone: dict[str, str] = {}
    for path, letter in sorted(changed.items()):
        if not path.endswith(".py") or is_test(path) or is_migration(session, path):
            continue
        if session.config.excludes(path):
            continue
        if letter != "A":
            for name, table in _before(session, session.base or "HEAD", path).items():
                old[name] = table
                gone[name] = path
        if letter != "D" and session.exists(path):
            new |= _tables(path, session.read(path))
    return _Sides(old, new, gone)


def _before(session: Session, base: str, path: str) -> dict[str, Table]:
    try:
        return _tables(path, session.read_at(base, path))
    except Unreadable:
        # What was no Python on the base declared nothing.
        return {}


def _tables(path: str, data: bytes) -> dict[str, Table]:
    if not any(mark in data for mark in _MARKS):
        return {}
    return read_models(read_module(path, data))


def _differences(
    old: dict[str, Table], new: dict[str, Table], paths: dict[str, str]
) -> Iterator[Difference]:
    for name, table in new.items():
        before = old.get(name)
        if before is not None:
            yield from _within(before, table)
        elif not table.is_mixin:
            # An index on its own is listed under its own name.
            what = name if name.startswith("index ") else f"table {name}"
            yield Difference(table.spot, f"{what} is new", name)
    for name, table in old.items():
        if name not in new and not table.is_mixin:
            what = name if name.startswith("index ") else f"table {name}"
            yield Difference(Spot(paths[name]), f"{what} is gone", name)


def _within(old: Table, new: Table) -> Iterator[Difference]:
    # A column may have moved from or to a base of another file, which is not read.
    for key, part in new.parts.items():
        before = old.parts.get(key)
        label = _label(new, key, part.name)
        if before is None:
            if old.elsewhere - new.elsewhere:
                continue
            yield Difference(part.spot, f"{label} is new", f"{new.name}.{part.name}")
            continue
        if differing := part.differs(before):
            of = "" if differing == ["definition"] else f"{', '.join(differing)} of "
            yield Difference(part.spot, f"{of}{label} changed", f"{new.name}.{part.name}")
    if new.elsewhere - old.elsewhere:
        return
    for key, part in old.parts.items():
        if key not in new.parts:
            label = _label(old, key, part.name)
            yield Difference(new.spot, f"{label} is gone", f"{old.name}.{part.name}")


def _label(table: Table, key: str, name: str) -> str:
    if key == "schema":
        return f"schema of table {table.name}"
    kind = key.partition(" ")[0]
    return f"column {table.name}.{name}" if kind == "column" else f"{kind} {name} of {table.name}"

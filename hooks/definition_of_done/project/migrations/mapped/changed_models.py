"""Reads how the branch changes the tables that SQLAlchemy models declare."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import decode
from definition_of_done.engine.registry import is_selected
from definition_of_done.project.layout import (
    changed_code,
    is_changelog,
    is_code,
    is_feature_page,
    is_migration,
    is_migration_anywhere,
    shows_migration,
)
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.model_comparison import added_tables, compare
from definition_of_done.project.migrations.mapped.models import MARKS, Table, read_base, read_models
from definition_of_done.project.reverts import is_taken_back, read_taken_back
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.mapped.unmigrated import Unmigrated


# Who asks for this rule drops nothing in the release that unmaps it.
_TWO_STEPS = "drop-still-mapped"
_DROPPED = regex(r"\b(?:drop|remov|delet)", re.I)
_LATER = regex(
    r"\b(?:later|next|follow\w*|after\w*|once|then|second|until|when|future|separate\w*)\b", re.I
)
_SENTENCE = regex(r"[.;!?]\s+|\n\s*\n|\n\s*[-*+#|]")


class NamedTable(NamedTuple):
    """A table that a model names, or a mixin that does, and the comment of each of its columns."""

    name: str
    is_mixin: bool
    comments: dict[str, str | None]


def read_models_changed(session: Session) -> Unmigrated:
    """Read what the models gain and the migrations of the branch do not bring.

    A migration in a folder that no setting names is not compared, and nothing is said beside it.
    """
    from definition_of_done.project.migrations.mapped.unmigrated import (
        NOTHING,
        judge,
        not_in_database,
        without_migration,
    )

    changed = session.branch.changed_or_nothing()
    written = [path for path, letter in changed.items() if letter != "D"]
    if any(
        is_migration_anywhere(session, path) and not is_migration(session, path) for path in written
    ):
        return NOTHING
    if not any(is_migration(session, path) for path in session.tree.tracked):
        return NOTHING
    bases = Bases(session)
    sides = read_sides(session)
    differences = [*compare(*sides, lambda mixin: _has_heirs(session, mixin), bases.inherited)]
    if differences and any(
        is_migration(session, path) and is_taken_back(session, path) for path in changed
    ):
        # The model goes the way of its migration.
        taken_back = read_taken_back(session).changed
        differences = [found for found in differences if found.spot.path not in taken_back]
    paths = [
        path
        for path in sorted(written)
        if is_migration(session, path) and not session.config.excludes(path)
    ]
    if differences and paths:
        return judge(session, differences, paths, bases)
    differences = [
        found
        for found in differences
        if not (found.is_gone and _is_dropped_later(session, found.symbol))
    ]
    return without_migration(not_in_database(session, differences, bases))


def _is_dropped_later(session: Session, symbol: str) -> bool:
    """True where a table or a column is to be dropped later: by the settings, or by a page."""
    if is_selected(_TWO_STEPS, session.config):
        return True
    name = re.compile(rf"(?<![\w.]){re.escape(symbol.rpartition('.')[2])}(?!\w)")
    return any(
        name.search(sentence) and _DROPPED.search(sentence) and _LATER.search(sentence)
        for text in _pages(session)
        for sentence in _SENTENCE.split(text)
    )


def _pages(session: Session) -> Iterator[str]:
    """Yield the texts of the pages that the branch writes."""
    for path, letter in session.branch.changed.items():
        if letter == "D" or not session.tree.exists(path):
            continue
        if is_feature_page(session, path) or is_changelog(session, path):
            yield decode(path, session.tree.read(path)).text


def _has_heirs(session: Session, mixin: str) -> bool:
    """True where several classes of the project inherit from one."""
    heir = re.compile(rb"^class \w+\([^)]*\b" + re.escape(mixin.encode()) + rb"\b", re.M)
    paths = [path for path in session.tree.tracked if is_code(path)]
    found = (heir.findall(data) for _, data in session.tree.read_each(paths))
    return sum(map(len, found)) > 1


def read_new_tables(session: Session) -> list[Table]:
    """Read the tables that the branch adds."""
    return [*added_tables(*read_sides(session))]


def read_sides(session: Session) -> tuple[list[Table], list[Table]]:
    """Read the tables of the changed files before and after."""
    return session.cache.keep("models of the branch", lambda: _sides(session))


def _sides(session: Session) -> tuple[list[Table], list[Table]]:
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

"""Finds the indexes that feature pages plan together with the query that needs them."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import groupby

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import tracked_migrations
from definition_of_done.project.layout import is_migration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.project.docs.feature_page import FeaturePage
    from definition_of_done.project.migrations.tables.key_indexes import KeyIndex
    from definition_of_done.readers.page import Block, ListItem

_INDEX_WORD = r"\b(?:index(?:es|ed)?|indices)\b"
_INDEX = regex(_INDEX_WORD, re.I)
_INDEX_NAME = r"(?:i[dx]?x_\w+|\w+_i[dx]?x)"
_QUERY = regex(
    r"(?<!\bno )\b(?:quer(?:y|ies)|resolvers?|filter\w*|sort(?:s|ed|ing)?|order(?:s|ed)? by"
    r"|join(?:s|ed)?|look(?:s|ed)?[ -]?ups?|search(?:es|ed)?|selects?|where)\b",
    re.I,
)
# The bytes of a model with an index and a foreign key, and of a migration that makes an index.
_INDEXES = regex(rb"\bindex\s*=\s*True|\bIndex\(")
_KEYS = regex(rb"\bForeignKey|\bforeign_key\b")
_MADE = regex(rb"\bcreate_index\b|\bindex\s*=\s*True|\bIndex\(|\bcreate\s+(?:\w+\s+)?index\b", re.I)
_NOT_PLANNED = ("Out of scope", "Open questions", "Future additions")


def unplanned_indexes(session: Session, path: str) -> tuple[str, ...]:
    """The keys of a file's indexes on foreign keys that no feature page plans with a query.

    A migration's index may be on a key of another migration of the branch. A model's is one that
    the branch adds and no migration makes.
    """
    try:
        found = (
            _of_migration(session, path)
            if is_migration(session, path)
            else [index.key for index in read_model_indexes(session, path)]
        )
    except (Unreadable, RecursionError, OSError):
        return ()
    return tuple(
        key for key in found if not any(_plans(page, key) for page in _pages(session, key))
    )


def read_model_indexes(session: Session, path: str) -> list[KeyIndex]:
    """Read the indexes on foreign keys that the branch adds to a file's models alone."""
    data = session.tree.read(path)
    if not (_INDEXES.search(data) and _KEYS.search(data)):
        return []
    letter = session.branch.changed_if_known().get(path)
    if letter is None:
        return []
    # Both cost more than most files are asked for.
    from definition_of_done.project.migrations.mapped.changed_models import read_tables
    from definition_of_done.project.migrations.tables.key_indexes import model_indexes

    tables = read_tables(path, data)
    found = [*model_indexes(tables)]
    if found and letter != "A":
        base = session.branch.read_before(path)
        # An index may have had another name, and so may its table or column.
        before = {index.label for index in model_indexes(read_tables(path, base))}
        there = {f"{table.name}.{part.name}" for table in tables for part in table.parts.values()}
        found = [index for index in found if not _was_there(index.label, before, there)]
    return [index for index in found if not _is_made(session, index.label)]


def _was_there(label: str, before: set[str], there: set[str]) -> bool:
    """True where an index was on a column, or on the one that it or its table was renamed from."""
    gone = [old.rpartition(".") for old in before - there]
    names = {name.rpartition(".")[0] for name in there}
    table, _, column = label.rpartition(".")
    return label in before or any(
        (old_column == column and old_table not in names) or old_table == table
        for old_table, _, old_column in gone
    )


def _is_made(session: Session, label: str) -> bool:
    """True where a migration may make an index on a column: it is judged there."""
    table, _, column = label.rpartition(".")
    words = [re.compile(rb"\b" + re.escape(name.encode()) + rb"\b") for name in (table, column)]
    paths = tracked_migrations(session)
    return any(
        _MADE.search(data) and all(word.search(data) for word in words)
        for _, data in session.tree.read_each(paths)
    )


def _of_migration(session: Session, path: str) -> list[str]:
    """The keys of a migration's indexes on foreign keys of the branch or of its own."""
    own, loose, _ = _told(session, path, session.tree.read(path))
    if loose:
        of_branch = _keys_of_branch(session)
        own = [*own, *(key for key in loose if key.partition(" ")[0] in of_branch)]
    return own


def _told(session: Session, path: str, data: bytes) -> tuple[list[str], list[str], list[str]]:
    """A migration's indexes on its own keys, its other ones, and its keys."""

    def names() -> list[str]:
        from definition_of_done.project.migrations.files.migration import read_shared
        from definition_of_done.project.migrations.tables.key_indexes import (
            foreign_keys,
            indexes,
            key_indexes,
        )

        migration = read_shared(session, path)
        own = [f"own {index.key}" for index in key_indexes(migration)]
        # A computed table may be any.
        loose = (index.key for index in indexes(migration) if not index.key.startswith("None."))
        others = [f"loose {key}" for key in loose if f"own {key}" not in own]
        keys = [f"key {label}" for label in sorted(foreign_keys(migration))]
        return [*own, *others, *keys] or ["-"]

    found = session.cache.recall_names("indexes and foreign keys", data, names)
    own, loose, keys = (
        [text.removeprefix(kind) for text in found if text.startswith(kind)]
        for kind in ("own ", "loose ", "key ")
    )
    return own, loose, keys


@once
def _keys_of_branch(session: Session) -> set[str]:
    """The foreign keys that the migrations of the branch make; none where no base is known."""
    found: set[str] = set()
    for path, letter in session.branch.changed_if_known().items():
        if letter != "D" and is_migration(session, path) and session.tree.exists(path):
            with suppress(Unreadable, RecursionError, OSError):
                found.update(_told(session, path, session.tree.read(path))[2])
    return found


def _pages(session: Session, key: str) -> Iterator[FeaturePage]:
    """Yield the pages that hold the column or the index; only these are parsed."""
    from definition_of_done.project.docs.feature_page import feature_page_of
    from definition_of_done.project.docs.pages import feature_paths

    label, _, name = key.partition(" ")
    marks = [mark.encode() for mark in (label.rpartition(".")[2], name) if mark]
    for path in feature_paths(session):
        data = session.tree.read(path)
        if any(mark in data for mark in marks):
            # A page that cannot be read plans nothing: other rules report it.
            with suppress(Unreadable, RecursionError):
                yield feature_page_of(session, path)


def _plans(page: FeaturePage, key: str) -> bool:
    label, _, name = key.partition(" ")
    full, _, column = label.rpartition(".")
    table = full.rpartition(".")[2]
    surface = page.section("GraphQL surface")
    own = {_plain(word) for word in (column, name)}
    own_name = rf"(?!{re.escape(name)}\b)" if name else ""
    is_other = re.compile(rf"(?:{_INDEX_WORD}\W{{1,3}})?\b{own_name}{_INDEX_NAME}\b", re.I)
    words = [word for piece in (surface.code if surface else ()) for word in _words(piece.text)]
    # A query in camelCase is not its table in snake_case.
    fields = {word for word in words if word != table and _plain(word) not in own}
    is_of_table = _has(page.page.text.text, table)
    for text in _texts(page):
        # The word beside the name of another index is said of that one.
        by_column = is_of_table and _has(text, column) and _INDEX.search(is_other.sub("", text))
        needs = _QUERY.search(text) or any(_has(text, field) for field in fields)
        if needs and (by_column or (name and _has(text, name))):
            return True
    return False


def _texts(page: FeaturePage) -> Iterator[str]:
    for section in page.sections:
        if section.name not in _NOT_PLANNED:
            yield from _units(section.section.blocks)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _plain(word: str) -> str:
    return word.replace("_", "").lower()


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _units(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the texts that say one thing each: paragraphs, items with what is around, rows."""
    for block in blocks:
        if block.items:
            yield from _of_items(block.items, "")
        elif block.kind == "paragraph":
            yield " ".join(line.text for line in block.lines)
        else:
            rows = [
                [line.text for line in row]
                for _, row in groupby(block.lines, lambda line: line.spot.line)
            ]
            for row in rows[1:]:
                # The heads say what the cells are, unless one is empty.
                yield " ".join([*(rows[0] if len(row) == len(rows[0]) else ()), *row])


def _of_items(items: Sequence[ListItem], above: str) -> Iterator[str]:
    for item in items:
        yield " ".join([above, *(nested.text for nested in item.all_items)])
        yield from _of_items(item.items, f"{above} {item.text}")

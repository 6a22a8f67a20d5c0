"""The branch's migrations are compared with the section Data model changes of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import few, listed
from definition_of_done.engine.session import Session
from definition_of_done.project.api.plurals import singular
from definition_of_done.project.api.sources import spelt_in
from definition_of_done.project.docs.branch_pages import branch_pages, final_sections, other_words
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import (
    Mentions,
    Words,
    heading_spot,
    is_written,
    mentions_of,
)
from definition_of_done.project.docs.planned_indexes import unplanned_indexes
from definition_of_done.project.docs.plans import Addition, read_unnamed_revisions
from definition_of_done.project.docs.sections import DATA_MODEL, PageSection
from definition_of_done.project.docs.surface import Ghost
from definition_of_done.project.layout import changed_code, is_code
from definition_of_done.project.migrations.ancestry.branch_migrations import read_branch_migrations
from definition_of_done.project.migrations.ancestry.history import read_scans
from definition_of_done.project.migrations.files.migration import Migration
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.changed_models import read_tables
from definition_of_done.project.migrations.mapped.models import Table
from definition_of_done.project.migrations.operations.operations import Operation
from definition_of_done.readers.page import Piece, column_head

_KEY = r"(?:foreign[ -]?keys?|fks?|references?|referencing)"
_INDEX = r"(?:(?<!no )(?<!without )(?<!no new )(?<!without an )(?:index|indexed)|indexes|indices)"
_SEVERAL = {_KEY: r"foreign[ -]?keys|fks", _INDEX: r"indexes|indices"}
_VERB = regex(
    r"(?:add|create|drop|remove|rename|alter|backfill|merge|split|introduce|populate|widen)_\w+"
)
_HEAD = regex(r"\W*(?:alembic )?(?:revision|migration)", re.I)
_BEFORE = regex(r"\b(?:revisions?|migrations?)[\s:*`(]*\Z", re.I)


class Unnamed(NamedTuple):
    """Additions of a migration that the section lacks; `is_named` says that it has the revision."""

    spot: Spot
    revision: str
    is_named: bool
    things: tuple[str, ...]


class NamedRevisions(NamedTuple):
    """The revisions that no page names, and what the branch's pages say of its own migrations.

    `incomplete` are those migrations of which the section lacks something, `never_landed` the
    revisions that a final page plans and that no migration has. `unjudged` says why the branch's
    migrations are not compared.
    """

    unnamed: list[Addition]
    incomplete: list[Unnamed]
    never_landed: list[Ghost]
    unjudged: str = ""


def read_named_revisions(session: Session) -> NamedRevisions:
    """Read what no page names; raises Unreadable for a file that is not Python."""
    unnamed = read_unnamed_revisions(session)
    told = {found.name for found in unnamed}
    try:
        pages = branch_pages(session)
        # Nothing is said where no page of the branch has the section.
        if not any(is_written(page, DATA_MODEL) for page in pages):
            return NamedRevisions(unnamed, [], [])
        incomplete = [part for part in _unnamed(session, pages) if part.revision not in told]
        return NamedRevisions(unnamed, incomplete, list(_never_landed(session)))
    except NotEvaluated as error:
        unjudged = f"what the section names of the branch's migrations: {error}"
        return NamedRevisions(unnamed, [], [], unjudged)


def _unnamed(session: Session, pages: list[FeaturePage]) -> Iterator[Unnamed]:
    mentions = mentions_of(pages, DATA_MODEL)
    words = _Said(mentions)
    spot, others = heading_spot(pages, DATA_MODEL), other_words(session)
    for migration in read_branch_migrations(session):
        names = migration.revision.values if migration.revision else ()
        if not names or migration.is_merge:
            continue
        if any(page.has_word(names[0]) for page in others):
            # It was planned before, and these pages are about something else.
            continue
        is_named = words.has(names[0]) or mentions.has_file(migration.path)
        things = tuple(_Migrated(session, migration, words).things())
        if things or not is_named:
            yield Unnamed(spot, names[0], is_named, things)


class _Said:
    """The words of the section, and how often they say a kind of thing."""

    def __init__(self, mentions: Mentions) -> None:
        self._words = Words(mentions.words)
        self._text = mentions.words.casefold()
        self._statements = [(text, Words(text)) for text in mentions.statements()]

    def has(self, name: str) -> bool:
        """True where a name stands there."""
        return _has(self._words, name)

    def joins(self, name: str, other: str) -> bool:
        """True where two names stand in one item, paragraph or row."""
        return any(_has(words, name) and _has(words, other) for _, words in self._statements)

    def says(self, kind: str, number: int) -> bool:
        """True where the kind of a thing is said so often."""
        return len(re.findall(rf"\b{kind}\b", self._text)) >= number

    def says_several(self, kind: str, own: Iterable[str] = (), every: Iterable[str] = ()) -> bool:
        """True where the plural of a kind stands alone, or beside one of a thing's own names.

        `every` are the names of all things of the kind.
        """
        plural = re.compile(rf"\b(?:{_SEVERAL[kind]})\b", re.I)
        return any(
            plural.search(text) and (_has_any(words, own) or not _has_any(words, every))
            for text, words in self._statements
        )


def _has_any(words: Words, names: Iterable[str]) -> bool:
    return any(_has(words, name) for name in names)


def _has(words: Words, name: str) -> bool:
    """True where a name stands there, in the spelling of SQL, Python or English."""
    spellings = {name, name.replace("_", ""), singular(name), singular(name).replace("_", "")}
    return any(map(words.has_phrase, spellings))


class _Migrated:
    """The additions of a migration, as the section should name them."""

    def __init__(self, session: Session, migration: Migration, words: _Said) -> None:
        self._session = session
        self._words = words
        self._path = migration.path
        self._changes = list(migration.upgrade.schema_changes)

    def things(self) -> Iterator[str]:
        """Yield what the section does not name, with its kind; the columns of a kind as one."""
        tables = [change.table for change in self._changes if change.name == "create_table"]
        yield from _counted(
            "table", [name for name in tables if name and not self._words.has(name)]
        )
        columns = [
            column
            for change in self._changes
            if change.name in ("create_table", "add_column")
            for column in change.columns
            if column.name and not (column.is_primary or column.name == "id")
        ]
        unsaid = [column.label for column in columns if not self._words.has(str(column.name))]
        unsaid = [label for label in unsaid if not self._is_inherited(label)]
        yield from _counted("column", unsaid)
        yield from _counted("foreign key", list(self._keys(unsaid)))
        yield from _counted("index", list(self._indexes()), "indexes")

    def _keys(self, unsaid: list[str]) -> Iterator[str]:
        keys = [
            (change, key)
            for change in self._changes
            if change.table and not change.name.startswith("drop")
            for key in dict.fromkeys(key._replace(remote=None) for key in change.foreign_keys)
        ]
        if self._words.says(_KEY, len(keys)):
            return
        # A key of several columns is named by its table.
        names = [
            (str(key.column or change.table), key.referent.rpartition(".")[2])
            for change, key in keys
        ]
        every = set(chain(*names))
        for (change, key), own in zip(keys, names, strict=True):
            label = f"{change.table}.{key.column}" if key.column else f"{change.table} to {own[1]}"
            is_named = change.name == "create_foreign_key" and self._has_target(change)
            if not (
                is_named
                or label in unsaid
                or self._words.joins(*own)
                or self._words.says_several(_KEY, own, every)
            ):
                yield label

    def _indexes(self) -> Iterator[str]:
        made = [change for change in self._changes if change.name == "create_index"]
        inline = [
            column.label
            for change in self._changes
            for column in change.columns
            if column.is_indexed
        ]
        unsaid = [change for change in made if not self._has_target(change)]
        number = len(unsaid) + len(inline)
        if self._words.says(_INDEX, number) or self._words.says_several(_INDEX):
            # An index that is said in words names its columns.
            unsaid = [change for change in unsaid if not self._has_columns(change)]
            inline = []
        if not (unsaid or inline):
            return
        # An index that no page plans at all is told by no-speculative-fk-index.
        keys = [key.partition(" ") for key in unplanned_indexes(self._session, self._path)]
        names, labels = {name for _, _, name in keys}, {label for label, _, _ in keys}
        yield from (
            change.target or f"on {change.table}" for change in unsaid if change.target not in names
        )
        yield from (label for label in inline if label not in labels)

    def _has_target(self, change: Operation) -> bool:
        return change.target is not None and self._words.has(change.target)

    def _has_columns(self, change: Operation) -> bool:
        return change.on is None or all(map(self._words.has, change.on))

    def _is_inherited(self, label: str) -> bool:
        """True where the model of a table has a column from a class above, which may be seen."""
        table, _, column = label.rpartition(".")
        model = _model(self._session, table.rpartition(".")[2])
        part = model.parts.get(f"column {column}") if model else None
        if model is None:
            return False
        if part is None:
            return Bases(self._session).may_bring(model, f"column {column}")
        return part.spot.path != model.spot.path or part.spot.line < model.spot.line


def _counted(kind: str, names: list[str], plural: str = "") -> Iterator[str]:
    if names:
        several = plural or f"{kind}s"
        yield f"{kind if len(names) == 1 else several} {listed(few(names, 2, 3))}"


def _model(session: Session, table: str) -> Table | None:
    """The model of a table, sought in the files that the branch changes, then in all others."""
    changed = [path for path, letter in changed_code(session).items() if letter != "D"]
    others = [path for path in session.tree.tracked if is_code(path) and path not in changed]
    mark = table.encode()
    for path, data in session.tree.read_each([*changed, *others]):
        if mark in data and (b"Column(" in data or b"mapped_column" in data or b"Mapped" in data):
            for found in read_tables(path, data):
                if found.name == table and found.is_named:
                    return found
    return None


def _never_landed(session: Session) -> Iterator[Ghost]:
    candidates = [
        Ghost(piece.spot, name)
        for page, section, put_off in final_sections(session, DATA_MODEL)
        for piece in section.code
        if (name := piece.text.strip()).isidentifier()
        and _is_revision(page, section, piece)
        and not put_off.has_word(name)
    ]
    if not candidates:
        return
    unknown = {found.name for found in candidates}
    unknown -= {str(node.revision) for node in read_scans(session)}
    paths = [path for path in session.tree.tracked if path.endswith(".py")]
    if unknown:
        unknown -= set(spelt_in((data for _, data in session.tree.read_each(paths)), unknown))
    gone = {
        word
        for path, letter in session.branch.changed_or_nothing().items()
        if letter == "D" and path.endswith(".py")
        for word in re.findall(r"\w+", session.branch.read_before(path).decode("utf-8", "replace"))
    }
    yield from (found for found in candidates if found.name in unknown - gone)


def _is_revision(page: FeaturePage, section: PageSection, piece: Piece) -> bool:
    """True for a name that says what it does, or that a word or a column calls a revision."""
    name = piece.text.strip()
    text = page.page.text
    before = text.line(piece.spot.line)[: piece.spot.column - 1]
    if _VERB.fullmatch(name) or _BEFORE.search(before):
        return True
    return _HEAD.match(column_head(text, section.section, piece.spot) or "") is not None

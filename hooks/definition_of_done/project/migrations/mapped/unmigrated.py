"""Finds what models gain and no migration of the branch brings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import decode
from definition_of_done.base.words import listed
from definition_of_done.engine.registry import is_selected
from definition_of_done.engine.session import Session
from definition_of_done.project.database import is_on_postgresql
from definition_of_done.project.layout import (
    is_changelog,
    is_code,
    is_feature_page,
    is_migration,
    is_migration_anywhere,
)
from definition_of_done.project.migrations.ancestry.graph import read_history
from definition_of_done.project.migrations.files.migration import Migration, read_shared
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.brought import (
    ATTRIBUTES,
    Brought,
    MigratedTables,
    given_in,
    has_reference,
    is_same,
    serves,
)
from definition_of_done.project.migrations.mapped.changed_models import (
    Difference,
    added_part,
    compare,
    label_of,
    read_sides,
)
from definition_of_done.project.migrations.mapped.models import Table
from definition_of_done.project.migrations.source.columns import UNSAID, Declared
from definition_of_done.project.migrations.source.spelling import contradict, is_untold
from definition_of_done.project.reverts import is_taken_back, read_taken_back

# Who asks for this rule drops nothing in the release that unmaps it.
_TWO_STEPS = "drop-still-mapped"
_DROPPED = regex(r"\b(?:drop|remov|delet)", re.I)
_LATER = regex(
    r"\b(?:later|next|follow\w*|after\w*|once|then|second|until|when|future|separate\w*)\b", re.I
)
_SENTENCE = regex(r"[.;!?]\s+|\n\s*\n|\n\s*[-*+#|]")
_NONE = "the branch has no migration"
_MISSING = "no migration of the branch brings it"


class Gap(NamedTuple):
    """A change of the models that no migration makes; `why` says more where the change does not.

    `indexed` is the one column, as `table.column`, that it is nothing but an index on. `is_table`
    says that the table as a whole is new.
    """

    spot: Spot
    change: str
    symbol: str
    why: str = ""
    indexed: str = ""
    is_table: bool = False


class Unmigrated(NamedTuple):
    """The gaps; and the first change that may be one, and cannot be judged."""

    gaps: list[Gap]
    hidden: str = ""


NOTHING = Unmigrated([])


def read_models_changed(session: Session) -> Unmigrated:
    """Read what the models gain and the migrations of the branch do not bring.

    A migration in a folder that no setting names is not compared, and nothing is said beside it.
    """
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
        return _judge(differences, paths, bases)
    differences = [
        found
        for found in differences
        if not (found.is_gone and _is_dropped_later(session, found.symbol))
    ]
    return _without_migration(_not_in_database(differences, bases))


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


def _without_migration(differences: Sequence[Difference]) -> Unmigrated:
    """Return each difference as a gap: the branch has no migration."""
    return Unmigrated(
        [
            Gap(
                *(found.spot, found.change, found.symbol, _NONE),
                indexed=_indexed(found, found.aspects),
                is_table=found.part is None,
            )
            for found in differences
        ]
    )


def _indexed(found: Difference, aspects: Sequence[str] | None) -> str:
    """The one column that a difference is nothing but an index on, else empty."""
    table, part = found.table, found.part
    if table is None or part is None:
        return ""
    if found.key.startswith("index ") and len(part.on) == 1:
        return f"{table.name}.{part.on[0]}"
    return f"{table.name}.{part.name}" if tuple(aspects or ()) == ("index",) else ""


def _judge(differences: Sequence[Difference], paths: list[str], bases: Bases) -> Unmigrated:
    """Compare what the models gain with what the migrations at some paths do."""
    migrations = [*_in_order(bases.session, paths)]
    found = against(differences, migrations, bases)
    if not found.gaps:
        return found
    left = _not_in_database(differences, bases, besides=paths)
    return against(left, migrations, bases)._replace(hidden=found.hidden)


def _not_in_database(
    differences: Sequence[Difference], bases: Bases, *, besides: Iterable[str] = ()
) -> list[Difference]:
    """The differences without those by which a model catches up with what the database has.

    All migrations besides some are asked that name a table of the differences and can be read:
    those of the branch are compared by themselves.
    """
    names = {name.encode() for found in differences if found.table for name in _names(found.table)}
    if not names:
        return [*differences]
    session, own = bases.session, {*besides}
    paths = [
        path for path in session.tree.tracked if path not in own and is_migration(session, path)
    ]
    naming = [
        path
        for path, data in session.tree.read_each(paths)
        if any(name.rpartition(b".")[2] in data for name in names)
    ]
    history = MigratedTables(_in_order(session, naming, skips_unreadable=True))
    known = _InDatabase(history, bases, set())
    return [found for found in differences if not known.has(found)]


def against(
    differences: Sequence[Difference], migrations: Iterable[Migration], bases: Bases
) -> Unmigrated:
    """Compare what the models gain with what migrations do, in their order."""
    mixins = {found.spot.key for found in differences if found.table and found.table.is_mixin}
    comparison = _Comparison(MigratedTables(migrations), bases, mixins)
    gaps: dict[tuple[object, str], Gap] = {}
    for difference in differences:
        for gap in comparison.gaps(difference):
            gaps.setdefault((gap.spot.key, gap.change), gap)
    return Unmigrated([*gaps.values()], comparison.hidden)


def _names(table: Table) -> list[str]:
    """The names that a table may have: its class may tell it."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", table.owner).lower()
    return [table.name] if table.is_named else [table.owner.lower(), snake, f"{snake}s"]


def _in_order(
    session: Session, paths: list[str], *, skips_unreadable: bool = False
) -> Iterator[Migration]:
    history = read_history(session)
    if history is not None:
        at = {node.path: index for index, node in enumerate(history.order)}
        paths = sorted(paths, key=lambda path: at.get(path, -1))
    for path in paths:
        try:
            yield read_shared(session, path)
        except Unreadable:
            if not skips_unreadable:
                raise


class _Comparison:
    """Compares with what the migrations of a branch do; `hidden` is what it could not judge."""

    def __init__(
        self, tables: MigratedTables, bases: Bases, mixins: set[tuple[str, int, int]]
    ) -> None:
        self._tables = tables
        self._bases = bases
        # Where mixins gain a column, which is told once for all heirs.
        self._mixins = mixins
        self.hidden = ""

    def gaps(self, found: Difference) -> Iterator[Gap]:
        """Yield what of a difference no migration brings; what is gone needs none here."""
        table, part = found.table, found.part
        if table is None:
            return
        if part is None:
            yield from self._of_table(found, table)
        elif table.is_mixin:
            lacking = [
                heir.name
                for heir in self._bases.heirs(table)
                if self._differing(heir, found.key, part, found.aspects) != []
            ]
            if lacking:
                yield Gap(
                    found.spot, found.change, found.symbol, f"{_MISSING} to {listed(lacking)}"
                )
        else:
            yield from self._of_part(found, table, part)

    def _of_table(self, found: Difference, table: Table) -> Iterator[Gap]:
        brought = self._brought(table)
        if brought is None or not brought.is_created:
            if not self._hides(table, found.change):
                yield Gap(found.spot, found.change, found.symbol, _MISSING, is_table=True)
            return
        whole = self._bases.inherited(table, table.elsewhere)
        for key, part in whole.parts.items():
            if part.spot.key in self._mixins:
                continue
            yield from self._of_part(added_part(whole, key, part), whole, part)

    def _of_part(self, found: Difference, table: Table, part: Declared) -> Iterator[Gap]:
        part = self._bases.with_alias(table, part)
        differing = self._differing(table, found.key, part, found.aspects)
        if differing == []:
            return
        change, why, label = found.change, _MISSING, label_of(table, found.key, part.name)
        if differing and found.aspects:
            change = f"{', '.join(differing)} of {label} changed"
        elif differing:
            verb = "differs" if len(differing) == 1 else "differ"
            change, why = f"{listed(differing)} of {label} {verb} from the branch's migrations", ""
        yield Gap(found.spot, change, found.symbol, why, _indexed(found, differing))

    def _differing(
        self, table: Table, key: str, part: Declared, aspects: Sequence[str]
    ) -> list[str] | None:
        """The aspects of a part that are not as the migrations leave them, None for all of it."""
        if key == "schema":
            return []
        brought = self._brought(table) or Brought()
        if key.startswith("column "):
            differing = self._of_column(brought, part, aspects)
        else:
            wanted = given_in(part.aspects["definition"])
            is_there = wanted is None or any(
                is_same(wanted._replace(name=part.name), given) for given in brought.all_parts
            )
            differing = [] if is_there else None
        if differing == [] or self._hides(table, label_of(table, key, part.name), key):
            return []
        return differing

    def _brought(self, table: Table) -> Brought | None:
        """The table as the migrations leave it."""
        return self._tables.table(_names(table))

    def _hides(self, table: Table, what: str, key: str = "") -> bool:
        """True where code that is not seen may have brought a table, or its part with this key."""
        brought = self._brought(table)
        if brought is not None and brought.hides(key):
            return True
        is_unnamed = not table.is_named and brought is None
        if is_unnamed or self._tables.may_touch(table.name):
            self.hidden = self.hidden or what
            return True
        return False

    def _of_column(
        self, brought: Brought, part: Declared, aspects: Sequence[str]
    ) -> list[str] | None:
        given = brought.columns.get(part.name)
        if given is not None:
            # A comment is the affair of column-comment-required.
            wanted = [aspect for aspect in {**part.aspects, "type": ""} if aspect != "comment"]
            return [aspect for aspect in wanted if self._is_gap(brought, aspect, part, given)]
        if part.name in brought.named:
            return []
        if not aspects:
            return None
        altered = brought.altered.get(part.name, {})
        gained = [
            aspect
            for aspect in aspects
            if aspect in ("type", "nullable")
            or part.aspects.get(aspect, UNSAID.get(aspect, "")) != UNSAID.get(aspect, "")
        ]
        return [
            aspect
            for aspect in gained
            if (aspect in ATTRIBUTES and aspect not in altered)
            or self._is_gap(brought, aspect, part, altered)
        ]

    def _is_gap(self, brought: Brought, aspect: str, part: Declared, given: dict[str, str]) -> bool:
        """True where an aspect of a column is another in the database."""
        wanted = part.aspects.get(aspect, "")
        if aspect == "type":
            is_free = self._tables.runs_sql or "foreign key" in part.aspects
            of_database = given.get("type", "")
            has_enums = "Enum" in wanted + of_database and is_on_postgresql(self._bases.session)
            return not is_free and contradict(
                wanted, part.annotation, of_database, has_enums=has_enums
            )
        if aspect == "nullable":
            is_key = "True" in (part.aspects.get("primary key"), given.get("primary key"))
            words = {wanted, given.get("nullable", "")}
            return words == {"True", "False"} and part.shows_null and not is_key
        if aspect == "foreign key":
            return not has_reference(brought, part.name, wanted)
        if aspect in ("server default", "comment"):
            is_other = aspect == "comment" and not is_untold(wanted) and wanted != given.get(aspect)
            return not given.get(aspect) or is_other
        if wanted != "True" or given.get(aspect) == "True":
            return False
        return not any(serves(aspect, part.name, found) for found in brought.parts)


class _InDatabase(_Comparison):
    """Compares with all migrations, where only what they show counts."""

    def has(self, found: Difference) -> bool:
        """True where the database has already what its table gains in the models."""
        is_asked = found.table and not found.table.is_mixin and found.key != "schema"
        return bool(is_asked) and not any(self.gaps(found))

    def _hides(self, *_: object) -> bool:
        return False

    def _differing(
        self, table: Table, key: str, part: Declared, aspects: Sequence[str]
    ) -> list[str] | None:
        brought = self._brought(table) or Brought()
        given = brought.columns.get(part.name)
        if key.startswith("column ") and (aspects or given is None):
            if given is None:
                return None
            return [aspect for aspect in aspects if self._is_unlike(brought, aspect, part, given)]
        return super()._differing(table, key, part, aspects)

    def _is_unlike(
        self, brought: Brought, aspect: str, part: Declared, given: dict[str, str]
    ) -> bool:
        if aspect in ATTRIBUTES:
            return not part.aspects.get(aspect) or part.aspects[aspect] != given.get(aspect)
        return self._is_gap(brought, aspect, part, given)

"""What one direction of a migration does and the other does not undo.

Both directions run, one after the other, over a schema that knows of nothing but the names that
they use: whatever stood before must stand again, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.migration import Migration, Operation, Steps
from definition_of_done.project.migrations.opaque import joined

ADDS, DROPS, CHANGES = "adds", "drops", "changes"
_TABLES = {"create_table": ADDS, "drop_table": DROPS}
_COLUMNS = {"add_column": ADDS, "drop_column": DROPS}
_PARTS = {
    "create_index": (ADDS, "index"),
    "drop_index": (DROPS, "index"),
    "create_unique_constraint": (ADDS, "constraint"),
    "create_check_constraint": (ADDS, "constraint"),
    "create_exclude_constraint": (ADDS, "constraint"),
    "create_primary_key": (ADDS, "constraint"),
    "create_foreign_key": (ADDS, "constraint"),
    "drop_constraint": (DROPS, "constraint"),
}
_AN = {"column": "a", "index": "an", "constraint": "a"}
_COMMENTS = ("create_table_comment", "drop_table_comment")
_Key = tuple[str, str | None, str | None]


class Thing(NamedTuple):
    """A table, or a column, index or constraint (`part`) of one; None where it is computed.

    Tables and columns keep the identity that they have before the migration when they are
    renamed. An index and a constraint of one name are one thing: MySQL drops either by either.
    """

    kind: str
    table: str | None
    part: str | None = None

    @property
    def path(self) -> str:
        """The column's identity with its table's."""
        return f"{self.table}.{self.part}"


class Effect(NamedTuple):
    """What one operation does to one thing: `verb` is adds, drops, changes or renames."""

    direction: str
    verb: str
    thing: Thing
    label: str
    operation: Operation
    detail: str = ""


class Residue(NamedTuple):
    """An effect that the other direction does not undo."""

    effect: Effect
    other: str

    @property
    def symbol(self) -> str:
        """The thing's name."""
        return self.effect.label

    @property
    def done(self) -> str:
        """What the direction does, as a message says it."""
        direction, verb, thing, label, operation, detail = self.effect
        if verb == CHANGES:
            return f"{direction} changes {detail.rstrip('_')} of {label}"
        if thing.part is None and thing.kind != "table":
            name = f"{_AN[thing.kind]} {thing.kind} of {operation.full_table or 'some table'}"
        else:
            name = f"{thing.kind} {label}"
        if verb == "renames":
            return f"{direction} renames {name} to {detail}"
        creates = verb == ADDS and thing.kind != "column"
        return f"{direction} {'creates' if creates else verb} {name}"

    @property
    def undo(self) -> str:
        """What would undo it."""
        _, verb, thing, *_ = self.effect
        if verb == ADDS:
            return "drops it"
        if verb == DROPS:
            return "adds it" if thing.kind == "column" else "creates it"
        back = " back" if self.other == "downgrade" else ""
        return f"{verb} it{back}"


class Disorder(NamedTuple):
    """A direction drops a table before `label`, which is on it or refers to it."""

    direction: str
    table: str
    label: str
    spot: Spot
    refers: bool


def mirrored(migration: Migration) -> Mirror | None:
    """Both directions, one after the other; None where that cannot be told of one of them."""
    both = (migration.upgrade, migration.downgrade)
    if any(not one.is_defined or one.does_nothing for one in both):
        return None
    mirror = Mirror(*(one.steps for one in both))
    return None if mirror.is_blind else mirror


class Mirror:
    """A run of both directions over a schema of the names that they use."""

    def __init__(self, upgrade: Steps, downgrade: Steps) -> None:
        self.steps = {"upgrade": upgrade, "downgrade": downgrade}
        # What may undo what the other direction does: of its own code only the SQL is known.
        sql = {
            direction: [one for one in steps.opaque if one.sql is not None]
            for direction, steps in self.steps.items()
        }
        self._hidden = {
            "upgrade": joined((*upgrade.opaque, *sql["downgrade"])),
            "downgrade": joined((*downgrade.opaque, *sql["upgrade"])),
        }
        self.effects: list[Effect] = []
        self.is_blind = False
        # What each direction does to which thing; the numbers of effects by table; what a direction
        # does to a thing; the tables that come or go; the tables of indexes.
        self._present: set[tuple[str, str, Thing]] = set()
        self._on: defaultdict[str | None, list[int]] = defaultdict(list)
        self._done: dict[tuple[Thing, str], list[Effect]] = {}
        self._whole: set[str | None] = set()
        self._owners: dict[str, str] = {}
        # The identity behind a table's or column's present name; names that were freed and taken
        # anew, whose identities cannot be told apart.
        self._tables: dict[str, str] = {}
        self._columns: dict[tuple[str | None, str | None], str] = {}
        self._mixed: set[str] = set()
        # The one whose name a table or column has taken, by identity.
        self._heirs: dict[str, str] = {}
        names = {
            name
            for steps in self.steps.values()
            for one in steps.operations
            for name in _names(one)
        }
        # Few migrations name a schema.
        has_schemas = any("." in name for name in names)
        self._with_schema = _with_schema(names) if has_schemas else {}
        for direction, steps in self.steps.items():
            for operation in steps.operations:
                self._run(direction, operation)
            self._mixed |= self._replaced(direction)

    # The run

    def _run(self, direction: str, one: Operation) -> None:
        name = one.name
        table = None if one.full_table is None else self._table(one.full_table)
        if name in _TABLES or name in _COMMENTS or name == "rename_table":
            is_open = name == "rename_table" and not one.target
            if one.full_table is None or table is None or is_open:
                # It may be any table: whatever else happens may happen on it.
                self.is_blind = True
            elif name in _COMMENTS:
                thing = Thing("table", table)
                self._add(direction, CHANGES, thing, one.full_table, one, "comment")
            elif name in _TABLES:
                if _TABLES[name] == ADDS and table in self._heirs:
                    self._mixed |= {table, self._heirs[table]}
                self._add(direction, _TABLES[name], Thing("table", table), one.full_table, one)
            else:
                self._rename_table(direction, one.full_table, table, one)
        elif name in _COLUMNS:
            verb = _COLUMNS[name]
            parts = [one.target] if verb == DROPS else [column.name for column in one.columns]
            for part in parts or [None]:
                thing = Thing("column", table, self._column(table, part))
                if verb == ADDS and thing.path in self._heirs:
                    self._mixed |= {thing.path, self._heirs[thing.path]}
                self._add(direction, verb, thing, _label(one, part), one)
        elif name in _PARTS:
            verb, kind = _PARTS[name]
            if table is None and one.target:
                table = self._owner(one.target)
            self._add(direction, verb, Thing(kind, table, one.target), one.target or "", one)
        elif name == "alter_column":
            thing = Thing("column", table, self._column(table, one.target))
            for attribute in one.attributes if one.target else ("**",):
                self._add(direction, CHANGES, thing, _label(one, one.target), one, attribute)
            if one.new_name:
                self._rename_column(direction, one, thing)

    def _add(
        self, direction: str, verb: str, thing: Thing, label: str, one: Operation, detail: str = ""
    ) -> None:
        effect = Effect(direction, verb, thing, label, one, detail)
        at = len(self.effects)
        self.effects.append(effect)
        self._present.add((direction, verb, thing))
        self._on[thing.table].append(at)
        if thing.kind == "table" and verb in (ADDS, DROPS):
            self._whole.add(thing.table)
        if thing.kind == "index" and thing.part and thing.table:
            self._owners.setdefault(thing.part, thing.table)

    def _table(self, name: str) -> str:
        name = self._with_schema.get(name, name)
        return self._tables.get(name, name)

    def _column(self, table: str | None, name: str | None) -> str | None:
        return self._columns.get((table, name), name)

    def _owner(self, name: str) -> str | None:
        """The table of an index that is dropped by its name alone."""
        return self._owners.get(name)

    def _replaced(self, direction: str) -> set[str]:
        """The tables that a direction both drops and creates: what is on them is not in sight."""
        if not self._whole:
            return set()
        verbs: dict[str, set[str]] = {}
        for one in self.effects:
            if one.direction == direction and one.thing.kind == "table" and one.thing.table:
                verbs.setdefault(one.thing.table, set()).add(one.verb)
        return {table for table, found in verbs.items() if found >= {ADDS, DROPS}}

    def _rename_table(self, direction: str, old: str, table: str, one: Operation) -> None:
        new = f"{one.schema}.{one.target}" if one.schema else str(one.target)
        old, new = (self._with_schema.get(name, name) for name in (old, new))
        taken = self._table(new)
        if taken != table and taken in self._on:
            self._mixed |= {taken, table}
        self._tables[new] = table
        # Another table of the old name is another one.
        self._tables[old] = f"{old} after {table}"
        self._heirs[self._tables[old]] = table
        self._add(direction, "renames", Thing("table", table), old, one, new)

    def _rename_column(self, direction: str, one: Operation, thing: Thing) -> None:
        table, column, old, new = thing.table, thing.part, one.target, one.new_name
        if table is None or column is None or old is None or new is None or old == new:
            self.is_blind |= table is None or column is None
            return
        taken = self._columns.get((table, new), new)
        if taken != column and any(
            self.effects[at].thing == Thing("column", table, taken)
            for at in self._on.get(table, ())
        ):
            self._mixed |= {f"{table}.{taken}", thing.path}
        self._columns[table, new] = column
        heir = thing._replace(part=f"{old} after {column}")
        self._columns[table, old] = f"{old} after {column}"
        self._heirs[heir.path] = thing.path
        self._add(direction, "renames", thing, f"{one.full_table}.{old}", one, new)

    # What is left. Of most migrations nothing is: what is needed to tell is gathered then.

    @cached_property
    def _alike(self) -> dict[_Key, list[int]]:
        """The numbers of effects by what is alike: a first migration has thousands of them."""
        alike: defaultdict[_Key, list[int]] = defaultdict(list)
        for at, effect in enumerate(self.effects):
            alike[_key(effect.thing)].append(at)
        return alike

    @cached_property
    def _of(self) -> dict[tuple[str, str], list[Effect]]:
        """The effects of a direction by family."""
        found: defaultdict[tuple[str, str], list[Effect]] = defaultdict(list)
        for effect in self.effects:
            found[effect.direction, _family(effect.thing.kind)].append(effect)
        return found

    @cached_property
    def _open(self) -> list[Effect]:
        """The effects of which something is computed."""
        parts = [effect for effect in self.effects if effect.thing.kind != "table"]
        return [effect for effect in parts if None in (effect.thing.table, effect.thing.part)]

    @cached_property
    def _keys(self) -> list[Effect]:
        """What makes a primary key."""
        return [one for one in self.effects if one.operation.name == "create_primary_key"]

    def residues(self) -> Iterator[Residue]:
        """What either direction leaves undone, upgrade's first, each thing once.

        Nothing that could be explained is among it.
        """
        told: set[tuple[str, str | None, str | None, str]] = set()
        for direction in self.steps:
            other = "downgrade" if direction == "upgrade" else "upgrade"
            left = list(self._left(direction, other))
            lost = {
                effect.thing.table
                for effect in left
                if effect.thing.kind == "table" and effect.verb in (ADDS, DROPS)
            }
            for effect in left:
                thing = effect.thing
                key = (_family(thing.kind), thing.table, thing.part, effect.detail)
                if key in told or (thing.table in lost and thing.kind != "table"):
                    continue
                told.add(key)
                yield Residue(effect, other)

    def _left(self, direction: str, other: str) -> Iterator[Effect]:
        for effect in self.effects:
            if (
                effect.direction == direction
                and not effect.operation.is_doubtful
                and self._is_left(effect, other)
                and not self._is_explained(effect, other)
            ):
                yield effect

    def _is_left(self, effect: Effect, other: str) -> bool:
        """Whether the direction has this net effect and the other one has none against it."""
        thing = effect.thing
        if thing.table in self._mixed or thing.path in self._mixed:
            return False
        against = DROPS if effect.verb == ADDS else ADDS
        if effect.verb in (ADDS, DROPS) and (other, against, thing) in self._present:
            return False
        mine, theirs = self._done_to(thing, effect.direction), self._done_to(thing, other)
        if effect.verb == "renames":
            return not any(one.verb in ("renames", DROPS) for one in theirs) and not any(
                one.verb == ADDS for one in mine
            )
        if effect.verb == CHANGES:
            return self._is_changed(effect, mine, theirs)
        verbs = [one.verb for one in mine if one.verb in (ADDS, DROPS)]
        is_net = verbs[0] == verbs[-1] == effect.verb
        return is_net and not any(one.verb == against for one in theirs)

    def _done_to(self, thing: Thing, direction: str) -> list[Effect]:
        """What a direction does to a thing, in order."""
        if (thing, direction) not in self._done:
            near = {*self._alike.get(_key(thing), ())}
            if thing.kind == "constraint":
                near.update(self._on.get(thing.table, ()))
            here = [self.effects[at] for at in sorted(near)]
            self._done[thing, direction] = [
                one for one in here if one.direction == direction and _same(one.thing, thing)
            ]
        return self._done[thing, direction]

    def _is_changed(self, effect: Effect, mine: list[Effect], theirs: list[Effect]) -> bool:
        if any(one.verb in (ADDS, DROPS) for one in (*mine, *theirs)):
            return False
        same = [one for one in mine if one.detail == effect.detail]
        # Set twice, the last value may be the one that stood before; beside a new type, nullable
        # may only say again what holds.
        restates = effect.detail == "nullable" and any(one.detail == "type_" for one in mine)
        restates |= effect.detail in effect.operation.restated
        if len(same) > 1 or restates:
            return False
        return not any(one.detail in (effect.detail, "**") for one in theirs)

    def _is_explained(self, effect: Effect, other: str) -> bool:
        """Whether something that the other direction does, or hides, may undo the effect."""
        thing = effect.thing
        if effect.detail == "**":
            return True
        names = [*(effect.operation.on or ()), effect.label, thing.part or thing.table or ""]
        names = [name.rpartition(".")[2] for name in names if name]
        table = effect.operation.full_table or thing.table
        is_constraint = thing.kind == "constraint"
        return (
            any(
                one.explains(names, table, may_be_prefixed=is_constraint)
                for one in self._hidden[other]
            )
            or self._is_answered(effect, other)
            or self._goes_along(effect, other)
            or self._is_the_key(effect, other)
        )

    def _is_the_key(self, effect: Effect, other: str) -> bool:
        """Whether the primary key that the other direction makes says the same.

        A table has one, and its columns are never null.
        """
        thing = effect.thing
        column = effect.label.rpartition(".")[2] if effect.detail == "nullable" else None
        return (effect.operation.name == "create_primary_key" or column is not None) and any(
            one.direction == other
            and one.thing.table == thing.table
            and (column is None or one.operation.on is None or column in one.operation.on)
            for one in self._keys
        )

    def _is_answered(self, effect: Effect, other: str) -> bool:
        """Whether an operation whose names are computed may be the one."""
        mine = effect.thing
        if mine.kind == "table":
            return False
        family = _family(mine.kind)
        for one in (
            self._of.get((other, family), ()) if None in (mine.table, mine.part) else self._open
        ):
            thing = one.thing
            is_open = None in (mine.table, thing.table, mine.part, thing.part)
            is_open &= None in (mine.table, thing.table) or mine.table == thing.table
            is_open &= None in (mine.part, thing.part) or mine.part == thing.part
            if (
                one.direction == other
                and _family(thing.kind) == family
                and is_open
                and (one.verb != effect.verb or effect.verb == CHANGES)
            ):
                return True
        return False

    def _goes_along(self, effect: Effect, other: str) -> bool:
        """Whether a part comes or goes with its table, or with a column that it is on."""
        thing = effect.thing
        if thing.kind == "table":
            return effect.verb in (CHANGES, "renames") and thing.table in self._whole
        there = [self.effects[at] for at in self._on.get(thing.table, ())]
        whole = [one for one in there if one.thing.kind == "table"]
        against = DROPS if effect.verb == ADDS else ADDS
        for one in whole:
            if one.verb in (ADDS, DROPS) and thing.kind != "index":
                return True
            if one.direction == other and one.verb == against:
                # What a table is created with may hold the index.
                return against == DROPS or not one.operation.is_plain
        if thing.kind == "column":
            return False
        for one in self.effects if thing.table is None else there:
            # A column takes along in either direction what is on it.
            is_its = one.direction == other or one.verb == DROPS
            if one.verb != against or not is_its:
                continue
            if one.thing.kind == "table" and thing.table is None:
                return True
            if one.thing.kind == "column" and _may_hold(effect, one):
                return True
        return False

    # The order

    def disorders(self) -> Iterator[Disorder]:
        """What a direction does to a table after its drop, where no branch decides on either."""
        for direction, steps in self.steps.items():
            drops = any(
                (direction, DROPS, Thing("table", table)) in self._present for table in self._whole
            )
            if not drops or any(one.sql is None for one in steps.opaque):
                continue
            mine = [
                one
                for one in self.effects
                if one.direction == direction
                and one.operation.is_certain
                and "if_exists" not in one.operation.options
                and one.thing.table not in self._mixed
            ]
            on: defaultdict[str | None, list[int]] = defaultdict(list)
            for at, effect in enumerate(mine):
                on[effect.thing.table].append(at)
            ties = self._tied(direction)
            for at, effect in enumerate(mine):
                if effect.thing.kind != "table" or effect.verb != DROPS:
                    continue
                later = (mine[number] for number in on[effect.thing.table] if number > at)
                yield from self._after(effect, later)
                tied = ties[effect.label, ""] | ties["", effect.thing.table]
                if tied:
                    yield from self._referring(effect, tied, mine[:at], mine[at + 1 :])

    def _tied(self, direction: str) -> defaultdict[tuple[str, str | None], set[str | None]]:
        """The tables that the other direction ties to a table, by its label or by its identity."""
        ties: defaultdict[tuple[str, str | None], set[str | None]] = defaultdict(set)
        for one in self.effects:
            if one.direction != direction:
                for key in one.operation.foreign_keys:
                    ties[key.referent, ""].add(one.thing.table)
                    ties["", self._table(key.referent)].add(one.thing.table)
        return ties

    def _after(self, drop: Effect, later: Iterable[Effect]) -> Iterator[Disorder]:
        for one in later:
            if one.thing == drop.thing:
                return
            if one.verb != ADDS:
                label = f"{one.thing.kind} {one.label}"
                yield Disorder(drop.direction, drop.label, label, one.operation.spot, refers=False)

    def _referring(
        self, drop: Effect, tied: set[str | None], before: list[Effect], later: list[Effect]
    ) -> Iterator[Disorder]:
        """The tables of those that are tied to this one that are dropped after it."""
        for one in later:
            is_drop = one.thing.kind == "table" and one.verb == DROPS
            if not is_drop or one.thing == drop.thing or one.thing.table not in tied:
                continue
            loosened = any(
                other.thing.table == one.thing.table and other.verb == DROPS for other in before
            )
            if not loosened and not self._ties(drop, one):
                yield Disorder(
                    drop.direction,
                    drop.label,
                    f"table {one.label}",
                    drop.operation.spot,
                    refers=True,
                )

    def _ties(self, one: Effect, other: Effect) -> bool:
        """Whether a table refers to another, as the other direction declares it."""
        return any(
            effect.direction != one.direction
            and effect.thing.table == one.thing.table
            and any(self._is(key.referent, other) for key in effect.operation.foreign_keys)
            for effect in self.effects
        )

    def _is(self, referent: str, drop: Effect) -> bool:
        return referent == drop.label or self._table(referent) == drop.thing.table


def _names(one: Operation) -> Iterator[str]:
    """The tables that an operation names."""
    if one.full_table:
        yield one.full_table
    if one.name == "rename_table" and one.target and one.schema:
        yield f"{one.schema}.{one.target}"


def _with_schema(names: Iterable[str]) -> dict[str, str]:
    """The one schema that a name is given elsewhere, for a name that is also given without."""
    schemas: dict[str, set[str]] = {}
    for name in names:
        schemas.setdefault(name.rpartition(".")[2], set()).add(name)
    return {
        bare: (full - {bare}).pop() for bare, full in schemas.items() if len(full - {bare}) == 1
    }


def _label(one: Operation, part: str | None) -> str:
    """A column of the operation's table, with `{?}` for what is computed."""
    return f"{one.full_table or '{?}'}.{part or '{?}'}"


def _key(thing: Thing) -> _Key:
    """What all that may be the same thing have in common."""
    family = _family(thing.kind)
    return family, None if family == "part" else thing.table, thing.part


def _family(kind: str) -> str:
    return "part" if kind in ("index", "constraint") else kind


def _same(one: Thing, other: Thing) -> bool:
    kind = _family(one.kind)
    if kind != _family(other.kind):
        return False
    if one.part != other.part:
        return (
            one.table == other.table
            and one.kind == other.kind == "constraint"
            and _named(one.part, other.part)
        )
    # An index may be dropped by the name of another table: PostgreSQL does not look at it.
    return one.table == other.table or (
        kind == "part" and ("index" in (one.kind, other.kind) or None in (one.table, other.table))
    )


def _named(one: str | None, other: str | None) -> bool:
    """Whether a naming convention may make one name of the other: `ck_orders_paid` of `paid`."""
    if one is None or other is None:
        return False
    return one.endswith(f"_{other}") or other.endswith(f"_{one}")


def _may_hold(part: Effect, column: Effect) -> bool:
    """Whether an index or constraint may come or go with this column."""
    if column.verb == ADDS:
        return not all(one.is_plain for one in column.operation.columns)
    on, options = part.operation.on, part.operation.options
    if on is None or any(option.endswith("_where") for option in options):
        return True
    return any(name in (None, *on) for name in (column.thing.part, column.label.rpartition(".")[2]))

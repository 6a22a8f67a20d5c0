"""Finds the operations of one direction that the other direction does not undo.

Both directions run, one after the other, over a schema of the names that they use. In the end it
must be what it was before.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.operations.opaque import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.operations.operations import Operation, Steps

    _Ties: TypeAlias = defaultdict[tuple[str, str | None], set[str | None]]

ADDS, DROPS, CHANGES, RENAMES = "adds", "drops", "changes", "renames"
# What each operation does, and to which kind of thing.
_EFFECTS = {
    "create_table": (ADDS, "table"),
    "drop_table": (DROPS, "table"),
    "create_table_comment": (CHANGES, "table"),
    "drop_table_comment": (CHANGES, "table"),
    "rename_table": (RENAMES, "table"),
    "add_column": (ADDS, "column"),
    "drop_column": (DROPS, "column"),
    "alter_column": (CHANGES, "column"),
    "create_index": (ADDS, "index"),
    "drop_index": (DROPS, "index"),
    "create_unique_constraint": (ADDS, "constraint"),
    "create_check_constraint": (ADDS, "constraint"),
    "create_exclude_constraint": (ADDS, "constraint"),
    "create_primary_key": (ADDS, "constraint"),
    "create_foreign_key": (ADDS, "constraint"),
    "drop_constraint": (DROPS, "constraint"),
}
_OPPOSITE = {"upgrade": "downgrade", "downgrade": "upgrade"}
_AN = {"column": "a", "index": "an", "constraint": "a"}
# Alembic's generator says these again beside other changes.
_SAID_AGAIN = ("server_default", "comment", "autoincrement", "**")
_Key = tuple[str, str | None, str | None]
# PostgreSQL drops no value of a type: downgrade gives the columns the type anew.
_VALUE = regex(r"(?i)\balter\s++type\s++([\w.\"]++)\s++(?:add|rename)\s++value\b")


class Thing(NamedTuple):
    """A table, or a `part` of one: a column, index or constraint. None stands for a computed name.

    A table or column that is renamed keeps the identity that it had before the migration. An index
    and a constraint of one name are one thing: MySQL drops either by either.
    """

    kind: str
    table: str | None
    part: str | None = None

    @property
    def identity(self) -> str:
        """The name of a table, or of a part behind that of its table."""
        return f"{self.table}" if self.kind == "table" else f"{self.table}.{self.part}"

    def called(self, name: str) -> Thing:
        """The thing of another name in the same place."""
        return self._replace(table=name) if self.kind == "table" else self._replace(part=name)


class Effect(NamedTuple):
    """One operation's effect on one thing: `verb` is adds, drops, changes or renames."""

    direction: str
    verb: str
    thing: Thing
    label: str
    operation: Operation
    detail: str = ""

    @property
    def opposite(self) -> str:
        """The other direction."""
        return _OPPOSITE[self.direction]

    @property
    def against(self) -> str:
        """The verb that undoes adding or dropping."""
        return DROPS if self.verb == ADDS else ADDS

    @property
    def name(self) -> str:
        """The present name of the thing, without that of its table."""
        return self.label.rpartition(".")[2]


class Residue(NamedTuple):
    """An effect that the other direction does not undo.

    `repeats` says that the other direction does the same once more.
    """

    effect: Effect
    repeats: bool = False

    @property
    def done(self) -> str:
        """The effect as a message says it, with its direction."""
        direction, verb, thing, label, operation, detail = self.effect
        if verb == CHANGES:
            return f"{direction} changes {detail.rstrip('_')} of {label}"
        if thing.part is None and thing.kind != "table":
            name = f"{_AN[thing.kind]} {thing.kind} of {operation.full_table or 'some table'}"
        else:
            name = f"{thing.kind} {label}"
        if verb == RENAMES:
            return f"{direction} renames {name} to {detail}"
        creates = verb == ADDS and thing.kind != "column"
        return f"{direction} {'creates' if creates else verb} {name}"

    @property
    def message(self) -> str:
        """The whole message."""
        if self.repeats:
            return f"{self.done} as {self.effect.opposite} does"
        return f"{self.done}, {self.effect.opposite} never {self.undo}"

    @property
    def advice(self) -> str:
        """The help."""
        verb = self.effect.verb
        if self.repeats:
            return "go back to what it was before upgrade"
        if self.effect.direction == "upgrade":
            return "undo it in downgrade"
        made = {ADDS: "drop", DROPS: "create", CHANGES: "change"}.get(verb, "rename")
        return f"{made} it in upgrade, or take it out of downgrade"

    @property
    def undo(self) -> str:
        """The words for what would undo the effect."""
        _, verb, thing, *_ = self.effect
        if verb == ADDS:
            return "drops it"
        if verb == DROPS:
            return "adds it" if thing.kind == "column" else "creates it"
        back = " back" if self.effect.direction == "upgrade" else ""
        return f"{verb} it{back}"


def mirrored(migration: Migration) -> Mirror | None:
    """Run both directions; returns None where one of them cannot be followed."""
    both = (migration.upgrade, migration.downgrade)
    if any(
        not direction.is_defined or direction.is_unseen or direction.does_nothing
        for direction in both
    ):
        return None
    mirror = Mirror(*(direction.steps for direction in both))
    return None if mirror.is_blind else mirror


class Mirror:
    """A run of both directions over a schema of the names that they use."""

    def __init__(self, upgrade: Steps, downgrade: Steps) -> None:
        self.steps = {"upgrade": upgrade, "downgrade": downgrade}
        # The calls that may undo the other direction's effects: all calls of this direction that
        # cannot be seen, and the SQL of the other one.
        self._hidden = {}
        for direction, steps in self.steps.items():
            others = self.steps[_OPPOSITE[direction]].opaque
            sql = (thing for thing in others if thing.sql is not None)
            self._hidden[direction] = joined((*steps.opaque, *sql))
        self.effects: list[Effect] = []
        self.is_blind = False
        # The direction, verb and thing of each effect.
        self._present: set[tuple[str, str, Thing]] = set()
        # The numbers of effects by table.
        self._on: defaultdict[str | None, list[int]] = defaultdict(list)
        self._done: dict[tuple[Thing, str], list[Effect]] = {}
        # The tables that are created or dropped.
        self._whole: set[str | None] = set()
        # The table of each index.
        self._owners: dict[str, str] = {}
        # Identities by the table of a column, "" for a table, and the present name.
        self._identities: dict[tuple[str | None, str | None], str] = {}
        # Identities that cannot be told apart: a name was freed and taken again.
        self._mixed: set[str] = set()
        # The identity that had the name before, by the identity that may take it.
        self._heirs: dict[str, str] = {}
        # The renames of what has another name by then.
        self._lost: list[Effect] = []
        names = {
            name
            for steps in self.steps.values()
            for operation in steps.operations
            for name in _names(operation)
        }
        self._with_schema = _with_schema(names)
        for direction, steps in self.steps.items():
            # The one that runs.
            self._direction = direction
            for operation in steps.operations:
                self._run(operation)
            self._mixed |= self._replaced()

    # The run

    def _run(self, operation: Operation) -> None:
        """Note what an operation does to the things that it names."""
        verb, kind = _EFFECTS.get(operation.name, ("", ""))
        name, table = operation.target, None
        if operation.full_table is not None:
            table = self._table(operation.full_table)
        if kind == "table":
            self._run_on_table(verb, operation)
        elif kind == "column":
            self._run_on_columns(verb, operation, table)
        elif kind:
            if table is None and name:
                # An index may be dropped by its name alone.
                table = self._owners.get(name)
            self._add(verb, Thing(kind, table, name), name or "", operation)

    def _run_on_table(self, verb: str, operation: Operation) -> None:
        name = operation.full_table
        if name is None or (verb == RENAMES and not operation.target):
            # It may be any table: whatever else happens may happen on it.
            self.is_blind = True
            return
        thing = Thing("table", self._table(name))
        if verb == RENAMES:
            tables = (name, _new_table(operation))
            names = (self._with_schema.get(table, table) for table in tables)
            self._rename(operation, thing, *names)
        else:
            self._add(verb, thing, name, operation, "comment" if verb == CHANGES else "")

    def _run_on_columns(self, verb: str, operation: Operation, table: str | None) -> None:
        names, new = [operation.target], operation.new_name
        if verb == ADDS:
            names = [column.name for column in operation.columns] or [None]
        for name in names:
            thing = Thing("column", table, self._identities.get((table, name), name))
            details: tuple[str, ...] = ("",)
            if verb == CHANGES:
                details = operation.attributes if name else ("**",)
            for detail in details:
                label = f"{operation.full_table or '{?}'}.{name or '{?}'}"
                self._add(verb, thing, label, operation, detail)
            if new and (table is None or name is None):
                self.is_blind = True
            elif new and name and new != name:
                self._rename(operation, thing, name, new)

    def _add(
        self, verb: str, thing: Thing, label: str, operation: Operation, detail: str = ""
    ) -> None:
        if verb == ADDS and thing.identity in self._heirs:
            self._mixed |= {thing.identity, self._heirs[thing.identity]}
        self._present.add((self._direction, verb, thing))
        self._on[thing.table].append(len(self.effects))
        self.effects.append(Effect(self._direction, verb, thing, label, operation, detail))
        if thing.kind == "table" and verb in (ADDS, DROPS):
            self._whole.add(thing.table)
        if thing.kind == "index" and thing.part and thing.table:
            self._owners.setdefault(thing.part, thing.table)

    def _table(self, name: str) -> str:
        name = self._with_schema.get(name, name)
        return self._identities.get(("", name), name)

    def _replaced(self) -> set[str]:
        """The tables that the direction both drops and creates: their parts cannot be followed."""
        return {
            table
            for table in self._whole
            if table
            and all(
                (self._direction, verb, Thing("table", table)) in self._present
                for verb in (ADDS, DROPS)
            )
        }

    def _rename(self, operation: Operation, thing: Thing, old: str, new: str) -> None:
        """Note the new name of a table or column; another one may take the old name."""
        is_table = thing.kind == "table"
        home, own = ("", thing.table) if is_table else (thing.table, thing.part)
        taken = thing.called(self._identities.get((home, new), new))
        # Nothing has taken the name of this identity since another lost it.
        is_lost = thing.identity in self._heirs and thing.identity not in self._mixed
        if taken != thing and any(
            is_table or effect.thing == taken for effect in self._effects_on(taken.table)
        ):
            self._mixed |= {taken.identity, thing.identity}
        heir = f"{old} after {own}"
        self._identities[home, new] = str(own)
        self._identities[home, old] = heir
        self._heirs[thing.called(heir).identity] = thing.identity
        label = old if is_table else f"{operation.full_table}.{old}"
        self._add(RENAMES, thing, label, operation, new)
        if is_lost:
            self._lost.append(self.effects[-1])

    # What is left. Most migrations leave nothing: these properties are computed when needed.

    @cached_property
    def _alike(self) -> dict[_Key, list[int]]:
        """The numbers of effects by `_key`: a first migration has thousands of effects."""
        alike: defaultdict[_Key, list[int]] = defaultdict(list)
        for at, effect in enumerate(self.effects):
            alike[_key(effect.thing)].append(at)
        return alike

    @cached_property
    def _open(self) -> list[Effect]:
        """The effects on parts with a computed name or table."""
        parts = [effect for effect in self.effects if effect.thing.kind != "table"]
        return [effect for effect in parts if None in (effect.thing.table, effect.thing.part)]

    def residues(self) -> Iterator[Residue]:
        """Yield the effects that the opposite direction does not undo, upgrade's first.

        Each thing comes once. An effect that something hidden may undo is left out.
        """
        told: set[tuple[str, str | None, str | None, str]] = set()
        for direction in self.steps:
            left = list(self._left(direction))
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
                yield Residue(effect)
        for effect in self.effects:
            if effect.direction == "downgrade" and self._repeats(effect):
                yield Residue(effect, repeats=True)

    def _repeats(self, effect: Effect) -> bool:
        """True where `upgrade` makes the same change or renaming."""
        if effect.detail in _SAID_AGAIN:
            return False
        if effect.verb == CHANGES:
            return self._is_set_again(effect)
        return effect.verb == RENAMES and self._is_renamed_again(effect)

    def _is_renamed_again(self, effect: Effect) -> bool:
        """True where `upgrade` has freed the old name, and no SQL made another thing of it."""
        return (
            effect in self._lost
            and any(own.direction == "upgrade" and _is_again(own, effect) for own in self.effects)
            and not any(
                hidden.explains([effect.name], None)
                for steps in self.steps.values()
                for hidden in steps.opaque
            )
        )

    def _is_set_again(self, effect: Effect) -> bool:
        """True where both directions set an attribute once, and to the same value."""
        mine = self._done_to(effect.thing, "downgrade")
        theirs = self._done_to(effect.thing, "upgrade")
        both = [[own for own in some if own.detail == effect.detail] for some in (mine, theirs)]
        if any(either.verb in (ADDS, DROPS) for either in (*mine, *theirs)) or any(
            len(some) != 1 or self._restates(some[0], other)
            for some, other in zip(both, (mine, theirs), strict=True)
        ):
            return False
        # Beside another change it may just be said again.
        here, there = (dict(some[0].operation.values) for some in both)
        attributes = {frozenset(some[0].operation.attributes) for some in both}
        return effect.detail in here and here == there and len(attributes) == 1

    def _left(self, direction: str) -> Iterator[Effect]:
        for effect in self.effects:
            if (
                effect.direction == direction
                and not self._is_optional(effect)
                and self._is_left(effect)
                and not self._is_explained(effect)
            ):
                yield effect

    def _is_optional(self, effect: Effect) -> bool:
        """True where the effect may be left out, so that there is nothing to undo.

        What `upgrade` adds is there afterwards, if it was missing or not. What is done in several
        branches is done in any case.
        """
        if not effect.operation.is_doubtful:
            return False
        if effect.direction == "upgrade" and effect.verb == ADDS:
            return False
        again = self._done_to(effect.thing, effect.direction)
        return sum(_is_again(own, effect) for own in again) < 2

    def _is_left(self, effect: Effect) -> bool:
        """True where the effect lasts, and the opposite direction does nothing against it."""
        thing, opposite = effect.thing, effect.opposite
        if thing.table in self._mixed or thing.identity in self._mixed:
            return False
        if effect.verb in (ADDS, DROPS) and (opposite, effect.against, thing) in self._present:
            return False
        mine, theirs = self._done_to(thing, effect.direction), self._done_to(thing, opposite)
        if effect.verb == RENAMES:
            return not any(their.verb in (RENAMES, DROPS) for their in theirs) and not any(
                own.verb == ADDS for own in mine
            )
        if effect.verb == CHANGES:
            return self._is_changed(effect, mine, theirs)
        verbs = [own.verb for own in mine if own.verb in (ADDS, DROPS)]
        is_net = verbs[0] == verbs[-1] == effect.verb
        return is_net and not any(their.verb == effect.against for their in theirs)

    def _effects_on(self, table: str | None) -> list[Effect]:
        return [self.effects[at] for at in self._on.get(table, ())]

    def _done_to(self, thing: Thing, direction: str) -> list[Effect]:
        """The effects of a direction on a thing, in order."""
        if (thing, direction) not in self._done:
            near = {*self._alike.get(_key(thing), ())}
            if thing.kind == "constraint":
                near.update(self._on.get(thing.table, ()))
            here = [self.effects[at] for at in sorted(near)]
            self._done[thing, direction] = [
                effect
                for effect in here
                if effect.direction == direction and _same(effect.thing, thing)
            ]
        return self._done[thing, direction]

    def _is_changed(self, effect: Effect, mine: list[Effect], theirs: list[Effect]) -> bool:
        if any(either.verb in (ADDS, DROPS) for either in (*mine, *theirs)):
            return False
        same = [own for own in mine if own.detail == effect.detail]
        # Where it is set twice, the last value may be the one from before.
        values = {_value(own) if own.operation.is_doubtful else id(own) for own in same}
        if None in values or len(values) > 1:
            return False
        if self._restates(effect, mine):
            return False
        return not any(their.detail in (effect.detail, "**") for their in theirs)

    def _restates(self, effect: Effect, mine: list[Effect]) -> bool:
        """True where a change may repeat what holds already.

        Nullable may, beside a new type or a new name.
        """
        beside = effect.detail == "nullable" and any(
            own.detail == "type_" or own.verb == RENAMES for own in mine
        )
        return beside or effect.detail in effect.operation.restated

    def _is_explained(self, effect: Effect) -> bool:
        """True where the opposite direction may undo the effect in another way."""
        thing = effect.thing
        if effect.detail == "**":
            return True
        names = [*(effect.operation.on or ()), effect.label, thing.part or thing.table or ""]
        names = [name.rpartition(".")[2] for name in names if name]
        table = effect.operation.full_table or thing.table
        is_constraint = thing.kind == "constraint"
        return (
            any(
                hidden.explains(names, table, may_be_prefixed=is_constraint)
                for hidden in self._hidden[effect.opposite]
            )
            or self._is_answered(effect)
            or self._goes_along(effect)
            or self._is_the_key(effect)
            or self._has_new_values(effect)
        )

    def _has_new_values(self, effect: Effect) -> bool:
        """True for a type that the opposite direction gives another value, by SQL."""
        if effect.detail != "type_":
            return False
        written = dict(effect.operation.values).get("type_", "")
        names = {
            name.replace('"', "").rpartition(".")[2]
            for hidden in self.steps[effect.opposite].opaque
            for name in _VALUE.findall(hidden.sql or "")
        }
        is_named = "name=" in written.replace(" ", "")
        return any(name in written for name in names) if is_named else bool(names)

    def _is_the_key(self, effect: Effect) -> bool:
        """True where a primary key of the opposite direction undoes the effect.

        A table has one primary key, and its columns are never null.
        """
        column = effect.name if effect.detail == "nullable" else None
        return (effect.operation.name == "create_primary_key" or column is not None) and any(
            key.direction == effect.opposite
            and key.operation.name == "create_primary_key"
            and (column is None or key.operation.on is None or column in key.operation.on)
            for key in self._effects_on(effect.thing.table)
        )

    def _is_answered(self, effect: Effect) -> bool:
        """True where an operation with computed names may undo the effect."""
        mine = effect.thing
        if mine.kind == "table":
            return False
        return any(
            other.direction == effect.opposite
            and _family(other.thing.kind) == _family(mine.kind)
            and _may_be(mine, other.thing)
            and (other.verb != effect.verb or effect.verb == CHANGES)
            for other in (self.effects if None in (mine.table, mine.part) else self._open)
        )

    def _goes_along(self, effect: Effect) -> bool:
        """True where a part comes or goes with its table, or with one of its columns."""
        thing, opposite, against = effect.thing, effect.opposite, effect.against
        if thing.kind == "table":
            return effect.verb in (CHANGES, RENAMES) and thing.table in self._whole
        there = self._effects_on(thing.table)
        whole = [near for near in there if near.thing.kind == "table"]
        is_unknown = any(_lacks(near.operation, effect) for near in whole)
        for near in whole:
            if near.verb in (ADDS, DROPS) and thing.kind != "index" and not is_unknown:
                return True
            if near.direction == opposite and near.verb == against:
                # The table may be created with the index.
                return against == DROPS or not near.operation.is_plain
        if thing.kind == "column":
            return False
        for near in self.effects if thing.table is None else there:
            # A dropped column takes along what is on it, in either direction.
            is_its = near.direction == opposite or near.verb == DROPS
            if near.verb != against or not is_its:
                continue
            if near.thing.kind == "table" and thing.table is None:
                return True
            if near.thing.kind == "column" and _may_hold(effect, near):
                return True
        return False

    # The order

    def disorders(self) -> Iterator[Finding]:
        """Yield the operations on a table after its drop, where no branch decides on either."""
        for direction, steps in self.steps.items():
            drops = any(
                (direction, DROPS, Thing("table", table)) in self._present for table in self._whole
            )
            if not drops or any(thing.sql is None for thing in steps.opaque):
                continue
            mine = [
                effect
                for effect in self.effects
                if effect.direction == direction
                and effect.operation.is_certain
                and "if_exists" not in effect.operation.options
                and effect.thing.table not in self._mixed
            ]
            on: defaultdict[str | None, list[int]] = defaultdict(list)
            for at, effect in enumerate(mine):
                on[effect.thing.table].append(at)
            ties = self._tied(direction)
            for at, effect in enumerate(mine):
                if effect.thing.kind != "table" or effect.verb != DROPS:
                    continue
                later = (mine[number] for number in on[effect.thing.table] if number > at)
                yield from _after(effect, later)
                if _tied_to(effect, ties):
                    yield from _referring(effect, ties, mine[:at], mine[at + 1 :])

    def column_disorders(self) -> Iterator[Finding]:
        """Yield the indexes and constraints that are dropped after the columns that they are on."""
        for direction, steps in self.steps.items():
            if any(thing.sql is None for thing in steps.opaque):
                continue
            gone: dict[tuple[str | None, str], Effect] = {}
            for effect in self.effects:
                thing = effect.thing
                if effect.direction != direction or thing.table in self._mixed:
                    continue
                if thing.kind == "column":
                    gone.pop((thing.table, effect.name), None)
                    if effect.verb == DROPS and effect.operation.is_certain:
                        gone[thing.table, effect.name] = effect
                elif gone and thing.kind != "table" and effect.verb == DROPS:
                    dropped = self._columns_of(effect, gone)
                    if dropped:
                        last = max(dropped, key=self.effects.index)
                        late = f"{thing.kind} {effect.label}"
                        yield _disorder(effect.operation.spot, last, late, f"{late} on it")

    def _columns_of(self, drop: Effect, gone: dict[tuple[str | None, str], Effect]) -> list[Effect]:
        """The drops of all columns that an index or constraint is on, if all are gone before it."""
        operation, opposite = drop.operation, drop.opposite
        if not operation.is_certain or "if_exists" in operation.options or drop.thing.part is None:
            return []
        if any(own.verb == ADDS for own in self._done_to(drop.thing, drop.direction)):
            return []
        on = [
            tuple(made.operation.on or ())
            for made in self._done_to(drop.thing, opposite)
            if made.verb == ADDS
        ]
        on += [
            (key.column,)
            for effect in self.effects
            if effect.direction == opposite and effect.verb == ADDS
            for key in effect.operation.foreign_keys
            if key.column and key.name == drop.thing.part and effect.thing.kind == "column"
        ]
        if len(on) != 1 or not on[0]:
            return []
        found = [gone.get((drop.thing.table, column)) for column in on[0]]
        return [effect for effect in found if effect] if None not in found else []

    def _tied(self, direction: str) -> _Ties:
        """The tables with a foreign key to a table, by the label or by the identity of that table.

        The opposite direction declares these keys.
        """
        ties: _Ties = defaultdict(set)
        for effect in self.effects:
            if effect.direction != direction:
                for key in effect.operation.foreign_keys:
                    ties[key.referent, ""].add(effect.thing.table)
                    ties["", self._table(key.referent)].add(effect.thing.table)
        return ties


def _disorder(spot: Spot, drop: Effect, late: str, words: str) -> Finding:
    """The finding about a drop before what is on the table or column, or refers to it."""
    kind = drop.thing.kind
    message = f"{drop.direction} drops {kind} {drop.label} before {words}"
    return Finding(spot, message, f"drop the {kind} last", symbol=late)


def _after(drop: Effect, later: Iterable[Effect]) -> Iterator[Finding]:
    """Yield what a direction does on a table after its drop, until the table is there again."""
    for effect in later:
        if effect.thing == drop.thing:
            return
        if effect.verb != ADDS:
            late = f"{effect.thing.kind} {effect.label}"
            yield _disorder(effect.operation.spot, drop, late, f"{late} on it")


def _referring(
    drop: Effect, ties: _Ties, before: list[Effect], later: list[Effect]
) -> Iterator[Finding]:
    """Yield the tied tables that are dropped after the table that they refer to."""
    tied = _tied_to(drop, ties)
    for effect in later:
        is_drop = effect.thing.kind == "table" and effect.verb == DROPS
        if not is_drop or effect.thing == drop.thing or effect.thing.table not in tied:
            continue
        loosened = any(
            earlier.thing.table == effect.thing.table
            and earlier.thing.kind != "index"
            and earlier.verb == DROPS
            for earlier in before
        )
        if not loosened and drop.thing.table not in _tied_to(effect, ties):
            late = f"table {effect.label}"
            words = f"{late}, which refers to it"
            yield _disorder(drop.operation.spot, drop, late, words)


def _tied_to(drop: Effect, ties: _Ties) -> set[str | None]:
    return ties[drop.label, ""] | ties["", drop.thing.table]


def _names(operation: Operation) -> Iterator[str]:
    """The tables that an operation names."""
    if operation.full_table:
        yield operation.full_table
    if operation.name == "rename_table" and operation.target:
        yield _new_table(operation)


def _new_table(operation: Operation) -> str:
    """The new name that `rename_table` gives, with the schema."""
    return f"{operation.schema}.{operation.target}" if operation.schema else str(operation.target)


def _with_schema(names: Iterable[str]) -> dict[str, str]:
    """Map each bare name to its name with a schema, where exactly one schema is given for it."""
    schemas: dict[str, set[str]] = {}
    for name in names:
        schemas.setdefault(name.rpartition(".")[2], set()).add(name)
    return {
        bare: (full - {bare}).pop() for bare, full in schemas.items() if len(full - {bare}) == 1
    }


def _value(effect: Effect) -> str | None:
    """The source of the value that an attribute is set to, None where that is computed."""
    return dict(effect.operation.values).get(effect.detail)


def _is_again(left: Effect, right: Effect) -> bool:
    """True where two effects have the same verb, name and detail, in whatever direction."""
    return (left.verb, left.label, left.detail) == (right.verb, right.label, right.detail)


def _lacks(made: Operation, drop: Effect) -> bool:
    """True where `downgrade` drops a constraint that the table of `upgrade` never had."""
    name, known = drop.thing.part, made.constraints
    if known is None or name is None or drop.direction == "upgrade" or drop.verb != DROPS:
        return False
    return not any(_named(name, other) or name == other for other in known)


def _key(thing: Thing) -> _Key:
    """The key that two things share which may be one and the same."""
    family = _family(thing.kind)
    return family, None if family == "part" else thing.table, thing.part


def _family(kind: str) -> str:
    return "part" if kind in ("index", "constraint") else kind


def _same(left: Thing, right: Thing) -> bool:
    kind = _family(left.kind)
    if kind != _family(right.kind):
        return False
    if left.part != right.part:
        return (
            left.table == right.table
            and left.kind == right.kind == "constraint"
            and _named(left.part, right.part)
        )
    # An index may be dropped by the name of another table: PostgreSQL does not look at it.
    return left.table == right.table or (
        kind == "part" and ("index" in (left.kind, right.kind) or None in (left.table, right.table))
    )


def _may_be(thing: Thing, other: Thing) -> bool:
    """True where a computed table or name may make two things one."""
    pairs = (thing.table, other.table), (thing.part, other.part)
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def _named(left: str | None, right: str | None) -> bool:
    """True where a naming convention may make one name of the other.

    It makes `ck_orders_paid` of `paid`.
    """
    if left is None or right is None:
        return False
    return left.endswith(f"_{right}") or right.endswith(f"_{left}")


def _may_hold(part: Effect, column: Effect) -> bool:
    """True where an index or constraint may come or go with this column."""
    if column.verb == ADDS:
        return not all(added.is_plain for added in column.operation.columns)
    on, options = part.operation.on, part.operation.options
    if on is None or any(option.endswith("_where") for option in options):
        return True
    return any(name in (None, *on) for name in (column.thing.part, column.name))

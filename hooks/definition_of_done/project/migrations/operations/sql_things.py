"""Finds what a migration's plain SQL creates and drops beside tables: views, triggers, indexes."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.readers.sql import inside, parts, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.files.migration import Direction
    from definition_of_done.project.migrations.operations.operations import Operation, Steps

_NAME = r"""[\w."`\[\]]++"""
# What is temporary, may be there or is replaced is left out: nobody knows what was there before.
_STATEMENT = regex(
    r"(create|drop) (materialized |unique |constraint )?"
    r"(view|sequence|trigger|function|procedure|domain|schema|policy|index) (?:concurrently )?"
    rf"(if (?:not )?exists )?({_NAME})(?:.*? on (?:only )?({_NAME}))?",
    re.I,
)
# These go with their table.
_ON_TABLES = ("trigger", "policy", "index")
_WORD = r'(?:"[^"]*+"|[^\s])++'
_VALIDATION = regex(rf"alter table (?:only |if exists )*+{_WORD} validate constraint {_WORD}", re.I)
# A sequence may belong to a column, and an index become a constraint.
_HANDED_ON = regex(r"\bowned by\b|\busing index\b", re.I)


class SqlThing(NamedTuple):
    """A thing that a statement creates, else drops; `kind` is SQL's word for it.

    `table` is the one that it is on. `columns` are those of a plain index, None for another thing.
    """

    spot: Spot
    is_created: bool
    kind: str
    name: str
    table: str | None
    columns: tuple[str, ...] | None

    @property
    def drop(self) -> str:
        """The statement that drops it."""
        on = f" ON {self.table}" if self.kind in ("trigger", "policy") and self.table else ""
        return f"DROP {self.kind.upper()} {self.name}{on}"


def things_in(text: str, spot: Spot) -> Iterator[SqlThing]:
    """Yield the things that a text of SQL creates or drops."""
    for statement in statements(text):
        found = _STATEMENT.match(statement)
        if not found:
            continue
        verb, manner, kind, condition, name, table = found.groups()
        is_created, kind = verb.lower() == "create", kind.lower()
        if not (is_created and condition):
            on = table if kind in _ON_TABLES else None
            is_plain = kind == "index" and not manner
            columns = _columns(statement, found.end()) if is_plain else None
            yield SqlThing(spot, is_created, kind, _bare(name), on and _bare(on), columns)


def _columns(statement: str, at: int) -> tuple[str, ...] | None:
    """The columns of an index, None for one with expressions, options or a condition."""
    plain = re.fullmatch(r" ?\(([\w\", ]+)\)", statement[at:])
    return tuple(map(_bare, parts(inside(statement, at)))) if plain else None


def _bare(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name).rpartition(".")[2]


def left_things(upgrade: Steps, downgrade: Steps) -> Iterator[SqlThing]:
    """Yield the things that SQL of `upgrade` creates and neither direction drops."""
    both = (*upgrade.opaque, *downgrade.opaque)
    if any(call.sql is None for call in both):
        return
    dropped = {
        thing.name
        for steps in (upgrade, downgrade)
        for thing in steps.things
        if not thing.is_created
    }
    is_handed_on = any(_HANDED_ON.search(str(call.sql)) for call in both)
    for thing in upgrade.things:
        is_gone = (
            thing.name in dropped
            or (is_handed_on and thing.kind in ("sequence", "index"))
            or any(call.explains([thing.name], thing.table) for call in downgrade.opaque)
            or any(_takes_along(operation, thing) for operation in downgrade.operations)
        )
        if thing.is_created and not is_gone:
            yield thing


def _takes_along(operation: Operation, thing: SqlThing) -> bool:
    """True where an operation may take a thing with its table or column, or drops it."""
    if operation.target == thing.name:
        return True
    # A table that is not named may be the same one.
    is_on_it = thing.table is not None and operation.table in (None, thing.table)
    takes = ("drop_table", "rename_table", *(["drop_column"] if thing.kind == "index" else ()))
    return is_on_it and operation.name in takes


def only_validates(direction: Direction) -> bool:
    """True where all that it does is `ALTER TABLE ... VALIDATE CONSTRAINT ...`."""
    steps = direction.steps
    texts = [*steps.data, *(thing.sql for thing in steps.opaque)]
    return (
        bool(texts)
        and all(text is not None and _validates(text) for text in texts)
        and not any(direction.schema_changes)
    )


def _validates(text: str) -> bool:
    found = statements(text)
    return bool(found) and all(map(_VALIDATION.fullmatch, found))

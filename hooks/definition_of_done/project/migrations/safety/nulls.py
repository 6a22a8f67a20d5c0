"""Finds columns that become NOT NULL while rows may lack a value, or all rows are read for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain

from definition_of_done.base.errors import Refused
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement, bare, is_same


def missing_values(deployment: Deployment) -> Iterator[Finding]:
    """Yield the columns that are added or made NOT NULL in a way that fails or locks."""
    for statement in deployment.judged(kinds.ADD_COLUMN, kinds.SET_NOT_NULL, kinds.ADD_PRIMARY_KEY):
        label = statement.label
        if statement.kind == kinds.ADD_COLUMN:
            column = statement.column
            is_seen = column and not (column.is_hidden or (column.is_primary and not column.type))
            is_bare = is_seen and column and column.is_required and not column.fills_rows
            if is_bare and not _is_empty(deployment, statement):
                message = (
                    f"column {label} is NOT NULL and has no server_default: PostgreSQL refuses it"
                    f" as soon as {statement.table} has a row"
                )
                yield Finding(statement.spot, message, _for_new(statement), symbol=label)
        elif statement.kind == kinds.SET_NOT_NULL:
            yield from _read_rows(deployment, statement, statement.name, "")
        elif kinds.USING_INDEX in statement.options:
            for name in _indexed(deployment, statement):
                yield from _read_rows(deployment, statement, name, " by the primary key")


def _read_rows(
    deployment: Deployment, statement: Statement, column: str | None, by: str
) -> Iterator[Finding]:
    """Yield the column that is set NOT NULL, unless it is known to have no NULL."""
    if not column or _is_proven(deployment, statement, column):
        return
    label = f"{statement.table}.{column}"
    message = (
        f"column {label} is set NOT NULL{by} without a validated check: all rows are read under"
        f" {advice.under(statement)}, so that {advice.waiting(statement)} wait"
    )
    help = _for_check(statement._replace(name=column), is_old=deployment.is_before(12))
    yield Finding(statement.spot, message, help, symbol=label)


def _indexed(deployment: Deployment, statement: Statement) -> Sequence[str]:
    """The columns of the index that a key takes over, none where they are not known."""
    with suppress(Refused):
        for found in chain(*_before(deployment, statement)):
            if found.kind == kinds.CREATE_INDEX and found.name == bare(statement.other):
                return found.on or ()
    return ()


def _before(deployment: Deployment, statement: Statement) -> Iterator[Iterable[Statement]]:
    """Yield what was done to the table before, the newest first, in each order that there may be.

    The ancestors are not asked where the migration itself tells.
    """
    assert statement.table
    own = [found for found in deployment.earlier(statement) if found.table == statement.table]
    for before in deployment.history.orders(statement.table):
        yield chain(own, before)


def _is_empty(deployment: Deployment, statement: Statement) -> bool:
    """True where the migration takes all rows out of the table before."""
    return any(
        found.kind == kinds.TRUNCATE or (found.kind == kinds.DELETE and not found.condition)
        for found in deployment.earlier(statement)
        if is_same(found.table, statement.table)
    )


def _for_new(statement: Statement) -> str:
    return "\n".join(
        [
            "give it a server_default; or add it with nullable=True, fill it in batches, and then:",
            *_sequence(statement),
        ]
    )


def _for_check(statement: Statement, *, is_old: bool) -> str:
    if is_old:
        # The check is no proof to SET NOT NULL before PostgreSQL 12.
        *first, _, __ = _sequence(statement)
        return "\n".join(["keep a check instead, in two migrations:", *first])
    return "\n".join(["set it in two migrations:", *_sequence(statement)])


def _sequence(statement: Statement) -> list[str]:
    column = statement.name or ""
    name = f"ck_{statement.bare_table}_{column}_not_null"
    table, schema = advice.table_arguments(statement.table)
    condition = f"{advice.identifier(column)} IS NOT NULL"
    return [
        advice.check_not_valid(name, statement.table, condition),
        "# in the next migration",
        advice.validation(statement.table, name),
        f"op.alter_column({table}, {advice.quoted(column)}, nullable=False{schema})",
        f"op.drop_constraint({advice.quoted(name)}, {table}{schema})",
    ]


def _is_proven(deployment: Deployment, statement: Statement, column: str) -> bool:
    """True where a validated check says so already, or the column is NOT NULL, or may be so."""
    assert statement.table
    try:
        return any(_tells(before, column) for before in _before(deployment, statement))
    except Refused:
        # A name may be computed, too.
        name = re.escape(column).encode("utf-8", "surrogatepass")
        pattern = rb"(?:\b" + name + rb"\W?|\}|%s)"
        return deployment.history.may_prove(statement.table, pattern)


def _tells(newest_first: Iterable[Statement], column: str) -> bool:
    validated: list[str] = []
    for found in newest_first:
        if found.kind == kinds.VALIDATE:
            validated.append(found.name or "")
        elif found.kind == kinds.RENAME_COLUMN and found.other == column:
            column = found.name or ""
        elif _proves(found, column, validated):
            return True
        if found.kind in (kinds.SET_NOT_NULL, kinds.DROP_NOT_NULL) and found.name == column:
            return found.kind == kinds.SET_NOT_NULL
        if found.kind == kinds.ADD_PRIMARY_KEY and column in (found.on or ()):
            return True
        for made in found.columns:
            if made.name == column:
                return made.is_required is not False
    return False


def _proves(check: Statement, column: str, validated: Iterable[str]) -> bool:
    """True for a valid check that says, alone or beside others, that a column is not NULL."""
    if check.kind not in (kinds.ADD_CHECK, kinds.CREATE_TABLE):
        return False
    proof = re.findall(r"\w+", f"{column} is not null".lower())
    is_valid = kinds.NOT_VALID not in check.options or any(
        name.endswith(check.name or "?") for name in validated
    )
    if check.kind == kinds.ADD_CHECK and "\u2026" in (check.condition or "\u2026"):
        # It is computed, and may say so.
        return is_valid
    parts = re.split(r"\band\b", (check.condition or "").lower())
    told = [re.findall(r"\w+", part) for part in parts]
    # The name of the table may stand before.
    return is_valid and any(proof in (words, words[1:]) for words in told)

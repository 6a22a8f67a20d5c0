"""Finds values of enum types that are added in a transaction which cannot have them yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement, bare


def unusable_values(deployment: Deployment) -> Iterator[Finding]:
    """Yield the values that are used in the transaction that adds them, or added in one at all."""
    added = [statement for statement in deployment.statements if statement.kind == kinds.ADD_VALUE]
    if not (added or deployment.has_company):
        return
    if deployment.is_before(12):
        found = _added_in_transactions(deployment, added)
    else:
        found = _used_at_once(deployment, added)
    for finding in found:
        if deployment.is_on_postgresql:
            yield finding


def _added_in_transactions(deployment: Deployment, added: Iterable[Statement]) -> Iterator[Finding]:
    for statement in added:
        if not deployment.is_alone(statement):
            message = (
                f"value {statement.other} is added to enum {statement.name} in a transaction,"
                " which PostgreSQL refuses before version 12"
            )
            yield _finding(statement, statement, message)


def _used_at_once(deployment: Deployment, added: Sequence[Statement]) -> Iterator[Finding]:
    """Yield each value that is used in the transaction that adds it, once."""
    made = {bare(found.name) for found in deployment.statements if found.kind == kinds.CREATE_TYPE}
    if deployment.is_before(17):
        # A type is then no better off for being made in the same transaction.
        made = set()
    fresh = {found.other or "": found for found in _brought(deployment)}
    present: int | None = 0
    for statement in deployment.statements:
        if deployment.is_alone(statement):
            continue
        if statement.transaction != present:
            present, fresh = statement.transaction, {}
        if statement.kind == kinds.ADD_VALUE and bare(statement.name) not in made:
            fresh[statement.other or ""] = statement
        for value in _used(deployment, statement, fresh) if fresh else ():
            found = fresh.pop(value)
            message = (
                f"value {value} is used in the transaction that adds it to enum {found.name},"
                " which PostgreSQL refuses"
            )
            yield _finding(found if found in added else statement, found, message)


def _brought(deployment: Deployment) -> Iterator[Statement]:
    """Yield what earlier migrations add in the transaction that this one goes on with."""
    for first in deployment.statements[:1]:
        yield from (found for found in deployment.before(first) if found.kind == kinds.ADD_VALUE)


def _finding(at: Statement, added: Statement, message: str) -> Finding:
    help = advice.in_autocommit(advice.execute(added.sql))
    return Finding(at.spot, message, help, symbol=f"{added.name}.{added.other}")


def _used(deployment: Deployment, statement: Statement, values: Iterable[str]) -> list[str]:
    """The values that a statement writes as literals, for a column that may be an enum."""
    if statement.kind in (kinds.ADD_VALUE, kinds.COMMENT):
        return []
    text = statement.sql or deployment.source(statement)
    used = [value for value in values if f"'{value}'" in text or f'"{value}"' in text]
    return [value for value in used if _may_be_enum(deployment, statement, text, value)]


def _may_be_enum(deployment: Deployment, statement: Statement, text: str, value: str) -> bool:
    compared = rf"\b(\w++)\s*+(?:=|<>|!=)\s*+['\"]{re.escape(value)}['\"]"
    columns = [statement.name, *re.findall(compared, text)]
    table = statement.table
    types = (deployment.history.column(table, name) for name in columns if name and table)
    return all(type is None or type.is_enum for type in types)

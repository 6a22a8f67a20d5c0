"""Finds values of enum types that are added in a transaction which cannot have them yet."""

from __future__ import annotations

import re

from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety.hazards import Hazard
from definition_of_done.project.migrations.safety.statements import (
    ADD_VALUE,
    COMMENT,
    CREATE_TYPE,
    bare,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.statements import Statement


def unusable_values(deployment: Deployment) -> Iterator[Hazard]:
    """Yield the values that are used in the transaction that adds them, or added in one at all."""
    added = [statement for statement in deployment.statements if statement.kind == ADD_VALUE]
    if added and deployment.is_on_postgresql and deployment.is_before(12):
        for statement in added:
            if not deployment.is_alone(statement):
                message = (
                    f"value {statement.other} is added to enum {statement.name} in a transaction,"
                    " which PostgreSQL refuses before version 12"
                )
                yield _hazard(statement, statement, message)
        return
    if not (added or deployment.has_company):
        return
    told = set()
    made = {bare(found.name) for found in deployment.statements if found.kind == CREATE_TYPE}
    for statement in deployment.statements:
        for found in deployment.before(statement) if _may_use(statement) else ():
            key = found.name, found.other
            if found.kind != ADD_VALUE or key in told or bare(found.name) in made:
                continue
            if _uses(deployment, statement, found.other or "") and deployment.is_on_postgresql:
                told.add(key)
                message = (
                    f"value {found.other} is used in the transaction that adds it to enum"
                    f" {found.name}, which PostgreSQL refuses"
                )
                yield _hazard(found if found in added else statement, found, message)


def _hazard(at: Statement, added: Statement, message: str) -> Hazard:
    help = advice.in_autocommit(advice.execute(added.sql))
    return Hazard(at.spot, message, help, f"{added.name}.{added.other}")


def _may_use(statement: Statement) -> bool:
    return statement.kind not in (ADD_VALUE, COMMENT)


def _uses(deployment: Deployment, statement: Statement, value: str) -> bool:
    """True where a statement writes a value as a literal, for a column that may be an enum."""
    text = statement.sql or deployment.source(statement)
    quoted = rf"['\"]{re.escape(value)}['\"]"
    if not re.search(quoted, text):
        return False
    columns = [statement.name, *re.findall(rf"\b(\w++)\s*+(?:=|<>|!=)\s*+{quoted}", text)]
    table = statement.table
    known = [deployment.history.column(table, name) for name in columns if name and table]
    return not any(known)

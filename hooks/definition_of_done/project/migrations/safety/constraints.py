"""Finds constraints that read all rows, or build an index, while their lock keeps others out."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety.statements import (
    ADD_CHECK,
    ADD_FOREIGN_KEY,
    ADD_PRIMARY_KEY,
    ADD_UNIQUE,
    NOT_VALID,
    UNSEEN,
    USING_INDEX,
    VALIDATE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.statements import Statement

_NOUNS = {
    ADD_FOREIGN_KEY: ("foreign key", "fk"),
    ADD_CHECK: ("check", "ck"),
    ADD_UNIQUE: ("unique constraint", "uq"),
    ADD_PRIMARY_KEY: ("primary key", "pk"),
}


def locking_constraints(deployment: Deployment) -> Iterator[Finding]:
    """Yield the constraints that are not added and validated apart, or not by a ready index."""
    for statement in deployment.judged(*_NOUNS, VALIDATE):
        if statement.options & {UNSEEN, NOT_VALID, USING_INDEX}:
            continue
        if statement.kind == VALIDATE:
            yield from _validated(deployment, statement)
            continue
        noun, _ = _NOUNS[statement.kind]
        thing = f"{noun} {statement.name}" if statement.name else f"a {noun} of {statement.table}"
        is_key = statement.kind == ADD_FOREIGN_KEY
        waiting = advice.waiting(statement, (statement.other or "") if is_key else "")
        if statement.kind in (ADD_UNIQUE, ADD_PRIMARY_KEY):
            does, help = "its index is built", _by_index(statement)
            how = "without USING INDEX"
        else:
            does, help = "all rows are read", _apart(deployment, statement)
            how = "without NOT VALID"
        message = (
            f"{thing} is added {how}: {does} under {advice.under(statement)}, so that"
            f" {waiting} wait"
        )
        yield Finding(statement.spot, message, help, symbol=_symbol(statement))


def _validated(deployment: Deployment, statement: Statement) -> Iterator[Finding]:
    """Yield the validation in the transaction that holds the lock of what it validates."""
    for found in deployment.before(statement):
        is_it = found.kind in (ADD_CHECK, ADD_FOREIGN_KEY) and found.name == statement.name
        if is_it and found.bare_table == statement.bare_table and statement.name:
            waiting = advice.waiting(found, found.other or "")
            message = (
                f"constraint {statement.name} is validated in the transaction that adds it: all"
                f" rows are read under its {found.lock} lock, so that {waiting} wait"
            )
            help = advice.in_autocommit(_validation(statement))
            yield Finding(statement.spot, message, help, symbol=_symbol(statement))
            return


def _validation(statement: Statement) -> str:
    name = statement.name or _name(statement)
    table = advice.identifier(statement.table)
    return advice.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {advice.identifier(name)}")


def _apart(deployment: Deployment, statement: Statement) -> str:
    """The same constraint, not valid at first."""
    lines = [_not_valid(deployment, statement), "# in the next migration", _validation(statement)]
    return "\n".join(["add it in two migrations:", *lines])


def _not_valid(deployment: Deployment, statement: Statement) -> str:
    if statement.call == "execute":
        return advice.execute(f"{statement.sql} NOT VALID")
    if statement.call != "add_column":
        own_name = _name(statement)
        keyword = "postgresql_not_valid"
        return advice.with_keyword(deployment, statement, keyword, own_name=own_name)
    table, schema = advice.table_arguments(statement.table or "")
    given = f"{advice.quoted(statement.name or _name(statement))}, {table}"
    if statement.kind == ADD_CHECK:
        return f'op.create_check_constraint({given}, "...", postgresql_not_valid=True{schema})'
    on, remote = list(statement.on or ("...",)), list(statement.remote or ("...",))
    other = advice.quoted(statement.other or "...")
    names = f"{other}, {advice.quoted_list(on)}, {advice.quoted_list(remote)}"
    return f"op.create_foreign_key({given}, {names}, postgresql_not_valid=True)"


def _by_index(statement: Statement) -> str:
    """An index that is built beforehand, and the constraint that takes it over."""
    name = statement.name or _name(statement)
    table, schema = advice.table_arguments(statement.table or "")
    on = advice.quoted_list(list(statement.on or ("...",)))
    index = (
        f"op.create_index({advice.quoted(name)}, {table}, {on}, unique=True,"
        f" postgresql_concurrently=True{schema})"
    )
    kind = "PRIMARY KEY" if statement.kind == ADD_PRIMARY_KEY else "UNIQUE"
    own = advice.identifier(name)
    made = f"ADD CONSTRAINT {own} {kind} USING INDEX {own}"
    sql = f"ALTER TABLE {advice.identifier(statement.table)} {made}"
    return f"{advice.in_autocommit(index)}\n{advice.execute(sql)}"


def _name(statement: Statement) -> str:
    """A name by the usual convention for a constraint that has none."""
    on = "_".join(statement.on or ())
    kind = _NOUNS[statement.kind][1]
    return "_".join(filter(None, (kind, statement.bare_table, on if kind != "pk" else "")))


def _symbol(statement: Statement) -> str:
    return statement.name or f"{statement.table}.{','.join(statement.on or ())}"

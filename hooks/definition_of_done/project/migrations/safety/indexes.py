"""Finds the indexes that lock out writes while they are built or dropped."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement

_VERBS = {kinds.CREATE_INDEX: "built", kinds.DROP_INDEX: "dropped", kinds.REINDEX: "rebuilt"}


def locking_indexes(deployment: Deployment) -> Iterator[Finding]:
    """Yield the indexes that are not built or dropped CONCURRENTLY, or that cannot be."""
    for statement in deployment.judged(*_VERBS):
        if kinds.UNSEEN not in statement.options and (fault := _fault(deployment, statement)):
            name = f"index {statement.name}" if statement.name else _unnamed(statement)
            message = f"{name} is {_VERBS[statement.kind]} {fault}"
            help = _safely(deployment, statement)
            yield Finding(statement.spot, message, help, symbol=statement.symbol)


def _unnamed(statement: Statement) -> str:
    return f"each index of {statement.table}" if statement.kind == kinds.REINDEX else "an index"


def _fault(deployment: Deployment, statement: Statement) -> str:
    """The words for what is wrong with it, empty for nothing."""
    is_built = statement.kind != kinds.DROP_INDEX
    if kinds.CONCURRENTLY in statement.options:
        if not deployment.is_alone(statement):
            return "CONCURRENTLY in a transaction, which PostgreSQL refuses"
        if kinds.TOGETHER in statement.options:
            return "CONCURRENTLY in one text with other statements, which PostgreSQL refuses"
        if statement.kind != kinds.REINDEX and deployment.history.is_partitioned(statement.table):
            return (
                f"CONCURRENTLY on the partitioned table {statement.table}, which PostgreSQL refuses"
            )
        return ""
    if not is_built and deployment.history.is_partitioned(statement.table):
        # There is no other way.
        return ""
    waiting = advice.waiting(statement)
    does = f"so that {waiting} wait until it is built"
    if statement.kind == kinds.REINDEX:
        does = f"and one on the index that reads wait for, too, {does}"
    elif not is_built:
        does = f"and while that waits for running queries, {waiting} wait"
    return f"without CONCURRENTLY: it takes {advice.under(statement)}, {does}"


def _safely(deployment: Deployment, statement: Statement) -> str:
    if statement.kind == kinds.REINDEX or not deployment.history.is_partitioned(statement.table):
        return advice.in_autocommit(advice.concurrently(deployment, statement))
    if statement.kind == kinds.DROP_INDEX:
        return "drop it without CONCURRENTLY, with a lock_timeout"
    is_unique = kinds.UNIQUE in statement.options
    return advice.by_partition(statement.name or "...", statement, is_unique=is_unique)

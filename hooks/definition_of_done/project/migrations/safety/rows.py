"""Finds changes of rows that a deploy waits for: under the lock of the schema, or of all rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.advice import WAITS
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement
from definition_of_done.readers.sql import outside

_VERBS = {
    **{kinds.INSERT: "inserted", kinds.UPDATE: "updated", kinds.DELETE: "deleted"},
    kinds.MERGE: "merged",
}
_QUOTED = regex(r"'[^']*'")
_BOUND = regex(r"\bwhere\b|\bcurrent of\b", re.I)
_APART = "change the rows in a migration of their own"
_SHARED = (
    "set transaction_per_migration=True in env.py: the migrations of a deploy share one"
    " transaction, and keep their locks to its end"
)
_BATCHES = """\
change the rows in batches, each in a transaction of its own:
batch = sa.text("UPDATE {table} SET ... WHERE id IN (SELECT id FROM {table} WHERE ... LIMIT 999)")
with op.get_context().autocommit_block():
    while op.get_bind().execute(batch).rowcount:
        pass"""


def slow_changes(deployment: Deployment) -> Iterator[Finding]:
    """Yield the changes of rows under a lock of the schema, and those of all rows at once."""
    told = set()
    for statement in deployment.judged(*_VERBS):
        table = statement.bare_table
        earlier = deployment.before(statement)
        holder = next((found for found in earlier if _holds(found, statement)), None)
        if holder:
            verb = _VERBS[statement.kind]
            waiting = WAITS[holder.lock].format(table)
            message = (
                f"rows of {table} are {verb} under the {holder.lock} lock of the {holder.kind}"
                f" before: {waiting} wait until all are {verb}"
            )
            help = _APART
            if holder not in deployment.statements:
                help = _SHARED
            elif deployment.transactions.per_migration is False:
                help = f"{_APART}, and {_SHARED}"
        elif statement.kind == kinds.UPDATE and not _is_bound(statement.condition or ""):
            message = (
                f"all rows of {table} are updated at once: whoever writes one of them waits until"
                " the last is written"
            )
            help = _BATCHES.format(table=table)
        else:
            continue
        if (table, help) not in told:
            told.add((table, help))
            yield Finding(statement.spot, message, help, symbol=table)


def _is_bound(condition: str) -> bool:
    """True for a WHERE of the statement's own, or where one may be computed."""
    bare = _QUOTED.sub("''", outside(condition))
    return "\u2026" in condition or bool(_BOUND.search(bare))


def _holds(earlier: Statement, statement: Statement) -> bool:
    """True for a change of the schema that others of this table wait for."""
    return (
        earlier.kind not in (*_VERBS, kinds.TRUNCATE)
        and earlier.lock in WAITS
        and kinds.is_same(earlier.table, statement.table)
    )

"""Finds changes of columns that rewrite the whole table, or that rows may not fit."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement
from definition_of_done.project.migrations.safety.types import VOLATILE, Change, change

_GENERATED = {"identity": "numbers all rows", "stored": "is computed for all rows"}

_APART = "do it apart from the deploy, while nobody uses the table"


def rewriting_changes(deployment: Deployment) -> Iterator[Finding]:
    """Yield the new types and the new columns for which PostgreSQL writes each row again."""
    for statement in deployment.judged(kinds.SET_TYPE, kinds.ADD_COLUMN, kinds.REWRITE):
        label = statement.label
        if statement.kind == kinds.REWRITE:
            label, told = statement.table or "", _of_table(statement)
        else:
            of_kind = _of_type if statement.kind == kinds.SET_TYPE else _of_column
            told = of_kind(deployment, statement)
        if told:
            yield Finding(statement.spot, *told, symbol=label)


def _of_type(deployment: Deployment, statement: Statement) -> tuple[str, str] | None:
    old, new = deployment.column_type(statement), statement.type
    done = change(old, new, deployment.version) if old and new else None
    changes = f"changes from {old} to {new}"
    is_free = done is None or not done.rewrites
    if is_free and kinds.COMPUTED in statement.options:
        changes, done = "is computed by USING", Change(True, bool(done and done.narrows))
    elif is_free and kinds.THROUGH_TEXT in statement.options and (new is None or new.is_enum):
        # The old one may have another name by now.
        changes, done = "is cast through text to another type", Change(True, False)
    if done is None or not (done.rewrites or done.narrows):
        return None
    narrows = ", and refuses a row that does not fit" if done.narrows else ""
    message = f"column {statement.label} {changes}: {_rewritten(statement)}{narrows}"
    name = statement.name or ""
    if done.narrows and new and new.name == "varchar" and new.numbers:
        limit = f"char_length({advice.identifier(name)}) <= {new.numbers[0]}"
        check = f"ck_{statement.bare_table}_{name}_length"
        code = advice.check_not_valid(check, statement.table, limit)
        return message, f"keep the type and check the length:\n{code}"
    table, schema = advice.table_arguments(statement.table)
    column = advice.quoted(f"{name}_new")
    lines = [
        "add a column of the new type, write both, fill it in batches, read it, and drop the old"
        " one in a later release:",
        f"op.add_column({table}, sa.Column({column}, ...){schema})",
    ]
    return message, "\n".join(lines)


def _of_column(deployment: Deployment, statement: Statement) -> tuple[str, str] | None:
    column = statement.column
    if column is None:
        return None
    # PostgreSQL 18 computes such a column when it is read.
    is_stored = column.generated == "computed" and deployment.is_before(18)
    if column.generated in _GENERATED or is_stored:
        reason = _GENERATED.get(column.generated, _GENERATED["stored"])
    elif column.default == VOLATILE:
        reason = "has a volatile default"
    elif column.default and deployment.is_before(11):
        reason = "has a default, which PostgreSQL writes into each row before version 11"
    else:
        return None
    message = f"column {statement.label} {reason}: {_rewritten(statement)}"
    table, schema = advice.table_arguments(statement.table)
    name = advice.quoted(statement.name or "...")
    if column.generated in ("stored", "computed"):
        return message, "add a plain column, fill it in batches, and let the application write it"
    lines = [
        "add it without, give new rows the default, and fill the others in batches:",
        f"op.add_column({table}, sa.Column({name}, ..., nullable=True){schema})",
        f"op.alter_column({table}, {name}, server_default=...{schema})",
    ]
    return message, "\n".join(lines)


def _of_table(statement: Statement) -> tuple[str, str] | None:
    if statement.call == "batch_alter_table":
        message = (
            f"table {statement.table} is copied and dropped: a row that is written meanwhile is"
            f" lost, and {advice.waiting(statement)} wait at the end"
        )
        return message, 'leave recreate="always" out: PostgreSQL alters the table itself'
    return f"table {statement.table} is written anew: {_rewritten(statement)}", _APART


def _rewritten(statement: Statement) -> str:
    return (
        f"PostgreSQL rewrites {statement.table} under {advice.under(statement)}, so that"
        f" {advice.waiting(statement)} wait"
    )

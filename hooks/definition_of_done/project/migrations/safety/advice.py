"""Writes the safe form of a statement in Alembic's own operations, ready to be pasted."""

from __future__ import annotations

import ast
import re

from definition_of_done.base.expressions import regex
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.readers.python import parse_expression, requoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.statements import Statement

_BLOCK = "with op.get_context().autocommit_block():"
# Names of PostgreSQL's own that people call a table, column or constraint by.
_RESERVED = frozenset(
    "all analyse analyze and any array as asc asymmetric both case cast check collate column"
    " constraint create current_date current_role current_time current_timestamp current_user"
    " default deferrable desc distinct do else end except false fetch for foreign from grant group"
    " having in initially intersect into lateral leading limit localtime localtimestamp not null"
    " offset on only or order placing primary references returning select session_user some"
    " symmetric table then to trailing true union unique user using variadic when where window"
    " with".split()
)
_PLAIN = regex(r"[a-z_][a-z0-9_]*|\.\.\.")
# Who waits for whom holds a lock.
WAITS = {
    kinds.ACCESS_EXCLUSIVE: "reads and writes of {}",
    kinds.SHARE_ROW_EXCLUSIVE: "writes to {}",
    kinds.SHARE: "writes to {}",
}


def under(statement: Statement) -> str:
    """The lock of a statement, with its article: `a SHARE lock`."""
    return f"{'an' if statement.lock[0] in 'AE' else 'a'} {statement.lock} lock"


def waiting(statement: Statement, *others: str) -> str:
    """Say who waits for a statement, by its lock: `reads and writes of orders`."""
    tables = " and ".join(dict.fromkeys(filter(None, (statement.table, *others)))) or "its table"
    return WAITS[statement.lock].format(tables)


def in_autocommit(*lines: str) -> str:
    """The lines in a block in which each statement is a transaction of its own."""
    return "\n".join([_BLOCK, *(f"    {line}" for line in lines)])


def identifier(name: str | None) -> str:
    """A name as SQL has to spell it, with its schema."""
    parts = (name or "...").split(".")
    return ".".join(part if _is_plain(part) else f'"{part}"' for part in parts)


def _is_plain(name: str) -> bool:
    return name not in _RESERVED and _PLAIN.fullmatch(name) is not None


def execute(sql: str) -> str:
    """The operation that sends SQL."""
    return f"op.execute({quoted(sql)})"


def quoted(text: str) -> str:
    """A text as a literal of Python."""
    if text.isprintable() and not {*text} & {'"', "\\"}:
        return f'"{text}"'
    from json import dumps

    return dumps(text, ensure_ascii=False)


def concurrently(deployment: Deployment, statement: Statement) -> str:
    """The same statement on an index with CONCURRENTLY."""
    if statement.call == "execute":
        how = r"(?i)^(.*?\b(?:index|table)) (?!concurrently)"
        return execute(re.sub(how, r"\1 CONCURRENTLY ", statement.sql, count=1))
    if statement.call == "add_column":
        column = (statement.on or ("...",))[0]
        name, is_unique = f"ix_{statement.bare_table}_{column}", kinds.UNIQUE in statement.options
        return built(name, statement, is_unique=is_unique)
    return with_keyword(deployment, statement, "postgresql_concurrently")


def with_keyword(
    deployment: Deployment, statement: Statement, name: str, *, own_name: str = ""
) -> str:
    """The call of an operation with one more keyword that is True, outside of a batch.

    `own_name` is for a constraint that has none.
    """
    source = deployment.source(statement)
    is_plain = not (statement.is_batch or own_name or name in source or "\n" in source)
    if is_plain and source[-2:] != ",)":
        return f"{source[:-1]}, {name}=True)"
    call = parse_expression(source)
    assert isinstance(call, ast.Call)
    if own_name and call.args and ast.unparse(call.args[0]) == "None":
        call.args[0] = ast.Constant(own_name)
    call.keywords = [keyword for keyword in call.keywords if keyword.arg != name]
    call.keywords.append(ast.keyword(name, ast.Constant(True)))
    if statement.is_batch:
        call.func = parse_expression(f"op.{statement.call}")
        call.args.insert(1, ast.Constant(statement.bare_table))
        schema = (statement.table or "").rpartition(".")[0]
        if schema:
            call.keywords.append(ast.keyword("schema", ast.Constant(schema)))
    return requoted(ast.unparse(call), '"')


def by_partition(name: str, statement: Statement, *, is_unique: bool) -> str:
    """The sequence that gives a partitioned table an index, which cannot be built CONCURRENTLY."""
    kind = "UNIQUE INDEX" if is_unique else "INDEX"
    columns = ", ".join(map(identifier, statement.on or ("...",)))
    of = f"{identifier(statement.table)} ({columns})"
    each = f"CREATE {kind} CONCURRENTLY ... ON ..."
    return "\n".join(
        [
            "build it for the table alone, then for each partition, and attach these:",
            execute(f"CREATE {kind} {identifier(name)} ON ONLY {of}"),
            in_autocommit(execute(each)),
            execute(f"ALTER INDEX {identifier(name)} ATTACH PARTITION ..."),
        ]
    )


def built(name: str, statement: Statement, *, is_unique: bool) -> str:
    """The operation that builds an index CONCURRENTLY on the columns of a statement."""
    table, schema = table_arguments(statement.table)
    unique = ", unique=True" if is_unique else ""
    given = f"{quoted(name)}, {table}, {quoted_list(statement.on or ('...',))}{unique}"
    return f"op.create_index({given}, postgresql_concurrently=True{schema})"


def quoted_list(texts: Sequence[str]) -> str:
    """A list of texts as a literal of Python."""
    return f"[{', '.join(map(quoted, texts))}]"


def check_not_valid(name: str, table: str | None, condition: str) -> str:
    """The operation that adds a check and leaves out the rows that are there."""
    placed, schema = table_arguments(table)
    given = f"{quoted(name)}, {placed}, {quoted(condition)}"
    return f"op.create_check_constraint({given}, postgresql_not_valid=True{schema})"


def validation(table: str | None, name: str) -> str:
    """The operation that validates a constraint."""
    return execute(f"ALTER TABLE {identifier(table)} VALIDATE CONSTRAINT {identifier(name)}")


def table_arguments(table: str | None) -> tuple[str, str]:
    """A table as the argument of an operation, and its schema as one more keyword, if any."""
    schema, _, name = (table or "").rpartition(".")
    return quoted(name), f", schema={quoted(schema)}" if schema else ""

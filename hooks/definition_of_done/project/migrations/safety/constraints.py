"""Finds constraints that read all rows, or build an index, while their lock keeps others out."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import Deployment
from definition_of_done.project.migrations.safety.statements import Statement, is_same

_NOUNS = {
    kinds.ADD_FOREIGN_KEY: ("foreign key", "fk"),
    kinds.ADD_CHECK: ("check", "ck"),
    kinds.ADD_UNIQUE: ("unique constraint", "uq"),
    kinds.ADD_PRIMARY_KEY: ("primary key", "pk"),
    kinds.ADD_EXCLUDE: ("exclusion constraint", "ex"),
}
_NO_OTHER_WAY = (
    "PostgreSQL knows no way without the lock: add it while nobody uses the table, or make a new"
    " table with it and move the rows in batches"
)


def locking_constraints(deployment: Deployment) -> Iterator[Finding]:
    """Yield the constraints that are not added and validated apart, or not by a ready index."""
    for statement in deployment.judged(*_NOUNS, kinds.VALIDATE):
        if kinds.UNSEEN in statement.options:
            continue
        if statement.kind == kinds.VALIDATE:
            yield from _validated(deployment, statement)
        elif not statement.options & {kinds.NOT_VALID, kinds.USING_INDEX}:
            yield _locking(deployment, statement)
        else:
            yield from _refused(deployment, statement)


def _locking(deployment: Deployment, statement: Statement) -> Finding:
    """A constraint that is checked, or gets its index, under its lock."""
    is_key = statement.kind == kinds.ADD_FOREIGN_KEY
    waiting = advice.waiting(statement, (statement.other or "") if is_key else "")
    does = (
        "all rows are read" if is_key or statement.kind == kinds.ADD_CHECK else "its index is built"
    )
    lacking, help = _safely(deployment, statement)
    message = (
        f"{_thing(statement)} is added{lacking}: {does} under {advice.under(statement)}, so that"
        f" {waiting} wait"
    )
    return Finding(statement.spot, message, help, symbol=statement.symbol)


def _safely(deployment: Deployment, statement: Statement) -> tuple[str, str]:
    """The words for what it is added without, and how to add it."""
    if statement.kind == kinds.ADD_EXCLUDE:
        return "", _NO_OTHER_WAY
    if statement.kind != kinds.ADD_CHECK and deployment.history.is_partitioned(statement.table):
        return "", _for_partitions(statement)
    if statement.kind in (kinds.ADD_UNIQUE, kinds.ADD_PRIMARY_KEY):
        return " without USING INDEX", _by_index(statement)
    return " without NOT VALID", _apart(deployment, statement)


def _refused(deployment: Deployment, statement: Statement) -> Iterator[Finding]:
    """Yield what PostgreSQL does not do with a table that has partitions."""
    is_key = statement.kind == kinds.ADD_FOREIGN_KEY and deployment.is_before(18)
    if not (is_key or kinds.USING_INDEX in statement.options):
        return
    if deployment.history.is_partitioned(statement.table):
        how = "NOT VALID" if is_key else "USING INDEX"
        message = (
            f"{_thing(statement)} is added {how} to the partitioned table {statement.table}, which"
            f" PostgreSQL refuses{' before version 18' if is_key else ''}"
        )
        help = _for_partitions(statement)
        yield Finding(statement.spot, message, help, symbol=statement.symbol)


def _for_partitions(statement: Statement) -> str:
    if statement.kind == kinds.ADD_FOREIGN_KEY:
        return (
            "add it NOT VALID to each partition, validate it there, and then add it to"
            f" {statement.table}, which takes over what is valid"
        )
    return advice.by_partition(statement.name or _name(statement), statement, is_unique=True)


def _thing(statement: Statement) -> str:
    noun, _ = _NOUNS[statement.kind]
    article = "an" if noun.startswith("e") else "a"
    return (
        f"{noun} {statement.name}" if statement.name else f"{article} {noun} of {statement.table}"
    )


def _validated(deployment: Deployment, statement: Statement) -> Iterator[Finding]:
    """Yield the validation in the transaction that holds the lock of what it validates."""
    beside = [found for found in deployment.statements if _is_beside(found, statement)]
    held = [
        found for found in (*deployment.before(statement), *beside) if _keeps_out(found, statement)
    ]
    is_added = (kinds.ADD_CHECK, kinds.ADD_FOREIGN_KEY)
    own = [found for found in held if found.kind in is_added and found.name == statement.name]
    for found in [*own, *held][:1] if statement.name else ():
        referent = found.other if found.kind == kinds.ADD_FOREIGN_KEY else None
        where = "beside it" if found in beside else "before"
        message = (
            f"constraint {statement.name} is validated in the transaction"
            f" {'that adds it' if own else f'of the {found.kind} {where}'}: all rows are read under"
            f" its {found.lock} lock, so that {advice.waiting(found, referent or '')} wait"
        )
        help = advice.in_autocommit(_validation(statement))
        yield Finding(statement.spot, message, help, symbol=statement.symbol)


def _is_beside(other: Statement, validation: Statement) -> bool:
    """True for another change of one ALTER TABLE, whose locks are taken at once."""
    is_same_text = (other.spot, other.sql, other.table) == (
        validation.spot,
        validation.sql,
        validation.table,
    )
    return is_same_text and bool(other.sql) and other.kind != kinds.VALIDATE


def _keeps_out(earlier: Statement, validation: Statement) -> bool:
    """True for a statement whose lock keeps others from the table that is validated."""
    return earlier.lock in advice.WAITS and is_same(earlier.table, validation.table)


def _validation(statement: Statement) -> str:
    return advice.validation(statement.table, statement.name or _name(statement))


def _apart(deployment: Deployment, statement: Statement) -> str:
    """The same constraint, not valid at first."""
    lines = [_not_valid(deployment, statement), "# in the next migration", _validation(statement)]
    return "\n".join(["add it in two migrations:", *lines])


def _not_valid(deployment: Deployment, statement: Statement) -> str:
    if statement.call == "execute":
        return advice.execute(f"{statement.sql} NOT VALID")
    if statement.call != "add_column":
        own_name = "" if statement.name else _name(statement)
        keyword = "postgresql_not_valid"
        return advice.with_keyword(deployment, statement, keyword, own_name=own_name)
    name = statement.name or _name(statement)
    if statement.kind == kinds.ADD_CHECK:
        return advice.check_not_valid(name, statement.table, "...")
    table, _ = advice.table_arguments(statement.table)
    on, remote = statement.on or ("...",), statement.remote or ("...",)
    other = advice.quoted(statement.other or "...")
    names = f"{table}, {other}, {advice.quoted_list(on)}, {advice.quoted_list(remote)}"
    return f"op.create_foreign_key({advice.quoted(name)}, {names}, postgresql_not_valid=True)"


def _by_index(statement: Statement) -> str:
    """An index that is built beforehand, and the constraint that takes it over."""
    name = statement.name or _name(statement)
    index = advice.built(name, statement, is_unique=True)
    kind = "PRIMARY KEY" if statement.kind == kinds.ADD_PRIMARY_KEY else "UNIQUE"
    own = advice.identifier(name)
    made = f"ADD CONSTRAINT {own} {kind} USING INDEX {own}"
    sql = f"ALTER TABLE {advice.identifier(statement.table)} {made}"
    return f"{advice.in_autocommit(index)}\n{advice.execute(sql)}"


def _name(statement: Statement) -> str:
    """A name by the usual convention for a constraint that has none."""
    on = "_".join(statement.on or ())
    kind = _NOUNS[statement.kind][1]
    return "_".join(filter(None, (kind, statement.bare_table, on if kind != "pk" else "")))

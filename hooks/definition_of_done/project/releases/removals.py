"""Finds what a migration takes away while the code that runs still maps it."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import deployment as deployments
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.deployment import shared
from definition_of_done.project.migrations.safety.statements import bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.statements import Statement
    from definition_of_done.project.releases.running_code import RunningCode

_TABLES = (kinds.DROP_TABLE, kinds.RENAME_TABLE)
_COLUMNS = (kinds.DROP_COLUMN, kinds.RENAME_COLUMN)
_HELPS = {
    kinds.DROP_TABLE: "release the code without the model first, and drop the table a release"
    " later",
    kinds.DROP_COLUMN: "release the code without the column first, and drop it a release later",
    kinds.RENAME_TABLE: "leave the table its name, or make {new} first, write both, and drop {old}"
    " when no release maps it",
    kinds.RENAME_COLUMN: "leave the column its name and name the attribute {new}; or add {new},"
    " write both, fill it, and drop {old} when no release maps it",
}


class Removals:
    """The drops and renames of a migration, and the code that runs meanwhile."""

    def __init__(self, session: Session, path: str) -> None:
        self.deployment = shared(session, path)
        self._session = session

    def __iter__(self) -> Iterator[Statement]:
        """Yield the statements that take away what others use, but what comes back at once."""
        for at, statement in enumerate(self.deployment.statements):
            if statement.kind not in (*_TABLES, *_COLUMNS) or not statement.table:
                continue
            later = self.deployment.statements[at + 1 :]
            comes_back = any(_brings_back(found, statement) for found in later)
            if not comes_back and not self.deployment.is_new(statement.table):
                yield statement

    @property
    def running(self) -> RunningCode | None:
        """The code that runs, None where it is not known or has the migration already."""
        from definition_of_done.project.releases.running_code import running_code

        code = running_code(self._session)
        return None if code is None or code.has(self.deployment.path) else code

    @property
    def asked(self) -> Sequence[str]:
        """The questions about other files."""
        return self.deployment.asked


def inputs(session: Session, path: str) -> object:
    """All that the facts depend on besides the file, the settings, and what they ask for."""
    data = session.tree.read(path)
    if b"drop" not in data.lower() and b"rename" not in data.lower() and b"new_" not in data:
        return ()
    from definition_of_done.project.releases.running_code import running_code

    code = running_code(session)
    return deployments.inputs(session, path), code and code.commit


def mapped_removals(removals: Removals) -> Iterator[Finding]:
    """Yield the drops and renames of what models of the running code map."""
    for statement in removals:
        code = removals.running
        if code is None:
            return
        column = (statement.name or "") if statement.kind in _COLUMNS else ""
        if statement.kind in _COLUMNS and not column:
            continue
        mapping = code.mapping(removals.deployment.path, str(statement.table), column)
        if not mapping:
            continue
        noun = f"column {statement.table}.{column}" if column else f"table {statement.table}"
        new = statement.other or "the new one"
        verb = f"renamed to {new}" if statement.other else "dropped"
        message = f"{noun} is {verb} while {code.label} still maps it: {mapping}"
        help = _HELPS[statement.kind].format(old=column or statement.table, new=new)
        symbol = f"{statement.table}.{column}" if column else str(statement.table)
        yield Finding(statement.spot, message, help, symbol=symbol)


def _brings_back(later: Statement, gone: Statement) -> bool:
    """True for a statement that makes the thing again."""
    if later.kind == kinds.CREATE_TABLE:
        return later.bare_table == gone.bare_table
    if later.kind == kinds.RENAME_TABLE:
        return bare(later.other) == gone.bare_table
    is_column = gone.kind in _COLUMNS and later.bare_table == gone.bare_table
    if later.kind == kinds.RENAME_COLUMN:
        return is_column and later.other == gone.name
    return is_column and later.kind == kinds.ADD_COLUMN and later.name == gone.name

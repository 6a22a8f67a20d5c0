"""The comments that models have for the columns of migrations that lack them."""

from __future__ import annotations

import re
from collections import Counter

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.rewrites import Rewrite, SetKeyword
from definition_of_done.project.layout import is_code, is_migration
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.changed_models import read_sides, recall_tables
from definition_of_done.project.migrations.mapped.comment_words import what_is_wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.operations.operations import Column, Operation


class Commented(NamedTuple):
    """A migration, and the comments that the branch's models have, by `table.column`."""

    migration: Migration
    comments: dict[str, str]

    def fault(self, column: Column) -> str:
        """The words for a new column whose comment says nothing, empty for one that does."""
        if column.comment is None:
            if self._is_altered(column, "comment"):
                return ""
            return f"column {column.label} has no comment"
        return what_is_wrong(column)

    def difference(self, column: Column) -> str:
        """The words for a new column whose model has another comment, empty where it has not.

        Where the migration alters the column later, it is not told which comment it has.
        """
        told = self.comments.get(column.label)
        if told is None or told.split() == (column.comment or "").split():
            return ""
        if self._is_altered(column):
            return ""
        if not told.strip():
            return f"column {column.label} has no comment in its model"
        return f"the comment of column {column.label} is another in its model: {told!r}"

    def _is_altered(self, column: Column, attribute: str = "") -> bool:
        """True where the migration alters the column later, in this attribute or in any."""
        return any(
            it.name == "alter_column"
            and column.label.endswith(f"{it.table}.{it.target}")
            and (not attribute or _sets(it, attribute))
            for it in self.migration.upgrade.operations
        )


def _sets(alter: Operation, attribute: str) -> bool:
    return attribute in alter.attributes and dict(alter.values).get(attribute) != "None"


def told_comments(session: Session, path: str) -> tuple[tuple[str, str], ...]:
    """The comments of the columns in the models of the branch, for a migration of the branch.

    They are sorted by `table.column`, with an empty text for none. A column whose comment is not
    told, or that two models declare, is left out. Empty for a migration that the branch leaves as
    it is, and where the models cannot be compared.
    """
    try:
        if path not in session.branch.changed_or_nothing():
            return ()
        return session.cache.keep("comments of the branch", lambda: _told(session))
    except (NotEvaluated, Unreadable, RecursionError):
        return ()


def _told(session: Session) -> tuple[tuple[str, str], ...]:
    found: dict[str, str | None] = {}
    bases = Bases(session)
    for table in read_sides(session)[1]:
        whole = bases.inherited(table, table.elsewhere) if table.is_named else table
        for key, part in whole.parts.items() if table.is_named else ():
            comment = part.comment
            is_own = part.spot.path == table.spot.path
            if not (key.startswith("column ") and (is_own or comment)):
                # Without a comment, a column of another file may be older than the branch.
                continue
            label = f"{table.name}.{part.name}"
            is_told = comment is not None or ("comment" not in part.aspects and part.shows_all)
            found[label] = (comment or "") if is_told and label not in found else None
    return tuple(sorted((label, told) for label, told in found.items() if told is not None))


def copy_comments(
    session: Session, findings: Sequence[Finding], is_said: Callable[[str, str], bool]
) -> None:
    """Let findings about columns copy the comment of the model's column, named by their symbols.

    The help says what is copied, and where the model has the column and no comment. `is_said` tells
    of a comment and a column's name whether the comment says anything.
    """
    spots = Counter(finding.spot for finding in findings)
    known = _comments(session, {finding.symbol.rpartition(".")[0] for finding in findings})
    for finding in findings:
        _, _, name = finding.symbol.rpartition(".")
        comments = known.get(finding.symbol)
        if comments is None:
            continue
        (comment, *others) = comments
        if others or comment is None or not is_said(comment, name):
            finding.help += "; its model has none to copy"
            continue
        finding.help = f"add comment={comment!r} as in its model"
        path, line, column = finding.spot.key
        text = session.tree.text(path)
        start = text.offset(line, column)
        call = re.compile(rf"(?:\w+\.)*Column\(\s*(['\"]){re.escape(name)}\1")
        # A loop or a helper makes several columns of one call.
        if spots[finding.spot] == 1 and call.match(text.text, start):
            finding.help += ", or run with --fix"
            finding.rewrite = Rewrite(path, (SetKeyword(start, "comment", comment),))


def _comments(session: Session, tables: set[str]) -> dict[str, set[str | None]]:
    """The comments of the columns of tables, by `table.column`; None for a column without one."""
    words = {word.encode() for table in tables for word in table.split(".")}
    paths = [
        path for path in session.tree.tracked if is_code(path) and not is_migration(session, path)
    ]
    found: dict[str, set[str | None]] = {}
    for path, data in session.tree.read_each(paths):
        if words.isdisjoint(re.findall(rb"\w+", data)):
            continue
        try:
            models = recall_tables(session, path, data)
        except (Unreadable, RecursionError):
            continue
        for table in models:
            for name, comment in table.comments.items():
                found.setdefault(f"{table.name}.{name}", set()).add(comment)
    return found

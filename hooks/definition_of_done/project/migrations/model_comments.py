"""The comments that models have for the columns of migrations that lack them."""

from __future__ import annotations

import re
from collections import Counter

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.rewrites import Rewrite, SetKeyword
from definition_of_done.project.layout import is_code, is_migration
from definition_of_done.project.migrations.changed_models import recall_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session


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
        path, line, column = finding.spot.key
        text = session.tree.text(path)
        start = text.offset(line, column)
        call = re.compile(rf"(?:\w+\.)*Column\(\s*(['\"]){re.escape(name)}\1")
        # A loop or a helper makes several columns of one call.
        if spots[finding.spot] == 1 and call.match(text.text, start):
            finding.help = f"add comment={comment!r} as in its model, or run with --fix"
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

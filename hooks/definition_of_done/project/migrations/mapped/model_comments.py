"""Judges the comments of a migration's columns, and finds those that the models have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.rewrites import Rewrite, SetKeyword
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_code, is_migration
from definition_of_done.project.migrations.ancestry.lineage import why_kept
from definition_of_done.project.migrations.files.migration import Migration
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.changed_models import read_sides, recall_tables
from definition_of_done.project.migrations.operations.operations import Column, Operation

# Words around a name that add nothing to it.
_ARTICLES = frozenset(("a", "an", "the", "this"))
_FILLERS = _ARTICLES | {"of", "for"}
_KINDS = frozenset(("column", "field", "value", "attribute", "property", "data"))
_WORD = regex(r"[^\W_]+")
_PROMISES = regex(r"(TODO|FIXME|XXX|TBD|TBA|WIP)\b")
_NOTHING = {
    *("todo", "fixme", "tbd", "tba", "wip", "xxx", "comment", "description", "placeholder"),
    *("none", "null", "na", "unknown", "tobedone", "tobedefined", "tobedetermined", "seeabove"),
    *("addcomment", "addacomment", "nocomment", "nodescription"),
}
_TYPES = {
    "Integer": {"int", "number"},
    "String": {"str", "text", "varchar"},
    "Text": {"str", "string"},
    "Boolean": {"bool"},
    "DateTime": {"timestamp"},
    "Numeric": {"decimal", "number"},
    "Float": {"number"},
}


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
        return _what_is_wrong(column)

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
            operation.name == "alter_column"
            and column.label.endswith(f"{operation.table}.{operation.target}")
            and (not attribute or _sets(operation, attribute))
            for operation in self.migration.upgrade.operations
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


def copy_comments(session: Session, findings: Sequence[Finding]) -> None:
    """Let findings about columns copy the comment of the model's column, named by their symbols.

    The help says what is copied, and where the model has the column and no comment to copy.
    """
    spots = Counter(finding.spot for finding in findings)
    known = _comments(session, {finding.symbol.rpartition(".")[0] for finding in findings})
    for finding in findings:
        _, _, name = finding.symbol.rpartition(".")
        comments = known.get(finding.symbol)
        if comments is None:
            continue
        (comment, *others) = comments
        if others or comment is None or not _is_said(comment, name):
            finding.help += "; its model has none to copy"
            continue
        finding.help = f"add comment={comment!r} as in its model"
        path, line, column = finding.spot.key
        text = session.tree.text(path)
        start = text.offset(line, column)
        call = re.compile(rf"(?:\w+\.)*Column\(\s*(['\"]){re.escape(name)}\1")
        # A loop or a helper makes several columns of one call.
        if spots[finding.spot] > 1 or not call.match(text.text, start):
            continue
        if reason := why_kept(session, path):
            finding.help += f"; not written, because {reason}"
        else:
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


def _is_said(comment: str, name: str) -> bool:
    """True where a comment says more of a column than its name."""
    words = _words(comment)
    return not _empty(comment, words) and _core(words) != _bare(name)


def _what_is_wrong(column: Column) -> str:
    """The words for a comment that says nothing, empty for one that does."""
    comment = column.comment or ""
    label = f"the comment of column {column.label}"
    if not comment.strip():
        return f"{label} is empty"
    words = _words(comment)
    if _empty(comment, words):
        return f"{label} says nothing: {comment!r}"
    what = _repeated(_core(words), column)
    return f"{label} only repeats its {what}" if what else ""


def _repeated(core: str, column: Column) -> str:
    """The part of a column that the letters of its comment repeat, empty where it is none."""
    name, type_name = _bare(column.name or ""), column.type_name
    table = _bare(column.label.rpartition(".")[0].rpartition(".")[2])
    if core in (name, f"{table}{name}"):
        return "name"
    if type_name and (core == type_name.lower() or core in _TYPES.get(type_name, ())):
        return "type"
    is_table = core in (table, table.removesuffix("s"), f"{table.removesuffix('ies')}y")
    return "table" if is_table else ""


def _empty(comment: str, words: list[str]) -> bool:
    """True where a comment holds no word, or a promise in the place of one."""
    if not _FILLERS.isdisjoint(words):
        words = [word for word in words if word not in _FILLERS]
    # Of no words, too, all are.
    is_kind = _KINDS.issuperset(words)
    return is_kind or "".join(words) in _NOTHING or bool(_PROMISES.match(comment.strip()))


def _core(words: list[str]) -> str:
    """The letters of a comment's words without those around them that add nothing."""
    kinds = [word for word in words if word not in _ARTICLES]
    while kinds and kinds[-1] in _KINDS:
        kinds.pop()
    # "value of the amount"
    while len(kinds) > 2 and kinds[0] in _KINDS and kinds[1] in ("of", "for"):
        del kinds[:2]
    return "".join(kinds) or "".join(words)


def _words(comment: str) -> list[str]:
    return _WORD.findall(comment.lower())


def _bare(text: str) -> str:
    letters = text.lower().replace("_", "")
    return letters if letters.isalnum() else "".join(_words(text))

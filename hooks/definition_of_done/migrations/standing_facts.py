"""Migrations that stand on the base and that the branch changes: both sides of each."""

import ast
from typing import NamedTuple

from definition_of_done.engine.errors import NotEvaluated, Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.session import Session
from definition_of_done.migrations import version_folders
from definition_of_done.migrations._scan import Scan, scan
from definition_of_done.migrations.facts import Identifier, read_identifiers
from definition_of_done.migrations.graph_facts import read_scans
from definition_of_done.readers.python import read_module


class Standing(NamedTuple):
    """One migration of the base that the branch changes.

    `old` is the base's; `path` where its revision stands now, None where no migration has it any
    more; `revision` and `parents` are today's where they differ from the base's, else None;
    `spot` is where the file, or the deleted path, is reported.
    """

    old: Scan
    path: str | None
    revision: Identifier | None
    parents: Identifier | None
    same_body: bool
    spot: Spot


def read_standing(session: Session) -> list[Standing]:
    """What the branch changes of the base's migrations, by path.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    if not any(letter != "A" for letter in session.change.touched.values()) and not (
        session.change.whole
    ):
        return []
    base = session.standing
    if base is None:
        if session.change.whole and session.is_main:
            return []
        raise NotEvaluated("no base; fetch the main branch, or name it with --base")
    folders = version_folders(session)
    found = []
    for path, letter in sorted(session.changed_since(base).items()):
        if letter == "A" or not path.endswith(".py") or not folders.hold(path):
            continue
        try:
            old = scan(path, session.read_at(base, path))
        except Unreadable:
            # What was no Python on the base holds nothing that others could rely on.
            continue
        if old.revision is None or session.config.excludes(path):
            continue
        one = _compared(session, base, old)
        if one:
            found.append(one)
    return found


def _compared(session: Session, base: str, old: Scan) -> Standing | None:
    path: str | None = old.path
    if not session.exists(old.path) or old.path not in session.tracked:
        path = next((one.path for one in read_scans(session) if one.revision == old.revision), None)
    if path is None:
        return Standing(old, None, None, None, True, Spot(old.path))
    data = session.read(path)
    try:
        revision, parents, _, _ = read_identifiers(path, data)
    except Unreadable as error:
        error.path = path
        raise
    if revision is None or (revision.is_text and revision.values[0] == old.revision):
        new_revision = None
    else:
        new_revision = revision if revision.is_text else None
    same_parents = parents is None or not parents.is_literal or parents.values == old.parents
    before, after = (_body(path, one) for one in (session.read_at(base, old.path), data))
    return Standing(
        old,
        path,
        new_revision,
        None if same_parents else parents,
        before == after,
        revision.spot if revision else Spot(path),
    )


def _body(path: str, data: bytes) -> list[str]:
    """A file's functions and classes, without docstrings of the module, comments and layout."""
    tree = read_module(path, data).tree
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [ast.dump(node) for node in tree.body if isinstance(node, kinds)]

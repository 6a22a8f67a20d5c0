"""Migrations that stand on the base and that the branch changes: both sides of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.history import NOTHING, read_left_out, read_scans
from definition_of_done.project.migrations.migration import Identifier, read_identifiers
from definition_of_done.project.migrations.scan import Scan, scan
from definition_of_done.readers.python import read_module


class BaseMigration(NamedTuple):
    """One migration of the base that the branch changes.

    `old` is the base's; `path` where its revision stands now, None where no migration has it any
    more; `revision` and `parents` are today's where they differ from the base's, else None;
    `same_body` is only looked at where `immutable-body` asks for it; `spot` is where the file, or
    the deleted path, is reported.
    """

    old: Scan
    path: str | None
    revision: Identifier | None
    parents: Identifier | None
    same_body: bool
    spot: Spot


def read_base_migrations(session: Session) -> list[BaseMigration]:
    """What the branch changes of the base's migrations, by path, without what `since` leaves out.

    Raises NotEvaluated where there is no base, UsageError for a `since` that no migration has, and
    Unreadable for a file that is not Python.
    """
    changed = list(_changed(session))
    left = _left_out(session, [old for old, _ in changed])
    return [_compared(session, old, before) for old, before in changed if old.path not in left]


def _changed(session: Session) -> Iterator[tuple[Scan, bytes]]:
    """The base's side of the migrations that the branch changes or deletes, with its bytes."""
    for path in sorted(session.branch.changed_on_base()):
        if not is_migration(session, path) or session.config.excludes(path):
            continue
        before = session.branch.read_at(str(session.branch.relied_on), path)
        try:
            old = scan(path, before)
        except Unreadable:
            # What was no Python on the base holds nothing that others could rely on.
            continue
        if old.revision is not None:
            yield old, before


def _left_out(session: Session, changed: list[Scan]) -> set[str]:
    """The paths that `since` leaves out, with what stands above them on the base alone."""
    if not changed:
        return set()
    try:
        left = read_left_out(session)
    except Unreadable:
        # It may be what the branch takes away that leaves the ancestors unknown.
        left = NOTHING
    found: set[str] = set()
    before = {old.revision: old for old in changed}
    queue = [
        old
        for old in changed
        if old.path in left.paths
        # What is moved or deleted is known by its revision alone.
        or (old.revision in left.revisions and not session.tree.exists(old.path))
    ]
    while queue:
        old = queue.pop()
        if old.path not in found:
            found.add(old.path)
            queue += [before[name] for name in (*old.parents, *old.depends) if name in before]
    return found


def _compared(session: Session, old: Scan, before: bytes) -> BaseMigration:
    path: str | None = old.path
    if not session.tree.exists(old.path) or old.path not in session.tree.tracked:
        path = next(
            (
                migration.path
                for migration in read_scans(session)
                if migration.revision == old.revision
            ),
            None,
        )
    if path is None:
        return BaseMigration(old, None, None, None, True, Spot(old.path))
    data = session.tree.read(path)
    revision, parents, _, _ = read_identifiers(path, data)
    renamed = revision if revision and revision.is_text else None
    if renamed and renamed.values[0] == old.revision:
        renamed = None
    # An empty text is no parent, as Alembic reads it.
    same_parents = (
        parents is None
        or not parents.is_literal
        or [*filter(None, parents.values)] == [*filter(None, old.parents)]
    )
    return BaseMigration(
        old,
        path,
        renamed,
        None if same_parents else parents,
        not session.config["immutable-body"] or _body(path, before) == _body(path, data),
        revision.spot if revision else Spot(path),
    )


def _body(path: str, data: bytes) -> list[str]:
    """A file's functions and classes, without docstrings of the module, comments and layout."""
    tree = read_module(path, data).tree
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [ast.dump(node) for node in tree.body if isinstance(node, kinds)]

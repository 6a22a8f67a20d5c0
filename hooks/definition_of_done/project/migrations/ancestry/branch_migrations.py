"""Reads the migrations that the branch adds, and those of the base that it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.history import (
    Scan,
    read_left_out,
    read_left_out_if_known,
    read_scans,
    scan,
)
from definition_of_done.project.migrations.files.migration import (
    Identifier,
    Migration,
    read_identifiers,
    read_shared,
)
from definition_of_done.project.reverts import is_taken_back
from definition_of_done.readers.python import read_module


class BaseMigration(NamedTuple):
    """One migration of the base that the branch changes.

    `old` is the base's side. `path` is the file that has its revision now, None where none has.
    `revision` and `parents` are today's where they differ from the base's, else None. `same_body`
    says that the code is the same; it is compared only where `immutable-body` is set. `spot` is
    where the file is reported, or the deleted path.
    """

    old: Scan
    path: str | None
    revision: Identifier | None
    parents: Identifier | None
    same_body: bool
    spot: Spot


@once
def read_branch_migrations(session: Session) -> list[Migration]:
    """Read the migrations that the branch adds, by path; those that `since` leaves out are not."""
    added = [
        path
        for path, letter in sorted(session.branch.changed_or_nothing().items())
        if letter == "A" and is_migration(session, path) and not session.config.excludes(path)
    ]
    left = read_left_out(session).paths if added else ()
    found = (read_shared(session, path) for path in added if path not in left)
    return [migration for migration in found if migration.revision]


def read_base_migrations(session: Session) -> list[BaseMigration]:
    """Read the migrations of the base that the branch changes, by path.

    Those that `since` leaves out, and those that a revert takes back, are not among them.
    """
    changed = [
        (old, before) for old, before in _changed(session) if not is_taken_back(session, old.path)
    ]
    left = _left_out(session, [old for old, _ in changed])
    return [_compared(session, old, before) for old, before in changed if old.path not in left]


def read_changed_revisions(session: Session) -> set[str | None]:
    """The revisions of the base's migrations that the branch changes, moves or deletes."""
    try:
        return {old.revision for old, _ in _changed(session)}
    except NotEvaluated:
        return set()


def _changed(session: Session) -> Iterator[tuple[Scan, bytes]]:
    """Yield the base's side of each migration that the branch changes or deletes, and its bytes."""
    for path in sorted(session.branch.changed_on_base()):
        if not is_migration(session, path) or session.config.excludes(path):
            continue
        before = session.branch.read_at(str(session.branch.relied_on), path)
        try:
            old = scan(path, before)
        except Unreadable:
            # Nobody relies on a file that was not Python.
            continue
        if old.revision is not None:
            yield old, before


def _left_out(session: Session, changed: list[Scan]) -> set[str]:
    """The paths that `since` leaves out, and those of their ancestors on the base."""
    if not changed:
        return set()
    # Where a migration is missing, the branch may have deleted it.
    left = read_left_out_if_known(session)
    found: set[str] = set()
    before = {old.revision: old for old in changed}
    queue = [
        old
        for old in changed
        if old.path in left.paths
        # A file that is moved or deleted is known by its revision.
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
        return BaseMigration(old, None, None, None, same_body=True, spot=Spot(old.path))
    data = session.tree.read(path)
    found = read_identifiers(path, data)
    revision, parents = found["revision"], found["down_revision"]
    renamed = revision if revision and revision.is_text else None
    if renamed and renamed.values[0] == old.revision:
        renamed = None
    # Alembic reads an empty text as no parent.
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
    """A file's functions and classes, without comments and layout, to be compared."""
    tree = read_module(path, data).tree
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [ast.dump(node) for node in tree.body if isinstance(node, kinds)]

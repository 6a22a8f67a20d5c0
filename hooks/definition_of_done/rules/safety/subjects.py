"""The subjects of the rules on safe deploys."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.migration_subject import FOLDERS, of_migrations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.rule import FileSubject
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.imports import Imported
    from definition_of_done.project.releases.removals import Removals


def _read(session: Session, path: str) -> Deployment:
    from definition_of_done.project.migrations.safety.deployment import shared

    return shared(session, path)


def _inputs(session: Session, path: str) -> object:
    from definition_of_done.project.migrations.safety.deployment import inputs

    return inputs(session, path)


def _answers(session: Session, path: str, asked: Sequence[str]) -> object:
    from definition_of_done.project.migrations.safety.deployment import answers

    return answers(session, path, asked)


def _deployed(name: str) -> FileSubject[Deployment]:
    return of_migrations(
        name,
        _read,
        settings=(*FOLDERS, "database", "database-version"),
        inputs=_inputs,
        answers=_answers,
        judges=lambda deployment: deployment.concerns_others,
    )


DEPLOYMENT: FileSubject[Deployment] = _deployed("migration as it is deployed")
# A verdict on timeouts depends on more files, and is kept apart.
TIMED: FileSubject[Deployment] = _deployed("migration with the timeouts of its connection")


def _read_imports(session: Session, path: str) -> tuple[Imported, ...]:
    from definition_of_done.project.migrations.safety.own_code import imports_own

    if not imports_own(session, session.tree.read(path)):
        return ()
    from definition_of_done.project.migrations.safety.imports import read_imports

    return read_imports(session, path)


def _what_is_imported(session: Session, path: str) -> object:
    try:
        return _read_imports(session, path)
    except Unreadable:
        return ()


IMPORTS: FileSubject[tuple[Imported, ...]] = of_migrations(
    "imports of a migration", _read_imports, inputs=_what_is_imported, judges=bool
)


def _read_removals(session: Session, path: str) -> Removals:
    from definition_of_done.project.releases.removals import Removals

    return Removals(session, path)


def _what_runs(session: Session, path: str) -> object:
    from definition_of_done.project.releases.removals import inputs

    return inputs(session, path)


REMOVALS: FileSubject[Removals] = of_migrations(
    "migration that takes something away",
    _read_removals,
    settings=(*FOLDERS, "version-scheme"),
    inputs=_what_runs,
    answers=_answers,
    sights=("MIGRATIONS", "MODELS"),
)

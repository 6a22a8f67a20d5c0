"""The subjects of the rules on safe deploys."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.subject import FileSubject
from definition_of_done.project import sights
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.since import is_left_out
from definition_of_done.project.overlooked import refuse_overlooked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.imports import Imported
    from definition_of_done.project.migrations.safety.timeouts import Timed
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


_SETTINGS = (
    *("versions", "recursive", "alembic-config", "since"),
    *("database", "database-version"),
)

DEPLOYMENT: FileSubject[Deployment] = FileSubject(
    "migration as it is deployed",
    suffix=".py",
    concerns=is_migration,
    read=_read,
    settings=_SETTINGS,
    inputs=_inputs,
    asked=lambda deployment: deployment.asked,
    answers=_answers,
    leaves_out=is_left_out,
    refuses=refuse_overlooked,
    sights=(sights.MIGRATIONS,),
)


def _read_timed(session: Session, path: str) -> Timed:
    from definition_of_done.project.migrations.safety.timeouts import Timed

    return Timed(session, path)


def _timed_answers(session: Session, path: str, asked: Sequence[str]) -> object:
    from definition_of_done.project.migrations.safety.timeouts import answers

    return answers(session, path, asked)


TIMED: FileSubject[Timed] = FileSubject(
    "migration with the timeouts of its connection",
    suffix=".py",
    concerns=is_migration,
    read=_read_timed,
    settings=_SETTINGS,
    inputs=_inputs,
    asked=lambda timed: timed.asked,
    answers=_timed_answers,
    leaves_out=is_left_out,
    refuses=refuse_overlooked,
    sights=(sights.MIGRATIONS,),
)


def _read_imports(session: Session, path: str) -> tuple[Imported, ...]:
    from definition_of_done.project.migrations.safety.imports import read_imports

    return read_imports(session, path)


def _what_is_imported(session: Session, path: str) -> object:
    try:
        return _read_imports(session, path)
    except Unreadable:
        return ()


IMPORTS: FileSubject[tuple[Imported, ...]] = FileSubject(
    "imports of a migration",
    suffix=".py",
    concerns=is_migration,
    read=_read_imports,
    settings=("versions", "recursive", "alembic-config", "since"),
    inputs=_what_is_imported,
    leaves_out=is_left_out,
    refuses=refuse_overlooked,
    sights=(sights.MIGRATIONS,),
)


def _read_removals(session: Session, path: str) -> Removals:
    from definition_of_done.project.releases.removals import Removals

    return Removals(session, path)


def _what_runs(session: Session, path: str) -> object:
    from definition_of_done.project.releases.removals import inputs

    return inputs(session, path)


REMOVALS: FileSubject[Removals] = FileSubject(
    "migration that takes something away",
    suffix=".py",
    concerns=is_migration,
    read=_read_removals,
    settings=("versions", "recursive", "alembic-config", "since", "version-scheme"),
    inputs=_what_runs,
    asked=lambda removals: removals.asked,
    answers=_answers,
    leaves_out=is_left_out,
    refuses=refuse_overlooked,
    sights=(sights.MIGRATIONS, sights.MODELS),
)

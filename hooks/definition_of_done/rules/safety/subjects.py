"""The subjects of the rules on safe deploys."""

from __future__ import annotations

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


def _read(session: Session, path: str) -> Deployment:
    from definition_of_done.project.migrations.safety.deployment import Deployment

    return Deployment(session, path)


def _inputs(session: Session, path: str) -> object:
    from definition_of_done.project.migrations.safety.deployment import inputs

    return inputs(session, path)


def _answers(session: Session, path: str, asked: Sequence[str]) -> object:
    from definition_of_done.project.migrations.safety.deployment import answers

    return answers(session, path, asked)


DEPLOYMENT: FileSubject[Deployment] = FileSubject(
    "migration as it is deployed",
    suffix=".py",
    concerns=is_migration,
    read=_read,
    settings=(
        *("versions", "recursive", "alembic-config", "since"),
        *("database", "database-version"),
    ),
    inputs=_inputs,
    asked=lambda deployment: deployment.asked,
    answers=_answers,
    leaves_out=is_left_out,
    refuses=refuse_overlooked,
    sights=(sights.MIGRATIONS,),
)

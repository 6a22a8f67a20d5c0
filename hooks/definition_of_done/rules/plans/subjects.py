"""The subjects of the rules about plans."""

from __future__ import annotations

from definition_of_done.engine.rule import FileSubject, RepositorySubject, nothing_else
from definition_of_done.project.alembic import is_alembic_config
from definition_of_done.project.layout import (
    is_changelog,
    is_code,
    is_export,
    is_feature_page,
    is_from_before,
    is_migration,
)
from definition_of_done.project.overlooked import refuse_overlooked, refuse_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.deltas import Deltas
    from definition_of_done.project.docs.feature_page import FeaturePage
    from definition_of_done.project.docs.gone_pages import GonePage
    from definition_of_done.project.docs.planned_schema import NamedRevisions
    from definition_of_done.project.docs.plans import Addition
    from definition_of_done.project.docs.questions import OpenQuestion
    from definition_of_done.project.docs.surface import Surface
    from definition_of_done.project.docs.task_mentions import TaskMentions


def _read_page(session: Session, path: str) -> FeaturePage:
    from definition_of_done.project.docs.feature_page import feature_page_of

    return feature_page_of(session, path)


FEATURE_PAGE: FileSubject[FeaturePage] = FileSubject(
    "feature page",
    suffix=".md",
    concerns=is_feature_page,
    read=_read_page,
    settings=("features",),
    inputs=nothing_else,
    leaves_out=is_from_before,
    refuses=refuse_plan,
    sights=("FEATURE_PAGES",),
)


def _read_name(session: Session, path: str) -> str:
    if not session.tree.exists(path):
        raise FileNotFoundError(path)
    return path


FEATURE_NAME: FileSubject[str] = FileSubject(
    "path of a feature page",
    suffix=".md",
    concerns=is_feature_page,
    read=_read_name,
    settings=("features",),
    leaves_out=is_from_before,
    refuses=refuse_plan,
    sights=("FEATURE_PAGES",),
)


def _is_code_or_page(session: Session, path: str) -> bool:
    return is_code(path) or is_feature_page(session, path)


def _read_unplanned(session: Session) -> list[Addition]:
    from definition_of_done.project.docs.plans import read_unplanned

    return read_unplanned(session)


UNPLANNED: RepositorySubject[list[Addition]] = RepositorySubject(
    "what the branch adds without a plan",
    diff=True,
    concerns=_is_code_or_page,
    read=_read_unplanned,
    settings=("features", "resources", "resources-ignore", "versions", "since"),
    sights=("FEATURE_PAGES",),
)


def _is_migration_or_page(session: Session, path: str) -> bool:
    return (
        is_alembic_config(session, path)
        or is_feature_page(session, path)
        or is_migration(session, path)
        or is_changelog(session, path)
    )


def _read_named_revisions(session: Session) -> NamedRevisions:
    from definition_of_done.project.docs.planned_schema import read_named_revisions

    return read_named_revisions(session)


NAMED_REVISIONS: RepositorySubject[NamedRevisions] = RepositorySubject(
    "revisions that feature pages name",
    diff="what the section names of the branch's migrations",
    concerns=_is_migration_or_page,
    read=_read_named_revisions,
    settings=("features", "versions", "alembic-config", "since", "changelog", "changelog-style"),
    refuses=refuse_overlooked,
    sights=("MIGRATIONS", "FEATURE_PAGES"),
)


def _read_gone_pages(session: Session) -> list[GonePage]:
    from definition_of_done.project.docs.gone_pages import read_gone_pages

    return read_gone_pages(session)


GONE_PAGES: RepositorySubject[list[GonePage]] = RepositorySubject(
    "feature pages that the branch takes away",
    diff=True,
    concerns=is_feature_page,
    read=_read_gone_pages,
    settings=("features",),
    accept="a page that is gone has no line for a comment: put it back",
    sights=("FEATURE_PAGES",),
)


def _read_open_questions(session: Session) -> list[OpenQuestion]:
    from definition_of_done.project.docs.questions import read_open_questions

    return read_open_questions(session)


OPEN_QUESTIONS: RepositorySubject[list[OpenQuestion]] = RepositorySubject(
    "open questions of the branch",
    diff=True,
    concerns=lambda session, path: not path.endswith(".md") or is_feature_page(session, path),
    read=_read_open_questions,
    settings=("features", "resources", "versions", "since", "mkdocs"),
    sights=("FEATURE_PAGES",),
)


def _is_code_or_final(session: Session, path: str) -> bool:
    """True for code, a feature page, or a changelog page, which shows that a feature shipped."""
    return _is_code_or_page(session, path) or is_changelog(session, path)


def _read_deltas(session: Session) -> Deltas:
    from definition_of_done.project.docs.deltas import read_deltas

    return read_deltas(session)


BRANCH_DELTAS: RepositorySubject[Deltas] = RepositorySubject(
    "files and methods of the branch",
    diff=True,
    concerns=_is_code_or_final,
    read=_read_deltas,
    settings=("features", "resources", "scripts", "changelog", "changelog-style"),
    sights=("FEATURE_PAGES",),
)


def _read_surface(session: Session) -> Surface:
    from definition_of_done.project.docs.surface import read_surface

    return read_surface(session)


BRANCH_SURFACE: RepositorySubject[Surface] = RepositorySubject(
    "GraphQL surface of the branch",
    diff=True,
    concerns=lambda session, path: is_export(session, path) or _is_code_or_final(session, path),
    read=_read_surface,
    settings=("features", "resources", "schema-exports", "changelog", "changelog-style"),
    sights=("FEATURE_PAGES", "RESOURCES"),
)


def _read_task_mentions(session: Session) -> TaskMentions:
    from definition_of_done.project.docs.task_mentions import read_task_mentions

    return read_task_mentions(session)


BRANCH_TASKS: RepositorySubject[TaskMentions] = RepositorySubject(
    "worker tasks of the branch",
    diff=True,
    concerns=_is_code_or_final,
    read=_read_task_mentions,
    settings=("features", "resources"),
    sights=("FEATURE_PAGES", "TASKS"),
)

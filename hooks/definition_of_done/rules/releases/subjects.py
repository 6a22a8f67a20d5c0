"""The subjects of the rules about releases."""

from __future__ import annotations

from definition_of_done.engine.subject import FileSubject, RepositorySubject, nothing_else
from definition_of_done.project.layout import (
    PYPROJECT,
    is_changelog_page,
    is_export,
    is_feature_page,
    is_migration,
    is_one_off_script,
    is_site_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.releases.added import UnlinkedBullet
    from definition_of_done.project.releases.changelog import ChangelogPage
    from definition_of_done.project.releases.frontend import Unrepeated
    from definition_of_done.project.releases.migrations import PageMigrations
    from definition_of_done.project.releases.release import Release
    from definition_of_done.project.releases.versions import Versions


def _read_page(session: Session, path: str) -> ChangelogPage:
    from definition_of_done.project.releases.changelog import read_page_of

    page = read_page_of(session, path)
    # Only what moves sections asks, as git must be started for the answer.
    return page if page.is_in_order else page._replace(is_released=_is_released(session, path))


def _is_released(session: Session, path: str, _: object = None) -> bool | None:
    from definition_of_done.project.releases.released import is_released

    return is_released(session, path)


CHANGELOG_PAGE: FileSubject[ChangelogPage] = FileSubject(
    "changelog page",
    suffix=".md",
    concerns=is_changelog_page,
    read=_read_page,
    settings=("changelog",),
    inputs=nothing_else,
    asked=lambda page: () if page.is_in_order else ("released",),
    answers=_is_released,
)


def _names_a_version(session: Session, path: str) -> bool:
    config = session.config
    return (
        path in (PYPROJECT, "uv.lock", config["version-file"], config["version-source"])
        or is_site_file(session, path)
        or is_changelog_page(session, path)
    )


def _read_versions(session: Session) -> Versions:
    from definition_of_done.project.releases.versions import read_versions

    return read_versions(session)


VERSIONS: RepositorySubject[Versions] = RepositorySubject(
    "versions",
    concerns=_names_a_version,
    read=_read_versions,
    settings=("version-file", "version-source", "changelog", "mkdocs"),
)


def _tells_the_level(session: Session, path: str) -> bool:
    return (
        is_export(session, path)
        or _names_a_version(session, path)
        or is_feature_page(session, path)
    )


def _read_release(session: Session) -> Release:
    from definition_of_done.project.releases.release import read_release

    return read_release(session)


RELEASE: RepositorySubject[Release] = RepositorySubject(
    "newest version",
    diff="the change of the schema",
    concerns=_tells_the_level,
    read=_read_release,
    settings=(*VERSIONS.settings, "features", "schema-exports"),
)


def _is_changelog_or_feature(session: Session, path: str) -> bool:
    return is_changelog_page(session, path) or is_feature_page(session, path)


def _read_unlinked(session: Session) -> list[UnlinkedBullet]:
    from definition_of_done.project.releases.added import read_unlinked

    return read_unlinked(session)


ADDED: RepositorySubject[list[UnlinkedBullet]] = RepositorySubject(
    "bullets under Added that lead to no feature page",
    concerns=_is_changelog_or_feature,
    read=_read_unlinked,
    settings=("changelog", "features"),
)


def _is_listed(session: Session, path: str) -> bool:
    return (
        path == "alembic.ini"
        or is_one_off_script(path)
        or is_changelog_page(session, path)
        or is_migration(session, path)
    )


def _read_migrations(session: Session) -> list[PageMigrations]:
    from definition_of_done.project.releases.migrations import read_migrations

    return read_migrations(session)


MIGRATIONS: RepositorySubject[list[PageMigrations]] = RepositorySubject(
    "sections Migrations of the changelog",
    concerns=_is_listed,
    read=_read_migrations,
    settings=("changelog", "versions", "since", "bump-command"),
)


def _read_unrepeated(session: Session) -> list[Unrepeated]:
    from definition_of_done.project.releases.frontend import read_unrepeated

    return read_unrepeated(session)


FRONTEND: RepositorySubject[list[Unrepeated]] = RepositorySubject(
    "frontend contracts that the newest changelog page does not repeat",
    concerns=_is_changelog_or_feature,
    read=_read_unrepeated,
    settings=("changelog", "features"),
)

"""The subjects of the rules about releases."""

from __future__ import annotations

from definition_of_done.engine.rule import FileSubject, RepositorySubject
from definition_of_done.project.alembic import is_alembic_config
from definition_of_done.project.changelog_style import (
    fragments_folder,
    is_changelog_file,
    is_fragment_path,
    require_pages,
)
from definition_of_done.project.layout import (
    PYPROJECT,
    is_changelog,
    is_code,
    is_export,
    is_feature_page,
    is_migration,
    is_one_off_script,
    is_site_file,
    is_version_file,
)
from definition_of_done.project.overlooked import refuse_changelog, refuse_overlooked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.project.releases.changelog import ChangelogPage
    from definition_of_done.project.releases.features import AddedFaults
    from definition_of_done.project.releases.migrations import PageMigrations
    from definition_of_done.project.releases.release import Release
    from definition_of_done.project.releases.repeat import Unrepeated
    from definition_of_done.project.releases.versions import Versions


# What a page asks for beside words; a word has no space.
_DEPLOY_ORDER = "the order of the deploy"


def _read_page(session: Session, path: str) -> ChangelogPage | KeptChangelog:
    if is_changelog_file(session, path):
        from definition_of_done.project.docs.kept_changelog import read_kept_file

        return read_kept_file(session, path)
    from definition_of_done.project.releases.changelog import page_state, read_page_of

    state = page_state(session, path)
    page = read_page_of(session, path)._replace(**state._asdict())
    if not page.is_own:
        return page
    from definition_of_done.project.releases.deploy_order import lacks_order
    from definition_of_done.project.releases.plain_words import named_in, words_to_ask

    asked = words_to_ask(page)
    naming = named_in(session, asked)
    if lacks_order(page):
        asked = [*asked, _DEPLOY_ORDER]
        page = page._replace(ordered=_ordered_step(session, path))
    return page._replace(asked=tuple(asked), naming=naming)


def _ordered_step(session: Session, path: str) -> str:
    from definition_of_done.project.releases.deploy_order import ordered_step
    from definition_of_done.project.schemes import version_of

    return ordered_step(session, version_of(path))


def _inputs(session: Session, path: str) -> object:
    if is_changelog_file(session, path):
        from definition_of_done.project.docs.kept_changelog import bytes_before

        return bytes_before(session, path), session.branch.change.whole
    from definition_of_done.project.releases.changelog import page_state

    return page_state(session, path)


def _answers(session: Session, path: str, asked: Sequence[str]) -> object:
    from definition_of_done.project.releases.plain_words import named_in

    ordered = _ordered_step(session, path) if _DEPLOY_ORDER in asked else ""
    return [*sorted(named_in(session, [word for word in asked if word != _DEPLOY_ORDER])), ordered]


CHANGELOG_PAGE: FileSubject[ChangelogPage | KeptChangelog] = FileSubject(
    "changelog page",
    suffix=".md",
    concerns=is_changelog,
    read=_read_page,
    settings=(
        *("changelog", "changelog-style", "schema-exports", "version-scheme", "versions", "since"),
    ),
    inputs=_inputs,
    answers=_answers,
    refuses=refuse_changelog,
    sights=("CHANGELOG_PAGES",),
)


def _names_a_version(session: Session, path: str) -> bool:
    return (
        path in (PYPROJECT, session.config["version-file"], session.config["version-source"])
        or is_version_file(session, path)
        or is_site_file(session, path)
        or is_changelog(session, path)
    )


def _read_versions(session: Session) -> Versions:
    from definition_of_done.project.releases.versions import read_versions

    return read_versions(session)


VERSIONS: RepositorySubject[Versions] = RepositorySubject(
    "versions",
    concerns=_names_a_version,
    read=_read_versions,
    settings=(
        "version-file",
        "version-files",
        "version-scheme",
        "version-source",
        "changelog",
        "changelog-style",
        "mkdocs",
    ),
    sights=("VERSIONS",),
)


def _tells_the_level(session: Session, path: str) -> bool:
    # What the branch owes is due when it is done: a commit of code need not ask.
    return (
        (is_code(path) and not session.is_commit)
        or is_export(session, path)
        or _names_a_version(session, path)
        or is_feature_page(session, path)
        or is_fragment_path(session, path)
    )


def _read_release(session: Session) -> Release:
    from definition_of_done.project.releases.release import read_dues, read_release

    release = read_release(session)
    if fragments_folder(session):
        from definition_of_done.project.releases.fragments import read_fragments

        release = release._replace(fragments=read_fragments(session))
    return release if session.is_commit else release._replace(owed=read_dues(session).owed)


RELEASE: RepositorySubject[Release] = RepositorySubject(
    "newest version",
    diff="the change of the schema",
    concerns=_tells_the_level,
    read=_read_release,
    settings=(*VERSIONS.settings, "features", "schema-exports", "release"),
    sights=("VERSIONS", "CHANGELOGS"),
)


def _is_changelog_or_feature(session: Session, path: str) -> bool:
    return is_changelog(session, path) or is_feature_page(session, path)


def _read_added(session: Session) -> AddedFaults:
    from definition_of_done.project.releases.features import read_added_faults
    from definition_of_done.project.releases.release import is_asked_to_bump

    added = read_added_faults(session)
    return added._replace(left_out=()) if is_asked_to_bump(session) else added


ADDED: RepositorySubject[AddedFaults] = RepositorySubject(
    "sections Added of the changelog",
    concerns=_is_changelog_or_feature,
    read=_read_added,
    settings=("changelog", "changelog-style", "features", "release", "version-scheme"),
    sights=("CHANGELOG_PAGES", "FEATURE_PAGES"),
)


def _is_listed(session: Session, path: str) -> bool:
    return (
        is_alembic_config(session, path)
        or is_one_off_script(session, path)
        or is_changelog(session, path)
        or is_migration(session, path)
    )


def _read_migrations(session: Session) -> list[PageMigrations]:
    from definition_of_done.project.releases.migrations import read_migrations

    require_pages(session, "Migrations")
    return read_migrations(session)


MIGRATIONS: RepositorySubject[list[PageMigrations]] = RepositorySubject(
    "sections Migrations of the changelog",
    concerns=_is_listed,
    read=_read_migrations,
    settings=(
        "changelog",
        "changelog-style",
        "versions",
        "since",
        "bump-command",
        "release",
        "scripts",
        "version-scheme",
    ),
    refuses=refuse_overlooked,
    sights=("RELEASE_PAGES", "MIGRATIONS"),
)


def _read_unrepeated(session: Session) -> list[Unrepeated]:
    from definition_of_done.project.releases.repeat import read_unrepeated

    require_pages(session, "Frontend impact")
    return list(read_unrepeated(session))


FRONTEND: RepositorySubject[list[Unrepeated]] = RepositorySubject(
    "frontend contracts that the newest changelog page does not repeat",
    concerns=_is_changelog_or_feature,
    read=_read_unrepeated,
    settings=("changelog", "changelog-style", "features", "version-scheme"),
    sights=("RELEASE_PAGES", "FEATURE_PAGES"),
)

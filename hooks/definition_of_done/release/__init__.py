"""Chapter 7 of the contract: the version and the changelog."""

from definition_of_done.engine.subject import FileSubject, RepositorySubject, late, nothing_else
from definition_of_done.pages import is_site_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.release.added_facts import Bullet
    from definition_of_done.release.facts import ChangelogPage
    from definition_of_done.release.frontend_facts import Unrepeated
    from definition_of_done.release.level_facts import Release
    from definition_of_done.release.migrations_facts import PageMigrations
    from definition_of_done.release.version_facts import Versions


def is_changelog_page(session: "Session", path: str) -> bool:
    """Whether the path is a page of the changelog that is named as a version."""
    folder, _, name = path.rpartition("/")
    # The dots of a version are asked for before re is imported.
    if not folder or folder != session.config["changelog"]:
        return False
    if not name.endswith(".md") or name.count(".") < 3:
        return False
    from definition_of_done.release._versions import is_version

    return is_version(name.removesuffix(".md"))


def _read(session: "Session", path: str) -> "ChangelogPage":
    from definition_of_done.release.facts import read_page_of

    return read_page_of(session, path)


CHANGELOG_PAGE: "FileSubject[ChangelogPage]" = FileSubject(
    "changelog page",
    suffix=".md",
    concerns=is_changelog_page,
    read=_read,
    settings=("changelog",),
    inputs=nothing_else,
)


def _names_a_version(session: "Session", path: str) -> bool:
    config = session.config
    return path in (
        "pyproject.toml",
        "uv.lock",
        config["version-file"],
        config["version-source"],
    ) or (is_site_file(session, path) or is_changelog_page(session, path))


VERSIONS: "RepositorySubject[Versions]" = RepositorySubject(
    "versions",
    concerns=_names_a_version,
    read=late("definition_of_done.release.version_facts:read_versions"),
    settings=("version-file", "version-source", "changelog", "mkdocs"),
)


def _tells_the_level(session: "Session", path: str) -> bool:
    from definition_of_done.pages import is_feature_page

    exports = session.config["schema-exports"]
    return path in exports or _names_a_version(session, path) or is_feature_page(session, path)


RELEASE: "RepositorySubject[Release]" = RepositorySubject(
    "newest version",
    diff="the change of the schema",
    concerns=_tells_the_level,
    read=late("definition_of_done.release.level_facts:read_release"),
    settings=(*VERSIONS.settings, "features", "schema-exports"),
)


def _is_changelog_or_feature(session: "Session", path: str) -> bool:
    from definition_of_done.pages import is_feature_page

    return is_changelog_page(session, path) or is_feature_page(session, path)


ADDED: "RepositorySubject[list[Bullet]]" = RepositorySubject(
    "bullets under Added that lead to no feature page",
    concerns=_is_changelog_or_feature,
    read=late("definition_of_done.release.added_facts:read_unlinked"),
    settings=("changelog", "features"),
)


def _is_listed(session: "Session", path: str) -> bool:
    from definition_of_done.migrations import is_migration

    return (
        path == "alembic.ini"
        or (path.startswith("scripts/") and path.endswith(".py"))
        or is_changelog_page(session, path)
        or is_migration(session, path)
    )


MIGRATIONS: "RepositorySubject[list[PageMigrations]]" = RepositorySubject(
    "sections Migrations of the changelog",
    concerns=_is_listed,
    read=late("definition_of_done.release.migrations_facts:read_migrations"),
    settings=("changelog", "versions", "since", "bump-command"),
)

FRONTEND: "RepositorySubject[list[Unrepeated]]" = RepositorySubject(
    "frontend contracts that the newest changelog page does not repeat",
    concerns=_is_changelog_or_feature,
    read=late("definition_of_done.release.frontend_facts:read_unrepeated"),
    settings=("changelog", "features"),
)

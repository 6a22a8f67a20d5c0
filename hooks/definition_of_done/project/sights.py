"""Sights of a project that rules need: migrations, pages, resources, exports, versions ..."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.session import Session
from definition_of_done.engine.sight import Sight
from definition_of_done.project.api.graphql import read_schema_modules
from definition_of_done.project.api.rbac import read_rbac
from definition_of_done.project.api.resources import read_layout
from definition_of_done.project.api.tasks import read_resource_tasks
from definition_of_done.project.api.workers import read_taskfile_workers
from definition_of_done.project.box_words import BOX_WORDS
from definition_of_done.project.changelog_style import (
    KEPT,
    KEY,
    PAGES,
    is_fragment_path,
    style_of,
)
from definition_of_done.project.docs.site import is_on_site, read_site
from definition_of_done.project.layout import (
    is_backfill,
    is_changelog,
    is_code,
    is_export,
    is_feature_page,
    is_in_tests,
    is_migration,
    is_test,
)
from definition_of_done.project.releases.versions import read_versions

# A file that maps a class to a table holds one of these.
_MAPPING = (b"__tablename__", b"table=True", b"Table(")
# Any schema has one of these, and a site's configuration one of those.
_SCHEMA = (b"type Query", b"schema {", b"schema @", b"extend type", b"interface ", b"enum ")
_OF_SITES = {"site_name", "docs_dir", "theme", "plugins", "markdown_extensions", "INHERIT"}


def _files(
    noun: str,
    *settings: str,
    are: Callable[[Session, str], bool],
    off: Callable[[Session], str] | None = None,
    words: tuple[bytes, ...] = (),
) -> Sight:
    """A sight of the tracked files for which `are` is true, and that hold one of some words."""

    def count(session: Session) -> int:
        paths = [path for path in _judged(session) if are(session, path)]
        if not words:
            return sum(map(session.tree.exists, paths))
        files = session.tree.read_each(paths)
        return sum(any(word in data for word in words) for _, data in files)

    return Sight(noun, *settings, count=count, off=off)


def _judged(session: Session) -> Iterator[str]:
    return (path for path in session.tree.tracked if not session.config.excludes(path))


def _is_long_kind(session: Session, path: str) -> bool:
    return path.endswith(tuple(session.config["max-lines-for"]))


def _count_site_pages(session: Session) -> int:
    site = read_site(session)
    if site is None or not (site.nav or site.settings.keys() & _OF_SITES):
        return 0
    return sum(path.endswith(".md") and is_on_site(session, path) for path in _judged(session))


def _count_versions(session: Session) -> int:
    versions = read_versions(session)
    places = (versions.source, *versions.places)
    return sum(place.version is not None for place in places) if versions.source.version else 0


def _count_schemas(session: Session) -> int:
    return sum(bool(code.mounts) for code in read_schema_modules(session))


def _count_tasks(session: Session) -> int:
    return len(read_resource_tasks(session))


def _count_members(session: Session) -> int:
    return sum(len(enum.names) for enum in (read_rbac(session) or {}).values())


def _has_pages(session: Session) -> bool:
    """True where the changelog is one page for each version."""
    return bool(session.config["changelog"]) and style_of(session) == PAGES


def _changelog_pages(*styles: str) -> Sight:
    """A sight of the changelog's pages, of which a team with another style keeps none."""
    return _files(
        "changelog page",
        *("changelog", KEY),
        are=is_changelog,
        off=lambda session: "" if style_of(session) in styles else KEY,
    )


def _is_test_of_project(session: Session, path: str) -> bool:
    return is_test(path) and (is_in_tests(session, path) or not session.config["tests"])


class _Versions(Sight):
    """The places of the version. Without a version-file, others may name it all the same."""

    def off_key(self, session: Session) -> str:
        key = super().off_key(session)
        try:
            return "" if key and self.seen(session) else key
        except Unreadable:
            return ""


PYTHON = _files("Python file", are=lambda _, path: path.endswith(".py"))
MEASURED = _files("measured file", "max-lines-for", are=_is_long_kind)
MODELS = _files(
    "model file",
    are=lambda session, path: is_code(path) and not is_migration(session, path),
    words=_MAPPING,
)
MIGRATIONS = _files(
    "migration", "versions", "alembic-config", are=is_migration, words=(b"revision",)
)
FEATURE_PAGES = _files("feature page", "features", are=is_feature_page)
CHANGELOG_PAGES = _changelog_pages(PAGES, KEPT)
CHANGELOGS = _files(
    "changelog page",
    *("changelog", KEY),
    are=lambda session, path: is_changelog(session, path) or is_fragment_path(session, path),
)
# Those with the sections of the contract.
RELEASE_PAGES = _changelog_pages(PAGES)
MARKDOWN = _files("Markdown page", are=lambda _, path: path.endswith(".md"))
SITE_PAGES = Sight("site page", "mkdocs", count=_count_site_pages)
# Where no page belongs into the nav, its rule has nothing to look for.
NAV_PAGES = Sight(
    "site page",
    "mkdocs",
    count=_count_site_pages,
    off=lambda session: "" if session.config["features"] or _has_pages(session) else "features",
)
VERSIONS = _Versions(
    "version place", "version-file", "version-files", "version-source", count=_count_versions
)
RESOURCES = Sight(
    "resource", "resources", "resources-ignore", count=lambda session: len(read_layout(session))
)
SCHEMAS = Sight("schema module", "resources", count=_count_schemas)
EXPORTS = _files("exported schema", "schema-exports", are=is_export, words=_SCHEMA)
TASKS = Sight("worker task", "resources", count=_count_tasks)
WORKERS = Sight("worker", "taskfile", count=lambda session: len(read_taskfile_workers(session)))
TESTS = _files("test file", "tests", are=_is_test_of_project)
MEMBERS = Sight("RBAC member", "rbac-models", count=_count_members)
BACKFILLS = _files("backfill script", "backfill-scripts", are=is_backfill)
BOXES = Sight("box", count=lambda _: len(BOX_WORDS))


def sights_of(rule: Rule) -> list[Sight]:
    """The sights that a rule's subject names: each name is one of this module."""
    return [globals()[name] for name in rule.subject.sights]

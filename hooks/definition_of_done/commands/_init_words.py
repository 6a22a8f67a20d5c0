"""The lines of `init` on what it found, and on what a team goes without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.words import count, listed
from definition_of_done.engine.rule import WITHOUT
from definition_of_done.engine.session import Session
from definition_of_done.engine.sight import Sight
from definition_of_done.project import sights
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.discovery import heads_of
from definition_of_done.project.layout import site_path
from definition_of_done.project.releases.version_choice import no_version
from definition_of_done.project.releases.versions import read_versions

# What there is several of, with the rules that are off where a team keeps none.
_KINDS = (
    (sights.FEATURE_PAGES, "feature pages", "plan"),
    (sights.RESOURCES, "GraphQL resources", "GraphQL"),
    (sights.MEMBERS, "RBAC members", "RBAC"),
    (sights.EXPORTS, "exported schemas", "export"),
    (sights.TASKS, "worker tasks", "worker"),
    (sights.TESTS, "test files", "test"),
)


def found(session: Session) -> Iterator[str]:
    """Yield a line for each kind of thing that the hooks read."""
    yield _told("migrations", _migrations, session)
    yield _told("version", _version, session)
    yield _told("site", _site, session)
    yield _told("changelog", _changelog, session)
    for sight, name, rules in _KINDS:
        yield _told(name, partial(_kind, sight, name, rules), session)
    if parts := session.config[WITHOUT]:
        yield f"without {listed(parts)}: rules, sections and links of it are off"


def _told(name: str, tell: Callable[[Session], str], session: Session) -> str:
    try:
        return tell(session)
    except Unreadable as error:
        return f"{name} not read: {error.path}:{error.line}: {error.message}"


def _migrations(session: Session) -> str:
    number = sights.MIGRATIONS.seen(session)
    if not number:
        return "no migrations"
    heads = len(heads_of(session))
    head = "one head" if heads == 1 else count(heads, "head")
    return f"migrations in {listed(version_folders(session).folders)}, {number}, {head}"


def _version(session: Session) -> str:
    versions = read_versions(session)
    source = versions.source
    if versions.tool:
        return versions.from_tags
    return f"version {source.version} in {source.path}" if source.version else no_version(session)


def _site(session: Session) -> str:
    pages = sights.SITE_PAGES.seen(session)
    if pages:
        return f"site of {site_path(session)}, {count(pages, 'page')}"
    return "no MkDocs site" + (": nav rules are off" if sights.SITE_PAGES.off_key(session) else "")


def _changelog(session: Session) -> str:
    path = session.config["changelog"]
    if fragments := fragments_folder(session):
        return f"changelog of fragments in {fragments}"
    if session.tree.exists(path):
        return f"changelog in {path}"
    return _kind(sights.CHANGELOG_PAGES, "changelog pages", "changelog", session)


def _kind(sight: Sight, name: str, rules: str, session: Session) -> str:
    number = sight.seen(session)
    where = session.config[sight.settings[0]]
    if number:
        paths = [where] if isinstance(where, str) else filter(session.tree.exists, where)
        return f"{name} in {listed([*paths])}, {number}"
    if sight.off_key(session):
        return f"no {name}: {rules} rules are off"
    # Elsewhere there may be some.
    return f"no {name} in {where}" if isinstance(where, str) else f"no {name}"

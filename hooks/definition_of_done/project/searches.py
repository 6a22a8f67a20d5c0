"""Searches for what a project keeps, where neither a setting nor a default says where it is.

Each returns None where there is nothing, and raises UsageError where several fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from posixpath import dirname

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.alembic_search import search_config, search_versions
from definition_of_done.project.candidates import only, own_files
from definition_of_done.project.layout import LAYERS, SITE_FILES

_FEATURE_PAGE = r"(?:^|/)features?/\d{4}-\d\d-\d\d-[^/]+\.md$"
_CHANGELOG_PAGE = r"(?:^|/)(?:changelogs?|releases|release-notes)/[^/]+\.md$"
_EXPORT = r"schema[^/]*\.(graphqls?|gql)$"
_SCHEMA = regex(rb"^(?:schema|(?:extend )?type Query)\b", re.M)
_STRAWBERRY = regex(rb"^(?:import strawberry|from strawberry)\b", re.M)
_SCHEMA_CALL = regex(rb"^(?:import strawberry|from strawberry)\b.*\bSchema\(", re.M | re.S)
# The layers whose files hold classes of Strawberry.
_LAYER_NAMES = ("types", "inputs", "queries", "mutations", "subscriptions", "resolvers")
_LAYER = rf"/(?:{'|'.join(_LAYER_NAMES)})(?:/|\.py$)"
# A library for GraphQL has types in many folders, too.
_OPERATIONS = rf"/(?:{'|'.join(_LAYER_NAMES[2:])})(?:/|\.py$)"
# The two enums of RBAC in one file.
_ENUMS = regex(rb"^class (Path|Resource)\b(?s:.*)^class (?!\1)(?:Path|Resource)\b", re.M)


def feature_folders(session: Session) -> set[str]:
    """The folders that are called as one of feature pages, and hold a page with a date."""
    return {dirname(path) for path in own_files(session, ".md", _FEATURE_PAGE)}


def changelog_folders(session: Session) -> set[str]:
    """The folders that are called as one of a changelog, and hold the page of a version."""
    from definition_of_done.project.schemes import looks_like_version

    pages = (path.rpartition("/") for path in own_files(session, ".md", _CHANGELOG_PAGE))
    return {folder for folder, _, name in pages if looks_like_version(name.removesuffix(".md"))}


def search_features(session: Session) -> str | None:
    """The folder of the feature pages."""
    found = feature_folders(session)
    return only("features", "folders of feature pages", _unless_moved(session, "features", found))


def search_changelog(session: Session) -> str | None:
    """The folder of the changelog pages, none where a tool makes the changelog of fragments."""
    from definition_of_done.project.changelog_style import find_fragments

    found = changelog_folders(session)
    if found and find_fragments(session):
        return None
    return only("changelog", "folders of a changelog", _unless_moved(session, "changelog", found))


def _unless_moved(session: Session, key: str, found: set[str]) -> set[str]:
    """The candidates; none where the branch itself takes away the folder of the default."""
    if not found:
        return found
    default = f"{session.config.settings[key].default}/"
    changed = session.branch.changed_if_known()
    return set() if any(path.startswith(default) for path in changed) else found


def search_site(session: Session) -> str | None:
    """The file that configures the site, below the top."""
    return only("mkdocs", "sites", _named(session, SITE_FILES))


def search_taskfile(session: Session) -> str | None:
    """The Taskfile, below the top, where the project has GraphQL resources with workers."""
    from definition_of_done.readers.task_commands import NAMES

    if any(session.tree.exists(name) for name in NAMES) or not _has_resources(session):
        return None
    return only("taskfile", "Taskfiles", _named(session, NAMES))


def _named(session: Session, names: tuple[str, ...]) -> list[str]:
    """The files with one of these names, the first one in a folder alone."""
    found: dict[str, str] = {}
    for name in names:
        for path in own_files(session, f"/{name}"):
            found.setdefault(dirname(path), path)
    return [*found.values()]


def resource_folders(session: Session) -> set[str]:
    """The folders in which each folder is a GraphQL resource with its layers.

    Those that hold Strawberry go before those that are only called `graphql`.
    """
    named: dict[str, list[str]] = {}
    for path in own_files(session, ".py", r"(?:^|/)graphql/"):
        above, _, rest = f"/{path}".rpartition("/graphql/")
        if LAYERS.keys() & set(rest.removesuffix(".py").split("/")[1:]):
            named.setdefault(f"{above}/graphql".lstrip("/"), []).append(path)
    holding = {folder for folder, paths in named.items() if _holds(session, paths, _STRAWBERRY)}
    return holding or _strawberry_folders(session) or set(named)


def _strawberry_folders(session: Session) -> set[str]:
    """The folders with several resources that hold Strawberry, or with one beside a schema."""
    layered: dict[str, dict[str, list[str]]] = {}
    for path in own_files(session, ".py", _LAYER):
        parts = path.removesuffix(".py").split("/")
        at = next(at for at, part in enumerate(parts) if at and part in _LAYER_NAMES)
        *above, resource = parts[:at]
        folder = "/".join(above)
        if folder:
            layered.setdefault(folder, {}).setdefault(resource, []).append(path)
    found: set[str] = set()
    for folder, resources in sorted(layered.items()):
        if any(folder.startswith(f"{outer}/") for outer in found):
            continue
        number = sum(_holds(session, paths, _STRAWBERRY) for paths in resources.values())
        has_operations = any(re.search(_OPERATIONS, path) for path in chain(*resources.values()))
        if (number > 1 and has_operations) or (number and _has_schema(session, folder)):
            found.add(folder)
    return found


def _has_schema(session: Session, folder: str) -> bool:
    files = [path for path in own_files(session, ".py", below=folder) if dirname(path) == folder]
    return _holds(session, files, _SCHEMA_CALL)


def _holds(session: Session, paths: Iterable[str], pattern: re.Pattern[bytes]) -> bool:
    """True where one of the files matches; they are read until then."""
    return any(pattern.search(data) for _, data in session.tree.read_each([*paths]))


def _has_resources(session: Session) -> bool:
    folder = session.config["resources"]
    return bool(folder) and any(path.startswith(f"{folder}/") for path in session.tree.tracked)


def search_resources(session: Session) -> str | None:
    """The folder of the GraphQL resources."""
    return only("resources", "folders of GraphQL resources", resource_folders(session))


def rbac_files(session: Session) -> set[str]:
    """The files with both enums, whose paths tell of RBAC or permissions."""
    files = session.tree.read_each(own_files(session, ".py", "rbac|permission"))
    return {path for path, data in files if _ENUMS.search(data)}


def search_rbac(session: Session) -> str | None:
    """The file with both enums."""
    return only("rbac-models", "files with the enums Path and Resource", rbac_files(session))


def search_tests(session: Session) -> str | None:
    """The folder of the tests beside or above that of the resources."""
    folder = session.config["resources"]
    while folder:
        folder = dirname(folder)
        start = f"{folder}/tests/".lstrip("/")
        if any(path.startswith(start) for path in session.tree.tracked):
            return start.removesuffix("/")
    return None


def search_exports(session: Session) -> list[str] | None:
    """The exported schemas, which lie in one folder, where the project has GraphQL resources."""
    if not _has_resources(session):
        return None
    files = session.tree.read_each(own_files(session, "", _EXPORT))
    found = [path for path, data in files if _SCHEMA.search(data)]
    # That of the backend is the nearest to its code.
    folder = session.config["resources"]
    while folder:
        folder = dirname(folder)
        start = f"{folder}/" if folder else ""
        near = [path for path in found if path.startswith(start)]
        if near:
            only("schema-exports", "folders of exported schemas", map(dirname, near))
            return near
    return None


def search_scripts(session: Session) -> list[str] | None:
    """The backfill scripts that are called as those of the default."""
    (default,) = session.config.settings["backfill-scripts"].default
    return own_files(session, f"/{default}") or None


SEARCHES: Mapping[str, Callable[[Session], str | list[str] | None]] = {
    "versions": search_versions,
    "alembic-config": search_config,
    "features": search_features,
    "changelog": search_changelog,
    "mkdocs": search_site,
    "taskfile": search_taskfile,
    "resources": search_resources,
    "rbac-models": search_rbac,
    "tests": search_tests,
    "schema-exports": search_exports,
    "backfill-scripts": search_scripts,
}

"""Discovery for `definition-of-done init`: the keys that a repository needs, with their values.

A path is set only where it is not at its default and one candidate alone fits. A key for something
that the team does not keep is set to nothing, so that no hook asks for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import Record
from definition_of_done.base.words import listed
from definition_of_done.engine.config import SETTINGS_FILES
from definition_of_done.engine.rule import WITHOUT
from definition_of_done.engine.session import Session
from definition_of_done.project import sights
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.alembic_search import alembic_configs
from definition_of_done.project.candidates import own_files
from definition_of_done.project.changelog_style import (
    FRAGMENTS,
    KEY,
    find_changelog,
    fragments_folder,
    unread_changelog,
)
from definition_of_done.project.layout import SITE_FILES, is_changelog_page, is_feature_page
from definition_of_done.project.migrations.ancestry.graph import read_graph
from definition_of_done.project.migrations.ancestry.history import (
    read_left_out,
    read_scans,
    separate,
)
from definition_of_done.project.migrations.shapes.conventions import ANY, read_conventions
from definition_of_done.project.overlooked import overlooked_folders
from definition_of_done.project.page_names import filename_fault
from definition_of_done.project.releases.version_choice import (
    choose_files,
    choose_scheme,
    no_version,
)
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.project.searches import (
    changelog_folders,
    feature_folders,
    rbac_files,
    resource_folders,
)
from definition_of_done.project.settings import SETTINGS
from definition_of_done.project.without import FRONTEND, GRAPHQL, RBAC, TASKS, left_out
from definition_of_done.readers.task_commands import NAMES

_STRAWBERRY = regex(rb"^\s*(?:import|from) strawberry\b", re.M)
# Whoever runs tasks with another library keeps them, too, and writes of them on the pages.
_TASKS = regex(
    rb"^\s*(?:import|from) (?:taskiq|celery|arq|dramatiq|huey|rq|apscheduler|procrastinate)\b", re.M
)
_FRONTEND = regex(rb"front-? ?end", re.I)
_SECTION = regex(rb"^## ", re.M)


class Choice(Record):
    """A key to set, its value, and the reason, which becomes the comment above it."""

    key: str
    value: object
    reason: str = ""


def choose(session: Session, *, fits_shapes: bool) -> Iterator[Choice]:
    """Yield the keys to set, and set each in the session's settings as soon as it is chosen.

    A key that the team set stays. With `fits_shapes` the shapes of migrations are the team's own.
    Raises UsageError where several projects are candidates.
    """
    for look in (
        _alembic,
        _versions,
        _below,
        _changelog,
        _pages,
        _release,
        _mkdocs,
        _graphql,
        _without,
        _version,
        *([_shapes] if fits_shapes else []),
        _since,
        _ignored,
    ):
        for choice in look(session):
            if not session.config.is_set(choice.key):
                session.config.override(choice.key, choice.value, "init")
                # What was read before may depend on the key.
                session.cache.clear()
                yield choice


def _named(session: Session, names: Iterable[str]) -> str:
    """The only one of the project's own files in a folder that has one of these names."""
    return _only(path for name in names for path in own_files(session, f"/{name}"))


def _only(found: Iterable[str]) -> str:
    """The only one of several candidates, else the empty string."""
    names = set(found)
    return names.pop() if len(names) == 1 else ""


def _alembic(session: Session) -> Iterator[Choice]:
    """Choose the only configuration; several of one project are graphs of their own."""
    key = "alembic-config"
    if session.config.is_set("versions"):
        return
    found = alembic_configs(session)
    projects = sorted({_project_of(session, path) for path in found})
    if len(projects) > 1:
        raise UsageError(
            f"several projects use Alembic: {listed(found)}: run init in"
            f" {listed([folder or 'the top' for folder in projects])}"
        )
    if len(found) == 1 and found[0] != SETTINGS[key].default:
        yield Choice(key, found[0])


def _project_of(session: Session, path: str) -> str:
    """The nearest folder above a file that is built by itself, else the top."""
    folder = path
    while folder := os.path.dirname(folder):
        if any(session.tree.exists(f"{folder}/{name}") for name in (*SETTINGS_FILES, "setup.py")):
            break
    return folder


def _versions(session: Session) -> Iterator[Choice]:
    """Choose the folders of migrations, where Alembic's configuration names none or not all.

    It may have a section for each of several databases, or a plugin runs its own migrations.
    """
    reason = ""
    folders = set(session.config.found("versions") or ())
    if more := overlooked_folders(session):
        folders = more.union(folders or version_folders(session).folders)
        reason = "Alembic's configuration does not name all of them"
    if found := sorted(folder for folder in folders if os.path.isdir(session.tree.full(folder))):
        yield Choice("versions", found, reason)


def _changelog(session: Session) -> Iterator[Choice]:
    """Choose the folder of fragments, or one file where there are no pages."""
    if any(map(session.config.is_set, ("changelog", KEY))):
        return
    folders = changelog_folders(session)
    if SETTINGS["changelog"].default in folders:
        return
    found = find_changelog(session)
    if found and (found[0] == FRAGMENTS or not folders):
        style, path = found
        yield Choice("changelog", path)
        yield Choice(
            KEY, style, "fragments, one for a change" if style == FRAGMENTS else "one file"
        )


def _pages(session: Session) -> Iterator[Choice]:
    for key, look in (("features", feature_folders), ("changelog", changelog_folders)):
        folders = look(session)
        unread = "" if folders or key == "features" else unread_changelog(session)
        yield from _or_nothing(session, key, _only(folders), unread and f"{unread} is no Markdown")


def _release(session: Session) -> Iterator[Choice]:
    """Leave releases to themselves where no feature page has the contract's form."""
    names = (
        path.rpartition("/")[2] for path in session.tree.tracked if is_feature_page(session, path)
    )
    if all(filename_fault(name) for name in names):
        yield Choice("release", "separate", "no feature page is named YYYY-MM-DD-<name>.md")


def _mkdocs(session: Session) -> Iterator[Choice]:
    if any(session.tree.exists(name) for name in SITE_FILES):
        return
    found = _named(session, SITE_FILES)
    yield Choice("mkdocs", found, "" if found else "no MkDocs or Zensical site")


def _graphql(session: Session) -> Iterator[Choice]:
    for key, look in (("resources", resource_folders), ("rbac-models", rbac_files)):
        yield from _or_nothing(session, key, _only(look(session)))


def _without(session: Session) -> Iterator[Choice]:
    """Choose to go without the parts that are not left out yet, and of which there is nothing.

    A project that has neither pages with sections nor resources is not asked for any part.
    """
    try:
        if not (_with_sections(session) or sights.RESOURCES.seen(session)):
            return
        out = left_out(session.config)
        lacks = {part: lack for part, lack in _LACKS.items() if part not in out}
        reasons = {part: reason for part, (reason, has_none) in lacks.items() if has_none(session)}
    except Unreadable:
        return
    if reasons:
        yield Choice(WITHOUT, [*reasons], "; ".join(reasons.values()))


def _with_sections(session: Session) -> list[bytes]:
    """The feature and changelog pages that have sections."""
    paths = [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path) or is_changelog_page(session, path)
    ]
    return [data for _, data in session.tree.read_each(paths) if _SECTION.search(data)]


def _no_code(session: Session, pattern: re.Pattern[bytes]) -> bool:
    files = session.tree.read_each(own_files(session, ".py"))
    return not any(pattern.search(data) for _, data in files)


def _no_frontend(session: Session) -> bool:
    pages = _with_sections(session)
    return bool(pages) and not any(map(_FRONTEND.search, pages))


_LACKS: Mapping[str, tuple[str, Callable[[Session], bool]]] = {
    GRAPHQL: ("no file imports Strawberry", lambda session: _no_code(session, _STRAWBERRY)),
    RBAC: ("no enums Path and Resource", lambda session: not sights.MEMBERS.seen(session)),
    TASKS: ("no file imports taskiq", lambda session: _no_code(session, _TASKS)),
    FRONTEND: ("no page has a section on the frontend", _no_frontend),
}


def _or_nothing(session: Session, key: str, found: str, why_none: str = "") -> Iterator[Choice]:
    default = SETTINGS[key].default
    if not os.path.exists(session.tree.full(default)):
        yield Choice(key, found, "" if found else why_none or f"no {default}")


def _below(session: Session) -> Iterator[Choice]:
    """Choose what lies in the backend's folder as it would lie at the root by default."""
    home = _home(session)
    if not home:
        return
    for key, setting in SETTINGS.items():
        if setting.kind not in ("path", "paths") or not setting.default:
            continue
        is_one = setting.kind == "path"
        if found := _moved(session, home, [setting.default] if is_one else setting.default):
            yield Choice(key, found[0] if is_one else found)
    if found := _moved(session, home, NAMES):
        yield Choice("taskfile", found[0])


def _home(session: Session) -> str:
    """The folder that the backend lies in, by its Alembic, else by the only pyproject.toml."""
    if len(configs := alembic_configs(session)) > 1:
        folder = _project_of(session, configs[0])
        return f"{folder}/" if folder else ""
    folder = os.path.dirname(session.config["alembic-config"])
    if session.tree.exists(session.config["alembic-config"]):
        # Flask-Migrate keeps alembic.ini beside env.py, in a folder of the backend.
        if folder and session.tree.exists(f"{folder}/env.py"):
            folder = os.path.dirname(folder)
    elif not session.tree.exists("pyproject.toml"):
        folder = os.path.dirname(_named(session, ["pyproject.toml"]))
    return f"{folder}/" if folder else ""


def _moved(session: Session, home: str, paths: Iterable[str]) -> list[str]:
    """Those of the paths that exist in a folder, none where one exists at the root."""
    paths = list(paths)
    if any(os.path.exists(session.tree.full(path)) for path in paths):
        return []
    return [home + path for path in paths if os.path.exists(session.tree.full(home + path))]


def _version(session: Session) -> Iterator[Choice]:
    if not session.tree.exists(SETTINGS["version-file"].default):
        yield from (Choice(*choice) for choice in choose_files(session))
    yield from (Choice(*choice) for choice in choose_scheme(session))


def heads_of(session: Session) -> list[str]:
    """The heads of every graph, sorted; raises Unreadable for a migration that is broken."""
    heads = set()
    for nodes in separate(session, read_scans(session)):
        parents = {name for node in nodes for name in node.parents}
        heads |= {node.revision for node in nodes if node.revision} - parents
    return sorted(heads)


def _shapes(session: Session) -> Iterator[Choice]:
    for convention in read_conventions(session):
        yield Choice(*convention)


def _since(session: Session) -> Iterator[Choice]:
    """Choose the heads of every graph, where each of their ancestors is known."""
    try:
        value = heads_of(session)
        # A session of its own: the value may not fit, and this one keeps what it reads.
        values = {**session.config.values, "since": value}
        read_left_out(session.with_values(values))
    except Unreadable:
        return
    if len(value) == 1:
        yield Choice("since", value[0], "migrations up to this revision are left as they are")
    elif value:
        yield Choice("since", value, "migrations up to these revisions are left as they are")


def _ignored(session: Session) -> Iterator[Choice]:
    """Choose to ignore hooks that would report an old fault at every change, baseline or not."""
    ids, reasons = [], []
    if session.config["filename-pattern"] == ANY:
        ids.append("alembic-filename")
        reasons.append("the newest migrations have no form of a name in common")
    try:
        if read_versions(session).source.version is None:
            # semver-level still asks for fragments.
            ids += ["version-sync", *([] if fragments_folder(session) else ["semver-level"])]
            reasons.append(no_version(session))
        several = sum(len(fork.heads) for fork in read_graph(session).heads)
        if several:
            ids.append("alembic-single-head")
            reasons.append(f"there are {several} heads: merge them")
    except Unreadable:
        # That is a finding, which the baseline accepts.
        return
    if ids:
        yield Choice("ignore", sorted(ids), "; ".join(reasons))

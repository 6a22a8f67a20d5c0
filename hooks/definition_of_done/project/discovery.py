"""Discovery for `definition-of-done init`: the keys that a repository needs, with their values.

A path is set only where it is not at its default and one candidate alone fits. A key for something
that the team does not keep is set to nothing, so that no hook asks for it.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.words import listed
from definition_of_done.project.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.engine.session import Session

_VERSION_FILES = ("version.py", "_version.py", "__version__.py", "__about__.py", "__init__.py")


class Choice:
    """A key to set, its value, and the reason, which becomes the comment above it."""

    __slots__ = ("key", "reason", "value")

    def __init__(self, key: str, value: object, reason: str = "") -> None:
        self.key = key
        self.value = value
        self.reason = reason


def choose(session: Session, prefix: str) -> Iterator[Choice]:
    """Yield the keys to set, and set each in the session's settings as soon as it is chosen.

    `prefix` is the folder that the backend lies in, empty or with a `/` at its end. A key that the
    team set stays. Raises UsageError where several projects are candidates.
    """
    for look in (
        _alembic,
        _versions,
        _pages,
        _release,
        _mkdocs,
        _graphql,
        _below,
        _version,
        _since,
        _ignored,
    ):
        for choice in look(session, prefix):
            if not session.config.is_set(choice.key):
                session.config.override(choice.key, choice.value, "init")
                yield choice


def _files(session: Session, prefix: str) -> list[str]:
    from definition_of_done.project.layout import is_test

    return [path for path in session.tree.tracked if path.startswith(prefix) and not is_test(path)]


def _only(found: Iterable[str]) -> str:
    """The only one of several candidates, else the empty string."""
    names = set(found)
    return names.pop() if len(names) == 1 else ""


def _alembic(session: Session, prefix: str) -> Iterator[Choice]:
    key = "alembic-config"
    if session.config.is_set(key) or session.config.is_set("versions"):
        return
    here = f"{prefix}alembic.ini"
    found = [path for path in _files(session, prefix) if f"/{path}".endswith("/alembic.ini")]
    if here in found:
        found = [here]
    if len(found) > 1:
        raise UsageError(
            f"several projects use Alembic: {listed(found)}: run init in the folder of one"
        )
    if found and found[0] != SETTINGS[key].default:
        yield Choice(key, found[0])


def _versions(session: Session, prefix: str) -> Iterator[Choice]:
    """Choose the folders of the migrations, where Alembic's own configuration names none."""
    folders = session.config.found("versions") or ()
    if found := [folder for folder in folders if folder.startswith(prefix)]:
        yield Choice("versions", found)


def _pages(session: Session, prefix: str) -> Iterator[Choice]:
    from definition_of_done.project.searches import changelog_folders, feature_folders

    for key, look in (("features", feature_folders), ("changelog", changelog_folders)):
        found = _only(folder for folder in look(session) if folder.startswith(prefix))
        yield from _or_nothing(session, key, found)


def _release(session: Session, _: str) -> Iterator[Choice]:
    """Leave releases to themselves where no feature page has the contract's form."""
    from definition_of_done.project.layout import is_feature_page
    from definition_of_done.project.page_names import filename_fault

    names = (
        path.rpartition("/")[2] for path in session.tree.tracked if is_feature_page(session, path)
    )
    if all(filename_fault(name) for name in names):
        yield Choice("release", "separate", "no feature page is named YYYY-MM-DD-<name>.md")


def _mkdocs(session: Session, prefix: str) -> Iterator[Choice]:
    from definition_of_done.project.layout import SITE_FILES

    if any(session.tree.exists(name) for name in SITE_FILES):
        return
    files = _files(session, prefix)
    found = _only(path for path in files if path.rpartition("/")[2] in SITE_FILES)
    yield Choice("mkdocs", found, "" if found else "no MkDocs or Zensical site")


def _graphql(session: Session, prefix: str) -> Iterator[Choice]:
    from definition_of_done.project.searches import rbac_files, resource_folders

    for key, look in (("resources", resource_folders), ("rbac-models", rbac_files)):
        found = _only(path for path in look(session) if path.startswith(prefix))
        yield from _or_nothing(session, key, found)


def _or_nothing(session: Session, key: str, found: str) -> Iterator[Choice]:
    default = SETTINGS[key].default
    if not os.path.exists(session.tree.full(default)):
        yield Choice(key, found, "" if found else f"no {default}")


def _below(session: Session, prefix: str) -> Iterator[Choice]:
    """Choose files that lie in the backend's folder as they would at the top."""
    if not prefix:
        return
    for key in ("schema-exports", "backfill-scripts"):
        below = [prefix + path for path in SETTINGS[key].default]
        found = [path for path in below if session.tree.exists(path)]
        if found:
            yield Choice(key, found)
    for name in ("Taskfile.yml", "Taskfile.yaml"):
        if session.tree.exists(prefix + name) and not session.tree.exists(name):
            yield Choice("taskfile", prefix + name)


def _version(session: Session, prefix: str) -> Iterator[Choice]:
    from definition_of_done.project.releases.versions import named_version

    key = "version-file"
    if not session.tree.exists(SETTINGS[key].default):
        named = named_version(session, "pyproject.toml")
        files = [
            path
            for path in _files(session, prefix)
            if path.rpartition("/")[2] in _VERSION_FILES
            and path.count("/") <= prefix.count("/") + 2
        ]
        candidates = {path: named_version(session, path) for path in files}
        fits = [
            path
            for path, version in candidates.items()
            if version and version == (named or version)
        ]
        found = _only(fits)
        yield Choice(key, found, "" if found else "no file names the version")


def _since(session: Session, _: str) -> Iterator[Choice]:
    """Choose the heads of every graph, where each of their ancestors is known."""
    from definition_of_done.project.migrations.history import read_left_out, read_scans, separate

    try:
        heads = set()
        for nodes in separate(session, read_scans(session)):
            parents = {name for node in nodes for name in node.parents}
            heads |= {node.revision for node in nodes if node.revision} - parents
        value = sorted(heads)
        # A session of its own: the value may not fit, and this one keeps what it reads.
        values = {**session.config.values, "since": value}
        read_left_out(session.with_values(values))
    except Unreadable:
        return
    if len(value) == 1:
        yield Choice("since", value[0], "migrations up to this revision are left as they are")
    elif value:
        yield Choice("since", value, "migrations up to these revisions are left as they are")


def _ignored(session: Session, _: str) -> Iterator[Choice]:
    """Choose to ignore hooks that would report an old fault at every change, baseline or not."""
    from definition_of_done.project.migrations.graph import read_graph
    from definition_of_done.project.releases.versions import read_versions

    ids, reasons = [], []
    try:
        if read_versions(session).source.version is None:
            ids += ["semver-level", "version-sync"]
            reasons.append("no version is named")
        several = sum(len(fork.heads) for fork in read_graph(session).heads)
        if several:
            ids.append("alembic-single-head")
            reasons.append(f"there are {several} heads: merge them")
    except Unreadable:
        # That is a finding, which the baseline accepts.
        return
    if ids:
        yield Choice("ignore", sorted(ids), "; ".join(reasons))

"""Discovery for `definition-of-done init`: the keys that a repository needs, with their values.

A path is set only where it is not at its default and one candidate alone fits. A key for something
that the team does not keep is set to nothing, so that no hook asks for it.
"""

from __future__ import annotations

import os
import re

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.words import listed
from definition_of_done.project.settings import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.engine.session import Session

_PARENT = re.compile(rb"^down_revision\b", re.M)
_PLAN = re.compile(r"\d{4}-\d\d-\d\d-[^/]+\.md")
_FEATURES = ("feature", "features")
_CHANGELOGS = ("changelog", "changelogs", "releases", "release-notes")
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
        _changelog,
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
    """Choose the folders of the migrations, where Alembic's own configuration names none.

    Each folder below that of an env.py is a graph of its own, as in the setting.
    """
    from definition_of_done.project.layout import is_migration

    if any(is_migration(session, path) for path in session.tree.tracked):
        return
    files = _files(session, prefix)
    homes = tuple(path.removesuffix("env.py") for path in files if f"/{path}".endswith("/env.py"))
    found = set()
    for path in files:
        folder = path.rpartition("/")[0]
        if not path.endswith(".py") or folder in found or not folder.startswith(homes):
            continue
        if session.tree.exists(path) and _PARENT.search(session.tree.read(path)):
            found.add(folder)
    if found:
        # The session has looked at the default folder already.
        session.rewritten()
        nested = {inner for inner in found for outer in found if inner.startswith(f"{outer}/")}
        yield Choice("versions", sorted(found - nested))


def _is_release(path: str) -> bool:
    """True for a page that is named as a version, in a folder that is named as a changelog."""
    from definition_of_done.project.semver import is_version

    folder, _, name = path.rpartition("/")
    last = folder.rpartition("/")[2]
    return last in _CHANGELOGS and name.endswith(".md") and is_version(name.removesuffix(".md"))


def _changelog(session: Session, prefix: str) -> Iterator[Choice]:
    """Choose one file, or the folder of fragments, where there are no pages."""
    from definition_of_done.project.changelog_style import FRAGMENTS, KEY, find_changelog

    keys = ("changelog", KEY)
    if any(map(session.config.is_set, keys)) or any(map(_is_release, _files(session, prefix))):
        return
    found = find_changelog(session, prefix)
    if found:
        style, path = found
        yield Choice("changelog", path)
        yield Choice(KEY, style, "the fragments of towncrier" if style == FRAGMENTS else "one file")


def _pages(session: Session, prefix: str) -> Iterator[Choice]:
    folders: dict[str, list[str]] = {"features": [], "changelog": []}
    for path in _files(session, prefix):
        folder, _, name = path.rpartition("/")
        last = folder.rpartition("/")[2]
        if last in _FEATURES and _PLAN.fullmatch(name):
            folders["features"].append(folder)
        if _is_release(path):
            folders["changelog"].append(folder)
    for key, found in folders.items():
        yield from _or_nothing(session, key, _only(found))


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
    from definition_of_done.project.layout import LAYERS

    found = set()
    for path in _files(session, prefix):
        folder, mark, rest = path.rpartition("/graphql/")
        parts = rest.removesuffix(".py").split("/")
        if mark and path.endswith(".py") and len(parts) > 1 and LAYERS.keys() & set(parts[1:]):
            found.add(f"{folder}/graphql")
    yield from _or_nothing(session, "resources", _only(found))
    folder = session.config["resources"]
    models = f"{folder}/rbac/models/models.py"
    yield from _or_nothing(
        session, "rbac-models", models if folder and session.tree.exists(models) else ""
    )


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
    from definition_of_done.project.changelog_style import fragments_folder
    from definition_of_done.project.migrations.graph import read_graph
    from definition_of_done.project.releases.versions import read_versions

    ids, reasons = [], []
    try:
        if read_versions(session).source.version is None:
            # semver-level still asks for fragments.
            ids += ["version-sync", *([] if fragments_folder(session) else ["semver-level"])]
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

"""Where a project names its version: by its build configuration, by its files, or by tags."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import listed
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic_search import alembic_configs
from definition_of_done.project.candidates import own_files
from definition_of_done.project.layout import PYPROJECT, VERSION_MODULES
from definition_of_done.project.releases.version_files import read_places
from definition_of_done.project.schemes import Scheme, looks_like_version
from definition_of_done.project.version_entries import Entry
from definition_of_done.readers.toml import read_toml, table_of

SETUP_CFG, SETUP_PY, PACKAGE, CARGO = "setup.cfg", "setup.py", "package.json", "Cargo.toml"
PLAIN = ("VERSION", "VERSION.txt", "version.txt")
# Tools that make a project write these: that two are equal tells nothing.
PLACEHOLDERS = ("0.0.0", "0.1.0", "1.0.0")
# Tools that read the version from the tags of the repository.
_TAG_TOOLS = (
    "hatch-vcs",
    "setuptools-scm",
    "vcs-versioning",
    "versioningit",
    "uv-dynamic-versioning",
    "poetry-dynamic-versioning",
    "setuptools-git-versioning",
    "setuptools-git",
    "versioneer",
    "dunamai",
    "pbr",
)
_HATCH_SOURCES = {"vcs": "hatch-vcs", **{tool: tool for tool in _TAG_TOOLS}}
# The tools that a setup file calls, each with what it then holds.
_SETUP_TOOLS = (
    (SETUP_CFG, b"[versioneer]", "versioneer"),
    (SETUP_PY, b"use_scm_version", "setuptools-scm"),
    (SETUP_PY, b"pbr=True", "pbr"),
    (SETUP_PY, b"versioneer.", "versioneer"),
)
# What Hatch and PDM look for in a file of any kind.
_ASSIGNED = r"(?i)^(?:__version__|VERSION)(?: ?: ?str)? *= *([\"'])v?(?P<version>.+?)\1"
_REQUIREMENT = regex(r"[A-Za-z0-9._-]+")
_START = regex(r"(?<![0-9.])[0-9]")


class Sources(NamedTuple):
    """The files that name the version, the first of which is the source.

    `tool` names the tool that reads it from tags: there are no files then. `is_found` is True
    where no key names the files.
    """

    entries: tuple[Entry, ...] = ()
    tool: str = ""
    is_found: bool = False


def find_sources(session: Session) -> Sources:
    """Find what names the version in a project whose settings do not say it.

    The build configuration decides, with the version file of the project's own package beside it.
    Where it says nothing, it is a package.json or a plain file, else the only files that are called
    as version files are, else those of pyproject.toml in folders.
    """
    declared = declared_sources(session)
    if declared.tool:
        return declared
    files = find_version_files(session)
    if declared.entries and declared.entries[0].path in (PYPROJECT, SETUP_CFG, SETUP_PY):
        beside = (*_own(session, files), *_in_step(session, declared.entries[0]))
        return Sources((*declared.entries, *map(Entry, beside)))
    if declared.entries:
        return declared
    for path in (PACKAGE, CARGO, *PLAIN):
        if names_version(session, Entry(path)):
            return Sources((Entry(path),))
    files = files or find_below(session)
    if len({names_version(session, Entry(path)) for path in files}) > 1:
        raise UsageError(
            f"several files name a version: {listed(files)}: set version-files to those of the"
            " project"
        )
    return Sources(tuple(map(Entry, files)))


def find_below(session: Session) -> list[str]:
    """Each pyproject.toml in a folder that names a version: that of a backend, say.

    One alone is none where the backend is another package, which names its version elsewhere.
    """
    found = own_files(session, f"/{PYPROJECT}")
    named = [path for path in found if names_version(session, Entry(path))]
    configs = alembic_configs(session)
    folders = [(path, f"{posixpath.dirname(path)}/") for path in found]
    homes = [
        path for path, folder in folders if any(config.startswith(folder) for config in configs)
    ]
    return [] if len(named) == 1 and homes and named[0] not in homes else named


@once
def declared_sources(session: Session) -> Sources:
    """Find what the build configuration says: a file, another file that it leads to, or tags."""
    document = _document(session)
    project = table_of(document, "project")
    if isinstance(project.get("version"), str) and not _is_dynamic(project):
        return Sources((Entry(PYPROJECT),))
    if tool := _tag_source(document):
        return Sources(tool=tool)
    if isinstance(table_of(document, "tool", "poetry").get("version"), str):
        return Sources((Entry(PYPROJECT),))
    files = (*_dynamic(document, project), *_setup(session))
    found = [entry for entry in files if _is_there(session, entry.path)]
    return Sources(tuple(found[:1]), "" if found else _tag_tool(session, document, project))


def _is_there(session: Session, path: str) -> bool:
    """True for a file of the project, whatever else a configuration may name."""
    return path in session.tree.tracked_set and session.tree.exists(path)


def _is_dynamic(project: Mapping[str, object]) -> bool:
    dynamic = project.get("dynamic")
    return isinstance(dynamic, list) and "version" in dynamic


def _document(session: Session) -> Mapping[str, object]:
    if not session.tree.exists(PYPROJECT):
        return {}
    return read_toml(PYPROJECT, session.tree.read(PYPROJECT))


def _tag_source(document: Mapping[str, object]) -> str:
    """The tool that the settings of a build backend name to read the version from tags."""
    if table_of(document, "tool", "poetry-dynamic-versioning").get("enable"):
        return "poetry-dynamic-versioning"
    if table_of(document, "tool", "pdm", "version").get("source") == "scm":
        return "pdm"
    source = table_of(document, "tool", "hatch", "version").get("source")
    return _HATCH_SOURCES.get(source, "") if isinstance(source, str) else ""


def _tag_tool(
    session: Session, document: Mapping[str, object], project: Mapping[str, object]
) -> str:
    """The tool of the build that reads the version from tags, where nothing else names it."""
    if project and not _is_dynamic(project):
        return ""
    tools = {name.replace("_", "-") for name in table_of(document, "tool")}
    tools |= _required(table_of(document, "build-system").get("requires"))
    named = [tool for tool in _TAG_TOOLS if tool in tools]
    return named[0] if named else _setup_tool(session)


def _required(requires: object) -> set[str]:
    """The names of the distributions that a build needs."""
    given = requires if isinstance(requires, list) else []
    names = (_REQUIREMENT.match(text) for text in given if isinstance(text, str))
    return {name[0].lower().replace("_", "-") for name in names if name}


def _setup_tool(session: Session) -> str:
    """The tool of a setup.cfg or setup.py that reads the version from tags."""
    for path, mark, tool in _SETUP_TOOLS:
        if session.tree.exists(path) and mark in session.tree.read(path):
            return tool
    return ""


def _dynamic(document: Mapping[str, object], project: Mapping[str, object]) -> Iterator[Entry]:
    """Yield the files that a build backend is told to read the version from."""
    hatch = table_of(document, "tool", "hatch", "version")
    pdm = table_of(document, "tool", "pdm", "version")
    for table in (hatch, pdm):
        path, pattern = table.get("path"), table.get("pattern", table.get("regex", ""))
        if isinstance(path, str):
            default = "" if path.endswith(".py") else _ASSIGNED
            yield Entry(posixpath.normpath(path), _grouped(pattern) or default)
    if hatch.get("source") == "nodejs":
        yield Entry(PACKAGE)
    setuptools = table_of(document, "tool", "setuptools", "dynamic", "version")
    yield from _setuptools(document, setuptools.get("attr"), setuptools.get("file"))
    backend = table_of(document, "build-system").get("build-backend")
    if isinstance(backend, str) and backend.startswith("flit"):
        module = table_of(document, "tool", "flit", "module").get("name", project.get("name"))
        yield from _modules(str(module).replace("-", "_"), "", ("", "src"))
    if backend == "maturin":
        yield Entry(CARGO)


def _grouped(pattern: object) -> str:
    """The pattern of a build backend where it has a group around the version, else nothing."""
    try:
        known = re.compile(pattern).groupindex if isinstance(pattern, str) else {}
    except (re.error, OverflowError, RecursionError):
        return ""
    return str(pattern) if "version" in known else ""


def _setuptools(document: Mapping[str, object], attr: object, file: object) -> Iterator[Entry]:
    if isinstance(attr, str):
        module, _, name = attr.rpartition(".")
        roots = table_of(document, "tool", "setuptools", "package-dir").values()
        where = table_of(document, "tool", "setuptools", "packages", "find").get("where")
        folders = [*roots, *(where if isinstance(where, list) else ()), "", "src"]
        yield from _modules(module.replace(".", "/"), name, map(str, folders))
    files = file if isinstance(file, list) else [file]
    if isinstance(files[0] if files else None, str):
        yield Entry(posixpath.normpath(str(files[0])))


def _modules(module: str, name: str, folders: Iterable[str]) -> Iterator[Entry]:
    """Yield the files that a module may be, the package before the file."""
    for folder in folders:
        for path in (f"{module}/__init__.py", f"{module}.py"):
            yield Entry(posixpath.normpath(posixpath.join(folder, path)), name=name)


def _setup(session: Session) -> Iterator[Entry]:
    """Yield what setup.cfg or setup.py names the version by."""
    if session.tree.exists(SETUP_CFG):
        from definition_of_done.readers.ini import locate_option

        option = locate_option(session.tree.text(SETUP_CFG), "metadata", "version")
        kind, mark, value = option.value.partition(":") if option else ("", "", "")
        if mark and kind in ("attr", "file"):
            given = value.strip()
            attr, file = (given, None) if kind == "attr" else (None, given)
            yield from _setuptools({}, attr, file)
        elif option:
            yield Entry(SETUP_CFG)
    if names_version(session, Entry(SETUP_PY)):
        yield Entry(SETUP_PY)


def _own(session: Session, files: list[str]) -> list[str]:
    """The version file of the project's own package: the only one, or that in its folder."""
    if len(files) < 2:
        return files
    document = _document(session)
    named = (table_of(document, "project"), table_of(document, "tool", "poetry"))
    names = [str(table.get("name", "")).lower().replace("-", "_") for table in named]
    return [path for path in files if posixpath.basename(posixpath.dirname(path)) in names]


def packages_below(session: Session) -> list[str]:
    """The package.json of each folder at the top: a frontend's, say."""
    return [path for path in own_files(session, f"/{PACKAGE}") if path.count("/") == 1]


def _in_step(session: Session, source: Entry) -> Iterator[str]:
    """Yield each package.json below that named the source's version on the base of the branch."""
    packages = packages_below(session)
    version = _version_before(session, source) if packages else None
    if version and version not in PLACEHOLDERS:
        yield from (path for path in packages if _version_before(session, Entry(path)) == version)


def _version_before(session: Session, entry: Entry) -> str | None:
    """The version that a file names on the base of the branch, None where nothing tells it."""
    from definition_of_done.project.docs.kept_changelog import bytes_before

    data = bytes_before(session, entry.path)
    return _version_in(entry, data) if data else None


def _version_in(entry: Entry, data: bytes) -> str | None:
    try:
        return read_places(entry, data)[0].version
    except Unreadable:
        return None


def find_version_files(session: Session) -> list[str]:
    """The Python files that are called as version files are, name a version, and lie near the top.

    That is at most two folders down, and in no package of its own beside the backend's.
    """
    called = rf"(?:^|/)(?:{'|'.join(map(re.escape, VERSION_MODULES))})$"
    files = [path for path in own_files(session, ".py", called) if path.count("/") <= 2]
    files = [path for path in files if names_version(session, Entry(path))]
    if not files:
        return []
    folders = {path.partition("/")[0] for path in (*files, *alembic_configs(session))}
    built = {folder for folder in folders if session.tree.exists(f"{folder}/{PYPROJECT}")}
    homes = built & {path.partition("/")[0] for path in alembic_configs(session)}
    apart = built - homes if homes else set()
    return [path for path in files if path.partition("/")[0] not in apart]


def names_version(session: Session, entry: Entry) -> str | None:
    """Read the version that a file names as a plain string, None where it names none."""
    if not _is_there(session, entry.path):
        return None
    data = session.tree.read(entry.path)
    # Most packages have an __init__.py that names none: they are not parsed.
    if entry.path.endswith(".py") and b"version" not in data and b"VERSION" not in data:
        return None
    version = _version_in(entry, data)
    return version if version and looks_like_version(version) else None


class Tag(NamedTuple):
    """A tag that ends with a version: `prefix` is the text before it, such as `v`.

    `date` is the day of the tag or of its commit, as YYYY-MM-DD.
    """

    prefix: str
    version: str
    date: str


def newest_tag(session: Session, scheme: Scheme) -> Tag | None:
    """The newest tag that the judged commit holds, None where there is none.

    Teams have changed to lower versions, so that the day goes before the version. Where there are
    tags such as v1.2.0, others such as client-v2.0.0 are of other packages.
    """
    found = tags(session, scheme, f"--merged={session.tree.commit or 'HEAD'}")
    plain = [tag for tag in found if tag.prefix in ("", "v", "V")]
    return max(plain or found, key=lambda tag: (tag.date, scheme.order(tag.version)), default=None)


def tags(session: Session, scheme: Scheme, *limits: str) -> list[Tag]:
    """The tags that name a version of the scheme; `limits` are options of git's."""
    form = "--format=%(creatordate:short) %(refname:strip=2)"
    output = git(session.root, "for-each-ref", form, *limits, "refs/tags") or b""
    lines = (line.partition(" ") for line in os.fsdecode(output).split("\n"))
    return [tag for date, _, name in lines for tag in _read(scheme, name, date)]


def _read(scheme: Scheme, name: str, date: str) -> Iterator[Tag]:
    for start in _START.finditer(name):
        version = name[start.start() :]
        if scheme.is_version(version) and ("." in version or not scheme.has_levels):
            yield Tag(name[: start.start()], version, date)
            return

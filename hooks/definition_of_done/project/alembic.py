"""The folders in which Alembic finds migrations, by the settings or its own files."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import Record
from definition_of_done.engine.config import Config
from definition_of_done.engine.session import Session, once

DEFAULT_FOLDER = "alembic/versions"
CONFIG_KEY = "alembic-config"
# The section of alembic.ini that Alembic reads without `--name`.
SECTION = "alembic"
_RECURSIVE = "recursive"


class VersionFolders(Record):
    """The folders that Alembic loads migrations from; `recursive` adds the folders inside them.

    `are_apart` says that each holds a graph of its own, unless one refers to another.
    """

    folders: list[str]
    recursive: bool
    are_apart: bool

    def hold(self, path: str) -> bool:
        """True where Alembic would load the file as a migration."""
        folder, _, name = path.rpartition("/")
        # Alembic's own filter: not __init__*, not an editor's lock file.
        if not name.endswith(".py") or name.startswith(("__init__", ".#")):
            return False
        if (folder or ".") in self.folders:
            return True
        return self.recursive and not folder.endswith("__pycache__") and self.innermost(path) != ""

    def innermost(self, path: str) -> str:
        """The nearest of the folders above a path, empty where none is above it."""
        above = [
            folder for folder in self.folders if folder == "." or path.startswith(f"{folder}/")
        ]
        return max(above, key=lambda folder: (folder != ".", len(folder)), default="")


@once
def version_folders(session: Session) -> VersionFolders:
    """The `versions` setting, else what Alembic's files say, else the default or what is found."""
    config = session.config
    if config.is_set("versions"):
        recursive = _is_recursive(session)
        return VersionFolders(config["versions"], recursive=recursive, are_apart=True)
    folders = named_folders(session)
    if not any(os.path.isdir(session.tree.full(folder)) for folder in folders):
        found = config.found("versions")
        if found:
            return VersionFolders(found, recursive=bool(config["recursive"]), are_apart=True)
    return VersionFolders(folders, recursive=_is_recursive(session), are_apart=False)


@once
def tracked_migrations(session: Session) -> list[str]:
    """The paths of all tracked migrations, sorted."""
    folders = version_folders(session)
    return [path for path in session.tree.tracked if folders.hold(path)]


def is_alembic_config(session: Session, path: str) -> bool:
    """True for a configuration of Alembic, of which a project may have several."""
    is_set = session.config.is_set(CONFIG_KEY)
    return path == session.config[CONFIG_KEY] if is_set else f"/{path}".endswith("/alembic.ini")


def may_be_migration(session: Session, path: str) -> bool:
    """True where alembic.ini may name the path's folder; it is not parsed, which costs most.

    A folder of migrations is named there, or is called `versions` below one that is named.
    """
    folder = path.rpartition("/")[0]
    known: dict[str, bool] = session.cache.keep("folders that may hold migrations", dict)
    if folder not in known:
        known[folder] = _is_named(session, folder)
    return known[folder]


def _is_named(session: Session, folder: str) -> bool:
    text = session.cache.keep("alembic.ini", lambda: _plain_ini(session))
    if text is None:
        return True
    if folder == os.path.dirname(_own_config(session)):
        # It may be named as the folder of alembic.ini.
        return True
    names = folder.split("/")
    return "versions" in names or any(os.fsencode(name) in text for name in names)


def _own_config(session: Session) -> str:
    """The path of Alembic's configuration that the team set, else the default."""
    path: str = session.config.values.get(CONFIG_KEY) or session.config.settings[CONFIG_KEY].default
    return path


def _plain_ini(session: Session) -> bytes | None:
    """The bytes of alembic.ini; None where folders that it does not name may hold migrations."""
    path = _own_config(session)
    if session.config.is_set("versions") or _names_alembic(session, path):
        return None
    try:
        text = session.tree.read_checked_out(path)
    except OSError:
        return None
    is_plain = b"%" not in text.replace(b"%(here)s", b"") and b"recursive" not in text
    return text if is_plain and _has_script(session, path, text) else None


def _has_script(session: Session, path: str, text: bytes) -> bool:
    """True where the folder that alembic.ini names is there, so that none is searched for."""
    for line in text.splitlines():
        key, _, value = line.partition(b"=")
        if key.strip() == b"script_location":
            named = os.fsdecode(value.strip()).replace("%(here)s", ".")
            return os.path.isdir(os.path.join(os.path.dirname(session.tree.full(path)), named))
    return False


def named_folders(session: Session) -> list[str]:
    """The folders that Alembic's configuration in its own place names, else the default."""
    return read_locations(session, _own_config(session))[1] or [DEFAULT_FOLDER]


def _is_recursive(session: Session) -> bool:
    """True where the folders are read with the folders inside them."""
    if session.config.is_set("recursive"):
        return bool(session.config["recursive"])
    try:
        return read_locations(session, _own_config(session))[0]
    except UsageError:
        # The folders are known without Alembic's own file, which may be broken.
        return False


def read_locations(session: Session, path: str, section: str = SECTION) -> tuple[bool, list[str]]:
    """True where Alembic descends into its folders, and the folders that its configuration names.

    `path` is that of alembic.ini, of which `section` is read, or of a pyproject.toml in its stead.
    Neither need exist.
    """

    def read() -> list[str]:
        from definition_of_done.readers.alembic_config import read_alembic_config

        alembic = read_alembic_config(session.root, path, session.tree.read_checked_out, section)
        return [_RECURSIVE if alembic.recursive else "flat", *alembic.folders]

    try:
        ini = session.tree.read_checked_out(path)
    except (FileNotFoundError, NotADirectoryError):
        names = read() if _names_alembic(session, path) else ["flat"]
    except OSError:
        # The reader says what is wrong.
        names = read()
    else:
        kind = repr(("alembic", path, section, _pyproject(session, path)))
        names = list(session.cache.recall_names(kind, ini, read))
    return names[0] == _RECURSIVE, names[1:]


def pyproject_names_alembic(session: Session) -> bool:
    """True where the pyproject.toml beside alembic.ini, or in its stead, may configure Alembic."""
    return _names_alembic(session, session.config[CONFIG_KEY])


def ini_name(session: Session) -> str:
    """The name of the alembic.ini to run Alembic with; it may be none beside a pyproject.toml."""
    name = os.path.basename(session.config[CONFIG_KEY])
    return "alembic.ini" if name == "pyproject.toml" else name


def _names_alembic(session: Session, path: str) -> bool:
    return b"tool.alembic" in _pyproject(session, path)


def _pyproject(session: Session, path: str) -> bytes:
    try:
        return session.tree.read_checked_out(os.path.join(os.path.dirname(path), "pyproject.toml"))
    except OSError:
        return b""


def refuse_repeats(config: Config, key: str, where: str) -> None:
    """Raise UsageError for a folder that `versions` names twice."""
    folders = config[key]
    for at, folder in enumerate(folders):
        if folder in folders[:at]:
            raise UsageError(f"{where}: {key} names {folder!r} twice")

"""The folders in which Alembic finds migrations, by the settings or its own files."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

DEFAULT_FOLDER = "alembic/versions"
_RECURSIVE = "recursive"


class VersionFolders:
    """The folders that Alembic loads migrations from; `recursive` adds the folders inside them."""

    def __init__(self, folders: list[str], recursive: bool) -> None:
        self.folders = folders
        self.recursive = recursive

    def hold(self, path: str) -> bool:
        """True where Alembic would load the file as a migration."""
        folder, _, name = path.rpartition("/")
        # Alembic's own filter: not __init__*, not an editor's lock file.
        if not name.endswith(".py") or name.startswith(("__init__", ".#")):
            return False
        if folder in self.folders:
            return True
        return (
            self.recursive
            and not folder.endswith("__pycache__")
            and any(folder.startswith(f"{outer}/") for outer in self.folders)
        )


def version_folders(session: Session) -> VersionFolders:
    """The `versions` setting, else what alembic.ini or [tool.alembic] says, else the default."""
    return session.cache.keep("version folders", lambda: _find(session))


def may_be_migration(session: Session, path: str) -> bool:
    """True where alembic.ini may name the path's folder; it is not parsed, which costs most.

    A folder of migrations is named there, or is called `versions` below one that is named.
    """
    text = session.cache.keep("alembic.ini", lambda: _plain_ini(session))
    if text is None:
        return True
    folder = os.path.dirname(path)
    if folder == os.path.dirname(session.config["alembic-config"]):
        # It may be named as the folder of alembic.ini.
        return True
    names = folder.split("/")
    return "versions" in names or any(os.fsencode(name) in text for name in names)


def _plain_ini(session: Session) -> bytes | None:
    """The bytes of alembic.ini; None where folders that it does not name may hold migrations."""
    if session.config.is_set("versions") or pyproject_names_alembic(session):
        return None
    try:
        text = session.tree.read_checked_out(session.config["alembic-config"])
    except OSError:
        return None
    is_plain = b"%" not in text.replace(b"%(here)s", b"") and b"recursive" not in text
    return text if is_plain else None


def _find(session: Session) -> VersionFolders:
    recursive, *folders = _configured(session)
    if session.config.is_set("versions"):
        return VersionFolders(session.config["versions"], recursive == _RECURSIVE)
    return VersionFolders(folders or [DEFAULT_FOLDER], recursive == _RECURSIVE)


def _configured(session: Session) -> Sequence[str]:
    """`recursive` or `flat`, then the folders of migrations, as Alembic's own files say."""
    path = session.config["alembic-config"]

    def read() -> list[str]:
        from definition_of_done.readers.alembic_config import read_alembic_config

        alembic = read_alembic_config(session.root, path, session.tree.read_checked_out)
        return [_RECURSIVE if alembic.recursive else "flat", *alembic.folders]

    try:
        ini = session.tree.read_checked_out(path)
    except (FileNotFoundError, NotADirectoryError):
        return read() if pyproject_names_alembic(session) else ("flat",)
    except OSError:
        # The reader says what is wrong.
        return read()
    return session.cache.recall_names(repr(("alembic", path, _pyproject(session))), ini, read)


def pyproject_names_alembic(session: Session) -> bool:
    """True where the pyproject.toml beside alembic.ini, or in its stead, may configure Alembic."""
    return b"tool.alembic" in _pyproject(session)


def _pyproject(session: Session) -> bytes:
    beside = os.path.join(os.path.dirname(session.config["alembic-config"]), "pyproject.toml")
    try:
        return session.tree.read_checked_out(beside)
    except OSError:
        return b""


def refuse_overlap(config: Config, where: str) -> None:
    """Raise UsageError for versions folders that overlap, unless Alembic's own do, too."""
    folders = config.values.get("versions", [])
    for at, folder in enumerate(folders):
        for earlier in folders[:at]:
            if earlier == folder:
                raise UsageError(f"{where}: versions names {folder!r} twice")
            outer, inner = sorted((folder, earlier), key=len)
            if (outer == "." or inner.startswith(f"{outer}/")) and not _overlap(config, folders):
                raise UsageError(f"{where}: versions names {inner!r}, which lies in {outer!r}")


def _overlap(config: Config, folders: list[str]) -> bool:
    """True where Alembic itself is told to load these folders, or to descend into them."""
    from definition_of_done.readers.alembic_config import read_alembic_config

    def read(path: str) -> bytes:
        return read_regular(os.path.join(config.root, path))

    alembic = read_alembic_config(config.root, config["alembic-config"], read)
    return alembic.recursive or set(folders) <= set(alembic.folders)

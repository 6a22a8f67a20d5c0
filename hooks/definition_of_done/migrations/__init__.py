"""Chapter 3 of the contract: the migrations, and which files they are."""

import os

from definition_of_done.engine.subject import FileSubject, RepositorySubject, late, nothing_else

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.migrations._model_comparison import Difference
    from definition_of_done.migrations.ddl_facts import Ddl
    from definition_of_done.migrations.facts import Migration
    from definition_of_done.migrations.graph_facts import Graph
    from definition_of_done.migrations.roundtrip_facts import Obstacle
    from definition_of_done.migrations.standing_facts import Standing

DEFAULT_FOLDER = "alembic/versions"
_RECURSIVE = "recursive"


class VersionFolders:
    """The folders that Alembic loads migrations from, and whether folders inside them count."""

    def __init__(self, folders: list[str], recursive: bool) -> None:
        self.folders = folders
        self.recursive = recursive

    def hold(self, path: str) -> bool:
        """Whether Alembic would load the file as a migration."""
        folder, _, name = path.rpartition("/")
        # Alembic's own filter: not __init__*, not an editor's lock file.
        if not name.endswith(".py") or name.startswith(("__init__", ".#")):
            return False
        if folder in self.folders:
            return True
        return (
            self.recursive
            and not folder.endswith("__pycache__")
            and any(folder.startswith(one + "/") for one in self.folders)
        )


def version_folders(session: "Session") -> VersionFolders:
    """The `versions` setting, else what alembic.ini or [tool.alembic] says, else the default."""
    return session.keep("version folders", lambda: _find(session))


def is_migration(session: "Session", path: str) -> bool:
    """Whether Alembic would load the path as a migration; asks the settings only of a .py file."""
    return path.endswith(".py") and _may_be(session, path) and version_folders(session).hold(path)


def _may_be(session: "Session", path: str) -> bool:
    """Whether alembic.ini may speak of the path's folder: the parser costs more than all else.

    A folder of migrations is named there, or is called `versions` below one that is.
    """
    text = session.keep("alembic.ini", lambda: _plain_ini(session))
    if text is None:
        return True
    folder = os.path.dirname(path)
    if folder == os.path.dirname(session.config["alembic-config"]):
        # It may be named as the folder of alembic.ini.
        return True
    names = folder.split("/")
    return "versions" in names or any(os.fsencode(name) in text for name in names)


def _plain_ini(session: "Session") -> bytes | None:
    """The bytes of alembic.ini; None where folders may be migrations' that it does not name."""
    if session.config.is_set("versions") or pyproject_names_alembic(session):
        return None
    try:
        text = session.read_checked_out(session.config["alembic-config"])
    except OSError:
        return None
    is_plain = b"%" not in text.replace(b"%(here)s", b"") and b"recursive" not in text
    return text if is_plain else None


def left_out(session: "Session") -> frozenset[str]:
    """The paths of the migrations that `since` leaves out.

    Raises UsageError for a `since` that no migration has, and Unreadable, with the path, where the
    graph does not tell.
    """
    from definition_of_done.migrations.scan_facts import read_left_out

    return read_left_out(session).paths


def _find(session: "Session") -> VersionFolders:
    recursive, *folders = _configured(session)
    if session.config.is_set("versions"):
        return VersionFolders(session.config["versions"], recursive == _RECURSIVE)
    return VersionFolders(folders or [DEFAULT_FOLDER], recursive == _RECURSIVE)


def _configured(session: "Session") -> "Sequence[str]":
    """How Alembic is told to look for migrations, and in which folders, by its own files."""
    path = session.config["alembic-config"]

    def read() -> list[str]:
        from definition_of_done.readers.alembic_config import read_alembic_config

        alembic = read_alembic_config(session.root, path, session.read_checked_out)
        return [_RECURSIVE if alembic.recursive else "flat", *alembic.folders]

    try:
        ini = session.read_checked_out(path)
    except (FileNotFoundError, NotADirectoryError):
        return read() if pyproject_names_alembic(session) else ("flat",)
    except OSError:
        # The reader says what is wrong.
        return read()
    return session.recall_names(repr(("alembic", path, _pyproject(session))), ini, read)


def pyproject_names_alembic(session: "Session") -> bool:
    """Whether the pyproject.toml beside alembic.ini, or in its stead, may configure Alembic."""
    return b"tool.alembic" in _pyproject(session)


def _pyproject(session: "Session") -> bytes:
    beside = os.path.join(os.path.dirname(session.config["alembic-config"]), "pyproject.toml")
    try:
        return session.read_checked_out(beside)
    except OSError:
        return b""


def _read(session: "Session", path: str) -> "Migration":
    from definition_of_done.migrations.facts import read_migration

    return read_migration(path, session.read(path))


MIGRATION: "FileSubject[Migration]" = FileSubject(
    "migration",
    suffix=".py",
    concerns=is_migration,
    read=_read,
    settings=("versions", "alembic-config", "since"),
    inputs=nothing_else,
)


def is_test(path: str) -> bool:
    """Whether a file is a test, by its folder or its name."""
    *folders, name = path.split("/")
    in_folder = any(folder in ("tests", "test", "testing") for folder in folders)
    return in_folder or name.startswith(("test_", "conftest")) or name.endswith("_test.py")


def changed_code(session: "Session") -> dict[str, str]:
    """Git's letter for each Python file of the branch that is neither test nor migration, by path.

    Raises NotEvaluated where there is no base.
    """
    return {
        path: letter
        for path, letter in sorted(session.branch_or_nothing().items())
        if path.endswith(".py")
        and not is_test(path)
        and not is_migration(session, path)
        and not session.config.excludes(path)
    }


class Code:
    """A Python file: whether it is a migration, and the DDL in it."""

    def __init__(self, is_migration: bool, statements: "Sequence[Ddl]") -> None:
        self.is_migration = is_migration
        self.statements = statements


def _read_code(session: "Session", path: str) -> Code:
    data = session.read(path)
    here = is_migration(session, path)
    lower = data.lower()
    if not (b"alter" in lower or b"create" in lower or b"drop" in lower):
        return Code(here, ())
    from definition_of_done.migrations.ddl_facts import read_ddl

    return Code(here, read_ddl(path, data, is_migration=here))


CODE: FileSubject[Code] = FileSubject(
    "Python file that is no test",
    suffix=".py",
    concerns=lambda _, path: not is_test(path),
    read=_read_code,
    settings=("versions", "alembic-config", "since"),
    inputs=is_migration,
)

GRAPH: "RepositorySubject[Graph]" = RepositorySubject(
    "graph of migrations",
    concerns=lambda session, path: (
        path == session.config["alembic-config"] or is_migration(session, path)
    ),
    read=late("definition_of_done.migrations.graph_facts:read_graph"),
    settings=("versions", "alembic-config", "since"),
)

STANDING: "RepositorySubject[list[Standing]]" = RepositorySubject(
    "migrations that stand on the base",
    diff=True,
    concerns=is_migration,
    read=late("definition_of_done.migrations.standing_facts:read_standing"),
    settings=("versions", "alembic-config", "since"),
)

MODELS: "RepositorySubject[list[Difference]]" = RepositorySubject(
    "models that the branch changes",
    diff=True,
    concerns=lambda _, path: path.endswith(".py") and not is_test(path),
    read=late("definition_of_done.migrations.model_facts:read_models_changed"),
    settings=("versions", "alembic-config"),
)

ROUNDTRIP: "RepositorySubject[list[Obstacle]]" = RepositorySubject(
    "migrations on a throw-away database",
    outside=True,
    diff=True,
    concerns=lambda session, path: (
        path == session.config["alembic-config"] or is_migration(session, path)
    ),
    read=late("definition_of_done.migrations.roundtrip_facts:read_roundtrip"),
    settings=(
        "versions",
        "alembic-config",
        "since",
        "alembic-command",
        "roundtrip-url",
        "roundtrip-all",
        "roundtrip-reuse",
    ),
)

"""Alembic's configuration: alembic.ini, and `[tool.alembic]` in pyproject.toml."""

from __future__ import annotations

import configparser
import io
import os
import re

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.files import relative
from definition_of_done.base.text import MIB, refuse_large
from definition_of_done.readers.toml import read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TRUE = ("true", "1", "yes", "on")
_KEYS = (
    "script_location",
    "version_locations",
    "recursive_version_locations",
    "path_separator",
    "version_path_separator",
)


class AlembicConfig:
    """The folders of migrations, relative to the root; `recursive` where Alembic descends."""

    def __init__(self, folders: list[str], recursive: bool) -> None:
        self.folders = folders
        self.recursive = recursive


def read_alembic_config(root: str, path: str, read: Callable[[str], bytes]) -> AlembicConfig:
    """The version locations of the project at `root`, as Alembic itself would find them.

    `path` is that of alembic.ini, relative to the root; people run Alembic in its folder. `read`
    returns the bytes of a path in the work tree, or raises OSError. A value of alembic.ini
    overrides that of the pyproject.toml beside it. Folders outside of the project, and a
    `script_location` inside an installed package, are left out. Raises UsageError for a file that
    cannot be parsed.
    """
    home = os.path.join(root, os.path.dirname(path))
    ini, table = _ini(home, path, read), _table(path, read)

    def value(key: str) -> object:
        return ini.get(key) or table.get(key)

    locations = value("version_locations")
    if isinstance(locations, str):
        locations = _split(locations, ini)
    if not locations:
        script = value("script_location")
        locations = [f"{script}/versions"] if isinstance(script, str) and script else []
    if not isinstance(locations, list):
        locations = []
    folders = [_folder(root, home, location) for location in locations if isinstance(location, str)]
    recursive = str(value("recursive_version_locations") or "").lower() in _TRUE
    return AlembicConfig([folder for folder in folders if folder], recursive)


def _ini(home: str, path: str, read: Callable[[str], bytes]) -> dict[str, str]:
    parser = configparser.ConfigParser({"here": home})
    try:
        data = read(path)
        refuse_large(path, len(data), MIB)
        parser.read_file(io.TextIOWrapper(io.BytesIO(data), "utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (Unreadable, configparser.Error, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise UsageError(f"{path}: {problem}; set `versions` or mend the file") from None
    if not parser.has_section("alembic"):
        return {}
    found = {}
    for key in _KEYS:
        try:
            found[key] = parser.get("alembic", key, fallback="").strip()
        except configparser.InterpolationError:
            # People often run Alembic with variables that this program does not see.
            continue
    return found


def _table(path: str, read: Callable[[str], bytes]) -> dict[str, object]:
    beside = f"{os.path.dirname(path)}/pyproject.toml".lstrip("/")
    try:
        data = read(beside)
    except OSError:
        return {}
    if b"tool.alembic" not in data:
        return {}
    try:
        table = read_toml(beside, data).get("tool", {}).get("alembic", {})
    except Unreadable as error:
        raise UsageError(f"{beside}:{error.line}:{error.column}: {error.message}") from None
    return table if isinstance(table, dict) else {}


def _split(locations: str, ini: dict[str, str]) -> list[str]:
    separator = ini.get("path_separator") or ini.get("version_path_separator")
    named = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
    if separator in named:
        parts = locations.split(named[separator])
    else:
        parts = re.split(r", *|(?: +)", locations)
    return [part.strip() for part in parts if part.strip()]


def _folder(root: str, home: str, location: str) -> str:
    location = location.replace("%(here)s", home)
    if not os.path.isabs(location) and ":" in location:
        # For Alembic `package:folder` is a folder of a package; the project's own is in `home`.
        package, _, inside = location.partition(":")
        location = os.path.join(package.replace(".", "/"), inside)
    full = os.path.normpath(os.path.join(home, location))
    path = relative(full, root)
    return "" if path.startswith("..") or os.path.isabs(path) else path

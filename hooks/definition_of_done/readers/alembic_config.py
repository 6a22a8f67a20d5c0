"""Where Alembic looks for migrations: alembic.ini, and `[tool.alembic]` in pyproject.toml."""

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
    from typing import Any

_TRUE = ("true", "1", "yes", "on")


class AlembicConfig:
    """Folders relative to the root, and whether Alembic descends into them."""

    def __init__(self, folders: list[str], recursive: bool) -> None:
        self.folders = folders
        self.recursive = recursive


def read_alembic_config(root: str, path: str, read: Callable[[str], bytes]) -> AlembicConfig:
    """The version locations of the project at `root`, as Alembic itself would find them.

    `path` is that of alembic.ini, relative to the root; Alembic is run in its folder. `read` gives
    the bytes of a path in the work tree, or raises OSError. The values of alembic.ini
    go before those of the pyproject.toml beside it. Folders outside of the project, and a
    `script_location` inside an installed package, are left out. Raises UsageError for a file that
    cannot be parsed.
    """
    home = os.path.join(root, os.path.dirname(path))
    ini, table = _ini(home, path, read), _table(path, read)

    def value(key: str) -> Any:
        return ini.get(key) or table.get(key)

    locations = value("version_locations")
    if isinstance(locations, str):
        locations = _split(locations, ini)
    if not locations:
        script = value("script_location")
        locations = [f"{script}/versions"] if isinstance(script, str) and script else []
    folders = [_folder(root, home, location) for location in locations if isinstance(location, str)]
    recursive = str(value("recursive_version_locations") or "").lower() in (
        "true",
        "1",
        "yes",
        "on",
    )
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
        said = " ".join(str(error).split())
        raise UsageError(f"{path}: {said}; set `versions` or mend the file") from None
    if not parser.has_section("alembic"):
        return {}
    found = {}
    for key in (
        "script_location",
        "version_locations",
        "recursive_version_locations",
        "path_separator",
        "version_path_separator",
    ):
        try:
            found[key] = parser.get("alembic", key, fallback="").strip()
        except configparser.InterpolationError:
            # Alembic is often run with variables that only its caller knows.
            continue
    return found


def _table(path: str, read: Callable[[str], bytes]) -> dict[str, Any]:
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
        # Alembic reads `package:folder` as a folder of a package; the project's own lies here.
        package, _, inside = location.partition(":")
        location = os.path.join(package.replace(".", "/"), inside)
    full = os.path.normpath(os.path.join(home, location))
    path = relative(full, root)
    return "" if path.startswith("..") or os.path.isabs(path) else path

"""Where Alembic looks for migrations: alembic.ini, and `[tool.alembic]` in pyproject.toml."""

import os

from definition_of_done.engine.errors import Unreadable, UsageError
from definition_of_done.engine.text import relative
from definition_of_done.readers.toml import read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRUE = ("true", "1", "yes", "on")
_KEYS = (
    "script_location",
    "version_locations",
    "recursive_version_locations",
    "path_separator",
    "version_path_separator",
)


class AlembicConfig:
    """Folders relative to the root, and whether Alembic descends into them."""

    def __init__(self, folders: list[str], recursive: bool) -> None:
        self.folders = folders
        self.recursive = recursive


def read_alembic_config(root: str, path: str = "alembic.ini") -> AlembicConfig:
    """The version locations of the project at `root`, as Alembic itself would find them.

    `path` is that of alembic.ini, relative to the root; Alembic is run in its folder. Its values
    go before those of the pyproject.toml beside it. Folders outside of the project, and a
    `script_location` inside an installed package, are left out. Raises UsageError for a file that
    cannot be parsed.
    """
    home = os.path.join(root, os.path.dirname(path))
    ini, table = _ini(home, path), _table(home, path)

    def value(key: str) -> "Any":
        return ini.get(key) or table.get(key)

    locations = value("version_locations")
    if isinstance(locations, str):
        locations = _split(locations, ini)
    if not locations:
        script = value("script_location")
        locations = [f"{script}/versions"] if isinstance(script, str) and script else []
    folders = [_folder(root, home, location) for location in locations if isinstance(location, str)]
    recursive = str(value("recursive_version_locations") or "").lower() in _TRUE
    return AlembicConfig([folder for folder in folders if folder], recursive)


def _ini(home: str, path: str) -> dict[str, str]:
    full = os.path.join(home, os.path.basename(path))
    try:
        with open(full, "rb") as stream:
            data = stream.read()
    except OSError:
        return {}
    found = _plain(home, data)
    return _parsed(home, path, full) if found is None else found


def _plain(home: str, data: bytes) -> dict[str, str] | None:
    """The values of a file that is plainly written; None where configparser is to read it.

    Its import takes longer than all else that a hook does with nothing to do.
    """
    if not data.isascii() or b"\r" in data or b"\0" in data:
        return None
    section, found = "", {}
    seen: set[tuple[str, ...]] = set()
    key = ""
    for line in data.decode().split("\n"):
        text = line.strip()
        if not text or text[0] in "#;":
            continue
        if line[0].isspace():
            # It goes on with a value, which is no matter where the value is none.
            if not key or (section == "alembic" and key in _KEYS):
                return None
            continue
        if text[0] == "[":
            section, key = text[1:-1], ""
            one: tuple[str, ...] = (section,)
            if text[-1] != "]" or not section or section == "DEFAULT":
                return None
        else:
            at = min(text.find(mark) % (len(text) + 1) for mark in "=:")
            key = text[:at].rstrip().lower()
            one = (section, key)
            if at == len(text) or not key or not section:
                return None
            if section == "alembic" and key in _KEYS:
                found[key] = text[at + 1 :].strip().replace("%(here)s", home)
                if "%" in found[key]:
                    return None
        if one in seen:
            return None
        seen.add(one)
    return found


def _parsed(home: str, path: str, full: str) -> dict[str, str]:
    import configparser

    parser = configparser.ConfigParser({"here": home})
    try:
        parser.read(full, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())
        raise UsageError(f"{path}: {said}; set `versions` or mend the file") from None
    if not parser.has_section("alembic"):
        return {}
    found = {}
    for key in _KEYS:
        try:
            found[key] = parser.get("alembic", key, fallback="").strip()
        except configparser.InterpolationError:
            # Alembic is often run with variables that only its caller knows.
            continue
    return found


def _table(home: str, path: str) -> "dict[str, Any]":
    beside = f"{os.path.dirname(path)}/pyproject.toml".lstrip("/")
    try:
        with open(os.path.join(home, "pyproject.toml"), "rb") as stream:
            data = stream.read()
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
        import re

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

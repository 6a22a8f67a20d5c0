"""Alembic's configuration: alembic.ini, and `[tool.alembic]` in pyproject.toml."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.files import relative
from definition_of_done.base.records import Record
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import MIB, Text, refuse_large, splice
from definition_of_done.readers.toml import read_toml, table_of

# The one that Alembic reads without `--name`.
_SECTION = "alembic"
_TRUE = ("true", "1", "yes", "on")
_KEYS = (
    "script_location",
    "version_locations",
    "recursive_version_locations",
    "path_separator",
    "version_path_separator",
    "file_template",
    "truncate_slug_length",
)


class AlembicConfig(Record):
    """The folders of migrations, relative to the root; `recursive` where Alembic descends.

    `script` is the folder of env.py, empty where it is not in the project. `in_ini` says that
    alembic.ini names it, and not pyproject.toml. `template` is the `file_template`, empty where
    none is set, and `slug_length` the most characters of a slug in it, 0 where that is not said.
    """

    folders: list[str]
    recursive: bool
    script: str
    template: str
    slug_length: int
    in_ini: bool


def read_alembic_config(
    root: str, path: str, read: Callable[[str], bytes], section: str = _SECTION
) -> AlembicConfig:
    """The version locations of the project at `root`, as Alembic itself would find them.

    `path` is that of alembic.ini, or of a pyproject.toml in its stead, relative to the root; people
    run Alembic in its folder. `read` returns the bytes of a path in the work tree, or raises
    OSError. `section` is the one that Alembic's `--name` chooses. A value of alembic.ini overrides
    that of the pyproject.toml beside it. Folders outside of the project, and a `script_location`
    inside an installed package, are left out. Raises UsageError for a file that cannot be parsed.
    """
    home = os.path.join(root, os.path.dirname(path))
    ini = {} if path.endswith(".toml") else _ini(home, path, read, section)
    table = _table(path, read)

    def value(key: str) -> object:
        return ini.get(key) or table.get(key)

    locations = value("version_locations")
    if isinstance(locations, str):
        locations = _split(locations, ini)
    script = value("script_location")
    if not locations:
        locations = [f"{script}/versions"] if isinstance(script, str) and script else []
    if not isinstance(locations, list):
        locations = []
    folders = [_folder(root, home, location) for location in locations if isinstance(location, str)]
    recursive = str(value("recursive_version_locations") or "").lower() in _TRUE
    template, length = value("file_template"), str(value("truncate_slug_length") or "")
    return AlembicConfig(
        [folder for folder in folders if folder],
        recursive,
        _folder(root, home, script) if isinstance(script, str) and script else "",
        template if isinstance(template, str) else "",
        int(length) if length.isdecimal() else 0,
        in_ini=bool(ini.get("script_location")),
    )


def _ini(home: str, path: str, read: Callable[[str], bytes], section: str) -> dict[str, str]:
    try:
        data = read(path)
        refuse_large(path, len(data), MIB)
        text = data.decode()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (Unreadable, UnicodeDecodeError) as error:
        raise _broken(path, error) from None
    plain = _plain(text, home) if section == _SECTION else None
    return _parsed(text, home, path, section) if plain is None else plain


def _plain(text: str, home: str) -> dict[str, str] | None:
    """The options of `[alembic]` where all lines are plain, None where they take the parser.

    To load that takes longer than all else that a hook does before it judges.
    """
    section, seen, found = "", set(), {}
    for line in text.split("\n"):
        line = line.rstrip()
        if line[:1] in ("", "#", ";"):
            continue
        key, equals, value = line.partition("=")
        if line[0] == "[" and line[-1] == "]":
            section, key = line[1:-1], ""
        elif line[0] == "[" or not equals or key[:1].isspace() or ":" in key or "\r" in line:
            return None
        key = key.rstrip().lower()
        if (section, key) in seen or section in ("", "DEFAULT"):
            return None
        seen.add((section, key))
        if section == _SECTION and key in (*_KEYS, "here"):
            found[key] = value.strip().replace("%(here)s", home)
    is_whole = "here" not in found and not any("%" in value for value in found.values())
    return found if is_whole else None


def _parsed(text: str, home: str, path: str, section: str) -> dict[str, str]:
    import configparser

    parser = configparser.ConfigParser({"here": home})
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error as error:
        raise _broken(path, error) from None
    found = {}
    for key in _KEYS if parser.has_section(section) else ():
        try:
            found[key] = parser.get(section, key, fallback="").strip()
        except configparser.InterpolationError:
            # People often run Alembic with variables that this program does not see.
            continue
    return found


def _broken(path: str, error: Exception) -> UsageError:
    problem = " ".join(str(error).split())
    return UsageError(f"{path}: {problem}; set `versions` or mend the file")


def _table(path: str, read: Callable[[str], bytes]) -> dict[str, object]:
    beside = f"{os.path.dirname(path)}/pyproject.toml".lstrip("/")
    try:
        data = read(beside)
    except OSError:
        return {}
    if b"tool.alembic" not in data:
        return {}
    try:
        return table_of(read_toml(beside, data), "tool", "alembic")
    except Unreadable as error:
        raise UsageError(f"{beside}:{error.line}:{error.column}: {error.message}") from None


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


def read_options(text: Text) -> dict[str, dict[str, str]]:
    """The options of each section of an INI file, as they are written; raises UsageError."""
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text.text)
    except configparser.Error as error:
        raise UsageError(f"{text.path}: {' '.join(str(error).split())}") from None
    return {name: dict(parser.items(name)) for name in parser.sections()}


def with_options(text: Text, section: str, options: Mapping[str, str]) -> str | None:
    """The text of an INI file with options set in a section, which is added where it is missing.

    None where there is no certain place for them.
    """
    before = read_options(text)
    lines, edits = "", []
    for key, value in options.items():
        if key not in before.get(section, {}):
            lines += f"{key} = {value}\n"
            continue
        old = re.escape(before[section][key])
        places = re.finditer(rf"^{key}[ \t]*[=:][ \t]*({old})[ \t]*\r?$", text.text, re.M)
        edits += [Edit(text.path, *place.span(1), value) for place in places]
    header = re.search(rf"^\[{section}\][^\S\n]*(?:[#;][^\n]*)?\n", text.text, re.M)
    if lines and header:
        edits.append(Edit(text.path, header.end(), header.end(), lines))
    elif lines:
        gap = "\n" if text.text.endswith("\n") else "\n\n"
        end = len(text.text)
        edits.append(Edit(text.path, end, end, f"{gap}[{section}]\n{lines}"))
    result = splice(text, edits)
    after = {**before, section: {**before.get(section, {}), **options}}
    try:
        return result if read_options(Text(text.path, result)) == after else None
    except UsageError:
        return None

"""The settings of towncrier: the folder of the fragments, and the kinds that they may have."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session, lasting

# In the order in which towncrier looks.
_FILES = ("towncrier.toml", "pyproject.toml")
_KINDS = ("feature", "bugfix", "doc", "removal", "misc")


class Towncrier(NamedTuple):
    """`kinds` are what a fragment's name says behind a dot, `ignored` the names of no fragments.

    A fragment of a `silent` kind may be empty: its text is shown nowhere.
    """

    folder: str
    kinds: tuple[str, ...] = _KINDS
    silent: frozenset[str] = frozenset(["misc"])
    ignored: frozenset[str] = frozenset()


@lasting
def read_towncrier(session: Session) -> Towncrier | None:
    """Read the settings, None where the project has none; a file that is broken has none."""
    # To look for settings is not to judge the file.
    there = [path for path in _FILES if session.tree.exists(path)]
    for path, data in session.tree.read_each(there):
        if b"towncrier" not in data:
            continue
        from definition_of_done.readers.toml import read_toml

        try:
            table = read_toml(path, data).get("tool", {}).get("towncrier")
        except Unreadable:
            continue
        if isinstance(table, dict):
            return _settings(table)
    return None


def _settings(table: dict[str, object]) -> Towncrier:
    kinds = dict(_kinds(table))
    ignored = {str(table.get("template", "")).rpartition("/")[2].lower()} - {""}
    named = table.get("ignore")
    if isinstance(named, list):
        ignored |= {str(name).lower() for name in named}
    settings = Towncrier(_folder(table), ignored=frozenset(ignored))
    if not kinds:
        return settings
    silent = frozenset(kind for kind, is_shown in kinds.items() if not is_shown)
    return settings._replace(kinds=tuple(kinds), silent=silent)


def _folder(table: dict[str, object]) -> str:
    folder = table.get("directory")
    if isinstance(folder, str):
        return folder.removeprefix("./").rstrip("/")
    package = table.get("package")
    if not isinstance(package, str):
        return "newsfragments"
    parts = [str(table.get("package_dir", ".")), *package.split("."), "newsfragments"]
    return "/".join(part for part in parts if part != ".")


def _kinds(table: dict[str, object]) -> Iterator[tuple[str, bool]]:
    """Yield the kinds, from an array of tables or tables by name; True where text is shown."""
    array, tables = table.get("type"), table.get("fragment")
    for entry in array if isinstance(array, list) else ():
        if isinstance(entry, dict):
            name = entry.get("directory") or entry.get("name", "")
            yield str(name).lower(), entry.get("showcontent") is not False
    for name, entry in tables.items() if isinstance(tables, dict) else ():
        yield name.lower(), not (isinstance(entry, dict) and entry.get("showcontent") is False)

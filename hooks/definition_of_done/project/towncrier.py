"""The settings of towncrier: the folder of the fragments, and the kinds that they may have."""

from __future__ import annotations

from typing import NamedTuple

from definition_of_done.base.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session

# In the order in which towncrier looks.
_FILES = ("towncrier.toml", "pyproject.toml")
_KINDS = ("feature", "bugfix", "doc", "removal", "misc")


class Towncrier(NamedTuple):
    """`kinds` are what a fragment's name says behind a dot, `ignored` the names of no fragments."""

    folder: str
    kinds: tuple[str, ...] = _KINDS
    ignored: frozenset[str] = frozenset()


def read_towncrier(session: Session) -> Towncrier | None:
    """Read the settings, None where the project has none; a file that is broken has none."""
    return session.cache.keep("towncrier", lambda: _read(session), lasts=True)


def _read(session: Session) -> Towncrier | None:
    for path in _FILES:
        data = session.tree.read(path) if session.tree.exists(path) else b""
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
    kinds = tuple(_kinds(table))
    ignored = {str(table.get("template", "")).rpartition("/")[2].lower()} - {""}
    named = table.get("ignore")
    if isinstance(named, list):
        ignored |= {str(name).lower() for name in named}
    return Towncrier(_folder(table), kinds or _KINDS, frozenset(ignored))


def _folder(table: dict[str, object]) -> str:
    folder = table.get("directory")
    if isinstance(folder, str):
        return folder.removeprefix("./").rstrip("/")
    package = table.get("package")
    if not isinstance(package, str):
        return "newsfragments"
    parts = [str(table.get("package_dir", ".")), *package.split("."), "newsfragments"]
    return "/".join(part for part in parts if part != ".")


def _kinds(table: dict[str, object]) -> Iterator[str]:
    """Yield the kinds, which towncrier takes as an array of tables or as tables by name."""
    array, tables = table.get("type"), table.get("fragment")
    for entry in array if isinstance(array, list) else ():
        if isinstance(entry, dict):
            yield str(entry.get("directory") or entry.get("name", "")).lower()
    if isinstance(tables, dict):
        yield from (name.lower() for name in tables)

"""Searches for Alembic's configuration and for folders of migrations that no setting names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import CONFIG_KEY, SECTION, named_folders, read_locations
from definition_of_done.project.candidates import only, own_files

_PARENT = regex(rb"^down_revision\b", re.M)


def search_config(session: Session) -> str | None:
    """The only alembic.ini, or pyproject.toml in its stead; raises UsageError for several."""
    return only(CONFIG_KEY, "configurations of Alembic", alembic_configs(session))


@once
def alembic_configs(session: Session) -> list[str]:
    """The configurations of Alembic in the project, by path: several where it has several."""
    if session.config.is_set(CONFIG_KEY):
        return [session.config[CONFIG_KEY]]
    default = session.config.settings[CONFIG_KEY].default
    if session.tree.exists(default):
        return [default]
    files = session.tree.read_each(own_files(session, "pyproject.toml"))
    tables = [path for path, data in files if b"[tool.alembic]" in data]
    if "pyproject.toml" in tables:
        return [default]
    found = own_files(session, "/alembic.ini")
    homes = {dirname(path) for path in found}
    return sorted([*found, *(path for path in tables if dirname(path) not in homes)])


def config_of(session: Session, path: str) -> str:
    """The configuration of Alembic for a migration: the only one, or the one that names its folder.

    Where several do not name it, that is the nearest one above it, else the first.
    """
    configs = alembic_configs(session) or [session.config[CONFIG_KEY]]
    for config in configs if len(configs) > 1 else ():
        folders = read_locations(session, config)[1]
        if any(path.startswith(f"{folder}/") for folder in folders):
            return config
    above = [config for config in configs if path.startswith(f"{dirname(config)}/")]
    return max(above or configs[:1], key=len)


def search_versions(session: Session) -> list[str] | None:
    """The folders of migrations, None where they are where Alembic's own file or the default says.

    They are named by any configuration of Alembic in the project, or lie below an env.py of which
    none names a folder. As under the key, each is a graph of its own, unless one refers to another.
    """
    tracked = session.tree.tracked
    named = tuple(f"{folder}/" for folder in named_folders(session))
    if any(path.startswith(named) for path in tracked):
        return None
    found = {
        folder for path in alembic_configs(session) for folder in _named_by(session, path, tracked)
    }
    start = ""
    if session.config.is_set(CONFIG_KEY):
        if found:
            return sorted(found)
        start = dirname(session.config[CONFIG_KEY])
    for path in own_files(session, "env.py", r"(^|/)env\.py$", start):
        home = dirname(path)
        if not any(folder.startswith(f"{home}/") for folder in found):
            found.update(_below_env(session, path))
    return sorted(found) or None


def section_of(session: Session, config: str, path: str) -> str:
    """The section of a configuration that names the folder of a migration."""
    sections = _sections(session, config)
    for section in sections if len(sections) > 1 else ():
        if any(
            path.startswith(f"{folder}/") for folder in read_locations(session, config, section)[1]
        ):
            return section
    return sections[0]


def _sections(session: Session, path: str) -> list[str]:
    """The sections of a configuration that name folders: several where none is `[alembic]`."""

    def read() -> list[str]:
        if path.endswith(".toml"):
            return [SECTION]
        try:
            ini = session.tree.read_checked_out(path)
            # To parse it again takes longer than all else.
            if b"\n[alembic]" in b"\n" + ini or read_locations(session, path)[1]:
                return [SECTION]
            from definition_of_done.readers.alembic_config import read_options

            names = read_options(session.tree.text(path))
            named = [name for name in names if read_locations(session, path, name)[1]]
            return named or [SECTION]
        except (OSError, UsageError):
            # Whoever asks for the folders says it, where the file is needed.
            return [SECTION]

    return session.cache.keep(f"sections of {path}", read)


def _named_by(session: Session, path: str, tracked: list[str]) -> Iterator[str]:
    """The folders that a configuration names, and that are there, with those read inside them."""
    for section in _sections(session, path):
        recursive, folders = read_locations(session, path, section)
        for folder in folders:
            inside = [path for path in tracked if path.startswith(f"{folder}/")]
            if inside:
                yield folder
            if recursive:
                yield from (dirname(path) for path in inside if path.endswith(".py"))


def _below_env(session: Session, env: str) -> Iterator[str]:
    """The folders below that of an env.py in which migrations lie."""
    home = dirname(env)
    if not home or b"alembic" not in b"".join(data for _, data in session.tree.read_each([env])):
        # At the top, or not surely Alembic's: only what is called as Alembic calls it counts.
        home = f"{home}/versions".lstrip("/")
    found: set[str] = set()
    for path in own_files(session, ".py", below=home):
        folder = dirname(path)
        if folder not in found and any(
            _PARENT.search(data) for _, data in session.tree.read_each([path])
        ):
            found.add(folder)
    nested = {inner for inner in found for outer in found if inner.startswith(f"{outer}/")}
    yield from found - nested

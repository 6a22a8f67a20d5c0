"""The code that runs during a deploy: that of the last release, else of the base; its models."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date

from definition_of_done.base.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.api.plurals import singular, spell
from definition_of_done.project.layout import is_code, is_migration, shows_migration
from definition_of_done.project.migrations.mapped.models import Table, read_base, read_models
from definition_of_done.project.migrations.safety.transactions import env_of
from definition_of_done.project.releases.version_files import read_places
from definition_of_done.project.releases.version_sources import Tag, newest_tag
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.project.schemes import scheme_of
from definition_of_done.project.version_entries import Entry
from definition_of_done.readers.python import read_module

_DEEPEST = 5
_PREFIXES = {"", "v", "r", "release", "release-", "release/", "rel-", "version-"}
# Who has tagged nothing for so many days deploys without tags.
_OLD = 180


class RunningCode(NamedTuple):
    """The code of a commit; `label` names it in words."""

    session: Session
    commit: str
    label: str

    def has(self, path: str) -> bool:
        """True where the commit has a file."""
        return self.session.branch.has_at(self.commit, path)

    def mapping(self, migration: str, table: str, column: str) -> str:
        """The model of a table, or of one of its columns, that a migration concerns, and its place.

        Empty where there is none.
        """
        for path, found in self._tables(table):
            if _has_other_migrations(self.session, path, migration):
                continue
            spot = found.spot
            if column:
                part = self._with_bases(found, path).parts.get(f"column {column}")
                if part is None:
                    continue
                spot = part.spot
            return f"{found.owner} at {spot.path}:{spot.line}"
        return ""

    def _tables(self, name: str) -> Iterator[tuple[str, Table]]:
        """Yield the models of a table: their classes may tell its name."""
        bare = name.rpartition(".")[2]
        classes = {_camel(bare), _camel(singular(bare))}
        for path, data in self._holding(bare, *classes):
            try:
                tables = read_models(read_module(path, data))
            except (Unreadable, RecursionError):
                continue
            for table in tables:
                if not table.is_mixin and _is_of(table, bare):
                    yield path, table

    def _with_bases(self, table: Table, path: str, depth: int = 0) -> Table:
        """A model with what its bases of other files hand to it."""
        for name in sorted(table.elsewhere) if depth < _DEEPEST else ():
            for place, data in self._holding(f"class {name}"):
                try:
                    base = read_base(read_module(place, data), name)
                except (Unreadable, RecursionError):
                    continue
                if base is not None and place != path:
                    table = table.with_parts_of(self._with_bases(base, place, depth + 1))
                    break
        return table

    def _holding(self, *words: str) -> Iterator[tuple[str, bytes]]:
        """Yield the files of code that hold one of these words."""
        session = self.session
        patterns = [part for word in words for part in ("-e", word)]
        command = ("grep", "-l", "-z", "-w", "-i", "-F", *patterns, self.commit, "--", "*.py")
        output = git(session.root, *command, ok=(0, 1)) or b""
        for name in os.fsdecode(output).split("\0"):
            path = name.partition(":")[2]
            if not is_code(path) or is_migration(session, path) or session.config.excludes(path):
                continue
            data = session.branch.read_at(self.commit, path)
            if not shows_migration(data):
                yield path, data


def _has_other_migrations(session: Session, path: str, migration: str) -> bool:
    """True for a file of another application, whose database has migrations of its own."""
    folders = version_folders(session).folders
    environments = {env_of(session, f"{folder}/") for folder in folders} if folders[1:] else ()
    homes = (os.path.dirname(os.path.dirname(env)) for env in environments)
    return any(
        path.startswith(f"{home}/") and not migration.startswith(f"{home}/")
        for home in homes
        if home
    )


@once
def running_code(session: Session) -> RunningCode | None:
    """The code that runs while this branch is deployed, None where there is none to compare."""
    base = None if session.branch.change.state_only else session.branch.base
    tag = newest_tag(session, scheme_of(session))
    if tag and _is_release(session, tag, base or "HEAD"):
        name = f"{tag.prefix}{tag.version}"
        found = git(session.root, "rev-parse", "-q", "--verify", f"refs/tags/{name}^{{commit}}")
        if found:
            return RunningCode(session, found.decode().strip(), f"release {name}")
    return RunningCode(session, base, "the base") if base else None


def _is_release(session: Session, tag: Tag, base: str) -> bool:
    """True where the tag is of the last release: not of another package, nor of long ago."""
    if tag.prefix.lower() not in _PREFIXES:
        return False
    day = (git(session.root, "log", "-1", "--format=%cs", base) or b"").decode().strip()
    if day and (date.fromisoformat(day) - date.fromisoformat(tag.date)).days > _OLD:
        return False
    return not _is_overtaken(session, tag, base)


def _is_overtaken(session: Session, tag: Tag, base: str) -> bool:
    """True where the base has a later version than the newest tag: releases have no tags."""
    scheme = scheme_of(session)
    try:
        versions = read_versions(session)
        path = versions.source.spot.path
        if versions.tool:
            return False
        places = read_places(Entry(path), session.branch.read_at(base, path))
    except (Unreadable, UsageError, NotEvaluated, OSError, RecursionError):
        return False
    version = places[0].version or ""
    return scheme.is_version(version) and scheme.order(version) > scheme.order(tag.version)


def _is_of(table: Table, name: str) -> bool:
    """True for a model of this table; where a base names it, by the words of the class."""
    if table.is_named:
        return table.name == name
    return table.owner.lower() == name or spell(table.owner) == spell(name)


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"_+", name))

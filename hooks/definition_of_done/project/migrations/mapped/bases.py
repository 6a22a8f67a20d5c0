"""Follows the bases of models to other files: mixins and the declarative base."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.layout import is_code, is_migration
from definition_of_done.project.migrations.mapped.models import (
    DECLARATIVE,
    MARKS,
    is_bare,
    read_alias,
    read_base,
    read_models,
)
from definition_of_done.project.migrations.source.spelling import is_python
from definition_of_done.project.references import References
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.mapped.models import Table
    from definition_of_done.project.migrations.source.columns import Declared
    from definition_of_done.readers.python import Module

    Place = tuple[str, str]
    _Found = TypeVar("_Found")

_DEEPEST = 8


class Bases:
    """The bases that models take from other files of the project."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._references: References | None = None

    def inherited(self, table: Table, names: frozenset[str], depth: int = 0) -> Table:
        """Return a table with what these of its bases in other files hand to it."""
        for name in sorted(names) if depth < _DEEPEST else ():
            base = self._read(self._place(table.spot.path, name), read_base)
            if base is not None:
                table = table.with_parts_of(self.inherited(base, base.elsewhere, depth + 1))
        return table

    def may_bring(self, table: Table, key: str, depth: int = 0) -> bool:
        """True where a base of a table has the part with this key, or cannot be read."""
        for name in table.elsewhere - DECLARATIVE:
            place = self._place(table.spot.path, name)
            base = self._read(place, read_base)
            if base is None or depth >= _DEEPEST or key in base.parts:
                return True
            if base.may_have(key) and not self._read(place, is_bare):
                return True
            if self.may_bring(base, key, depth + 1):
                return True
        return False

    def with_alias(self, table: Table, part: Declared) -> Declared:
        """Return a column with what the alias of its annotation brings, where one is found."""
        name = part.annotation or ""
        if "type" in part.aspects or not name.isidentifier() or is_python(name):
            return part
        alias = self._read(self._place(table.spot.path, name), read_alias)
        if alias is None:
            return part
        null = {"nullable": part.aspects["nullable"]}
        aspects = {**alias.aspects, **null, **part.aspects}
        return part._replace(aspects=aspects, annotation=alias.annotation, hides=alias.hides)

    def heirs(self, mixin: Table) -> list[Table]:
        """The tables of the project that inherit from a class in another file."""
        places = {(mixin.spot.path, mixin.owner)}
        found: dict[Place, Table] = {}
        size = 0
        while size < len(places):
            size = len(places)
            for table in self._tables({name for _, name in places}):
                place = table.spot.path, table.owner
                above = (self._place(place[0], name) for name in table.elsewhere)
                if place in places or not places.intersection(above):
                    continue
                places.add(place)
                if not table.is_mixin:
                    found[place] = table
        return sorted(found.values(), key=lambda table: table.name)

    def _tables(self, names: set[str]) -> Iterator[Table]:
        """Yield the tables of the files that mention one of these names."""
        words = [name.encode() for name in names]
        paths = [
            path
            for path in self.session.tree.tracked
            if is_code(path) and not is_migration(self.session, path)
        ]
        for path, data in self.session.tree.read_each(paths):
            if any(word in data for word in words) and any(mark in data for mark in MARKS):
                try:
                    yield from read_models(read_module(path, data))
                except (Unreadable, RecursionError):
                    continue

    def _place(self, path: str, name: str) -> Place | None:
        """The file and the class that a name of a file stands for, None outside of the project."""
        if self._references is None:
            self._references = References(self.session, path.rpartition("/")[0])
        try:
            return self._references.definition(path, name)
        except (Unreadable, OSError, RecursionError):
            return None

    def _read(self, place: Place | None, read: Callable[[Module, str], _Found]) -> _Found | None:
        if place is None:
            return None
        path, name = place
        try:
            return read(read_module(path, self.session.tree.read(path)), name)
        except (Unreadable, OSError, RecursionError):
            return None

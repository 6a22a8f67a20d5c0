"""Finds the tables that migrations create, by a search in their bytes."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import tracked_migrations
from definition_of_done.project.alembic_search import alembic_configs

_CREATES = regex(
    rb"""create_table\(\s*(?:(?:table_)?name\s*=\s*)?[rRbBuU]?["']([^"'{}%]+)["']"""
    rb"""|rename_table\([^,()]+,\s*(?:new_table_name\s*=\s*)?[rRbBuU]?["']([^"'{}%]+)["']"""
)
_NAME = rb"""((?:[\\"'`\[]*\w+[\\"'`\]]*\s*\.\s*)?[\\"'`\[]*\w+)"""
_SQL = regex(
    rb"\bcreate\s+(?:(?!table\b|view\b)\w+\s+){0,3}(?:table|view)\s+(?:if\s+not\s+exists\s+)?"
    + _NAME
    + rb"|\brename\s+to\s+"
    + _NAME,
    re.I,
)
# These may create a table with a computed name or computed SQL.
_BY_NAME = rb"""create_table\(\s*+(?![rRbBuU]?["'])|rename_table\(|create_entity|create_view"""
_COMPUTED = regex(
    _BY_NAME
    + rb"""|create_all|\.create\(|CreateTable"""
    + rb"""|execute\w{0,40}\(\s*+(?!(?:sa\.)?(?:text\(\s*)?[rRbBuU]?["'])""",
    re.I,
)
_COMPUTED_SQL = regex(rb"\bcreate\s+(?:\w+\s+){0,3}(?:table|view)\b[^;{%]*+([{%])?", re.I)
_NAMED = regex(_BY_NAME)
# With these, models or another file may say what is created.
_ELSEWHERE = regex(rb"create_all|__table__|__tablename__|\bopen\(|read_text|import_module")


class Created:
    """The tables that migrations create by name, and the files that may create others."""

    def __init__(self, sources: list[bytes], folders: set[str]) -> None:
        self._names: set[str] = set()
        self._computed: list[bytes] = []
        self._is_open = False
        own = "|".join(map(re.escape, sorted(folders))).encode()
        imports = re.compile(
            rb"^[ \t\f]*+(?:from\s+\.|(?:from|import)\s+(?:" + own + rb")\b)", re.M
        )
        for data in sources:
            for found in (*_CREATES.finditer(data), *_SQL.finditer(data)):
                name = next(group for group in found.groups() if group is not None)
                self._names.add(re.findall(r"\w+", name.decode("utf-8", "replace"))[-1].lower())
            if _COMPUTED.search(data) or any(match[1] for match in _COMPUTED_SQL.finditer(data)):
                self._computed.append(data)
                imported = _NAMED.search(data) and imports.search(data)
                self._is_open |= bool(imported or _ELSEWHERE.search(data))

    def may_have(self, table: str) -> bool:
        """True where a migration creates the table, or may do so with a computed name."""
        if self._is_open or table.lower() in self._names:
            return True
        word = re.compile(rb"(?<!\w)" + re.escape(table.encode()) + rb"(?!\w)", re.I)
        return any(word.search(data) for data in self._computed)


@once
def read_created(session: Session) -> Created | None:
    """Read all tracked migrations; returns None where the project does not use Alembic."""
    paths = tracked_migrations(session)
    if not paths and not (session.config.is_set("versions") or alembic_configs(session)):
        return None
    folders = {path.partition("/")[0] for path in session.tree.tracked if "/" in path}
    return Created(
        [session.tree.read(path) for path in paths if session.tree.exists(path)],
        {*folders, "src"} - {"alembic"},
    )

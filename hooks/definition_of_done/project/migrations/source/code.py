"""Reads a Python file for the rule on inline DDL."""

from __future__ import annotations

from definition_of_done.base.records import Record
from definition_of_done.project.layout import shows_migration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.project.migrations.source.ddl import Ddl


class Code(Record):
    """A Python file: the DDL in it, and whether it is a migration."""

    is_migration: bool
    statements: Sequence[Ddl]


def read_code(path: str, data: bytes, *, is_migration: bool, has_migrations: bool = True) -> Code:
    """Read the DDL in a file; raises Unreadable where it may hold some and is not Python.

    A migration in a folder that no setting names is one all the same.
    """
    from definition_of_done.project.migrations.source.ddl import read_ddl

    is_migration = is_migration or shows_migration(data)
    found = read_ddl(path, data, is_migration=is_migration, has_migrations=has_migrations)
    return Code(is_migration, found)

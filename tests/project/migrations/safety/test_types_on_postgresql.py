"""PostgreSQL says which changes of a type write a table anew."""

from __future__ import annotations

import psycopg
import pytest

from definition_of_done.project.migrations.safety.types import change, type_of_sql

pytestmark = pytest.mark.xdist_group("postgresql")
TYPES = (
    *("varchar", "varchar(10)", "varchar(20)", "text", "char", "char(5)", "char(10)"),
    *("smallint", "integer", "bigint", "numeric", "numeric(6)", "numeric(8,2)", "numeric(10,2)"),
    *("numeric(10,4)", "numeric(12,4)", "real", "double precision", "boolean", "json", "jsonb"),
    *("uuid", "bytea", "inet", "cidr", "date", "timestamp", "timestamp(3)", "timestamp(6)"),
    *("timestamptz", "timestamptz(3)", "timestamptz(6)"),
    *("interval", "interval(3)", "interval(6)", "float", "float(24)", "float(25)"),
)


def test_what_is_written_anew(database: str) -> None:
    """Each type becomes each other one that PostgreSQL turns it into, asked or unasked."""
    wrong, judged = [], 0
    with psycopg.connect(database, autocommit=True) as connection:
        # The change between times with and without a zone depends on it.
        connection.execute("SET timezone = 'Europe/Berlin'")
        for old in TYPES:
            connection.execute(f"DROP TABLE IF EXISTS t; CREATE TABLE t (x {old})".encode())
            for new in TYPES:
                rewrites = _rewrites(connection, new)
                before, after = type_of_sql(old), type_of_sql(new)
                assert before is not None
                assert after is not None
                told = change(before, after, (15,))
                if rewrites is not None and told is not None:
                    judged += 1
                    wrong += [(old, new, rewrites)] if told.rewrites != rewrites else []
    assert wrong == []
    assert judged > 600


def _rewrites(connection: psycopg.Connection[tuple[object, ...]], new: str) -> bool | None:
    """True where the table gets another file, None where its type does not become the new one."""
    place = "SELECT pg_relation_filenode('t')"
    for using in ("", f" USING x::{new}"):
        try:
            with connection.transaction(force_rollback=True):
                before = connection.execute(place).fetchone()
                connection.execute(f"ALTER TABLE t ALTER x TYPE {new}{using}".encode())
                return before != connection.execute(place).fetchone()
        except psycopg.errors.Error:
            continue
    return None

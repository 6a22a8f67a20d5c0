"""The cost of a change of type in PostgreSQL."""

from __future__ import annotations

import pytest

from definition_of_done.project.migrations.safety.types import Change, Type, change, type_of_sql

NOTHING, REWRITES = Change(False, False), Change(True, False)
NARROWS = Change(True, True)


@pytest.mark.parametrize(
    ("old", "new", "done"),
    [
        ("varchar(40)", "varchar(40)", NOTHING),
        ("varchar(40)", "character varying(80)", NOTHING),
        ("varchar(40)", "varchar", NOTHING),
        ("varchar(40)", "text", NOTHING),
        ("varchar", "text", NOTHING),
        ("text", "varchar", NOTHING),
        ("text", "citext", NOTHING),
        ("citext", "text", NOTHING),
        ("cidr", "inet", NOTHING),
        ("inet", "cidr", REWRITES),
        ("text", "varchar(40)", NARROWS),
        ("varchar", "varchar(40)", NARROWS),
        ("varchar(80)", "varchar(40)", NARROWS),
        ("char(10)", "varchar(10)", REWRITES),
        ("varchar(10)", "char(10)", REWRITES),
        ("varchar(20)", "char(10)", NARROWS),
        ("int", "bigint", REWRITES),
        ("bigint", "int4", NARROWS),
        ("integer", "text", REWRITES),
        ("numeric(10, 2)", "decimal(12,2)", NOTHING),
        ("numeric(10, 2)", "numeric", NOTHING),
        ("numeric", "numeric(10, 2)", NARROWS),
        ("numeric(10, 2)", "numeric(12, 4)", REWRITES),
        ("numeric(10, 2)", "numeric(10, 4)", NARROWS),
        ("numeric(10, 2)", "numeric(8, 2)", NARROWS),
        ("numeric(10)", "numeric(10, 0)", NOTHING),
        ("double precision", "real", NARROWS),
        ("timestamp", "date", NARROWS),
        ("timestamp(3)", "timestamp", NOTHING),
        ("timestamp", "timestamp(3)", NARROWS),
        ("timestamp(3)", "timestamp(6)", NOTHING),
        ("timestamptz", "timestamptz(6)", NOTHING),
        ("interval", "interval(6)", NOTHING),
        ("timestamp", "timestamp with time zone", None),
        ("timestamptz", "timestamp without time zone", None),
        ("json", "jsonb", REWRITES),
        ("uuid", "varchar(36)", REWRITES),
    ],
)
def test_change(old: str, new: str, done: Change | None) -> None:
    before, after = type_of_sql(old), type_of_sql(new)
    assert before is not None
    assert after is not None
    assert change(before, after, ()) == done


def test_a_time_zone_rewrites_before_version_12() -> None:
    old, new = Type("timestamp"), Type("timestamptz")
    assert change(old, new, (11,)) == REWRITES
    assert change(old, new, (12,)) is None


@pytest.mark.parametrize(
    "text", ["", "order_state", "integer[]", "varchar(10)[]", "geometry(Point)", "interval day"]
)
def test_unknown(text: str) -> None:
    assert type_of_sql(text) is None

"""Statements out of sight explain the same together as one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from definition_of_done.project.migrations.operations.opaque import Opaque, joined

SQL = st.lists(
    st.sampled_from(
        [
            *("create", "drop", "table", "index", "unique", "alter table a", "add", "rename", "to"),
            *("do", "do language x $$", "$", "call", "execute", "a", "b", "c", "a_c", "s.a", ";"),
            *("-- a\n", "'", "\n"),
        ]
    ),
    max_size=6,
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(SQL, st.none()) | SQL, max_size=6),
    st.lists(st.sampled_from(["a", "b", "c", "a_c", "d", "e f"]), max_size=3),
    st.sampled_from([None, "a", "b", "s.a"]),
    st.booleans(),
)
def test_joined(texts: list[str | None], names: list[str], table: str | None, flag: bool) -> None:
    one_by_one = [Opaque(sql) for sql in texts]
    together = joined(one_by_one)
    assert len(together) <= 2
    assert any(
        statement.explains(names, table, may_be_prefixed=flag) for statement in together
    ) == any(statement.explains(names, table, may_be_prefixed=flag) for statement in one_by_one)

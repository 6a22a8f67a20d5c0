"""What is out of sight, asked together, explains what it explains one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from definition_of_done.migrations._opaque import Opaque, joined

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


@settings(max_examples=500, deadline=None)
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
    assert any(one.explains(names, table, may_be_prefixed=flag) for one in together) == any(
        one.explains(names, table, may_be_prefixed=flag) for one in one_by_one
    )

"""Values that only Python could construct are none of the plain ones."""

from __future__ import annotations

from definition_of_done.readers.tagged import Tagged


def test_a_tag_tells_two_values_apart() -> None:
    assert Tagged("!a", "1") == Tagged("!a", "1") != Tagged("!b", "1")
    assert not isinstance(Tagged("!a", {}), dict | list | str)
    assert (Tagged("!a", ["b"]).tag, Tagged("!a", ["b"]).value) == ("!a", ["b"])

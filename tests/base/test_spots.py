"""Places in files, and what makes two of them the same."""

from __future__ import annotations

from definition_of_done.base.text import Text


def test_spots_are_equal_by_their_start() -> None:
    text = Text("a.md", "one\r\ntwo\r\n")
    spot = text.spot(5, 8)
    assert (spot.key, spot.end) == (("a.md", 2, 1), (2, 4))
    assert spot == text.spot(5)
    assert hash(spot) == hash(text.spot(5))

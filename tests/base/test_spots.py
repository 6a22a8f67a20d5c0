"""Places in files, what makes two of them the same, and comments with theirs."""

from __future__ import annotations

import pytest

from definition_of_done.base.spots import Comment, Spot
from definition_of_done.base.text import Text


def test_spots_are_equal_by_their_start() -> None:
    text = Text("a.md", "one\r\ntwo\r\n")
    spot = text.spot(5, 8)
    assert (spot.key, spot.end) == (("a.md", 2, 1), (2, 4))
    assert spot == text.spot(5)
    assert hash(spot) == hash(text.spot(5))


def test_a_spot_of_a_length() -> None:
    spot = Spot.of("a.md", 3, 5, 4)
    assert (spot.key, spot.end) == (("a.md", 3, 5), (3, 9))
    assert repr(spot) == "Spot('a.md', 3, 5)"


@pytest.mark.parametrize(
    "other", [Spot("b.md", 3, 5), Spot("a.md", 4, 5), Spot("a.md", 3, 6), ("a.md", 3, 5)]
)
def test_another_place_is_another_spot(other: object) -> None:
    assert Spot("a.md", 3, 5) != other


def test_spots_stand_in_the_order_of_a_report() -> None:
    spots = [Spot("b"), Spot("a", 10, 1), Spot("a", 2, 30), Spot("a", 2, 4)]
    assert [spot.key for spot in sorted(spots, key=lambda spot: spot.key)] == [
        ("a", 2, 4),
        ("a", 2, 30),
        ("a", 10, 1),
        ("b", 1, 1),
    ]


@pytest.mark.parametrize(("given", "first"), [(None, 5), (2, 2), (5, 5)])
def test_the_first_line_of_a_comment(given: int | None, first: int) -> None:
    comment = Comment(5, 3, " why", given)
    assert (comment.line, comment.column, comment.text, comment.first) == (5, 3, " why", first)

"""What a rule yields, and what makes two of them the same."""

from __future__ import annotations

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.finding import Finding


def test_the_order_of_a_report() -> None:
    found = [
        Finding(Spot("b"), "x", rule="a"),
        Finding(Spot("a", 2, 1), "x", rule="b"),
        Finding(Spot("a", 2, 1), "y", rule="a"),
        Finding(Spot("a", 2, 1), "x", rule="a"),
        Finding(Spot("a", 1, 9), "z", rule="z"),
    ]
    ordered = sorted(found, key=lambda finding: finding.key)
    assert [found.index(finding) for finding in ordered] == [4, 3, 2, 1, 0]


def test_what_is_beside_place_rule_and_message_tells_none_apart() -> None:
    bare = Finding(Spot("a"), "x", rule="r")
    edit = Edit("a", 0, 1, "")
    full = Finding(Spot("a", end=(1, 4)), "x", "help", symbol="s", edits=[edit], rule="r")
    assert bare.key == full.key == ("a", 1, 1, "r", "x")
    assert (full.edits, bare.edits) == ((edit,), ())
    assert repr(full) == "<a:1:1: r: x>"

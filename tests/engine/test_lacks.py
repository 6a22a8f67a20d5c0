"""Findings about what one owner lacks, as one, and none that follow from another."""

from __future__ import annotations

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.finding import Finding, Lack
from definition_of_done.engine.lacks import joined, without_followers

INSTEAD = "waive each"


def _finding(owner: str, noun: str, advice: str, path: str = "a") -> Finding:
    lack = Lack(owner, noun, advice, INSTEAD)
    message = f"{owner} has no {noun}"
    return Finding(Spot(path), message, advice, symbol=noun, rule="r", lack=lack)


def test_one_is_left_as_it_is() -> None:
    findings = [_finding("x", "door", "create door.py"), _finding("y", "door", "create it")]
    assert joined(findings) == findings


def test_the_parts_of_one_owner() -> None:
    other = Finding(Spot("a"), "x has a fault", "mend it", rule="r")
    found = joined(
        [
            _finding("x", "door", "create door.py"),
            other,
            _finding("x", "window", "create window.py"),
            _finding("x", "roof", "add it to top.py"),
            _finding("x", "chimney", "add it to top.py"),
            _finding("x", "door", "create door.py", path="b"),
        ]
    )
    assert [finding.message for finding in found] == [
        "x has no door, window, roof or chimney",
        "x has a fault",
        "x has no door",
    ]
    help = "create door.py and window.py; add it to top.py; or waive each"
    assert (found[0].help, found[0].symbol) == (help, "door window roof chimney")


def test_what_follows() -> None:
    edit = Edit("page", 0, 0, "text")
    leader = Finding(Spot("page"), "section A is empty", "write it", symbol="A", rule="r")
    keys = [("r", "page", "A")]
    follower = Finding(Spot("b"), "b", "h", symbol="A", rule="s", edits=[edit], follows=keys)
    # It follows from a follower.
    last = Finding(Spot("c"), "c", rule="t", follows=[("s", "b", "A")])
    own = Finding(Spot("page"), "is missing", "add it", symbol="A", rule="s", follows=keys)
    assert without_followers([own, follower, last]) == [own, follower]
    assert without_followers([own, leader, follower]) == [leader]
    assert (leader.edits, leader.help) == ((edit,), "write it, or run with --fix")

"""Findings about what one owner lacks, as one, and none that follow from another."""

from __future__ import annotations

import pytest

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.finding import Finding, Lack
from definition_of_done.engine.lacks import joined, without_followers

INSTEAD = "waive each"


def _finding(owner: str, noun: str, advice: str, path: str = "a") -> Finding:
    lack = Lack(f"{owner} has no", noun, advice, instead=INSTEAD)
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
    assert without_followers([own, follower, last], _never) == [own, follower]
    assert without_followers([own, leader, follower, last], _never) == [leader]
    assert leader.leads == (own, follower, last)
    assert (leader.edits, leader.help) == ((edit,), "write it, or run with --fix")
    # What a commit leaves open takes nothing along that it does not.
    kept = without_followers([own, leader, follower], lambda finding: finding is leader)
    assert kept == [own, leader, follower]


def test_none_of_a_circle_is_lost() -> None:
    here = Finding(Spot("a"), "a", rule="r", follows=[("s", "", "")])
    there = Finding(Spot("b"), "b", rule="s", follows=[("r", "a", "")])
    last = Finding(Spot("c"), "c", rule="t", follows=[("s", "b", "")])
    assert without_followers([here, there, last], _never) == [here, there, last]


@pytest.mark.parametrize("key", [("r", "", "A"), ("r", "page", ""), ("r", "", "")])
def test_a_key_that_leaves_a_part_open(key: tuple[str, str, str]) -> None:
    leader = Finding(Spot("page"), "section A is empty", "write it", symbol="A", rule="r")
    follower = Finding(Spot("b"), "b", rule="s", follows=[key])
    assert without_followers([leader, follower], _never) == [leader]
    other = Finding(Spot("b"), "b", rule="s", follows=[("t", *key[1:])])
    assert without_followers([leader, other], _never) == [leader, other]


def test_a_group_at_several_spots() -> None:
    lacks = [Lack("x has no", noun, "make it", group="x") for noun in ("door", "window")]
    findings = [
        Finding(Spot(path), "no", symbol=path, rule="r", lack=lack)
        for path, lack in zip("ab", lacks, strict=True)
    ]
    [whole] = joined(findings)
    assert (whole.spot.path, whole.message) == ("a", "x has no door or window")
    assert (whole.help, whole.symbol) == ("make it", "a b")


def _never(_: Finding) -> bool:
    return False

"""Findings about what one owner lacks, as one."""

from __future__ import annotations

from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding, Lack
from definition_of_done.engine.lacks import joined

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

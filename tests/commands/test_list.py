"""`definition-of-done list`: every rule with its number and summary, in lines that fit."""

from __future__ import annotations

from itertools import groupby

from tests.repository import Run

from definition_of_done.engine.registry import all_rules
from definition_of_done.rules import BEYOND

SUITE = "definition-of-done"


def test_each_rule_is_listed(run: Run) -> None:
    lines = run(SUITE, "list")[1].splitlines()
    expected: list[list[str]] = []
    for family, rules in groupby(all_rules(), lambda rule: rule.family):
        head = [f"{family}:", *(["beyond"] if family in BEYOND else [])]
        expected += [head, *([rule.id, rule.contract] for rule in rules)]
    assert [line.split()[:2] for line in lines if line[0] != " "] == expected
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert all(rule.summary in text for rule in all_rules())

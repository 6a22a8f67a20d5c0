"""A rule in words, from its own declaration."""

from __future__ import annotations

import re

import pytest

from definition_of_done.engine.explanation import difference, explain, help_of
from definition_of_done.engine.registry import known_ids, load_rule


def test_explain_shows_what_the_bad_example_deletes() -> None:
    page = "docs/feature/2026-06-01-credit-limit.md"
    assert difference(load_rule("plan-never-deleted")) == [f"- {page} (deleted)", f"+ {page}"]
    slug = "alembic/versions/20260{}_add_credit_limit.py"
    assert difference(load_rule("alembic-filename")) == [
        f"- {slug.format(631)}",
        f"+ {slug.format(601)}",
    ]


def test_a_rule_in_words() -> None:
    rule = load_rule("no-autogenerate-noise")
    text = explain(rule)
    parts = text.split("\n\n")
    assert parts[1:3] == [f"Why: {rule.why}", f"Contract: {rule.contract}"]
    assert parts[3] == "Due: at every commit"
    assert parts[4].startswith("Bad:\n    alembic/versions/")
    assert "\n    | " in parts[4]
    assert "\n    - " in parts[4]
    assert text.endswith("\n\n--fix mends what is certain and says what it cannot mend.\n")
    assert "--fix" not in explain(load_rule("file-length"))


def test_a_help_fits_80_columns_and_loses_nothing() -> None:
    rule = load_rule("resource-full-chain")
    first, last = help_of(rule)
    assert first.replace("\n", " ") == f"{rule.summary[0].upper()}{rule.summary[1:]}."
    assert max(map(len, f"{first}\n{last}".splitlines())) <= 78
    assert last.endswith(f"With the lines around: definition-of-done explain {rule.id}")


@pytest.mark.parametrize("id", known_ids())
def test_the_examples_differ_in_what_is_shown(id: str) -> None:
    """Of both examples only what differs stands there, the bad one first."""
    bad, _, good = explain(load_rule(id)).partition("\n\nBad:\n")[2].partition("\n\nGood:\n")
    good = good.partition("\n\nSince: ")[0]
    paths = [
        {line.strip() for line in part.splitlines() if line[4:5] not in ("|", "-", "+", ".")}
        for part in (bad, good)
    ]
    marks = re.findall(r"^    [-+] ?", f"{bad}\n{good}", re.M)
    assert bad.strip()
    assert good.strip()
    assert marks or paths[0] != paths[1]
    assert bad != good


def test_an_example_shows_the_lines_around_what_differs() -> None:
    text = explain(load_rule("version-sync")).partition("Bad:")[2]
    assert (
        text
        == """
    pyproject.toml
    | [project]
    | name = "sample-backend"
    - version = "1.1.0"

Good:
    pyproject.toml
    | [project]
    | name = "sample-backend"
    + version = "1.2.0"

Since: 0.1

--fix mends what is certain and says what it cannot mend.
"""
    )
    text = explain(load_rule("feature-page-final"))
    assert "    ...\n" in text
    assert len(text.splitlines()) < 40

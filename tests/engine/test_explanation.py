"""A rule in words, from its own declaration."""

from __future__ import annotations

from definition_of_done.engine.explanation import difference
from definition_of_done.engine.registry import load_rule


def test_explain_shows_what_the_bad_example_deletes() -> None:
    page = "docs/feature/2026-06-01-credit-limit.md"
    assert difference(load_rule("plan-never-deleted")) == [f"- {page} (deleted)", f"+ {page}"]
    slug = "alembic/versions/20260{}_add_credit_limit.py"
    assert difference(load_rule("alembic-filename")) == [
        f"- {slug.format(631)}",
        f"+ {slug.format(601)}",
    ]

"""Words as a message lists and counts them, and the known name that somebody meant."""

from __future__ import annotations

import pytest

from definition_of_done.base.words import listed


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_how_a_message_lists_words(words: list[str], text: str) -> None:
    assert listed(words) == text

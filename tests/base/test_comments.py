"""A comment knows its place, and the first line that it speaks of."""

from __future__ import annotations

import pytest

from definition_of_done.base.comments import Comment


@pytest.mark.parametrize(("given", "first"), [(None, 5), (2, 2), (5, 5)])
def test_first(given: int | None, first: int) -> None:
    comment = Comment(5, 3, " why", given)
    assert (comment.line, comment.column, comment.text, comment.first) == (5, 3, " why", first)

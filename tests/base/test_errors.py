"""The errors that end a run: their texts and places."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import NotEvaluated, Unreadable, UsageError


@pytest.mark.parametrize(
    ("line", "column", "place"), [(3, 4, (3, 4)), (0, 0, (1, 1)), (-1, 2, (1, 2))]
)
def test_a_place_is_in_the_file(line: int, column: int, place: tuple[int, int]) -> None:
    error = Unreadable("not Python: x", line, column, help="mend it", path="a.py")
    assert (error.line, error.column) == place
    assert (str(error), error.message, error.help, error.path) == (
        "not Python: x",
        "not Python: x",
        "mend it",
        "a.py",
    )


def test_the_first_place_where_none_is_given() -> None:
    error = Unreadable("x")
    assert (error.line, error.column, error.help, error.path) == (1, 1, "", "")


def test_none_is_caught_as_another() -> None:
    kinds = (UsageError, Unreadable, NotEvaluated)
    assert [[issubclass(kind, other) for other in kinds] for kind in kinds] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]

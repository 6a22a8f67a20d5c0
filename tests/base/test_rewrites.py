"""How annotations are spelled, for the Python that evaluates them."""

from __future__ import annotations

import pytest

from definition_of_done.base.rewrites import spelled

LABELS = ("str", "Sequence[str]", "None")


@pytest.mark.parametrize(
    ("types", "lowest", "more", "expected"),
    [
        (("str",), 7, (), "str"),
        (("str", "None"), None, (), "str | None"),
        (("str", "None"), 10, (), "str | None"),
        (("str", "None"), 9, (), "Optional[str]"),
        (("str", "None"), 9, ("typing.",), "typing.Optional[str]"),
        (("str", "None"), 9, ("", "Union"), "Union[str, None]"),
        (LABELS, None, (), "str | Sequence[str] | None"),
        (LABELS, 11, ("collections.abc.",), "str | collections.abc.Sequence[str] | None"),
        (LABELS, 9, (), "Union[str, Sequence[str], None]"),
        (LABELS, 9, ("typing.",), "typing.Union[str, typing.Sequence[str], None]"),
    ],
)
def test_spelled(
    types: tuple[str, ...], lowest: int | None, more: tuple[str, ...], expected: str
) -> None:
    assert spelled(types, lowest, *more) == expected

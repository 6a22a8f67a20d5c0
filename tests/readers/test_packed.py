"""Records as values for JSON: what is unpacked is what was packed, in whatever kind of list."""

from __future__ import annotations

import json

import pytest

from definition_of_done.base.spots import Spot
from definition_of_done.readers.nav import NavSection, Tagged
from definition_of_done.readers.packed import pack, unpack

KINDS = (NavSection, Tagged)
SECTION = NavSection(("A", "B"), Spot("a.yml", 2, 3, (2, 9)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [True, None, "x"], "b": {"c": []}},
        {"tag": "!x", "value": [1, [2, (3,)]]},
        Tagged("!!python/name:a.b", {"c": Tagged("!x", None)}),
        (SECTION, [SECTION], {"in": SECTION}),
    ],
)
def test_what_is_packed_is_unpacked(value: object) -> None:
    again = unpack("a.yml", json.loads(json.dumps(pack(value, KINDS))), KINDS)
    assert repr(again) == repr(value)
    assert again == value


def test_a_spot_is_of_the_file_that_it_is_unpacked_for() -> None:
    spot = unpack("b.yml", pack(Spot("a.yml", 1, 2, (3, 4)), ()), ())
    assert (spot.key, spot.end) == (("b.yml", 1, 2), (3, 4))


@pytest.mark.parametrize("value", [[], [7, 1], ["x"], [-2, 1]])
def test_another_value_is_an_error(value: object) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        unpack("a.yml", value, KINDS)

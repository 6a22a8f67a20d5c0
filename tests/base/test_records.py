"""Named tuples and kept properties: they are what typing and functools make of the same class."""

from __future__ import annotations

import typing
from typing import Any

from definition_of_done.base.records import NamedTuple, cached_property


class Ours(NamedTuple):
    """A thing with a name."""

    name: str
    size: int = 1
    parts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name with the size."""
        return f"{self.name} {self.size}"

    def grown(self) -> Ours:
        return self._replace(size=self.size + 1)


class Theirs(typing.NamedTuple):
    """A thing with a name."""

    name: str
    size: int = 1
    parts: tuple[str, ...] = ()


class Kind(Ours):
    @property
    def label(self) -> str:
        return "kind"


def _told(made: Any) -> tuple[object, ...]:
    thing = made("a", parts=("b",))
    names = (made.__module__, made.__doc__, made._fields, made._field_defaults)
    return (*names, made.__match_args__, thing._asdict(), hash(thing), repr(thing)[4:], thing)


def test_as_typing_makes_them() -> None:
    assert repr(Ours("a")) == "Ours(name='a', size=1, parts=())"
    ours, theirs = (_told(made) for made in (Ours, Theirs))
    assert [*map(str, ours[:7])] == [*map(str, theirs[:7])]
    assert ours[8] == theirs[8] == ("a", 1, ("b",))


def test_methods_and_heirs() -> None:
    assert Ours("a").grown().label == "a 2"
    assert isinstance(Kind("a"), Ours)
    assert Kind("a").label == "kind"
    match Kind("a", 3):
        case Ours(name, size=size):
            assert (name, size) == ("a", 3)


class Counted:
    made = 0

    @cached_property
    def number(self) -> int:
        """The number of the values that were made."""
        self.made += 1
        return self.made


def test_a_property_is_made_once() -> None:
    one, other = Counted(), Counted()
    assert (one.number, one.number, one.made) == (1, 1, 1)
    assert (other.made, other.number) == (0, 1)
    other.number = 7
    assert other.number == 7

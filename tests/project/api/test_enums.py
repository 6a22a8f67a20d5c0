"""The members of an enum as its source shows them, against those that Python makes of it."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.api.enums import read_enums

HEAD = """\
import enum
import enum as e
import functools
from enum import Enum, IntEnum, StrEnum, auto, unique

LIMIT = "limit"
def helper(): ...
class Named(str, Enum):
    def label(self): return self.value
class Mixin: ...
"""


@pytest.mark.parametrize(
    "source",
    [
        "class Path(Enum):\n A = 'a'\n B = 'b'",
        "class Path(StrEnum):\n A = auto()\n B_C = enum.auto()",
        "class Path(str, e.Enum):\n 'Text.'\n A = 'a'\n B: str = 'b'\n C: str",
        "class Path(Named):\n A = 'a'",
        "class Path(Mixin, Named):\n A = 'a'",
        "@unique\nclass Path(IntEnum):\n A = 1\n B = auto()",
        "class Path(Enum):\n A = B = 'a'",
        "class Path(Enum):\n A = 'a'\n B = 'a'\n C = A\n D = C",
        "class Path(Enum):\n A, B = 'a', 'b'\n [C, D] = ('c', 'd')\n E, F = range(2)",
        "class Path(Enum):\n _ignore_ = ['X', 'Y']\n X = 'x'\n Y = 'y'\n A = 'a'",
        "class Path(Enum):\n _ignore_ = 'X, Y'\n X = 'x'\n Y = 'y'\n A = 'a'",
        "class Path(Enum):\n A = 'a'\n __private = 1\n _single = 2\n __slots__ = ()",
        "class Path(Enum):\n def _generate_next_value_(n, *_): return n\n A = auto()\n B = auto()",
        "class Path(StrEnum):\n def _generate_next_value_(n, *_): return n\n A = auto()",
        "class Path(Enum):\n A = 'a'\n def label(self): ...\n async def go(self): ...\n b = label",
        "class Path(Enum):\n A = 'a'\n @property\n def label(self): ...\n b = property(label)",
        "class Path(Enum):\n A = 'a'\n b = lambda self: 1\n c = staticmethod(helper)\n d = helper",
        "class Path(Enum):\n A = enum.nonmember('a')\n B = enum.member(helper)\n C = 'c'",
        "class Path(Enum):\n A = LIMIT\n B = str('b')\n C = f'{LIMIT}c'",
        "class Path(Enum):\n A = 1, 'a'\n B = 1, 'a'\n C = [1]\n D = {'d': 1}",
        "class Path(Enum):\n pass",
        "class _Path(Enum):\n A = 'a'\nPath = unique(_Path)",
        "class _Path(Enum):\n A = 'a'\nPath = _Path",
    ],
)
def test_members_are_those_of_python(source: str) -> None:
    space: dict[str, Any] = {"__name__": "made"}
    exec(compile(HEAD + source, "enums.py", "exec", dont_inherit=True), space)
    path: type[Enum] = space["Path"]
    read = read_enums("x.py", (HEAD + source).encode())["Path"]
    members = {member.name: member.value for member in path}
    assert [member.name for member in read.members] == list(members)
    assert read.names == set(path.__members__)
    assert read.unseen == ""
    for member in read.members:
        # What is computed has no value here; what has one has Python's.
        assert member.value in (None, members[member.name])
    literal = {name for name, value in members.items() if f"{name} = '{value}'" in source}
    assert literal <= {member.name for member in read.members if member.value is not None}


def test_what_strawberry_makes_of_it() -> None:
    source = b"""\
import strawberry as sb
from enum import StrEnum

@sb.enum
class Path(StrEnum):
    A = sb.enum_value("a", description="first")
    B = sb.auto()

class _Resource(StrEnum):
    A = "a"

Resource = sb.enum(_Resource, name="Grant")
"""
    enums = read_enums("x.py", source)
    path = enums["Path"]
    assert [(member.name, member.value) for member in path.members] == [("A", "a"), ("B", "b")]
    assert (path.spot.line, path.members[0].spot.key) == (5, ("x.py", 6, 5))
    assert (enums["Resource"].name, set(enums["Resource"].names)) == ("Resource", {"A"})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            "class Path(Enum):\n for x in 'ab':\n  locals()[x] = x",
            "line 3 computes members of Path",
        ),
        ("class Path(Enum):\n if 1:\n  A = 'a'", "line 3 computes members of Path"),
        ("class Path(Enum):\n A = 'a'\n vars()['B'] = 1", "line 4 computes members of Path"),
        ("class Path(Enum):\n vars().update(B=1)", "line 3 computes members of Path"),
        ("class Path(Enum):\n _ignore_ = NAMES", "line 3 computes members of Path"),
        ("class Path(Enum):\n _ignore_ = 5", "line 3 computes members of Path"),
        ("Path = Enum('Path', NAMES)", "Path is made by a call"),
    ],
)
def test_what_python_computes_is_not_guessed(source: str, why: str) -> None:
    assert read_enums("x.py", f"from enum import Enum\n{source}\n".encode())["Path"].unseen == why


def test_what_is_computed_beside_a_member() -> None:
    source = b"from enum import Enum\nclass Path(Enum):\n x.y, A = make()\n"
    path = read_enums("x.py", source)["Path"]
    assert [(member.name, member.value) for member in path.members] == [("A", None)]
    assert path.unseen == "line 3 computes members of Path"


@pytest.mark.parametrize(
    "source",
    [
        "class Path(Base):\n A = 'enum'",
        "from enum import Enum\nclass Path(Path, Path): A = 'a'",
        "from enum import Enum\nclass Path: A = 'a'",
        "from enum import Enum\nclass Path(dict[str, Enum]): A = 'a'",
    ],
)
def test_no_enum(source: str) -> None:
    assert "Path" not in read_enums("x.py", source.encode())


def test_not_python() -> None:
    with pytest.raises(Unreadable):
        read_enums("x.py", b"class Path(Enum)\n")

"""The comparer trusts no edit: whatever is not the change that is told is refused."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Refused
from definition_of_done.base.rewrites import (
    Annotate,
    Declare,
    DropComments,
    InBody,
    InString,
    SetKeyword,
)
from definition_of_done.base.spots import Edit
from definition_of_done.readers.python_compare import check_change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.rewrites import Step

SOURCE = '''\
"""Doc."""
from typing import Sequence

a = None  # why
# marker
b = C(1)


def f():
    pass
'''
OTHERWISE = "the file would change otherwise than is meant"
LABELS = ("str", "Sequence[str]", "None")
ANNOTATE = Annotate("a", LABELS, None)


def said(step: Step, *changes: tuple[str, str], source: str = SOURCE) -> str:
    """The reason why changes do not make a step, empty where they do."""
    edits = []
    for old, new in changes:
        assert source.count(old) == 1, old
        start = source.index(old)
        head = len(old) if new.startswith(old) else 0
        edits.append(Edit("a.py", start + head, start + len(old), new[head:]))
    try:
        check_change("a.py", source.encode(), edits, [step])
    except Refused as error:
        return str(error)
    return ""


GOOD = ("a = None", "a: str | Sequence[str] | None = None")


def test_as_told() -> None:
    assert said(ANNOTATE, GOOD) == ""


@pytest.mark.parametrize(
    "change",
    [
        ("a = None", "a: str | None = None"),
        ("a = None", "a: str | Sequence[int] | None = None"),
        ("a = None", "a: str | list[str] | None = None"),
        ("a = None", "a: str | Missing[str] | None = None"),
        ("a = None", "a: 'str | Sequence[str] | None' = None"),
    ],
)
def test_another_annotation(change: tuple[str, str]) -> None:
    reason = "a name of the annotation is not bound where it is evaluated"
    assert said(ANNOTATE, change) == reason


@pytest.mark.parametrize(
    "more",
    [
        ("C(1)", "C(2)"),
        ("pass\n", "pass\n    pass\n"),
        ("Doc.", "Dog."),
        ("from typing import Sequence\n", "from typing import Sequence, Union\n"),
        ("\n\n\ndef", "\n\ndef"),
        ("b = C(1)\n", "b = C(1)\nimport os\n"),
        ("b = C(1)\n", "b = C(1)\nc = 1\n"),
        ("b = C(1)", "b: int = C(1)"),
    ],
)
def test_more_than_told(more: tuple[str, str]) -> None:
    assert said(ANNOTATE, GOOD, more) == OTHERWISE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("a = None", "a: str | Sequence[str] | None = 1"), OTHERWISE),
        (("a = None", "a: str | = None"), "the file could not be read afterwards"),
        (("a = None  # why", "a: str | Sequence[str] | None = None"), "a comment would be lost"),
        (("a = None", "pass"), OTHERWISE),
    ],
)
def test_something_else(change: tuple[str, str], reason: str) -> None:
    assert said(ANNOTATE, change) == reason


@pytest.mark.parametrize(
    ("step", "good", "bad"),
    [
        (InString(3, 6, "Dog"), ("Doc", "Dog"), ("Doc", "Cat")),
        (DropComments((5,)), ("# marker\n", ""), ("# marker\n", "# mark\n")),
        (InBody("f", 0, 1, "C()"), ("pass", "C()"), ("pass", "D()")),
        (SetKeyword(0, "x", "y"), ("C(1)", "C(1, x='y')"), ("C(1)", "C(1, x='z')")),
        (
            Declare("c", ("a",), ("str",), None),
            ("b = C(1)\n", "b = C(1)\nc: str = None\n"),
            ("b = C(1)\n", "b = C(1)\nc: str = 1\n"),
        ),
    ],
)
def test_each_step(step: Step, good: tuple[str, str], bad: tuple[str, str]) -> None:
    source = SOURCE.replace("b = C", "C = len\nb = C")
    if isinstance(step, SetKeyword):
        step = step._replace(start=source.index("C(1)"))
    assert said(step, good, source=source) == ""
    assert said(step, bad, source=source) in (OTHERWISE, "a comment would be lost")

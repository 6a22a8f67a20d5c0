"""5.1: a comment that silences a checker names the rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.test_resources import SERVICE
from tests.contract.worlds import GROWN, NEW, Case, all_of

from definition_of_done.project.gates.suppressions import read_blankets

ID = "suppressions-need-codes"
LINE = "        return self.repository.all()"


def suppressed(comment: str) -> dict[str, tuple[str, str]]:
    """The service with a comment behind a line."""
    return {SERVICE: (LINE, f"{LINE}  {comment}")}


BROKEN = [
    Case(
        "5.1",
        comment,
        world,
        suppressed(comment),
        (f"{SERVICE}:{line}:39: {ID}: {comment!r} silences every rule of the line",),
    )
    for comment, world, line in (
        ("# ty: ignore", NEW, 12),
        ("# pyrefly: ignore", NEW, 12),
        ("# pyre-ignore", GROWN, 15),
        ("# nosec", GROWN, 15),
    )
]
HONEST = [
    Case("5.1", comment, NEW, suppressed(comment))
    for comment in (
        "# ty: ignore[invalid-return-type]  # nosec B608",
        "# pyrefly: ignore[bad-return]  # pyre-ignore[7]: as it is",
    )
]


@all_of(BROKEN + HONEST)
def test_gates(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds


@pytest.mark.parametrize(
    ("comment", "where"),
    [
        ("# ty: ignore", "line"),
        ("# ty:ignore", "line"),
        ("# ty: ignore[]", "line"),
        ("# ty: ignore because", "line"),
        ("# pyrefly: ignore", "line"),
        ("# pyrefly:ignore", "line"),
        ("# pyrefly: ignore-errors", "file"),
        ("# pyre-ignore", "line"),
        ("# pyre-ignore: it is one", "line"),
        ("# pyre-fixme", "line"),
        ("# pyre-ignore-all-errors", "file"),
        ("# nosec", "line"),
        ("#nosec", "line"),
        ("# nosec because", "line"),
        ("# NOSEC", "line"),
        ("# type: ignore[a]  # nosec", "line"),
    ],
)
def test_silences_all(comment: str, where: str) -> None:
    found = read_blankets("a.py", f"x = 1  {comment}\n".encode())
    assert [blanket.where for blanket in found] == [where]


@pytest.mark.parametrize(
    "comment",
    [
        "# ty: ignore[unresolved-import]",
        "# ty:ignore[unresolved-import, division-by-zero]",
        "# ty: ignored by nobody",
        "# pretty: ignore",
        "# pyrefly: ignore[bad-return]",
        "# pyrefly: ignore [bad-return]",
        "# pyrefly: check",
        "# pyre-ignore[7]",
        "# pyre-ignore[7, 9]: both",
        "# pyre-fixme[6]: later",
        "# pyre-ignore-all-errors[7]",
        "# pyre-strict",
        "# pyre-unsafe",
        "# nosec B101",
        "# nosec: B101,B102",
        "# nosec B101 because",
        "# nosec assert_used",
        "# nosec: try_except_pass, assert_used",
        "# nosecret",
        "# no sec",
        "# see nosec",
        "# a nosec is never right",
    ],
)
def test_names_a_rule(comment: str) -> None:
    assert read_blankets("a.py", f"x = 1  {comment}\n".encode()) == []

"""What rules read: the defaults of a subject."""

from __future__ import annotations

import pytest

from definition_of_done.engine.session import Session
from definition_of_done.engine.subject import FileSubject, RepositorySubject


def no_facts(session: Session, path: str = "") -> None:
    """Nothing."""


def every(session: Session, path: str) -> bool:
    return True


@pytest.mark.parametrize(("usual", "expected"), [("", ".py"), ("versions/.py", "versions/.py")])
def test_what_usually_stands_for_a_suffix(usual: str, expected: str) -> None:
    subject = FileSubject("x", suffix=".py", concerns=every, read=no_facts, usual=usual)
    assert (subject.suffix, subject.shown_suffix) == (".py", expected)
    # Unless it says on what else its facts depend, no verdict on them is kept.
    assert (subject.inputs, subject.leaves_out, subject.settings) == (None, None, ())


def test_a_part_of_the_repository() -> None:
    subject = RepositorySubject("x", concerns=every, read=no_facts, settings=("a", "b"))
    assert (subject.settings, subject.diff, subject.always, subject.accept) == (
        ("a", "b"),
        False,
        False,
        "",
    )


def test_subscripts_cost_no_import() -> None:
    assert FileSubject["int"] is FileSubject
    assert RepositorySubject["int"] is RepositorySubject

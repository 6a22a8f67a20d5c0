"""A rule: what its declaration says, and what it stamps on its findings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Spot
from definition_of_done.engine.config import Config
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import FileSubject, RepositorySubject, Rule, rule
from definition_of_done.engine.session import Session
from definition_of_done.project.settings import SETTINGS

CONFIG = Config("/root", SETTINGS, {"max-file-lines": 7})


def subject(*settings: str) -> RepositorySubject[str]:
    return RepositorySubject(
        "x", concerns=lambda _, __: True, read=lambda _: "facts", settings=settings
    )


def declared(settings: tuple[str, ...] = (), *keys: str) -> Rule:
    """A rule whose one finding says what its check was called with."""

    def check(*given: object) -> Iterator[Finding]:
        said = [value["max-file-lines"] if isinstance(value, Config) else value for value in given]
        yield Finding(Spot("a"), repr(said))
        raise NotEvaluated("no base")

    return rule(
        id="some-rule",
        contract="1.2",
        summary="x",
        why="y",
        subject=subject(*keys),
        good={},
        bad={},
        settings=settings,
    )(check)


@pytest.mark.parametrize(
    ("settings", "said"), [((), "['facts']"), (("max-file-lines",), "['facts', 7]")]
)
def test_findings(settings: tuple[str, ...], said: str) -> None:
    findings = declared(settings).findings("facts", CONFIG)
    found = next(findings)
    assert (found.rule, found.message) == ("some-rule", said)
    # What was found until then stands.
    with pytest.raises(NotEvaluated):
        next(findings)


def test_keys_are_those_of_the_subject_first() -> None:
    assert declared(("base", "tests"), "versions", "base").keys == ["versions", "base", "tests"]


def test_a_declaration() -> None:
    made = declared()
    assert (made.box, made.proves, made.fixes, made.stages) == ("", False, False, ())
    assert made.family == made.module.split(".")[-2]
    assert repr(made) == "<rule some-rule>"


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

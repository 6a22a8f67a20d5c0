"""The parser: errors of one line, and options that --help leaves for --help-all."""

from __future__ import annotations

import argparse

import pytest

from definition_of_done.commands._parser import Parser


def parser() -> Parser:
    made = Parser(prog="hook", description="Judge it.")
    made.add_argument("--common", help="often used")
    made.add_argument("--secret", help=argparse.SUPPRESS)
    made.add_subparsers().add_parser("kind").add_argument("--date")
    made.leave_for_help_all(made.add_argument("--rare", help="hardly ever used"))
    return made


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--com=x"], "unrecognized arguments: --com=x; did you mean '--common'?"),
        (["--rear=x"], "unrecognized arguments: --rear=x; did you mean '--rare'?"),
        (["kind", "--dat=x"], "unrecognized arguments: --dat=x; did you mean '--date'?"),
        (["--secrt"], "unrecognized arguments: --secrt"),
        (["-c"], "unrecognized arguments: -c"),
        (["--common"], "argument --common: expected one argument"),
        (["--a\nb"], "unrecognized arguments: --a\\nb"),
    ],
)
def test_an_error_is_one_line(
    words: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        parser().parse_args(words)
    assert (exit.value.code, capsys.readouterr()) == (2, ("", f"hook: error: {error}\n"))


@pytest.mark.parametrize(("option", "is_shown"), [("--help", False), ("--help-all", True)])
def test_help(option: str, is_shown: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        parser().parse_args([option])
    out = capsys.readouterr().out
    assert exit.value.code == 0
    assert "--common COMMON  often used" in out
    assert ("--rare RARE" in out) == is_shown


def test_what_help_hides_is_taken_all_the_same() -> None:
    assert parser().parse_args(["--rare", "x"]).rare == "x"

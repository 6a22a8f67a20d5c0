"""Whatever goes wrong in a command ends in one line and exit code 2."""

from __future__ import annotations

import re

import pytest

from definition_of_done.base.errors import UsageError
from definition_of_done.commands.guard import guarded


def fail(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize("code", [0, 1, 2])
def test_what_goes_well(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded("x", lambda a, b: a + b, code, 0) == code
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("no such file: 'x'"), "no such file: 'x'"),
        (UsageError("a\nb \x1b[2J\u00e9"), "a\\nb \\x1b[2J\\xe9"),
        (RecursionError("deep"), "a file is nested too deeply to be read"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_one_line(error: BaseException, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded("x", fail, error) == 2
    assert capsys.readouterr() == ("", f"x: error: {said}\n")


def test_an_error_of_our_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEFINITION_OF_DONE_TRACEBACK", raising=False)
    assert guarded("x", fail, ValueError("a\n  b")) == 2
    assert re.fullmatch(
        r"x: error: internal error: ValueError: a b \(test_guard\.py:\d+\); set"
        r" DEFINITION_OF_DONE_TRACEBACK=1 for the traceback, and please report it\n",
        capsys.readouterr().err,
    )
    monkeypatch.setenv("DEFINITION_OF_DONE_TRACEBACK", "1")
    with pytest.raises(ValueError, match="a"):
        guarded("x", fail, ValueError("a"))


def test_the_exit_of_argparse_passes() -> None:
    with pytest.raises(SystemExit):
        guarded("x", fail, SystemExit(2))

"""The command with its subcommands: its help, its version, and words that are none."""

from __future__ import annotations

import importlib
import re
import sys

import pytest
from tests.repository import Run
from tests.revision import SUITE

from definition_of_done import __version__
from definition_of_done.commands import main


def test_without_a_word_the_help_is_an_error(run: Run) -> None:
    code, out, err = run(SUITE)
    assert (code, out) == (2, "")
    usage = f"usage: {SUITE} [-h] [--version] [--print-completion SHELL] COMMAND ..."
    assert " ".join(err.split()).startswith(usage)
    assert tuple(re.findall(r"^ {4}([a-z]+)", err, re.M)) == tuple(main.COMMANDS)


@pytest.mark.parametrize(
    ("argv", "code", "out", "err"),
    [
        (["--version"], 0, f"{SUITE} {__version__}\n", ""),
        (["chekc"], 2, "", "error: argument COMMAND: invalid choice: 'chekc'"),
        (["--chek"], 2, "", "error: unrecognized arguments: --chek; did you mean '--help'?\n"),
        # No option has a shorter form.
        (
            ["check", "--stat"],
            2,
            "",
            f"{SUITE} check: error: unrecognized arguments: --stat; did you mean '--statistics'?\n",
        ),
    ],
)
def test_words(
    argv: list[str],
    code: int,
    out: str,
    err: str,
    run: Run,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(SUITE, *argv)
    said = capsys.readouterr()
    assert (stop.value.code, said.out) == (code, out)
    assert err in said.err


@pytest.mark.parametrize("name", [*main.COMMANDS, main.INTERNAL])
def test_each_command_is_a_module(name: str) -> None:
    module = importlib.import_module(f"definition_of_done.commands.{name}")
    parts = (module.DESCRIPTION, module.add_arguments, module.run)
    assert all(parts)
    assert main.parser_of(name).prog == f"{SUITE} {name}"


def test_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [SUITE, "explain", "alembic-filename"])
    assert main.main() == 0
    assert capsys.readouterr().out.startswith("alembic-filename\n")

"""`--print-completion`: each shell that is installed completes what the parsers know."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.repository import Run
from tests.revision import SUITE

from definition_of_done.commands.main import COMMANDS
from definition_of_done.engine.registry import known_ids

SHELLS = ("bash", "zsh", "fish")
NAMES = list(COMMANDS)
IDS = [id for id in known_ids() if id.startswith("alembic-")]
# The words of a line, the last one as far as it is typed, and what it may become.
LINES: list[tuple[list[str], list[str]]] = [
    (["che"], ["check"]),
    ([""], NAMES),
    (["explain", "alembic-"], IDS),
    (["explain", "--a"], ["--all"]),
    (["check", "--format", ""], ["text", "github", "gitlab", "json", "sarif"]),
    (["check", "--ignore", "migration-one"], ["migration-one-concern"]),
    (["check", "--ignore", "migrations"], ["migrations"]),
    (["check", "--require"], ["--require-base"]),
    (["new", "p"], ["plan", "pr-template"]),
    (["agent", ""], ["before-edit", "stop"]),
    (["bump", "m"], ["major", "minor"]),
    (["init", "--agent", "c"], ["claude"]),
    (["schema", "conf"], ["configuration"]),
]
# Of zsh's own functions none is needed to see which words are offered.
ZSH = """\
compdef() { : }
_files() { : }
_describe() { print -l -- ${commands%%:*} }
compadd() { shift; print -l -- "$@" }
source "$1"
shift
words=(definition-of-done "$@") CURRENT=$(($# + 1))
_definition_of_done | while read -r word; do [[ $word == "$@[-1]"* ]] && print -- $word; done; true
"""
BASH = 'source "$1"; shift; COMP_WORDS=(definition-of-done "$@"); COMP_CWORD=$#\n' + (
    '_definition_of_done; printf "%s\\n" "${COMPREPLY[@]}"'
)
FISH = 'source $argv[1]; complete -C"definition-of-done $argv[2..]" | string split -f1 \\t; true'
CALLS = {
    "bash": ["bash", "--norc", "-c", BASH, "bash"],
    "zsh": ["zsh", "-f", "-c", ZSH, "zsh"],
    "fish": ["fish", "--no-config", "-c", FISH],
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, tmp_path: Path, run: Run) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    code, script, err = run(SUITE, "--print-completion", shell)
    assert (code, err) == (0, "")
    file = tmp_path / "script"
    file.write_text(script)
    for words, wanted in LINES:
        command = [*CALLS[shell], str(file), *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), words
        assert sorted(done.stdout.split()) == sorted(wanted), words


@pytest.mark.parametrize("shell", SHELLS)
def test_each_word_stands_in_the_script(shell: str, run: Run) -> None:
    script = run(SUITE, "--print-completion", shell)[1]
    assert script.isascii()
    words = set(script.replace('"', " ").replace("'", " ").replace(":", " ").split())
    assert words >= {*NAMES, *known_ids()}
    options = {"require-base", "no-changelog-stub", "autogenerate", "max-file-lines", "dry-run"}
    assert words >= ({*options} if shell == "fish" else {f"--{option}" for option in options})


def test_another_shell(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(SUITE, "--print-completion", "tcsh")
    said = "argument --print-completion: invalid choice: 'tcsh' (choose from 'bash', 'zsh', 'fish')"
    assert capsys.readouterr().err == f"{SUITE}: error: {said}\n"

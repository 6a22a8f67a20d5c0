"""A stranger adds a rule as CONTRIBUTING.md says, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.scaffold import STARTS, files, main
from tests.snapshot import ROOT, snapshot

from definition_of_done.rules import BEYOND, FAMILIES

ID = "migration-docstring-period"
RULE = "hooks/definition_of_done/rules/migrations/migration_docstring_period.py"
TEST = "tests/rules/migrations/test_migration_docstring_period.py"
EXAMPLES = f"tests/rules/test_examples.py::test_examples[{ID}]"


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the copy's own package in place of the installed one."""
    environment = {**os.environ, "PYTHONPATH": f"{folder / 'hooks'}{os.pathsep}{folder}"}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def marks(folder: Path, *words: str) -> str:
    """The marks of a run of some tests: a point for each that passes, F for each that fails."""
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", "--basetemp", str(folder / ".temporary"))
    ran = python(folder, "-m", "pytest", *options, *words)
    return ran.stdout.split()[0]


def test_a_rule_is_added_as_the_page_says(tmp_path: Path) -> None:
    snapshot(tmp_path)
    made = python(tmp_path, "-m", "tests.scaffold", ID, "migrations")
    assert made.stdout.splitlines()[-4:] == [
        "written:",
        RULE,
        TEST,
        "see CONTRIBUTING.md, Add a rule",
    ], made.stderr
    assert f"- id: {ID}\n" in (tmp_path / ".pre-commit-hooks.yaml").read_text()
    # What is there now has nothing to say, so both examples of it fail.
    assert marks(tmp_path, TEST, EXAMPLES) == "F.F"
    rule, test = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.S)
    (tmp_path / RULE).write_text(rule)
    (tmp_path / TEST).write_text(test)
    catalogue = "from definition_of_done.commands.main import main; main(['catalogue'])"
    assert python(tmp_path, "-c", catalogue).returncode == 0
    assert marks(tmp_path, TEST, EXAMPLES) == "...."
    assert "the title of a migration has no full stop" in (tmp_path / "README.md").read_text()
    linted = python(tmp_path, "-m", "ruff", "check", "--quiet", RULE, TEST)
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_a_start(family: str, tmp_path: Path) -> None:
    made = files("some-rule", family)
    for path, text in made.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        # What only a type checker imports is there, too.
        shown = text.replace("TYPE_CHECKING = False", "TYPE_CHECKING = True")
        (tmp_path / path).write_text(shown)
    (rule, test) = made
    # The rule is imported as it stands, and finds nothing in its example.
    code = (
        f"import runpy; made = runpy.run_path({str(tmp_path / rule)!r})['check'];"
        "assert made.id == 'some-rule' and made.good == made.bad;"
        f"assert bool(made.box) is not made.is_beyond is {family in BEYOND}"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    compile(made[test], test, "exec")
    assert STARTS[family].path in made[test]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "usage: make rule ID=some-rule FAMILY=migrations"),
        (["Rule", "gates"], "ID=Rule: write it in kebab-case, two words at least"),
        (["file-length", "gates"], "ID=file-length: there is a rule with this id"),
        (["a-b", "x"], f"FAMILY=x: name one of {', '.join(FAMILIES)}"),
    ],
)
def test_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == f"{said}\n"

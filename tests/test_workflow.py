"""This project's own CI: valid, pinned, without rights that it does not need."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.floors import floors
from tests.snapshot import ROOT

from definition_of_done import __version__

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())


def test_workflows_are_valid() -> None:
    schema = "vendor.github-workflows"
    paths = map(str, WORKFLOWS)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_pinned(path: Path) -> None:
    used = re.findall(r"\buses: (.*)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}


def test_it_runs_on_every_python_from_the_oldest_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    matrix = CI["jobs"]["test"]["strategy"]["matrix"]
    oldest = project["requires-python"].removeprefix(">=3.")
    assert matrix["python"] == [f"3.{minor}" for minor in range(int(oldest), 15)]
    assert {image.partition("-")[0] for image in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_it_runs_on_the_lowest_versions_of_what_it_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lowest = CI["jobs"]["lowest"]
    assert [step["run"] for step in lowest["steps"] if "run" in step] == [
        'python tests/floors.py > "$PIP_CONSTRAINT"',
        "make test",
    ]
    assert f">={lowest['steps'][1]['with']['python-version']}" == project["requires-python"]
    pinned = floors(project["dependencies"])
    assert [line.partition("==")[0] for line in pinned] == [
        *("libcst", "libcst", "graphql-core", "markdown-it-py", "pathspec", "PyYAML"),
        *("tomli", "tomli-w"),
    ]
    assert floors(["a>=1.2,<2; b == 'c'", "d>=3"]) == ["a==1.2; b == 'c'", "d==3"]
    with pytest.raises(ValueError, match="no lowest version: a==1"):
        floors(["a==1"])


def test_windows_runs_what_the_makefile_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    *_, windows = CI["jobs"]["test"]["steps"]
    [tests] = [
        line.removeprefix("\t$(BIN)/")
        for line in makefile.splitlines()
        if line.startswith("\t$(BIN)/pytest")
    ]
    assert windows["run"].splitlines()[-1] == f".venv/Scripts/python -m {tests}"
    targets = [
        step["run"].removeprefix("make ")
        for job in CI["jobs"].values()
        for step in job["steps"]
        if step.get("run", "").startswith("make ")
    ]
    assert targets == ["lint", "test", "test"]
    assert all(f"\n{target}: " in makefile for target in targets)


def test_every_version_that_is_released_has_a_page() -> None:
    # Its form is judged by our own hooks; here are the links that the other pages keep.
    assert f"docs/changelog/{__version__}.md" in (ROOT / "README.md").read_text()
    assert (ROOT / f"docs/changelog/{__version__}.md").is_file()

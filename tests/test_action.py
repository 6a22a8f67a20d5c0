"""The action for GitHub: its file is valid, and its steps do what they say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tests.repository import Project
from tests.revision import HASH, PATH, SLUG
from tests.snapshot import ROOT, environment

ACTION = ROOT / "action.yml"
posix = pytest.mark.skipif(sys.platform == "win32", reason="bash is another one there")


def action() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(ACTION.read_text())
    return document


def steps() -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in action()["runs"]["steps"]}


def play(step: str, project: Project, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as GitHub's runner does, with its environment."""
    values = {name: told["default"] for name, told in action()["inputs"].items()} | inputs
    named = {
        name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, text in steps()[step]["env"].items()
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[step]["run"]],
        cwd=project.root,
        env=environment() | named | {"GITHUB_STEP_SUMMARY": str(project.root / "summary")},
        capture_output=True,
        text=True,
    )


def test_the_file_is_valid() -> None:
    schemas = files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "github-actions.json").read_text())
    Draft7Validator(schema).validate(action())


def test_no_input_becomes_part_of_a_script() -> None:
    assert [name for name, step in steps().items() if "${{" in step["run"]] == []
    assert all(step["shell"] == "bash" for step in steps().values())


@posix
def test_the_steps(sample: Project) -> None:
    sample.lay({PATH: HASH})
    done = play("Check", sample, args="--ignore alembic-single-head --statistics", base="main")
    assert done.returncode == 1
    assert f"::error file={PATH},line=2,endLine=2,col=12,endColumn=26,title={SLUG}::" in done.stdout
    assert f"1  {SLUG}\n" in done.stderr
    assert "alembic-single-head" not in done.stdout
    (sample.root / "summary").write_text("of another step\n")
    done = play("Checklist", sample, base="main")
    assert (done.returncode, done.stdout) == (0, "")
    summary = (sample.root / "summary").read_text()
    assert summary.startswith("of another step\n## Definition of done\n\n- [ ] Plan before code\n")
    assert f"`{PATH}:2: {SLUG}: revision '3f2a91bc04de' is a hash, not a slug`" in summary


@posix
def test_what_is_wrong_with_the_call_fails(sample: Project) -> None:
    assert play("Checklist", sample, base="nowhere").returncode != 0


@posix
def test_the_installation(tmp_path: Path) -> None:
    """The step's own script, with a Python that only writes down what it is asked for."""
    fake = tmp_path / "bin" / "python3"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\necho "$@" >> "$LOG"\nmkdir -p "$3/bin" && cp "$0" "$3/bin/python"; true\n'
    )
    fake.chmod(0o755)
    told = {
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
        "LOG": str(tmp_path / "log"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_PATH": str(tmp_path / "path"),
        "ACTION_PATH": "/action",
    }
    script = steps()["Install"]["run"]
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], env=told, check=True, cwd=tmp_path)
    folder = tmp_path / "temp" / "definition-of-done"
    assert (tmp_path / "log").read_text() == (
        f"-m venv {folder}\n-m pip install --quiet --disable-pip-version-check /action\n"
    )
    assert (tmp_path / "path").read_text() == f"{folder}/bin\n"

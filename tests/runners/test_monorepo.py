"""Real pre-commit and real prek on two projects in one work tree."""

from __future__ import annotations

import subprocess

import pytest
from tests.repository import Project
from tests.snapshot import BIN, environment

HOOKS = ".pre-commit-config.yaml"
ENTRY = f"""\
repos:
  - repo: local
    hooks:
      - id: definition-of-done
        name: definition of done
        entry: {BIN / "definition-of-done"} check --from-runner
        language: system
        require_serial: true
"""
TABLE = "[tool.definition-of-done]\nselect = ['suppressions-need-codes']\n"
FOUND = "x.py:1:11: suppressions-need-codes: '# noqa' silences every rule of the line\n"


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize(
    ("runner", "homes", "shown"),
    [
        ("pre-commit", ["."], "services/api/"),
        ("prek", ["."], "services/api/"),
        # In a workspace, each project is run in its own folder.
        ("prek", ["services/api", "services/web"], ""),
    ],
)
def test_commit(runner: str, homes: list[str], shown: str, project: Project) -> None:
    project.lay({f"services/{name}/pyproject.toml": TABLE for name in ("api", "web")})
    project.lay({HOOKS: "repos: []\n", **{f"{home}/{HOOKS}": ENTRY for home in homes}})
    project.lay({"services/web/x.py": "import y  # noqa\n"})
    project.git("commit", "-qm", "x")
    project.lay({"services/api/x.py": "import y  # noqa\n", "tools/x.py": "import y  # noqa\n"})
    run = subprocess.run(
        [runner, "run"], env=environment(), cwd=project.root, capture_output=True, text=True
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "".join(line.lstrip() + "\n" for line in run.stdout.splitlines()).count(FOUND) == 1
    assert f"{shown}x.py:1:11" in run.stdout
    assert "1 finding in 1 file" in run.stdout

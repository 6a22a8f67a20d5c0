"""This checkout as a git repository that runners can install hooks from, uncommitted work too."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.sample import SAMPLE_FOLDER

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
# What a hook is told beside the files of its examples.
ARGS = {"pr-checklist": ("--body", "pull_request.md")}
# Fixed names and dates give the same content the same commit, so that runners reuse what they
# installed from it.
_WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "t@example.com"), ("DATE", "2026-01-01T00:00Z"))
}


@cache
def outer_variables() -> frozenset[str]:
    """The variables by which the git, runner or CI that runs the tests would reach into them."""
    local = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True
    )
    runner = ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF", "SKIP")
    forge = ("GITHUB_BASE_REF", "GITHUB_REF", "GITHUB_EVENT_PATH")
    return frozenset({*local.stdout.split(), "GIT_REFLOG_ACTION", *runner, *forge})


def environment() -> dict[str, str]:
    """An environment for git and runners, cut off from the git and the runner that call us."""
    scrubbed = outer_variables()
    kept = {name: value for name, value in os.environ.items() if name not in scrubbed}
    homes = {
        "PRE_COMMIT_HOME": str(VENV / "pre-commit"),
        "PREK_HOME": str(VENV / "prek"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    return kept | homes | _WHO


def git(folder: Path, *args: str) -> str:
    """Run git in a folder and return its output; raises CalledProcessError."""
    run = subprocess.run(
        ["git", *args], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def snapshot(folder: Path) -> str:
    """Fill `folder` with this checkout as one commit; returns the commit."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message=snapshot")
    return git(folder, "rev-parse", "HEAD")


def consumer(folder: Path, hooks: list[str], source: Path, revision: str) -> None:
    """Fill `folder` with the sample backend as a repository that uses the hooks."""
    shutil.copytree(SAMPLE_FOLDER, folder, dirs_exist_ok=True)
    ids = "".join(
        f"      - id: {id}\n        args: [{', '.join(ARGS.get(id, ()))}]\n" for id in hooks
    )
    config = f"repos:\n  - repo: {source}\n    rev: {revision}\n    hooks:\n{ids}"
    (folder / ".pre-commit-config.yaml").write_text(config)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=the sample backend")

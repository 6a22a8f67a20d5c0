"""A temporary git repository to run hooks in, cut off from the git that runs the tests."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.snapshot import outer_variables

# What a test replaces in a rule is no part of the key of a verdict.
os.environ["DEFINITION_OF_DONE_CACHE"] = "off"


@pytest.fixture(autouse=True)
def _no_outer_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in outer_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.com")


class Project:
    """A git repository with files laid in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *args: str) -> str:
        run = subprocess.run(
            ["git", *args], cwd=self.root, capture_output=True, text=True, check=True
        )
        return run.stdout

    def lay(self, files: Mapping[str, str | bytes | None], *, add: bool = True) -> None:
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        there = [name for name, content in files.items() if content is not None]
        gone = [name for name, content in files.items() if content is None]
        if add and there:
            self.git("add", "--force", "--", *there)
        if add and gone:
            self.git("rm", "--quiet", "--cached", "--ignore-unmatch", "--", *gone)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the verdicts, empty, where they are kept."""
    from definition_of_done.engine import store

    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv(store.VARIABLE, str(folder))
    return folder / "definition-of-done" / store.FORMAT


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a console script in process: its id and arguments to code, output and errors."""
    from definition_of_done.engine.cli import main
    from definition_of_done.engine.registry import load_rule

    def call(id: str, *argv: str) -> tuple[int, str, str]:
        code = main(argv) if id == "definition-of-done" else load_rule(id).main(argv)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call

"""Commands that write: where they cannot, every file is as it was, and the exit says so."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.repository import Project
from tests.revision import SUITE
from tests.rules.test_every_fixer import in_a_child
from tests.sample import SAMPLE, start_main

from definition_of_done.commands.main import main

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

BASELINE = ".definition-of-done-baseline.toml"
_PATH = "alembic/versions/20260524_add_vendor_credits.py"
NOISY = {_PATH: SAMPLE[_PATH] + "    # ### end Alembic commands ###\n"}
COMMANDS: dict[str, tuple[dict[str, str], list[str]]] = {
    "bump": ({}, ["bump", "minor"]),
    "init": (NOISY, ["init"]),
    "baseline": (NOISY, ["baseline"]),
    "baseline of nothing": ({BASELINE: ""}, ["baseline"]),
    "new": ({}, ["new", "plan", "Vendor refunds"]),
}


@pytest.fixture
def root(command: str, project: Project) -> Iterator[Path]:
    """A copy of the sample that anybody may reach, and be kept from writing in."""
    start_main(project, COMMANDS[command][0])
    copy = Path(tempfile.mkdtemp())
    shutil.copytree(project.root, copy, dirs_exist_ok=True)
    copy.chmod(0o755)
    yield copy
    for folder, _, _ in os.walk(copy):
        os.chmod(folder, 0o755)
    shutil.rmtree(copy)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] != ".git"
    }


def ran(argv: list[str], before: Callable[[], object]) -> tuple[int, str]:
    """The exit and the errors of a run in a process in which `before` was called."""
    read, write = os.pipe()

    def act() -> int:
        before()
        with os.fdopen(write, "w") as sys.stderr:
            return main(argv)

    code = in_a_child(act)
    os.close(write)
    with os.fdopen(read) as stream:
        return code, stream.read()


def nobody() -> None:
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)


def full() -> None:
    """Let every write to a file fail, as it does on a disk that is full."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize("command", list(COMMANDS))
def test_read_only_folders(command: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody may be kept from the interpreter's modules, too: what it takes is imported before.
    assert main(COMMANDS[command][1]) == 0
    monkeypatch.chdir(root)
    old = contents(root)
    for folder, _, names in os.walk(root, topdown=False):
        for path in (*(os.path.join(folder, name) for name in names), folder):
            if os.geteuid() == 0:
                os.chown(path, 65534, 65534)
        os.chmod(folder, 0o555)
    code, said = ran(COMMANDS[command][1], nobody)
    assert (code, len(said.splitlines())) == (2, 1), said
    assert re.match(rf"{SUITE}: error: .* cannot be \w+: Permission denied", said)
    assert contents(root) == old


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command != "baseline of nothing"]
)
def test_full_disk(command: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    old = contents(root)
    code, said = ran(COMMANDS[command][1], full)
    assert (code, len(said.splitlines())) == (2, 1), said
    assert re.match(rf"{SUITE}: error: .* cannot be written: File too large", said)
    assert contents(root) == old
    # What kept it from being written is over: nothing is in its way.
    assert ran(COMMANDS[command][1], lambda: None)[0] == 0
    assert contents(root) != old


@pytest.mark.parametrize("command", ["new"])
def test_killed_at_each_call(command: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    old = contents(root)

    def killed(*args: object, **kwargs: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    for name in ("makedirs", "fsync", "replace"):
        code, said = ran(COMMANDS[command][1], partial(setattr, os, name, killed))
        assert (code, said) == (-signal.SIGKILL, ""), name
        now = contents(root)
        assert {path: now[path] for path in now if "/.dod-" not in path} == old
    assert ran(COMMANDS[command][1], lambda: None) == (0, "")
    made = contents(root).keys() - old.keys()
    assert [Path(path).suffix for path in made] == [".md"]

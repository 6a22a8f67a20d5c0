"""Several files at once: all old or all new, wherever the writing fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine import writing
from definition_of_done.engine.session import Session
from definition_of_done.project.settings import open_project

OLD = {"a.txt": "old a\n", "folder/b.txt": "old b\n"}
NEW = {"a.txt": b"new a\n", "folder/b.txt": b"new b\n", "new/c.txt": b"new c\n"}


@pytest.fixture
def session(project: Project) -> Session:
    project.lay(OLD)
    (project.root / "a.txt").chmod(0o755)
    project.git("commit", "-qm", "old")
    return open_project(str(project.root))


def state(session: Session) -> str:
    """`old`, `new` or `mixed`; the files beside the targets must be gone."""
    root = Path(session.root)
    left = [path.name for path in root.rglob(".dod-*") if ".git" not in path.parts]
    assert left == []
    now = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }
    if now == NEW:
        assert (root / "a.txt").stat().st_mode & 0o777 == 0o755
        return "new"
    return "old" if now == {path: text.encode() for path, text in OLD.items()} else "mixed"


def test_all_are_written(session: Session) -> None:
    writing.write_all(session, NEW)
    assert state(session) == "new"


def test_diff_has_the_lines_of_git(session: Session) -> None:
    """Other line breaks and a BOM stand in the diff as they stand in the file."""
    old, new = "a\x0cb\u2028c\r\n", "d\x0ce\r\n"
    (Path(session.root) / "a.txt").write_bytes(b"\xef\xbb\xbf" + (old + old).encode())
    data = b"\xef\xbb\xbf" + (old + new).encode()
    diff = "".join(writing.diff(session, {"a.txt": data}))
    assert diff.endswith(f"@@ -1,2 +1,2 @@\n \ufeff{old}-{old}+{new}")
    command = ["git", "apply", "--whitespace=nowarn"]
    subprocess.run(command, cwd=session.root, input=diff.encode(), check=True)
    assert (Path(session.root) / "a.txt").read_bytes() == data


CALLS = ("replace", "fsync", "makedirs", "chmod")


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_fails(name: str, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(os, name)
    failures = 0
    for at in range(20):
        calls = 0

        def failing(*args: Any, **kwargs: Any) -> object:
            nonlocal calls
            calls += 1
            if calls == at + 1:  # noqa: B023  # each round has its own
                raise OSError(28, "No space left on device")
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, failing)
        said = ""
        try:
            writing.write_all(session, NEW)
        except UsageError as error:
            said = str(error)
        monkeypatch.setattr(os, name, real)
        if not said:
            assert state(session) == "new"
            break
        failures += 1
        assert said.endswith(": cannot be written: No space left on device; nothing is changed")
        assert state(session) == "old"
    assert failures == {"replace": 3, "fsync": 6, "makedirs": 3, "chmod": 2}[name]


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    writing.write_one(str(path), b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o7777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_link_beside_a_file_leads_nowhere(
    session: Session, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "file"
    outside.write_text("theirs\n")
    Path(session.tree.full(".dod-a.txt.tmp")).symlink_to(outside)
    writing.write_all(session, NEW)
    assert state(session) == "new"
    assert not Path(session.tree.full("a.txt")).is_symlink()
    assert outside.read_text() == "theirs\n"


def test_all_that_can_be_are_put_back(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace
    replaced: list[str] = []

    def failing(source: str, target: str) -> None:
        # The first file can be replaced once, the last one never.
        if target.endswith("c.txt") or (target.endswith("a.txt") and target in replaced):
            raise OSError(5, "Input/output error")
        replaced.append(target)
        real(source, target)
        replaced.append(target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(UsageError, match="`git status` shows what was written"):
        writing.write_all(session, NEW)
    assert Path(session.tree.full("a.txt")).read_bytes() == NEW["a.txt"]
    assert Path(session.tree.full("folder/b.txt")).read_text() == OLD["folder/b.txt"]
    assert not list(Path(session.root).rglob(".dod-*"))


def test_nothing_can_be_put_back(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace
    calls = 0

    def failing(*args: str) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise OSError(5, "Input/output error")
        real(*args)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(
        UsageError, match=r"folder/b.txt: cannot be written: .*; `git status` shows"
    ):
        writing.write_all(session, NEW)


_KILLED = """\
import os, signal, sys
from definition_of_done.engine import writing
from definition_of_done.project.settings import open_project
left = int(sys.argv[1])
def counted(real):
    def call(*args, **kwargs):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*args, **kwargs)
    return call
session = open_project(os.getcwd())

for name in ("replace", "fsync", "unlink", "makedirs", "chmod"):
    setattr(os, name, counted(getattr(os, name)))
writing.write_all(session, {new!r})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_at_each_step(session: Session, project: Project) -> None:
    code = _KILLED.replace("{new!r}", repr(NEW))
    for at in range(40):
        project.git("reset", "-q", "--hard")
        project.git("clean", "-fdqx")
        ran = subprocess.run([sys.executable, "-c", code, str(at)], capture_output=True, text=True)
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        # Each file is whole, old or new, and what is left beside it is nobody's source.
        for path, new in NEW.items():
            full = project.root / path
            assert not full.exists() or full.read_bytes() in (new, OLD.get(path, "").encode())
        assert all(left.suffix == ".tmp" for left in project.root.rglob(".dod-*"))
        writing.write_all(open_project(session.root), NEW)
        assert all((project.root / path).read_bytes() == new for path, new in NEW.items())
    assert at == 14

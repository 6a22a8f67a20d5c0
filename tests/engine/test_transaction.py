"""Several files at once: all old or all new, wherever the writing fails or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.project import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine import transaction
from definition_of_done.engine.git import git, journal_of
from definition_of_done.engine.session import Session
from definition_of_done.project.settings import open_project as open_session

OLD = {"a.txt": "old a\n", "folder/b.txt": "old b\n"}
NEW = {"a.txt": b"new a\n", "folder/b.txt": b"new b\n", "new/c.txt": b"new c\n"}


@pytest.fixture
def session(project: Project) -> Session:
    project.lay(OLD)
    (project.root / "a.txt").chmod(0o755)
    project.git("commit", "-qm", "old")
    return open_session(str(project.root))


def state(session: Session) -> str:
    """`old`, `new` or `mixed`; the journal and what is written beside files must be gone."""
    root = Path(session.root)
    left = [path.name for path in root.rglob(".dod-*") if ".git" not in path.parts]
    assert (left, Path(journal_of(session.root)).exists()) == ([], False)
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
    transaction.write_all(session, NEW)
    assert state(session) == "new"
    assert transaction.recover(session) == []


CALLS = ("replace", "fsync", "unlink", "makedirs", "chmod")


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
            transaction.write_all(session, NEW)
        except UsageError as error:
            said = str(error)
        monkeypatch.setattr(os, name, real)
        if not said:
            assert state(session) == "new"
            break
        failures += 1
        assert said.endswith(": cannot be written: No space left on device; nothing is changed")
        assert state(session) == "old"
    assert failures == {"replace": 3, "fsync": 8, "unlink": 1, "makedirs": 3, "chmod": 2}[name]


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
    with pytest.raises(UsageError, match=r"folder/b.txt: cannot be written: .*; run it again"):
        transaction.write_all(session, NEW)
    monkeypatch.setattr(os, "replace", real)
    assert transaction.recover(session) == list(NEW)
    assert state(session) == "new"


_KILLED = """\
import os, signal, sys
from definition_of_done.engine import transaction
from definition_of_done.engine.session import open_session
left = int(sys.argv[1])
def counted(real):
    def call(*args, **kwargs):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*args, **kwargs)
    return call
session = open_session(os.getcwd())

for name in ("replace", "fsync", "unlink", "makedirs", "chmod"):
    setattr(os, name, counted(getattr(os, name)))
transaction.write_all(session, {new!r})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_at_each_step(session: Session, project: Project) -> None:
    code = _KILLED.replace("{new!r}", repr(NEW))
    ends = []
    for at in range(40):
        project.git("reset", "-q", "--hard")
        project.git("clean", "-fdq")
        (project.root / "a.txt").chmod(0o755)
        ran = subprocess.run([sys.executable, "-c", code, str(at)], capture_output=True, text=True)
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        again = open_session(session.root)
        transaction.recover(again)
        ends.append(state(again))
        assert transaction.recover(again) == []
    # Before the first file is replaced all stay old, and from then on all become new.
    assert ends == ["old"] * ends.count("old") + ["new"] * ends.count("new")
    assert (ends.count("old"), ends.count("new")) == (11, 6)


def test_changed_after_the_kill(session: Session, project: Project) -> None:
    journal = journal_of(session.root)
    code = _KILLED.replace("{new!r}", repr(NEW))
    subprocess.run([sys.executable, "-c", code, "12"], capture_output=True)
    project.lay({"folder/b.txt": "mine\n"}, add=False)
    with pytest.raises(UsageError) as raised:
        transaction.recover(session)
    assert str(raised.value) == (
        "folder/b.txt was changed after a run that was interrupted: restore"
        f" a.txt, folder/b.txt, new/c.txt with git restore, then delete {journal}"
    )
    assert (project.root / "folder/b.txt").read_text() == "mine\n"
    with pytest.raises(UsageError, match="another run is under way, or was interrupted"):
        transaction.write_all(session, NEW)


def test_killed_while_the_journal_was_written(session: Session) -> None:
    Path(journal_of(session.root)).write_text('{"a.txt": ["0')
    assert transaction.recover(session) == []
    assert state(session) == "old"


def test_journal_of_a_linked_work_tree(
    session: Session, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("trees") / "other"
    project.git("worktree", "add", "-q", str(other))
    linked = open_session(str(other))
    assert journal_of(linked.root) != journal_of(session.root)
    transaction.write_all(linked, NEW)
    assert (other / "new/c.txt").read_bytes() == NEW["new/c.txt"]


@pytest.mark.parametrize("place", ["top", "folder", "linked", "submodule", "GIT_DIR", "relative"])
def test_git_agrees_where_the_journal_lies(
    place: str, session: Session, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project.root
    if place == "folder":
        root /= "folder"
    if place == "linked":
        project.git("worktree", "add", "-q", "linked")
        root /= "linked"
    if place == "submodule":
        add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add")
        project.git(*add, str(root), "vendored")
        root /= "vendored"
    if place in ("GIT_DIR", "relative"):
        (root / ".git").rename(root / "elsewhere")
        monkeypatch.setenv(
            "GIT_DIR", str(root / "elsewhere") if place == "GIT_DIR" else "elsewhere"
        )
        monkeypatch.setenv("GIT_WORK_TREE", str(root))
    said = git(str(root), "rev-parse", "--git-path", "definition-of-done-journal")
    assert said is not None
    expected = os.path.normpath(os.path.join(root, said.decode().strip()))
    assert os.path.normpath(journal_of(str(root))) == expected

"""The fingerprint of a work tree: what changes it, what it cannot read, what it only reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.fingerprint import fingerprint, read_fingerprints


def _of(project: Project) -> dict[str, str]:
    return read_fingerprints(str(project.root))


def test_files_that_git_tracks_or_would_add(project: Project) -> None:
    project.lay({".gitignore": "*.log\n", "a.py": "", "gone.py": ""})
    project.lay({"b/c.py": "", "x.log": "", "\u00e4 b.py": ""}, add=False)
    (project.root / "gone.py").unlink()
    (project.root / "empty").mkdir()
    assert [*_of(project)] == [".gitignore", "a.py", "b/c.py", "\u00e4 b.py"]


def test_each_file_counts_with_its_kind(project: Project) -> None:
    project.lay({"a.py": "same", "b.py": "same", "c.py": "same"})
    (project.root / "b.py").chmod(0o755)
    (project.root / "c.py").unlink()
    (project.root / "c.py").symlink_to("a.py")
    os.mkfifo(project.root / "d.py")
    found = _of(project)
    assert {path: mark.partition(" ")[0] for path, mark in found.items()} == {
        "a.py": "file",
        "b.py": "program",
        "c.py": "link",
    }
    assert found["c.py"] == "link a.py"


def test_tracked_file_that_became_a_pipe(project: Project) -> None:
    project.lay({"a.py": ""})
    (project.root / "a.py").unlink()
    os.mkfifo(project.root / "a.py")
    assert _of(project) == {"a.py": "no file"}


def test_repository_in_the_repository(project: Project) -> None:
    inner = project.root / "inner"
    inner.mkdir()
    Project(inner).lay({"x.py": "1"})
    before = _of(project)
    assert [*before] == ["inner/"]
    (inner / "x.py").write_text("2")
    assert _of(project) != before


def test_submodule_that_is_not_checked_out(project: Project) -> None:
    project.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    assert _of(project) == {}
    (project.root / "module").mkdir()
    assert _of(project) == {"module": "folder"}


def test_file_that_cannot_be_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({"a.py": ""})

    def refused(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "lstat", refused)
    with pytest.raises(UsageError, match=r"^a\.py cannot be read: Permission denied$"):
        _of(project)


def test_one_value_for_a_tree() -> None:
    files = {"a": "file 1", "b": "file 2"}
    assert fingerprint(files) == fingerprint(dict(files))
    others: tuple[dict[str, str], ...] = (
        {},
        {"a": "file 1"},
        {"a": "file 2", "b": "file 1"},
        {"ab": "file 1file 2"},
    )
    assert len({fingerprint(files), *map(fingerprint, others)}) == 5

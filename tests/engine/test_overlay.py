"""The files of a project with other contents than the work tree has."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.engine.overlay import Overlay
from definition_of_done.project.settings import open_project


def test_other_contents(project: Project) -> None:
    project.lay({"a.py": "a", "b.py": "b", "c.py": "c"})
    (project.root / "c.py").unlink()
    tree = Overlay(open_project(str(project.root)))
    tree.written |= {"a.py": b"aa", "new.py": b"new"}
    assert tree.tracked == ["a.py", "b.py", "c.py"]
    tree.drop_deleted()
    tree.adopt("new.py")
    assert tree.tracked == ["a.py", "b.py", "new.py"]
    assert [tree.exists(path) for path in ("a.py", "new.py", "c.py")] == [True, True, False]
    assert [tree.read(path) for path in tree.tracked] == [b"aa", b"b", b"new"]
    assert dict(tree.read_each(tree.tracked)) == {"a.py": b"aa", "b.py": b"b", "new.py": b"new"}
    assert tree.read_checked_out("new.py") == b"new"
    assert tree.text("a.py").text == "aa"
    with pytest.raises(FileNotFoundError):
        tree.read("c.py")
    assert (project.root / "a.py").read_text() == "a"

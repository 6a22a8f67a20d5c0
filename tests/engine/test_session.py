"""A session: which folder and settings it is about, and what a fix makes stale."""

from __future__ import annotations

import argparse

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.projects import Projects
from definition_of_done.engine.session import Session, once
from definition_of_done.project.settings import SETTINGS

TABLE = "[tool.definition-of-done]\nmax-file-lines = 5\nbase = 'there'\n"


def test_the_folder_with_the_table(project: Project) -> None:
    project.lay({"api/pyproject.toml": TABLE, "api/app/x.py": "", "web/x.py": ""})
    session = Projects(str(project.root / "api/app"), SETTINGS).only()
    assert session.root == str(project.root / "api")
    assert session.config["max-file-lines"] == 5
    assert session.tree.tracked == ["app/x.py", "pyproject.toml"]
    assert Projects(str(project.root / "web"), SETTINGS).outer.root == str(project.root)


def test_options_go_before_the_table(project: Project) -> None:
    project.lay({"pyproject.toml": TABLE, "db/x": ""})
    options = argparse.Namespace(
        max_file_lines=9, versions=["./db/"], base="here", no_cache=True, files=["x"], tests=None
    )
    session = Projects(str(project.root), SETTINGS, options).only()
    assert session.config["max-file-lines"] == 9
    assert session.config["versions"] == ["db"]
    # The base of the command line is another question than that of the table.
    assert (session.branch.named_base, session.config["base"]) == ("here", "there")
    assert session.cache.is_on is False
    assert not session.config.is_set("tests")
    assert Projects(str(project.root), SETTINGS).only().cache.is_on is True


def test_options_that_are_wrong(project: Project) -> None:
    with pytest.raises(UsageError, match="--max-file-lines: max-file-lines must be a whole number"):
        Projects(
            str(project.root), SETTINGS, argparse.Namespace(max_file_lines=0, base=None)
        ).only()


def test_outside_of_a_work_tree(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(UsageError, match="not a git work tree: run this inside a repository"):
        Projects(str(tmp_path_factory.mktemp("bare")), SETTINGS).only()


def test_other_values_of_the_same_project(project: Project) -> None:
    project.lay({"pyproject.toml": TABLE})
    session = Projects(str(project.root), SETTINGS).only()
    other = session.with_values({"max-file-lines": 7})
    assert (other.root, other.config["max-file-lines"]) == (session.root, 7)
    assert not other.config.is_set("base")
    assert session.config["max-file-lines"] == 5


def test_what_a_fix_makes_stale(project: Project) -> None:
    project.lay({"a.txt": "old"})
    session = Projects(str(project.root), SETTINGS).only()
    made: list[str] = []

    def make() -> str:
        made.append("x")
        return session.tree.read("a.txt").decode()

    def read() -> list[str]:
        return [session.cache.keep("short", make), session.cache.keep("long", make, lasts=True)]

    assert read() == ["old", "old"]
    (project.root / "a.txt").write_text("new")
    assert read() == ["old", "old"]
    session.rewritten()
    assert read() == ["new", "old"]
    assert len(made) == 3


def test_what_is_read_once(project: Project) -> None:
    session = Projects(str(project.root), SETTINGS).only()
    asked: list[Session] = []

    @once
    def number(session: Session) -> int:
        asked.append(session)
        return len(asked)

    assert [number(session), number(session)] == [1, 1]
    session.rewritten()
    assert number(session) == 2

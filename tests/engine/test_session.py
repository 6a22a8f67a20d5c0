"""A session: its folder and settings, and what a fix makes stale; and the projects of a run."""

from __future__ import annotations

import argparse

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.session import Projects, Session, once
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


EMPTY_TABLE = "[tool.definition-of-done]\n"


@pytest.fixture
def nested(project: Project) -> Project:
    files = {f"{folder}/pyproject.toml": EMPTY_TABLE for folder in ("api", "web")}
    project.lay({**files, "api/x.py": "", "web/x.py": "", "x.py": ""})
    project.git("commit", "-qm", "x")
    return project


def opened(project: Project, options: argparse.Namespace | None = None) -> Projects:
    return Projects(str(project.root), SETTINGS, options)


@pytest.mark.parametrize(
    ("files", "by_change", "from_runner", "expected"),
    [
        (None, True, False, {"api/": None, "web/": None}),
        (None, False, False, {"api/": None, "web/": None}),
        (["api/x.py"], True, False, {"api/": ["x.py"]}),
        # A runner that judges all files hands over but those of its kind.
        (["api/x.py"], True, True, {"api/": ["x.py"], "web/": []}),
        (["api/x.py"], False, True, {"api/": ["x.py"]}),
        (["x.py", "web/x.py"], False, True, {"web/": ["x.py"]}),
        (["x.py"], False, True, {"api/": [], "web/": []}),
    ],
)
def test_nothing_is_staged(
    files: list[str] | None,
    by_change: bool,
    from_runner: bool,
    expected: dict[str, list[str] | None],
    nested: Project,
) -> None:
    projects = opened(nested)
    parts = projects.concerned(files, by_change=by_change, from_runner=from_runner)
    assert {session.folder: paths for session, paths in parts} == expected
    assert projects.passed_over is (files is None or "x.py" in files or (by_change and from_runner))


@pytest.mark.parametrize(
    ("staged", "files", "by_change", "expected"),
    [
        ("api/y.py", None, True, {"api/": None}),
        ("api/y.py", ["web/x.py"], True, {"api/": [], "web/": ["x.py"]}),
        ("api/y.py", ["web/x.py"], False, {"web/": ["x.py"]}),
        ("y.py", None, True, {"api/": None, "web/": None}),
    ],
)
def test_something_is_staged(
    staged: str,
    files: list[str] | None,
    by_change: bool,
    expected: dict[str, list[str] | None],
    nested: Project,
) -> None:
    nested.lay({staged: ""})
    parts = opened(nested).concerned(files, by_change=by_change, from_runner=True)
    assert {session.folder: paths for session, paths in parts} == expected


def test_what_belongs_to_another_project_is_no_part_of_it(nested: Project) -> None:
    nested.lay({"pyproject.toml": EMPTY_TABLE, "api/y.py": "", "y.py": ""})
    nested.lay({"api/z.py": "", "z.py": ""}, add=False)
    outer, api, web = opened(nested).all()
    assert [outer.folder, api.folder, web.folder] == ["", "api/", "web/"]
    assert outer.tree.tracked == ["pyproject.toml", "x.py", "y.py"]
    assert outer.tree.untracked() == ["z.py"]
    assert outer.branch.change.touched == {"pyproject.toml": "A", "y.py": "A"}
    assert outer.branch.changed_since("HEAD") == {"pyproject.toml": "A", "y.py": "A"}
    assert api.branch.change.touched == {"y.py": "A"}
    assert api.tree.untracked() == ["z.py"]


def test_options_hold_for_each_project(nested: Project) -> None:
    nested.lay({"api/db/x.py": ""})
    options = argparse.Namespace(max_file_lines=7, base=None)
    assert [each.config["max-file-lines"] for each in opened(nested, options).all()] == [7, 7]
    options = argparse.Namespace(versions=["db"], base=None)
    error = "^web: --versions: versions names a path that does not exist: 'db'$"
    with pytest.raises(UsageError, match=error):
        opened(nested, options).all()


def test_the_project_of_the_folder(nested: Project) -> None:
    error = r"^no project here has \[tool.definition-of-done\]: run this in api or web$"
    with pytest.raises(UsageError, match=error):
        opened(nested).only()
    assert Projects(str(nested.root / "api"), SETTINGS).only().tree.tracked == [
        "pyproject.toml",
        "x.py",
    ]


def test_a_project_alone_lists_no_files(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook on one staged file must not pay for projects that are not there."""
    project.lay({"x.py": "", "pyproject.toml": ""})
    projects = opened(project)
    monkeypatch.setattr(type(projects.outer.tree), "listed", property(lambda _: 1 / 0))
    parts = projects.concerned(["x.py"], by_change=True, from_runner=True)
    assert parts == [(projects.outer, ["x.py"])]

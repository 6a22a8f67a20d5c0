"""Which projects a run is about, and with which of the files."""

from __future__ import annotations

import argparse

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.projects import Projects
from definition_of_done.project.settings import SETTINGS

TABLE = "[tool.definition-of-done]\n"


@pytest.fixture
def nested(project: Project) -> Project:
    files = {f"{folder}/pyproject.toml": TABLE for folder in ("api", "web")}
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
    nested.lay({"pyproject.toml": TABLE, "api/y.py": "", "y.py": ""})
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

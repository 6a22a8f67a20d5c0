"""The team's table: where it is found, what it holds, and how an error of it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG, SUITE

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.config import Config, Territory, find_root
from definition_of_done.engine.registry import known_ids
from definition_of_done.project.settings import SETTINGS


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("verions = ['x']", "unknown key 'verions'; did you mean 'versions'?"),
        ("versions = 'x'", "versions must be a list of strings, not 'x'"),
        (
            "revision-max-length = true",
            "revision-max-length must be a whole number of at least 1, not True",
        ),
        (
            "feature-sections = {Rollout = 'Deploy'}",
            "feature-sections must be a table of names, each with a list of strings,"
            " not {'Rollout': 'Deploy'}",
        ),
        ("versions = ['x']", "versions names a path that does not exist: 'x'"),
        ("versions = ['../x']", "versions must be a path below the project, not '../x'"),
        (
            "ignore = ['downgrade-not-pas']",
            "ignore: unknown hook id or family 'downgrade-not-pas'; did you mean"
            " 'downgrade-not-pass'?",
        ),
        (
            "select = ['file-length,downgrade-not-pass']",
            "select: unknown hook id or family 'file-length,downgrade-not-pass'; write each as a"
            " string of its own",
        ),
        (
            "select = ['relases']",
            "select: unknown hook id or family 'relases'; did you mean 'releases'?",
        ),
        (
            "per-file-ignores = {'legacy/**' = ['migration']}",
            "per-file-ignores: legacy/**: unknown hook id or family 'migration'; did you mean"
            " 'migrations'?",
        ),
        (
            "per-file-ignores = {'legacy/**' = 'migrations'}",
            "per-file-ignores must be a table of names, each with a list of strings,"
            " not {'legacy/**': 'migrations'}",
        ),
        (
            "severity = 'warning'",
            "severity must be a table of hook ids and families, each with `error` or `warning`,"
            " not 'warning'",
        ),
        (
            "severity = {doc = 'warning'}",
            "severity: unknown hook id or family 'doc'; did you mean 'docs'?",
        ),
        (
            "severity = {docs = 'warn'}",
            "severity: docs must be 'error' or 'warning', not 'warn'; did you mean 'warning'?",
        ),
        (
            "severity = {docs = 'off'}",
            "severity: docs must be 'error' or 'warning', not 'off'; switch it off with"
            " ignore = ['docs']",
        ),
        ("severity = {docs = 1}", "severity: docs must be 'error' or 'warning', not 1"),
    ],
)
def test_configuration_error(table: str, error: str, project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN, "pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
    where = "pyproject.toml: [tool.definition-of-done]: "
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {where}{error}\n")


def test_unknown_selector_on_the_command_line(project: Project, run: Run) -> None:
    for value in ("docs,gate", ","):
        name = value.removeprefix("docs,")
        hint = (
            "; did you mean 'gates'?" if name == "gate" else "; write each as a string of its own"
        )
        said = f"{SUITE}: error: --select: select: unknown hook id or family {name!r}{hint}\n"
        assert run(SUITE, "check", "--select", value) == (2, "", said)


def test_invalid_toml(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN, "pyproject.toml": "[tool.definition-of-done]\nversions = [\n"})
    assert run(SLUG, PATH)[::2] == (
        2,
        f"{SLUG}: error: pyproject.toml:3:1: not TOML: Invalid value\n",
    )


def test_select_ignore_and_exclude(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    for table in (
        f"ignore = {list(known_ids())}",
        "select = ['downgrade-not-pass']",
        "exclude = ['alembic', 'app']",
    ):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
        assert run(SUITE, "check")[0] == 0, table


@pytest.mark.parametrize(
    ("exclude", "path", "excluded"),
    [
        ([], "a/b.py", False),
        (["a"], "a/b.py", True),
        (["a/"], "a/b.py", True),
        (["a/b.py"], "a/b.py", True),
        (["*.py"], "a/b.py", True),
        (["a/*"], "a/b/c.py", True),
        (["b"], "a/b.py", False),
        (["a"], "ab.py", False),
        (["A"], "a/b.py", False),
    ],
)
def test_exclude(exclude: list[str], path: str, excluded: bool) -> None:
    assert Config("/root", SETTINGS, {"exclude": exclude}).excludes(path) is excluded


@pytest.mark.parametrize(
    ("files", "root"),
    [
        ({}, ""),
        ({"a/pyproject.toml": ""}, "a"),
        ({"a/b/prek.toml": "", "a/pyproject.toml": ""}, "a/b"),
        # A table goes before what only marks a project.
        ({"a/b/prek.toml": "", "pyproject.toml": "[tool.definition-of-done]"}, ""),
        ({"a/pyproject.toml": "[tool.definition-of-done]", "pyproject.toml": ""}, "a"),
        ({"a/b/pyproject.toml": "# definition-of-done", "a/prek.toml": ""}, "a/b"),
    ],
)
def test_root(files: dict[str, str], root: str, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    assert find_root(str(tmp_path / "a" / "b"), str(tmp_path)) == str(tmp_path / root).rstrip("/")


def test_values_and_defaults() -> None:
    config = Config("/root", SETTINGS, {"max-file-lines": 5})
    assert (config["max-file-lines"], config["revision-max-length"]) == (5, 32)
    assert [config.is_set(key) for key in ("max-file-lines", "base")] == [True, False]
    with pytest.raises(KeyError):
        config["none"]


TABLE = "[tool.definition-of-done]\n"


def test_the_nearest_table_decides(project: Project) -> None:
    project.lay(
        {
            "pyproject.toml": TABLE,
            "api/pyproject.toml": TABLE,
            "api/lib/pay/pyproject.toml": TABLE,
            "api/lib/pyproject.toml": "[project]\nname = 'definition-of-done-lib'\n",
            "apis/x.py": "",
        }
    )
    territory = Territory(str(project.root))
    homes = {
        "x.py": "",
        "apis/x.py": "",
        "api/x.py": "api/",
        "api/pyproject.toml": "api/",
        "api/lib/x.py": "api/",
        "api/lib/pay/app/db/x.py": "api/lib/pay/",
        "gone/folder/x.py": "",
    }
    assert {path: territory.home(path) for path in homes} == homes
    paths = [*homes, "api/lib/pay/pyproject.toml"]
    assert territory.nested(paths) == ["api/", "api/lib/pay/"]
    assert territory.own(paths) == ["x.py", "apis/x.py", "gone/folder/x.py"]
    assert territory.own(["x.py"]) == ["x.py"]
    letters = {"x.py": "A", "api/x.py": "M", "api/lib/pay/x.py": "D"}
    assert territory.split(letters) == ({"x.py": "A"}, {"api/", "api/lib/pay/"})


def test_what_is_excluded_starts_no_project(project: Project) -> None:
    project.lay({"tests/a/pyproject.toml": TABLE, "tests/b/pyproject.toml": f"{TABLE}x\n"})
    territory = Territory(str(project.root), lambda folder: folder.startswith("tests"))
    assert territory.home("tests/a/x.py") == territory.home("tests/b/x.py") == ""
    error = r"^tests/b/pyproject.toml:2:2: not TOML: "
    with pytest.raises(UsageError, match=error):
        Territory(str(project.root)).home("tests/b/x.py")

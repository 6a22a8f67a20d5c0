"""The team's table: where it is found, what it holds, and how an error of it is said."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG, SUITE

from definition_of_done.engine.registry import known_ids


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
            "ignore: unknown hook id 'downgrade-not-pas'; did you mean 'downgrade-not-pass'?",
        ),
        (
            "select = ['file-length,downgrade-not-pass']",
            "select: unknown hook id 'file-length,downgrade-not-pass'; write each id as a string of"
            " its own",
        ),
    ],
)
def test_configuration_error(table: str, error: str, project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN, "pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
    where = "pyproject.toml: [tool.definition-of-done]: "
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {where}{error}\n")


def test_ids_that_are_one_argument(project: Project, run: Run) -> None:
    for ids in ("file-length,downgrade-not-pass", "file-length, downgrade-not-pass"):
        hint = "repeat the option: --select file-length --select downgrade-not-pass"
        said = f"{SUITE}: error: --select: select: unknown hook id {ids!r}; {hint}\n"
        assert run(SUITE, "check", "--select", ids) == (2, "", said)


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

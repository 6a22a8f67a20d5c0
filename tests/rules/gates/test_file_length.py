"""file-length: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "file-length"
PATH = "app/x.py"
HELP = "    help: split it by what changes together\n"


def _config(text: str) -> dict[str, str]:
    return {"pyproject.toml": f"[tool.definition-of-done]\n{text}\n"}


@pytest.mark.parametrize(
    "source", ["x\n" * 1001, "x\n" * 1000 + "x", "x\r\n" * 1001, "x\r" * 1001, "\n" * 1001]
)
def test_finding(source: str, project: Project, run: Run) -> None:
    project.lay({PATH: source.encode()})
    message = f"{PATH}:1:1: {ID}: the file has 1001 lines, and max-file-lines is 1000\n"
    assert run(ID, PATH) == (1, f"{message}{HELP}1 finding in 1 file\n", "")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (PATH, "x\n" * 1000),
        (PATH, "x\n" * 999 + "x"),
        (PATH, ""),
        (PATH, "x\x0cy\n" * 1000),
        (PATH, "x\u2028y\n" * 1000),
        (PATH, "# dod: ignore[file-length] generated\n" + "x\n" * 1001),
        ("docs/x.md", "x\n" * 1001),
        ("schema.graphql", "x\n" * 1001),
    ],
)
def test_left_alone(path: str, source: str, project: Project, run: Run) -> None:
    project.lay({path: source})
    assert run(ID, path)[::2] == (0, "")
    assert run(ID)[::2] == (0, "")


def test_settings(project: Project, run: Run) -> None:
    project.lay({PATH: "x\n" * 3, "schema.graphql": "x\n" * 3})
    project.lay(_config("max-file-lines = 2\nmax-lines-for = ['.graphql']"))
    message = f"schema.graphql:1:1: {ID}: the file has 3 lines, and max-file-lines is 2\n"
    report = (1, f"{message}{HELP}1 finding in 1 file\n", "")
    assert run(ID) == run(ID, PATH, "schema.graphql") == report
    assert run(ID, "--max-lines-for", ".py", "--max-file-lines", "3") == (
        0,
        "no findings (1 file judged)\n",
        "",
    )


def test_file_that_is_no_python_is_counted(project: Project, run: Run) -> None:
    project.lay({PATH: b"\xff\n" * 1001})
    assert run(ID)[0] == 1

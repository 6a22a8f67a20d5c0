"""Every key of the configuration with every wrong value: one line, exit code 2, the key named."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

from definition_of_done.project.settings import SETTINGS

KEYS = [key for key, setting in SETTINGS.items() if setting.kind != "input"]
WRONG = {
    "a number": "-1",
    "a float": "1.5",
    "nan": "nan",
    "true": "true",
    "a date": "2026-05-24",
    "a string": '"nowhere/at/all"',
    "an empty string": '""',
    "a list of numbers": "[1]",
    "a list of lists": "[[]]",
    "an empty string in a list": '[""]',
    "a table": "{ a = 1 }",
    "a list of tables": '[{ path = "README.md", patern = "x" }]',
    "a list of tables of numbers": '[{ path = "README.md", pattern = 1 }]',
    "a table of tables": "{ a = { b = 1 } }",
}
# What is right by its shape, whatever it names.
_RIGHT = {
    "text": {"a string"},
    "texts": set(),
    "revisions": {"a string"},
    "flag": {"true"},
}


def _fits(key: str, kind: str) -> bool:
    setting = SETTINGS[key]
    if setting.optional and kind == "an empty string":
        return True
    return kind in _RIGHT.get(setting.kind, set())


CASES = [(key, kind) for key in KEYS for kind in WRONG if not _fits(key, kind)]


def _error(project: Project, run: Run, line: str) -> str:
    (project.root / "pyproject.toml").write_text(f"[tool.definition-of-done]\n{line}\n")
    code, out, err = run("definition-of-done", "check")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("definition-of-done: error: pyproject.toml: [tool.definition-of-done]: ")
    return str(err)


@pytest.mark.parametrize("key", KEYS)
def test_wrong_values(key: str, project: Project, run: Run) -> None:
    for _, kind in (one for one in CASES if one[0] == key):
        assert key in _error(project, run, f"{key} = {WRONG[kind]}"), kind


@pytest.mark.parametrize("key", [key for key in KEYS if SETTINGS[key].kind in ("path", "paths")])
@pytest.mark.parametrize(
    "path", ["/etc", "..", "../x", "a/../../x", "nowhere", "a\\u0000b", "link"]
)
def test_paths(
    key: str, path: str, project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (project.root / "link").symlink_to(tmp_path_factory.mktemp("outside"))
    value = f'["{path}"]' if SETTINGS[key].kind == "paths" else f'"{path}"'
    said = _error(project, run, f"{key} = {value}")
    assert f": {key} " in said


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_misspelt(key: str, project: Project, run: Run) -> None:
    said = _error(project, run, f"{key}x = 1")
    assert f"unknown key '{key}x'; did you mean '{key}'?" in said


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            'revision-pattern = ""',
            "revision-pattern may not be empty: leave it out for the default",
        ),
        ('taskfile = ""', "taskfile may not be empty: leave it out for the default"),
        ('versions = [""]', "versions holds an empty string"),
        ('since = ""', "since holds an empty string"),
        ('versions = ""', "versions must be a list of strings, not ''"),
    ],
)
def test_empty_strings(line: str, reason: str, project: Project, run: Run) -> None:
    assert _error(project, run, line).endswith(f": {reason}\n")

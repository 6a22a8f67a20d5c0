"""What counts as code, so that a run of the tests on it stays good."""

from __future__ import annotations

import json

import pytest
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE

from definition_of_done.engine.fingerprint import read_fingerprints
from definition_of_done.project.gates.code_tree import read_code_tree
from definition_of_done.project.receipts import read_receipts
from definition_of_done.project.settings import open_project


def _code_tree(project: Project) -> str:
    session = open_project(str(project.root))
    return read_code_tree(session, read_fingerprints(str(project.root)))


def _bumped(path: str) -> Files:
    return {path: SAMPLE[path].replace('"1.2.0"', '"1.3.0"')}


@pytest.mark.parametrize(
    ("files", "is_same"),
    [
        ({"docs/feature/2026-07-01-x.md": "# X\n"}, True),
        ({"docs/changelog/1.3.0.md": "# 1.3.0\n"}, True),
        ({"mkdocs.yml": SAMPLE["mkdocs.yml"] + "# more\n"}, True),
        (_bumped("app/version.py"), True),
        (_bumped("pyproject.toml"), True),
        ({"pyproject.toml": SAMPLE["pyproject.toml"] + "\n[tool.x]\n"}, False),
        ({"app/version.py": SAMPLE["app/version.py"] + "X = 1\n"}, False),
        ({"app/x.py": ""}, False),
        ({"tests/conftest.py": ""}, False),
        ({"schema.graphql": ""}, False),
        ({"Taskfile.yml": None}, False),
    ],
)
def test_what_changes_the_code(files: Files, is_same: bool, sample: Project) -> None:
    before = _code_tree(sample)
    sample.lay(files)
    assert (_code_tree(sample) == before) is is_same


def test_a_broken_version_file_tells_nothing(sample: Project) -> None:
    sample.lay({"app/version.py": "x = (\n"})
    assert _code_tree(sample) == ""


def test_receipts_of_before_are_read(sample: Project, run: Run) -> None:
    run("definition-of-done", "run", "--", "git", "--version")
    [path] = (sample.root / ".git/definition-of-done/receipts").iterdir()
    values = json.loads(path.read_text())
    assert values.pop("code_tree") == _code_tree(sample)
    path.write_text(json.dumps(values))
    [receipt] = read_receipts(open_project(str(sample.root))).kept
    assert (receipt.code_tree, receipt.command) == ("", ("git", "--version"))

"""`definition-of-done new pr-template`: where it writes, and that it writes nothing over."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

SUITE = "definition-of-done"
PATH = ".github/pull_request_template.md"


def test_is_that_of_the_sample(project: Project, run: Run) -> None:
    assert run(SUITE, "new", "pr-template") == (0, f"{PATH}\n", "")
    assert (project.root / PATH).read_bytes() == SAMPLE[PATH].encode()


@pytest.mark.parametrize(
    "there",
    [PATH, ".github/PULL_REQUEST_TEMPLATE.md", "docs/pull_request_template.md",
     "Pull_Request_Template.md"],
)  # fmt: skip
def test_writes_nothing_over(there: str, project: Project, run: Run) -> None:
    project.lay({there: "mine\n"})
    error = f"{SUITE}: error: {there} exists: it is not written over\n"
    assert run(SUITE, "new", "pr-template") == (2, "", error)
    assert (project.root / there).read_text() == "mine\n"
    assert not (project.root / PATH).exists() or there == PATH


def test_goes_to_the_top_of_the_work_tree(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"backend/pyproject.toml": "[tool.definition-of-done]\n"})
    monkeypatch.chdir(project.root / "backend")
    assert run(SUITE, "new", "pr-template") == (0, f"../{PATH}\n", "")
    assert (project.root / PATH).read_bytes() == SAMPLE[PATH].encode()

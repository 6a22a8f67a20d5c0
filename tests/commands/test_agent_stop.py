"""`agent stop`: what it says of a work tree in which nothing need be added."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agents import Host, stop
from tests.repository import Project
from tests.revision import HASH
from tests.sample import SAMPLE, start_main

SLUGLESS = "alembic/versions/20260601_add_refunds.py"
WRONG = SAMPLE["alembic/versions/20260524_add_vendor_credits.py"].replace(
    "add_vendor_credits", "3f2a91bc04de"
)
TOLD = f"""\
not done yet:
- Plan before code
  - {SLUGLESS}:13: plan-before-code: the branch adds revision '3f2a91bc04de', and no feature page\
 plans it
- Deltas enumerated
- Migration with both directions and the right parent
  - {SLUGLESS}:5: alembic-header-sync: Create Date is 2026-05-24, the filename's date is 2026-06-01
  - {SLUGLESS}:13: alembic-revision-slug: revision '3f2a91bc04de' is a hash, not a slug
  - {SLUGLESS}:14: alembic-single-head: 2 heads: 'add_vendor_credits'\
 (alembic/versions/20260524_add_vendor_credits.py) and '3f2a91bc04de' ({SLUGLESS}), both after\
 'add_vendors'
- Page final with Future additions
- Page in the nav, strict build clean
what comes next: definition-of-done next
"""


@pytest.mark.parametrize("is_added", [False, True])
def test_what_is_wrong(is_added: bool, sample: Project, host: Host) -> None:
    sample.lay({SLUGLESS: WRONG}, add=is_added)
    before = sample.git("status", "--short"), sample.git("count-objects")
    index = (sample.root / ".git/index").read_bytes()
    assert host("stop", stop(sample)) == (2, "", TOLD)
    # It was told so already.
    assert host("stop", stop(sample, stop_hook_active=True)) == (0, "", "")
    assert (sample.git("status", "--short"), sample.git("count-objects")) == before
    assert (sample.root / ".git/index").read_bytes() == index


@pytest.mark.parametrize("branch", ["main", "feature"])
def test_nothing_is_wrong(branch: str, project: Project, host: Host) -> None:
    start_main(project)
    project.git("checkout", "-qB", branch)
    assert host("stop", stop(project)) == (0, "", "")
    # What is not proven is not wrong.
    project.lay({"app/notes.py": "A = 1\n"}, add=False)
    assert host("stop", stop(project)) == (0, "", "")


def test_the_folder_is_the_projects(
    sample: Project,
    host: Host,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample.lay({SLUGLESS: WRONG}, add=False)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    assert host("stop", stop(sample))[0] == 2
    assert host("stop", stop(sample, cwd=str(elsewhere))) == (0, "", "")
    assert host("stop", stop(sample, cwd=1)) == (0, "", "")
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(sample.root / "app"))
    assert host("stop", stop(sample, cwd=str(elsewhere)))[0] == 2


def test_a_linked_work_tree(
    sample: Project, host: Host, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("linked") / "tree"
    sample.git("worktree", "add", "-q", "-b", "other", str(folder), "main")
    (folder / SLUGLESS).write_text(WRONG)
    (sample.root / ".git/index.lock").touch()
    assert host("stop", stop(sample, cwd=str(folder))) == (2, "", TOLD)
    (sample.root / ".git/worktrees/tree/index.lock").touch()
    assert host("stop", stop(sample, cwd=str(folder))) == (2, "", TOLD)
    assert host("stop", stop(sample)) == (0, "", "")


def test_each_project_is_named(project: Project, host: Host) -> None:
    for name in ("api", "jobs"):
        project.lay({f"{name}/definition-of-done.toml": "select = ['alembic-revision-slug']\n"})
    project.git("commit", "-qm", "start")
    project.git("checkout", "-qb", "feature")
    path = "alembic/versions/20260524_add_x.py"
    project.lay({f"jobs/{path}": HASH}, add=False)
    assert host("stop", stop(project)) == (
        2,
        "",
        "not done yet:\n"
        "- jobs: Migration with both directions and the right parent\n"
        f"  - {path}:2: alembic-revision-slug: revision '3f2a91bc04de' is a hash, not a slug\n"
        "what comes next: definition-of-done next\n",
    )


def test_a_wrong_configuration_is_told(sample: Project, host: Host) -> None:
    sample.lay({"pyproject.toml": "[tool.definition-of-done]\nfeature = 1\n"}, add=False)
    code, out, err = host("stop", stop(sample))
    assert (code, out) == (2, "")
    assert err.startswith("definition-of-done: error: pyproject.toml: [tool.definition-of-done]: ")
    assert host("stop", stop(sample, stop_hook_active=True)) == (0, "", "")


def test_without_git(tmp_path: Path, host: Host) -> None:
    assert host("stop", {"cwd": str(tmp_path)}) == (0, "", "")

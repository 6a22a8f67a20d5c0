"""Every state that a repository can be in, with its exact outcome: never a traceback or a pass."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.repository import Project, Run

Arrange: TypeAlias = Callable[[Project, pytest.MonkeyPatch], None]
# The exit code, the lines without the helps, and standard error, with ROOT for the repository.
Outcome: TypeAlias = tuple[int, list[str], str]

SUITE = "definition-of-done"
# A rule over files, one over the state of the tree, one over what a branch deletes.
RULES = ("alembic-revision-slug", "alembic-single-head", "plan-never-deleted")
NAME = "alembic/versions/20260524_add_x.py"
PLAN = "docs/feature/2026-05-24-x.md"
TREE = {
    "pyproject.toml": f"[tool.definition-of-done]\nselect = {list(RULES)}\n",
    "alembic/versions/20260523_add_w.py": "revision = 'add_w'\ndown_revision = None\n",
    NAME: "revision = '3f2a91bc04de'\ndown_revision = 'gone'\n",
    PLAN: "# X\n",
}
SLUG = f"{NAME}:1:12: alembic-revision-slug: revision '3f2a91bc04de' is a hash, not a slug"
PARENT = f"{NAME}:2:17: alembic-single-head: 'gone' is no revision of this project"
UNTRACKED = (
    "2 untracked files are not judged, git add first:"
    " alembic/versions/20260523_add_w.py, alembic/versions/20260524_add_x.py\n"
)
GONE = f"{PLAN}:1:1: plan-never-deleted: the page stands on the base, and is deleted"
# What the whole tree has, a branch that deletes the plan, and a commit of that alone.
TREE_FOUND = (1, [SLUG, PARENT, "2 findings in 1 file"], "")
BRANCH_FOUND = (1, [SLUG, PARENT, GONE, "3 findings in 2 files"], "")
COMMIT_FOUND = (1, [SLUG, GONE, "2 findings in 2 files"], "")


NO_REPOSITORY = "not a git repository (or any of the parent directories): .git"


def clean(files: int, said: str = "") -> Outcome:
    return 0, [f"no findings ({files} file{'s' * (files != 1)} judged)"], said


def refused(said: str) -> Outcome:
    return 2, [], f"{SUITE}: error: {said}\n"


def _git(folder: Path, *args: str) -> str:
    run = subprocess.run(["git", *args], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def nothing(project: Project, patch: pytest.MonkeyPatch) -> None:
    pass


def no_commit(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("update-ref", "-d", "HEAD")


def no_repository(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / ".git").rename(project.root / "elsewhere")


def empty_git_folder(project: Project, patch: pytest.MonkeyPatch) -> None:
    no_repository(project, patch)
    (project.root / ".git").mkdir()


def detached(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("checkout", "-q", "--detach")


def branch_that_deletes(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("checkout", "-qb", "feature")
    project.git("rm", "-q", PLAN)
    project.git("commit", "-qm", "gone")


def staged_deletion(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("rm", "-q", PLAN)


def bare(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("clone", "-q", "--bare", ".", "bare.git")
    patch.chdir(project.root / "bare.git")
    (project.root / ".git").rename(project.root / "elsewhere")


def git_folder_itself(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(project.root / ".git")


def linked(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("worktree", "add", "-qb", "feature", "linked")
    patch.chdir(project.root / "linked")
    _git(Path("."), "rm", "-q", PLAN)


def linked_to_a_bare_one(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("clone", "-q", "--bare", ".", "bare.git")
    _git(project.root / "bare.git", "worktree", "add", "-qb", "feature", "../linked")
    patch.chdir(project.root / "linked")
    _git(Path("."), "rm", "-q", PLAN)


def linked_and_pruned(project: Project, patch: pytest.MonkeyPatch) -> None:
    linked(project, patch)
    (project.root / ".git/worktrees").rename(project.root / "elsewhere")


def submodule(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("clone", "-q", "--bare", ".", "bare.git")
    outer = project.root / "outer"
    _git(project.root, "init", "-q", "outer")
    allowed = ("-c", "protocol.file.allow=always")
    _git(outer, *allowed, "submodule", "--quiet", "add", "../bare.git", "inner")
    patch.chdir(outer / "inner")
    _git(Path("."), "rm", "-q", PLAN)


def outside_of_the_submodule(project: Project, patch: pytest.MonkeyPatch) -> None:
    submodule(project, patch)
    patch.chdir(project.root / "outer")


def shallow(project: Project, patch: pytest.MonkeyPatch) -> None:
    branch_that_deletes(project, patch)
    project.git("clone", "-q", "--depth=1", f"file://{project.root}", "shallow")
    patch.chdir(project.root / "shallow")


def sparse(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("sparse-checkout", "set", "--no-cone", "/*", "!/alembic")


def sparse_without_a_migration(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{NAME}")


def sparse_and_in_order(project: Project, patch: pytest.MonkeyPatch) -> None:
    """The parent is away: a rule that saw only the work tree would call it missing."""
    project.lay({NAME: "revision = 'add_x'\ndown_revision = 'add_w'\n"})
    project.git("commit", "-qm", "in order")
    project.git("sparse-checkout", "set", "--no-cone", "/*", "!*add_w.py")


def sparse_with_a_key(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.lay({"pyproject.toml": TREE["pyproject.toml"] + "versions = ['alembic/versions']\n"})
    project.git("commit", "-qm", "key")
    sparse(project, patch)


def sparse_index(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("sparse-checkout", "set", "--cone", "--sparse-index", "alembic")


def partial(project: Project, patch: pytest.MonkeyPatch) -> None:
    """A clone whose blobs are missing, and the promised ones cannot be fetched."""
    project.git("config", "uploadpack.allowFilter", "true")
    source = f"file://{project.root}"
    project.git("clone", "-q", "--filter=blob:none", "--no-checkout", source, "partial")
    patch.chdir(project.root / "partial")
    (project.root / ".git").rename(project.root / "elsewhere")
    head = _git(Path("."), "rev-parse", "HEAD")
    _git(Path("."), "read-tree", "HEAD")
    patch.setenv("PRE_COMMIT_FROM_REF", "")
    patch.setenv("PRE_COMMIT_TO_REF", head)


def to_ref(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PRE_COMMIT_TO_REF", "HEAD")


def missing_blob(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.lose(f"HEAD:{NAME}")
    to_ref(project, patch)


def missing_tree(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.lose("HEAD^{tree}")


def git_dir(project: Project, patch: pytest.MonkeyPatch) -> None:
    no_repository(project, patch)
    patch.setenv("GIT_DIR", "elsewhere")
    # Empty is not set; what a run sets is gone after the test.
    patch.setenv("GIT_WORK_TREE", "")


def git_dir_from_a_folder_below_the_table(project: Project, patch: pytest.MonkeyPatch) -> None:
    """Start in a folder below, with a GIT_DIR that is relative to it."""
    patch.chdir(project.root / "docs/feature")
    patch.setenv("GIT_DIR", "../../.git")
    patch.setenv("GIT_WORK_TREE", "")


def git_dir_alone_of_a_table_below(project: Project, patch: pytest.MonkeyPatch) -> None:
    """Git would take the folder of the table for the top of the work tree."""
    below(project, patch)
    patch.setenv("GIT_DIR", str(project.root / ".git"))
    patch.setenv("GIT_WORK_TREE", "")


def linked_as_a_hook_of_git_sees_it(project: Project, patch: pytest.MonkeyPatch) -> None:
    linked(project, patch)
    patch.setenv("GIT_DIR", str(project.root / ".git/worktrees/linked"))
    patch.setenv("GIT_WORK_TREE", "")


def git_dir_and_work_tree_of_a_table_below(project: Project, patch: pytest.MonkeyPatch) -> None:
    below(project, patch)
    patch.chdir("docs/feature")
    patch.setenv("GIT_DIR", "../../../.git")
    patch.setenv("GIT_WORK_TREE", "../../..")


def git_work_tree(project: Project, patch: pytest.MonkeyPatch) -> None:
    no_repository(project, patch)
    patch.setenv("GIT_DIR", str(project.root / "elsewhere"))
    patch.setenv("GIT_WORK_TREE", str(project.root))
    patch.chdir(project.root / "docs")


def git_index_file(project: Project, patch: pytest.MonkeyPatch) -> None:
    """As `git commit PATH` has it: another index than the one beside it."""
    index = project.root / ".git/next-index.lock"
    index.write_bytes((project.root / ".git/index").read_bytes())
    patch.setenv("GIT_INDEX_FILE", str(index))
    project.git("rm", "-q", "--cached", PLAN)
    (project.root / PLAN).unlink()


def git_index_file_of_a_table_below(project: Project, patch: pytest.MonkeyPatch) -> None:
    """As git itself sets it: from the top of the work tree, where it also starts the hook."""
    below(project, patch)
    patch.setenv("GIT_INDEX_FILE", ".git/index")


def git_index_file_that_is_missing(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("GIT_INDEX_FILE", str(project.root / "missing"))


def below(project: Project, patch: pytest.MonkeyPatch) -> None:
    """A table in a folder of the work tree: paths are told from there."""
    (project.root / "team").mkdir()
    for name in ("alembic", "docs", "pyproject.toml"):
        project.git("mv", name, f"team/{name}")
    project.git("commit", "-qm", "moved")
    patch.chdir(project.root / "team")


def a_folder_without_a_table(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(project.root / "alembic/versions")


def somebody_elses(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")


def no_git(project: Project, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PATH", str(project.root))


def git_cannot_be_run(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / "bin").mkdir()
    (project.root / "bin/git").write_text("no program\n")
    patch.setenv("PATH", str(project.root / "bin"))


def git_breaks(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / "bin").mkdir()
    (project.root / "bin/git").write_text("#!/bin/sh\nkill -9 $$\n")
    (project.root / "bin/git").chmod(0o755)
    patch.setenv("PATH", str(project.root / "bin"))


def corrupt_index(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / ".git/index").write_bytes(b"DIRC, but no index")


def corrupt_head(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / ".git/HEAD").write_bytes(b"\xff\xfe\n")


def corrupt_config(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / ".git/config").write_bytes(b"[core\n")


def newer_format(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("config", "core.repositoryFormatVersion", "99")


def locked_index(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / ".git/index.lock").touch()


def sha256(project: Project, patch: pytest.MonkeyPatch) -> None:
    no_repository(project, patch)
    project.git("init", "-q", "--object-format=sha256", "--initial-branch=main")
    project.git("add", "alembic", "docs", "pyproject.toml")
    project.git("commit", "-qm", "x")
    branch_that_deletes(project, patch)


def unmerged(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("checkout", "-qb", "side")
    project.lay({PLAN: "# Y\n"})
    project.git("commit", "-qm", "y")
    project.git("checkout", "-q", "main")
    project.lay({PLAN: "# Z\n"})
    project.git("commit", "-qm", "z")
    subprocess.run(["git", "merge", "-q", "side"], capture_output=True)


def intent_to_add(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("rm", "-q", "--cached", NAME)
    project.git("commit", "-qm", "less")
    project.git("add", "--intent-to-add", NAME)


def skip_worktree(project: Project, patch: pytest.MonkeyPatch) -> None:
    project.git("update-index", "--skip-worktree", NAME)


def deleted_in_the_work_tree(project: Project, patch: pytest.MonkeyPatch) -> None:
    (project.root / NAME).unlink()


STATES: list[tuple[Arrange, Outcome]] = [
    (nothing, TREE_FOUND),
    (no_commit, TREE_FOUND),
    (no_repository, refused("not a git work tree: run this inside a repository")),
    (empty_git_folder, refused(f"git diff failed: {NO_REPOSITORY}")),
    (detached, TREE_FOUND),
    (branch_that_deletes, BRANCH_FOUND),
    (staged_deletion, COMMIT_FOUND),
    (bare, refused("not a git work tree: run this inside a repository")),
    (git_folder_itself, TREE_FOUND),
    (linked, COMMIT_FOUND),
    (linked_to_a_bare_one, COMMIT_FOUND),
    (linked_and_pruned, refused("git: not a git repository: ROOT/.git/worktrees/linked")),
    (submodule, COMMIT_FOUND),
    (outside_of_the_submodule, clean(0)),
    (shallow, TREE_FOUND),
    (sparse, TREE_FOUND),
    (sparse_without_a_migration, TREE_FOUND),
    (sparse_and_in_order, clean(2)),
    (sparse_with_a_key, TREE_FOUND),
    (sparse_index, TREE_FOUND),
    (
        partial,
        refused(
            "git cannot read the content of alembic/versions/20260523_add_w.py:"
            " fetch it, or see `git fsck`"
        ),
    ),
    (to_ref, TREE_FOUND),
    (missing_blob, refused(f"git cannot read the content of {NAME}: fetch it, or see `git fsck`")),
    (missing_tree, refused("git diff failed: `git status` says why")),
    (git_dir, TREE_FOUND),
    (git_dir_from_a_folder_below_the_table, TREE_FOUND),
    (git_dir_alone_of_a_table_below, TREE_FOUND),
    (linked_as_a_hook_of_git_sees_it, COMMIT_FOUND),
    (git_dir_and_work_tree_of_a_table_below, TREE_FOUND),
    (git_work_tree, TREE_FOUND),
    (git_index_file, COMMIT_FOUND),
    (git_index_file_of_a_table_below, TREE_FOUND),
    (git_index_file_that_is_missing, (1, [GONE, "1 finding in 1 file"], UNTRACKED)),
    (below, TREE_FOUND),
    (a_folder_without_a_table, TREE_FOUND),
    (
        somebody_elses,
        refused("git diff failed: detected dubious ownership in repository at 'ROOT'"),
    ),
    (no_git, refused("git is not on PATH: install git or add it to PATH")),
    (git_cannot_be_run, refused("git cannot be run: Permission denied")),
    (git_breaks, refused("git diff failed: `git status` says why")),
    (corrupt_index, refused("git diff failed: .git/index: index file smaller than expected")),
    (corrupt_head, refused(f"git diff failed: {NO_REPOSITORY}")),
    (corrupt_config, refused("git diff failed: bad config line 1 in file .git/config")),
    (newer_format, refused("git diff failed: Expected git repo version <= 1, found 99")),
    (locked_index, TREE_FOUND),
    (sha256, BRANCH_FOUND),
    (unmerged, (1, [SLUG, "1 finding in 1 file"], "")),
    (intent_to_add, TREE_FOUND),
    (skip_worktree, TREE_FOUND),
    (deleted_in_the_work_tree, clean(1)),
]
NAMES = [b"new\nline", b"\xff \x1b[31m", b"- x"]
SETTINGS = [
    ("core.quotePath", "true"),
    ("core.autocrlf", "true"),
    ("core.fsmonitor", "/no/such/program"),
    ("core.ignoreCase", "true"),
    ("core.bare", "true"),
    ("color.ui", "always"),
    ("diff.relative", "true"),
    ("diff.external", "false"),
    ("diff.noprefix", "true"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.renames", "copies"),
    ("diff.ignoreSubmodules", "all"),
]


def _outcome(run: Run, root: Path) -> Outcome:
    code, out, err = run(SUITE, "check")
    lines = [line for line in out.splitlines() if not line.startswith(" ")]
    return code, lines, err.replace(str(root), "ROOT")


def _laid(project: Project) -> Project:
    project.lay(TREE)
    project.git("commit", "-qm", "tree")
    return project


@pytest.mark.parametrize(
    ("arrange", "outcome"), STATES, ids=[arrange.__name__ for arrange, _ in STATES]
)
def test_state(
    arrange: Arrange, outcome: Outcome, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name != "posix" and arrange in (no_git, git_cannot_be_run, git_breaks):
        pytest.skip("lays programs as POSIX has them")
    # Git words it otherwise where the temporary folder is a disk of its own.
    monkeypatch.setenv("GIT_DISCOVERY_ACROSS_FILESYSTEM", "1")
    arrange(_laid(project), monkeypatch)
    assert _outcome(run, project.root) == outcome


@pytest.mark.parametrize(("key", "value"), SETTINGS)
def test_settings_that_change_nothing(
    key: str, value: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch_that_deletes(_laid(project), monkeypatch)
    project.git("config", key, value)
    assert _outcome(run, project.root) == BRANCH_FOUND


def test_a_setting_that_git_refuses(project: Project, run: Run) -> None:
    _laid(project).git("config", "core.quotePath", "x")
    said = "git diff failed: bad boolean config value 'x' for 'core.quotepath'"
    assert _outcome(run, project.root) == refused(said)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_with_any_name(
    name: bytes, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch_that_deletes(_laid(project), monkeypatch)
    folder = project.root / os.fsdecode(name)
    there = list(project.root.iterdir())
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    for entry in there:
        entry.rename(folder / entry.name)
    monkeypatch.chdir(folder)
    assert _outcome(run, project.root) == BRANCH_FOUND

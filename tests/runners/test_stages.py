"""Each way to commit and to push, as a rule of each kind sees it under both runners."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml
from tests.snapshot import BIN, ROOT, environment, git

# One rule over files, one over the state of the tree, one over a diff, one over deletions.
FILE, STATE, DIFF, GONE = RULES = (
    "alembic-revision-slug",
    "alembic-single-head",
    "plan-before-code",
    "plan-never-deleted",
)
ALL = {*RULES}
SUITE = "definition-of-done"
NAME = "alembic/versions/20260524_add_x.py"
CODE = "app/graphql/bills/services/bill_service.py"
PLAN = "docs/feature/2026-05-24-x.md"
OTHER = "docs/index.md"
HEAD = "revision = 'add_w'\ndown_revision = None\n"
GOOD_NAME = "revision = 'add_x'\ndown_revision = 'add_w'\n"
BAD_NAME = "revision = '3f2a91bc04de'\ndown_revision = 'gone'\n"
TREE = {
    "pyproject.toml": f"[tool.definition-of-done]\nselect = {list(RULES)}\n",
    "alembic/versions/20260523_add_w.py": HEAD,
    CODE: "limit = 0\n",
    PLAN: "# X\n",
    OTHER: "# Home\n",
}
BAD: dict[str, str | None] = {NAME: BAD_NAME, CODE: "limit = 1\n", PLAN: None}


class Team:
    """A clone with hooks of a runner, its remote beside it."""

    def __init__(self, root: Path, runner: str) -> None:
        self.root = root
        self.runner = runner

    def git(self, *args: str) -> str:
        return git(self.root, *args)

    def lay(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, files: dict[str, str | None], message: str = "x") -> None:
        """Commit without hooks."""
        self.lay(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "-m", message)

    def call(self, *command: str) -> tuple[int, str]:
        run = subprocess.run(
            command,
            cwd=self.root,
            env=environment() | {"GIT_EDITOR": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return run.returncode, run.stdout


Scene: TypeAlias = Callable[[Team], tuple[int, str]]


def commit(team: Team) -> tuple[int, str]:
    team.lay(BAD)
    team.git("add", "--all")
    return team.call("git", "commit", "-m", "x")


def commit_on_main(team: Team) -> tuple[int, str]:
    team.git("switch", "--quiet", "main")
    return commit(team)


def commit_of_the_plan_alone(team: Team) -> tuple[int, str]:
    team.git("rm", "--quiet", PLAN)
    return team.call("git", "commit", "-m", "x")


def commit_of_a_page(team: Team) -> tuple[int, str]:
    """Commit a page on a branch whose earlier commit broke the rule."""
    team.commit(BAD)
    team.lay({OTHER: "# Start\n"})
    team.git("add", "--all")
    return team.call("git", "commit", "-m", "x")


def amend(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    return team.call("git", "commit", "--amend", "-m", "y")


def amend_that_mends(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("checkout", "--quiet", "main", "--", PLAN, CODE)
    team.lay({NAME: GOOD_NAME})
    team.git("add", "--all")
    return team.call("git", "commit", "--amend", "-m", "y")


def merge(team: Team) -> tuple[int, str]:
    team.git("switch", "--quiet", "main")
    team.commit(BAD)
    team.git("switch", "--quiet", "feature")
    return team.call("git", "merge", "--no-ff", "--no-edit", "main")


def merge_into_a_bad_branch(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("switch", "--quiet", "main")
    team.commit({OTHER: "# Start\n"})
    team.git("switch", "--quiet", "feature")
    return team.call("git", "merge", "--no-edit", "main")


def _conflict(team: Team, name: str, *start: str) -> None:
    """Leave a conflict in a file, brought by `git START main`, mended in the index."""
    team.commit({NAME: GOOD_NAME} if name == NAME else {OTHER: "# Ours\n"})
    team.git("switch", "--quiet", "main")
    team.commit(BAD | ({} if name == NAME else {OTHER: "# Theirs\n"}))
    team.git("switch", "--quiet", "feature")
    assert team.call("git", *start)[0] != 0
    team.lay({NAME: f"{BAD_NAME}# ours\n"} if name == NAME else {OTHER: "# Both\n"})
    team.git("add", "--all")


def merge_with_a_conflict_elsewhere(team: Team) -> tuple[int, str]:
    _conflict(team, OTHER, "merge", "main")
    return team.call("git", "commit", "--no-edit")


def merge_with_a_conflict(team: Team) -> tuple[int, str]:
    _conflict(team, NAME, "merge", "main")
    return team.call("git", "commit", "--no-edit")


def merge_continued(team: Team) -> tuple[int, str]:
    _conflict(team, NAME, "merge", "main")
    return team.call("git", "merge", "--continue")


def rebase_stop_continued(team: Team) -> tuple[int, str]:
    _conflict(team, NAME, "rebase", "main")
    return team.call("git", "rebase", "--continue")


def rebase_stop_committed(team: Team) -> tuple[int, str]:
    _conflict(team, NAME, "rebase", "main")
    return team.call("git", "commit", "-m", "x")


def cherry_pick(team: Team) -> tuple[int, str]:
    _other(team)
    return team.call("git", "cherry-pick", "other")


def cherry_pick_committed(team: Team) -> tuple[int, str]:
    _other(team)
    team.git("cherry-pick", "--no-commit", "other")
    return team.call("git", "commit", "-m", "x")


def _other(team: Team) -> None:
    team.git("switch", "--quiet", "--create", "other")
    team.commit(BAD)
    team.git("switch", "--quiet", "feature")


def cherry_pick_with_a_conflict(team: Team) -> tuple[int, str]:
    _conflict(team, NAME, "cherry-pick", "main")
    return team.call("git", "commit", "-m", "x")


def revert(team: Team) -> tuple[int, str]:
    _good_feature(team)
    return team.call("git", "revert", "--no-edit", "HEAD")


def revert_committed(team: Team) -> tuple[int, str]:
    """The branch's own plan is no page that stands on the base."""
    _good_feature(team)
    team.git("revert", "--no-commit", "HEAD")
    return team.call("git", "commit", "-m", "x")


def _good_feature(team: Team) -> None:
    team.commit({NAME: GOOD_NAME, CODE: "limit = 1\n", "docs/feature/2026-05-25-y.md": "# Y\n"})


def commit_all(team: Team) -> tuple[int, str]:
    team.commit({NAME: GOOD_NAME})
    team.lay(BAD)
    return team.call("git", "commit", "-a", "-m", "x")


def commit_path(team: Team) -> tuple[int, str]:
    """Commit one path while more is staged."""
    team.commit({NAME: GOOD_NAME})
    team.lay(BAD)
    team.git("add", "--all")
    return team.call("git", "commit", "-m", "x", "--", NAME)


def commit_another_path(team: Team) -> tuple[int, str]:
    team.commit({NAME: GOOD_NAME})
    team.lay(BAD | {OTHER: "# Start\n"})
    team.git("add", "--all")
    return team.call("git", "commit", "-m", "x", "--", OTHER)


def partial_staging_of_the_bad(team: Team) -> tuple[int, str]:
    team.lay({NAME: BAD_NAME})
    team.git("add", "--all")
    team.lay({NAME: GOOD_NAME})
    return team.call("git", "commit", "-m", "x")


def partial_staging_of_the_good(team: Team) -> tuple[int, str]:
    team.lay({NAME: GOOD_NAME})
    team.git("add", "--all")
    team.lay({NAME: BAD_NAME, PLAN: None, CODE: "limit = 1\n"})
    return team.call("git", "commit", "-m", "x")


def intent_to_add(team: Team) -> tuple[int, str]:
    team.lay({NAME: BAD_NAME, "alembic/versions/20260525_add_y.py": GOOD_NAME})
    team.git("add", "alembic/versions/20260525_add_y.py")
    team.git("add", "--intent-to-add", NAME)
    return team.call("git", "commit", "-m", "x")


def push(team: Team) -> tuple[int, str]:
    team.git("push", "--quiet", "--no-verify", "origin", "feature")
    team.commit(BAD)
    return team.call("git", "push", "origin", "feature")


def push_from_main(team: Team) -> tuple[int, str]:
    """The files of the pushed branch are judged, not those that are checked out."""
    team.git("push", "--quiet", "--no-verify", "origin", "feature")
    team.commit(BAD)
    team.git("switch", "--quiet", "main")
    return team.call("git", "push", "origin", "feature")


def push_of_a_good_branch_from_a_bad_one(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("switch", "--quiet", "--create", "good", "main")
    team.commit({NAME: GOOD_NAME})
    team.git("switch", "--quiet", "feature")
    return team.call("git", "push", "origin", "good")


def first_push(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    return team.call("git", "push", "--set-upstream", "origin", "feature")


def first_push_of_all(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("init", "--quiet", "--bare", "../empty.git")
    team.git("remote", "set-url", "origin", "../empty.git")
    return team.call("git", "push", "origin", "feature")


def push_of_a_tag(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("tag", "--annotate", "-m", "1", "v1")
    return team.call("git", "push", "origin", "v1")


def push_of_a_deletion(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("push", "--quiet", "--no-verify", "origin", "feature")
    return team.call("git", "push", "--delete", "origin", "feature")


def from_ref_to_ref(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    return team.call(team.runner, "run", "--from-ref", "main", "--to-ref", "HEAD")


def from_ref_to_ref_elsewhere(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    team.git("switch", "--quiet", "main")
    return team.call(team.runner, "run", "--from-ref", "main", "--to-ref", "feature")


def all_files(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    return team.call(team.runner, "run", "--all-files")


def named_files(team: Team) -> tuple[int, str]:
    team.commit(BAD)
    return team.call(team.runner, "run", "--files", OTHER)


# The rules that report something; git itself runs no hook in some of them.
NOT_RUN = None
SCENES: list[tuple[Scene, set[str] | None]] = [
    (commit, ALL),
    (commit_on_main, ALL),
    (commit_of_the_plan_alone, {GONE}),
    (commit_of_a_page, set()),
    (amend, {STATE, DIFF, GONE}),
    (amend_that_mends, {DIFF}),
    (merge, {FILE, STATE}),
    (merge_into_a_bad_branch, set()),
    (merge_with_a_conflict_elsewhere, {STATE}),
    (merge_with_a_conflict, {FILE, STATE, DIFF}),
    (merge_continued, {FILE, STATE, DIFF}),
    (rebase_stop_continued, NOT_RUN),
    (rebase_stop_committed, {FILE, STATE, DIFF}),
    (cherry_pick, NOT_RUN),
    (cherry_pick_committed, ALL),
    (cherry_pick_with_a_conflict, ALL),
    (revert, NOT_RUN),
    (revert_committed, set()),
    (commit_all, ALL),
    (commit_path, {FILE, STATE, DIFF}),
    (commit_another_path, set()),
    (partial_staging_of_the_bad, {FILE, STATE, DIFF}),
    (partial_staging_of_the_good, {DIFF}),
    (intent_to_add, {DIFF}),
    (push, ALL),
    (push_from_main, ALL),
    (push_of_a_good_branch_from_a_bad_one, {DIFF}),
    (first_push, ALL),
    (first_push_of_all, ALL),
    (push_of_a_tag, ALL),
    (push_of_a_deletion, NOT_RUN),
    (from_ref_to_ref, ALL),
    (from_ref_to_ref_elsewhere, ALL),
    (all_files, ALL),
    (named_files, {STATE, DIFF, GONE}),
]


# What git itself tells a hook is the same under prek: it plays the scenes that it has a hand in.
PREK = (
    *(commit, merge_with_a_conflict, commit_all, partial_staging_of_the_bad),
    *(push, push_from_main, first_push, push_of_a_deletion),
    *(from_ref_to_ref, from_ref_to_ref_elsewhere, all_files, named_files),
)
PLAYED = [
    pytest.param(runner, scene, expected, id=f"{scene.__name__}-{runner}")
    for runner in ("pre-commit", "prek")
    for scene, expected in SCENES
    if runner == "pre-commit" or scene in PREK
]


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A team's clone beside its remote, with the runner's hooks; to be copied."""
    runner: str = request.param
    folder = tmp_path_factory.mktemp(runner)
    team = Team(folder / "team", runner)
    team.root.mkdir()
    team.git("init", "--quiet", "--initial-branch=main")
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    hooks = [
        {key: value for key, value in hook.items() if key != "minimum_pre_commit_version"}
        | {"language": "system", "entry": f"{BIN}/{hook['entry']}"}
        # A hook that passes is shown, too.
        | {"verbose": True}
        for hook in manifest
        if hook["id"] in {SUITE, *RULES}
    ]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    team.commit({**TREE, ".pre-commit-config.yaml": yaml.safe_dump(config)})
    git(folder, "clone", "--quiet", "--bare", "team", "remote.git")
    team.git("remote", "add", "origin", "../remote.git")
    team.git("fetch", "--quiet", "origin")
    team.git("switch", "--quiet", "--create", "feature")
    stages = ("pre-commit", "pre-merge-commit", "pre-push")
    types = [word for stage in stages for word in ("--hook-type", stage)]
    assert team.call(runner, "install", *types)[0] == 0
    return folder, runner


def _reported(out: str) -> dict[str, set[str]]:
    """The rules that each hook reports, by the hook's id."""
    reported: dict[str, set[str]] = {}
    hook = ""
    for line in out.splitlines():
        found = re.match(r"- hook id: (\S+)", line.strip())
        if found:
            hook = found[1]
            reported[hook] = set()
        finding = re.match(r"[\w./-]+:\d+:\d+: ([\w-]+): ", line.strip())
        if finding:
            reported[hook].add(finding[1])
    return reported


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize(("made", "scene", "expected"), PLAYED, indirect=["made"])
def test_scene(
    scene: Scene, expected: set[str] | None, made: tuple[Path, str], tmp_path: Path
) -> None:
    folder, runner = made
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True, symlinks=True)
    code, out = scene(Team(tmp_path / "team", runner))
    assert code == (1 if expected else 0), out
    reported = _reported(out)
    if expected is NOT_RUN:
        assert reported == {}, out
        return
    assert SUITE in reported, out
    assert reported.pop(SUITE) == expected, out
    # Each rule alone says what the suite says of it.
    assert {id: rules for id, rules in reported.items() if rules} == {id: {id} for id in expected}

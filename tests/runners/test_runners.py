"""Real pre-commit and real prek on a real repository, with the manifest's own entries."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests import demo
from tests.snapshot import BIN, ROOT, consumer, environment, git

from definition_of_done.engine.registry import all_rules, load_rule
from definition_of_done.engine.rule import DONE, FileSubject

NAME = "alembic/versions/20260601_a\u00f1adir l\u00edmite.py"
HASH = "revision = '3f2a91bc04de'\n"
FINDING = f"{NAME}:1:12: alembic-revision-slug: revision '3f2a91bc04de' is a hash, not a slug\n"


def _runner(team: Path, runner: str, *args: str) -> tuple[int, str]:
    return _command(team, runner, "run", *args)


def _command(team: Path, *command: str) -> tuple[int, str]:
    run = subprocess.run(
        command,
        cwd=team,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return run.returncode, run.stdout + run.stderr


# A rule of each scope, time and stage: the manifest has the same form for all of them.
ONE_OF_EACH = list(
    {
        (isinstance(rule.subject, FileSubject), rule.due, rule.stages): rule.id
        for rule in all_rules()
    }.values()
)


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_runner(runner: str, source: tuple[Path, str], tmp_path: Path) -> None:
    team = tmp_path
    consumer(team, ["definition-of-done", "version-sync"], *source)
    code, out = _runner(team, runner, "--all-files")
    assert code == 0, out
    (team / NAME).write_text(HASH)
    git(team, "add", NAME)
    # Only what is staged is judged: the runner puts the rest of the work tree aside.
    (team / NAME).write_text("revision = 'add_limit'\n")
    code, out = _runner(team, runner)
    assert code == 1, out
    assert FINDING in "".join(line.lstrip() + "\n" for line in out.splitlines())
    assert (team / NAME).read_text() == "revision = 'add_limit'\n"
    (team / NAME).write_text(HASH)
    assert _command(team, runner, "install")[0] == 0
    code, out = _command(team, "git", "commit", "--message=hash")
    assert code == 1, out
    assert "alembic-revision-slug: revision '3f2a91bc04de' is a hash" in out
    git(team, "commit", "--quiet", "--no-verify", "--message=hash")
    assert _runner(team, runner, "--from-ref", "HEAD~1", "--to-ref", "HEAD")[0] == 1
    assert _runner(team, runner, "--from-ref", "HEAD~1", "--to-ref", "HEAD~1")[0] == 0
    git(team, "rm", "--quiet", "docs/changelog/1.2.0.md")
    code, out = _runner(team, runner, "version-sync")
    assert code == 1, out
    assert "version 1.2.0 has no changelog page docs/changelog/1.2.0.md" in out


@pytest.mark.xdist_group("runners")
@pytest.mark.parametrize("id", ONE_OF_EACH)
def test_commit_that_breaks_a_rule_and_one_that_mends_it(
    id: str, source: tuple[Path, str], tmp_path: Path
) -> None:
    team, rule = tmp_path, load_rule(id)
    consumer(team, [id], *source)
    git(team, "checkout", "--quiet", "-b", "feature")
    # A commit may leave open what the branch has begun.
    stage = "pre-push" if rule.stages or rule.due == DONE else "pre-commit"
    if "manual" in rule.stages and "pre-push" not in rule.stages:
        stage = "manual"
    for files, code in ((rule.bad, 1), (rule.good, 0)):
        git(team, "reset", "--quiet", "--hard", "main")
        git(team, "clean", "--quiet", "--force", "-d")
        for name, content in files.items():
            if content is None:
                git(team, "rm", "--quiet", "--ignore-unmatch", name)
                continue
            (team / name).parent.mkdir(parents=True, exist_ok=True)
            (team / name).write_text(content)
        git(team, "add", "--all")
        if stage == "pre-commit":
            assert _command(team, "pre-commit", "install")[0] == 0
            got, out = _command(team, "git", "commit", "--allow-empty", "--message=x")
        else:
            git(team, "commit", "--quiet", "--no-verify", "--allow-empty", "--message=x")
            refs = ("--from-ref", "main", "--to-ref", "HEAD")
            got, out = _runner(team, "pre-commit", "--hook-stage", stage, *refs)
        assert got == code, out
        assert (f": {id}: " in out) == bool(code), out


def test_manifest_is_valid() -> None:
    pre_commit = BIN / "pre-commit"
    manifest = ROOT / ".pre-commit-hooks.yaml"
    subprocess.run([pre_commit, "validate-manifest", manifest], check=True)


@pytest.mark.xdist_group("runners")
def test_demo(source: tuple[Path, str]) -> None:
    assert demo.main(source) == 0

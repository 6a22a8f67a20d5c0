"""`definition-of-done run`: what it passes through, what it keeps, and which box that ticks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.contract.programs import lay_task
from tests.repository import Project, Run

from definition_of_done.engine.fingerprint import fingerprint, read_fingerprints

SUITE = "definition-of-done"
ALL = ("run", "--", "task", "all")
KEPT = "definition-of-done run: kept: `task all` ended with exit code"
LEFT = "run it once more, or let git ignore what it writes"
OTHERS = "it ticks no box: check-commands and test-commands name others"


@pytest.fixture
def team(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A small project whose `task` does as TASK_CODE and TASK_WRITES say."""
    lay_task(tmp_path_factory.mktemp("programs") / "bin", monkeypatch)
    project.lay({"app/x.py": "x = 1\n", ".gitignore": "*.log\n", "pyproject.toml": ""})
    project.git("commit", "-qm", "start")
    return project


def _receipts(project: Project) -> list[dict[str, Any]]:
    folder = project.root / project.git("rev-parse", "--git-path", "definition-of-done").strip()
    return [json.loads(path.read_text()) for path in sorted((folder / "receipts").glob("*"))]


def _box(run: Run, title: str = "`task all` green") -> tuple[str, str]:
    _, out, _ = run(SUITE, "status", "--format", "json")
    box = next(box for box in json.loads(out)["boxes"] if box["box"] == title)
    return box["state"], "".join([*box["facts"], *box["evidence"], box["reason"]])


def test_receipt(team: Project, run: Run) -> None:
    index = (team.root / ".git/index").read_bytes()
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0\n")
    tree = fingerprint(read_fingerprints(str(team.root)))
    [receipt] = _receipts(team)
    when = receipt.pop("time")
    assert time.time() - time.mktime(time.strptime(when[:19], "%Y-%m-%dT%H:%M:%S")) < 2 * 86400
    assert receipt == {
        "command": ["task", "all"],
        "folder": ".",
        "code": 0,
        "before": tree,
        "after": tree,
        "about": [],
        "version": "0.1.0",
        "code_tree": fingerprint(read_fingerprints(str(team.root))),
    }
    assert (team.root / ".git/index").read_bytes() == index
    state, told = _box(run)
    assert state == "done"
    day, hour = when[:10], when[11:16]
    assert told == f"ended with exit code 0 on this very tree, {day} {hour} UTC: task all"
    _, out, err = run(SUITE, "status")
    assert "- [x] `task all` green\n  - ended with exit code 0 on this very tree, " in out
    assert err == ""


@pytest.mark.parametrize(
    ("command", "code", "tail"),
    [
        (("task", "all"), 3, ""),
        (("task", "test"), 0, ""),
        (("task", "lint"), 0, f"; {OTHERS}"),
        (("true",), 0, f"; {OTHERS}"),
        (("task", "all", "--", "-k", "x"), 0, f"; {OTHERS}"),
        (("task all",), 2, None),
    ],
)
def test_last_line(
    command: tuple[str, ...],
    code: int,
    tail: str | None,
    team: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TASK_CODE", str(code))
    if tail is None:
        error = f"{SUITE}: error: 'task all' cannot be run: No such file or directory\n"
        assert run(SUITE, "run", "--", *command) == (2, "", error)
        assert not (team.root / ".git/definition-of-done").exists()
        return
    label = "task all -- -k x" if "-k" in command else " ".join(command)
    kept = f"definition-of-done run: kept: `{label}` ended with exit code {code}{tail}\n"
    assert run(SUITE, "run", "--", *command) == (code, "", kept)
    # The two dashes may be left out.
    assert run(SUITE, "run", *command) == (code, "", kept)
    assert [receipt["command"] for receipt in _receipts(team)] == [list(command)]


def test_a_team_without_task(
    team: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(tmp_path))
    error = f"{SUITE}: error: 'task' cannot be run: No such file or directory"
    own = ": name the team's own in test-commands\n"
    assert run(SUITE, "run", "--", "task", "test") == (2, "", f"{error}{own}")
    team.lay({"pyproject.toml": f"[tool.{SUITE}]\ntest-commands = ['task test']\n"})
    assert run(SUITE, "run", "--", "task", "test") == (2, "", f"{error}\n")


@pytest.mark.parametrize("words", [["run"], ["run", "--"]])
def test_no_command(words: list[str], team: Project, run: Run) -> None:
    error = f"{SUITE}: error: no command: definition-of-done run -- task all\n"
    assert run(SUITE, *words) == (2, "", error)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ('["task \'all"]', 'check-commands: "task \'all": No closing quotation'),
        ('[" "]', "check-commands: ' ' is no command"),
    ],
)
def test_command_that_no_shell_reads(value: str, error: str, team: Project, run: Run) -> None:
    team.lay({"pyproject.toml": f"[tool.definition-of-done]\ncheck-commands = {value}\n"})
    where = "pyproject.toml: [tool.definition-of-done]"
    assert run(SUITE, *ALL) == (2, "", f"{SUITE}: error: {where}: {error}\n")


def _untracked(project: Project) -> None:
    (project.root / "new.py").write_text("")


def _changed(project: Project) -> None:
    (project.root / "app/x.py").write_text("x = 2\n")


def _deleted(project: Project) -> None:
    (project.root / "app/x.py").unlink()


def _renamed(project: Project) -> None:
    project.git("mv", "app/x.py", "app/y.py")


def _made_a_program(project: Project) -> None:
    (project.root / "app/x.py").chmod(0o755)


def _linked(project: Project) -> None:
    (project.root / "link").symlink_to("nowhere")


def _nested(project: Project) -> None:
    Project(_folder(project, "other")).lay({"x.py": ""})


def _folder(project: Project, name: str) -> Path:
    (project.root / name).mkdir()
    return project.root / name


CHANGES = (_untracked, _changed, _deleted, _renamed, _made_a_program, _linked, _nested)


@pytest.mark.parametrize("change", CHANGES)
def test_changed_since(change: Callable[[Project], None], team: Project, run: Run) -> None:
    run(SUITE, *ALL)
    assert _box(run)[0] == "done"
    change(team)
    assert _box(run) == ("unproven", "changed since task all ended with exit code 0")


def _staged(project: Project) -> None:
    (project.root / "app/x.py").touch()
    project.git("add", "-A")


def _committed(project: Project) -> None:
    project.git("commit", "-qm", "more", "--allow-empty")


def _ignored(project: Project) -> None:
    (project.root / "x.log").write_text("noise")


def _other_branch(project: Project) -> None:
    project.git("checkout", "-qb", "other")


def _there_and_back(project: Project) -> None:
    (project.root / "app/x.py").write_text("x = 2\n")
    (project.root / "app/x.py").write_text("x = 1\n")


@pytest.mark.parametrize("change", [_staged, _committed, _ignored, _other_branch, _there_and_back])
def test_the_same_tree(change: Callable[[Project], None], team: Project, run: Run) -> None:
    run(SUITE, *ALL)
    change(team)
    assert _box(run)[0] == "done"


def test_untracked_file_that_is_added_is_the_same_tree(team: Project, run: Run) -> None:
    team.lay({"new.py": "new = 1\n"}, add=False)
    run(SUITE, *ALL)
    team.git("add", "new.py")
    team.git("commit", "-qm", "new")
    assert _box(run)[0] == "done"


def test_command_that_writes(team: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASK_WRITES", "made.py")
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0 and changed made.py: {LEFT}\n")
    assert _box(run) == ("unproven", "task all changed files while it ran")
    # It finds the file as it leaves it.
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0\n")
    assert _box(run)[0] == "done"
    monkeypatch.setenv("TASK_WRITES", "made.log")
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0\n")


def test_fixer_that_ends_with_one_proves_nothing(
    team: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASK_WRITES", "made.py")
    monkeypatch.setenv("TASK_CODE", "1")
    run(SUITE, *ALL)
    assert _box(run) == ("unproven", "task all changed files while it ran")
    monkeypatch.delenv("TASK_WRITES")
    run(SUITE, *ALL)
    assert _box(run) == ("open", "task all ended with exit code 1 on this very tree")
    monkeypatch.setenv("TASK_CODE", "0")
    run(SUITE, *ALL)
    assert _box(run)[0] == "done"


def test_another_folder(team: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(team.root / "app")
    tail = "; it ticks no box: it ran in another folder than the project's"
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0{tail}\n")
    assert _receipts(team)[0]["folder"] == "app"
    assert _box(run) == ("unproven", "only a run shows it")


def test_linked_work_tree(team: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = team.root.parent / f"{team.root.name}-linked"
    team.git("worktree", "add", "-q", str(tree))
    monkeypatch.chdir(tree)
    assert run(SUITE, *ALL) == (0, "", f"{KEPT} 0\n")
    assert _box(run)[0] == "done"
    kept = [*(team.root / ".git/worktrees").glob("*/definition-of-done/receipts/*.json")]
    assert len(kept) == 1
    monkeypatch.chdir(team.root)
    assert _box(run) == ("unproven", "only a run shows it")


BROKEN = [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"{}", b'{"command": 1}', b" " * 100_000]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_broken_receipt(content: bytes, team: Project, run: Run) -> None:
    run(SUITE, *ALL)
    [path] = (team.root / ".git/definition-of-done/receipts").iterdir()
    path.write_bytes(content)
    _, out, err = run(SUITE, "status")
    assert "- [ ] `task all` green\n  - not provable here: only a run shows it" in out
    assert err == f"{path.name} is no receipt, and is ignored\n"
    run(SUITE, *ALL)
    assert _box(run)[0] == "done"


@pytest.mark.parametrize(
    "change",
    [{"code": True}, {"code": "0"}, {"command": []}, {"command": [1]}, {"about": "x"}, {"more": 1}],
)
def test_receipt_of_another_form(change: dict[str, object], team: Project, run: Run) -> None:
    run(SUITE, *ALL)
    [path] = (team.root / ".git/definition-of-done/receipts").iterdir()
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert run(SUITE, "status")[2] == f"{path.name} is no receipt, and is ignored\n"


def test_no_receipt_where_the_folder_cannot_be_written(team: Project, run: Run) -> None:
    (team.root / ".git/definition-of-done").write_text("in the way")
    code, out, err = run(SUITE, *ALL)
    assert (code, out) == (0, "")
    assert err.startswith("definition-of-done run: no receipt: ")
    assert err.count("\n") == 1


def test_few_receipts_are_kept(team: Project, run: Run) -> None:
    folder = team.root / ".git/definition-of-done/receipts"
    folder.mkdir(parents=True)
    for at in range(60):
        (folder / f"{at}.json").write_text("{}")
        os.utime(folder / f"{at}.json", (at, at))
    run(SUITE, *ALL)
    assert len([*folder.iterdir()]) == 50
    assert _box(run)[0] == "done"


def _start(*command: str) -> subprocess.Popen[str]:
    code = "import sys; from definition_of_done.commands.main import main; sys.exit(main())"
    argv = [sys.executable, "-c", code, "run", "--", *command]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_output_and_exit_code_pass_through(team: Project) -> None:
    child = _start("sh", "-c", "echo out; echo err >&2; exit 7")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (7, "out\n")
    assert err.startswith("err\ndefinition-of-done run: kept: ")


@pytest.mark.parametrize(
    ("sent", "script", "code"),
    [
        (signal.SIGTERM, "echo up; exec sleep 60", 143),
        (signal.SIGINT, "echo up; exec sleep 60", 130),
        (
            signal.SIGTERM,
            "trap 'kill $!; exit 5' TERM; sleep 60 >/dev/null 2>&1 & echo up; wait",
            5,
        ),
    ],
)
def test_signal_passes_through(sent: signal.Signals, script: str, code: int, team: Project) -> None:
    child = _start("sh", "-c", script)
    assert child.stdout
    assert child.stdout.readline() == "up\n"
    child.send_signal(sent)
    _, err = child.communicate(timeout=60)
    assert child.returncode == code
    assert f"ended with exit code {code};" in err
    assert [receipt["code"] for receipt in _receipts(team)] == [code]


def test_no_command_is_named(team: Project, run: Run) -> None:
    team.lay({"pyproject.toml": "[tool.definition-of-done]\ntest-commands = []\n"})
    run(SUITE, "run", "--", "task", "test")
    box = _box(run, "`task test` green")
    assert box == ("unproven", "test-commands is []: the team names no command")
    assert "run `definition-of-done run -- COMMAND`\n" in run(SUITE, "status")[1]

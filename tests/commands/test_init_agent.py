"""`init --agent`: what it writes, what it leaves alone, and what it refuses to touch."""

from __future__ import annotations

import json
import os

import pytest
from tests.repository import Project, Run
from tests.revision import SUITE

BEGIN, END = "<!-- begin definition-of-done -->", "<!-- end definition-of-done -->"
SETTINGS = ".claude/settings.json"
BEFORE = {
    "matcher": "Edit|MultiEdit|Write|NotebookEdit",
    "hooks": [{"type": "command", "command": "definition-of-done agent before-edit"}],
}
STOP = {"hooks": [{"type": "command", "command": "definition-of-done agent stop"}]}
DONE = "set up: look at the changes, then git add them\n"
NOTHING = (0, "nothing to do: the agent is told, and its hooks are set\n", "")


def read(project: Project, path: str) -> str:
    return (project.root / path).read_bytes().decode()


def refusal(path: str, message: str) -> tuple[int, str, str]:
    return 2, "", f"{SUITE}: error: {path}:{message}; mend it, and run init again\n"


def test_what_is_new(project: Project, run: Run) -> None:
    both = ("--agent", "claude", "--agent", "agents-md")
    code, out, err = run(SUITE, "init", *both, "--dry-run")
    assert (code, err) == (0, "")
    added = [line[4:].strip() for line in out.splitlines() if line.startswith("+++")]
    assert added == ["b/CLAUDE.md", f"b/{SETTINGS}", "b/AGENTS.md"]
    assert list(project.root.iterdir()) == [project.root / ".git"]
    written = f"written: CLAUDE.md\nwritten: {SETTINGS}\nwritten: AGENTS.md\n{DONE}"
    assert run(SUITE, "init", *both) == (0, written, "")
    hooks = {"hooks": {"PreToolUse": [BEFORE], "Stop": [STOP]}}
    assert read(project, SETTINGS) == json.dumps(hooks, indent=2) + "\n"
    block = read(project, "AGENTS.md")
    assert block == read(project, "CLAUDE.md")
    assert block.startswith(f"{BEGIN}\n## Definition of done\n")
    assert block.endswith(f"\n{END}\n")
    assert len(block.splitlines()) < 20
    for command in ("next", "status", "run", "explain", "new plan"):
        assert f"`definition-of-done {command}" in block
    assert run(SUITE, "init", *both) == NOTHING


def test_only_what_is_asked_for(project: Project, run: Run) -> None:
    assert run(SUITE, "init", "--agent", "agents-md")[1] == f"written: AGENTS.md\n{DONE}"
    assert sorted(path.name for path in project.root.iterdir()) == [".git", "AGENTS.md"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "@\n"),
        ("# Ours", "# Ours\n\n@\n"),
        ("# Ours\n", "# Ours\n\n@\n"),
        ("# Ours\n\n\n", "# Ours\n\n\n@\n"),
        ("# Ours\r\n", "# Ours\r\n\r\n@\r\n"),
        (f"a\n{BEGIN}\nold\n{END}\nb\n", "a\n@\nb\n"),
        (f"\ufeffa\r\n{BEGIN}\r\nold\r\n{END}  \r\nb", "\ufeffa\r\n@  \r\nb"),
        (f"a `{BEGIN}` b\n", f"a `{BEGIN}` b\n\n@\n"),
    ],
)
def test_the_block_alone_changes(before: str, after: str, project: Project, run: Run) -> None:
    run(SUITE, "init", "--agent", "agents-md")
    block = read(project, "AGENTS.md").rstrip("\n")
    (project.root / "AGENTS.md").write_bytes(before.encode())
    assert run(SUITE, "init", "--agent", "agents-md")[0] == 0
    newline = "\r\n" if "\r\n" in before else "\n"
    assert read(project, "AGENTS.md") == after.replace("@", block.replace("\n", newline))
    assert run(SUITE, "init", "--agent", "agents-md") == NOTHING


@pytest.mark.parametrize(
    ("text", "line"), [(f"a\n{END}\n{BEGIN}\n", 2), (f"{BEGIN}\n", 1), (f"\n\n{END}\n", 3)]
)
def test_marks_that_are_no_pair(text: str, line: int, project: Project, run: Run) -> None:
    (project.root / "CLAUDE.md").write_text(text)
    said = f"{line}:1: {BEGIN} and {END} do not stand there once each, in this order"
    assert run(SUITE, "init", "--agent", "claude") == refusal("CLAUDE.md", said)
    assert read(project, "CLAUDE.md") == text
    assert not (project.root / SETTINGS).exists()


def test_hooks_of_the_team_stay(project: Project, run: Run) -> None:
    own = {"matcher": "Bash", "hooks": [{"type": "command", "command": "./guard.sh"}]}
    settings = {"permissions": {"deny": ["Read(.env)"]}, "hooks": {"PreToolUse": [own]}}
    project.lay({SETTINGS: json.dumps(settings, indent="\t")})
    run(SUITE, "init", "--agent", "claude")
    found = json.loads(read(project, SETTINGS))
    assert found == {**settings, "hooks": {"PreToolUse": [own, BEFORE], "Stop": [STOP]}}
    assert list(found) == ["permissions", "hooks"]
    # Lines are added, and no line is another one.
    assert not [line for line in project.git("diff").splitlines() if line.startswith("-\t")]
    assert run(SUITE, "init", "--agent", "claude") == NOTHING


def test_a_hook_that_the_team_words_itself_stays(project: Project, run: Run) -> None:
    mine = {"hooks": [{"type": "command", "command": "uv run definition-of-done agent stop"}]}
    project.lay({SETTINGS: json.dumps({"hooks": {"Stop": [mine]}})})
    run(SUITE, "init", "--agent", "claude")
    assert json.loads(read(project, SETTINGS))["hooks"] == {"Stop": [mine], "PreToolUse": [BEFORE]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  "hooks": [}\n', "2:13: not JSON: Expecting value"),
        ("{} // mine\n", "1:4: not JSON: Extra data"),
        (" ", "1:2: not JSON: Expecting value"),
        ("[]", "1:1: the document is no object"),
        ('{"hooks": "none"}', "1:11: hooks is no object"),
        ('{\n "hooks": {\n  "PreToolUse": {}}}', "3:17: hooks.PreToolUse is no array"),
    ],
)
def test_settings_that_are_not_touched(text: str, said: str, project: Project, run: Run) -> None:
    project.lay({SETTINGS: text})
    assert run(SUITE, "init", "--agent", "claude") == refusal(SETTINGS, said)
    assert read(project, SETTINGS) == text
    assert not (project.root / "CLAUDE.md").exists()


def test_the_top_of_the_work_tree(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"api/pyproject.toml": "[tool.definition-of-done]\n"})
    monkeypatch.chdir(project.root / "api")
    written = f"written: ../CLAUDE.md\nwritten: ../{SETTINGS}\n{DONE}"
    assert run(SUITE, "init", "--agent", "claude") == (0, written, "")


@pytest.mark.skipif(os.name == "nt", reason="a link needs a right there")
def test_a_link_stays_one(project: Project, run: Run) -> None:
    project.lay({"AGENTS.md": "# Ours\n"})
    (project.root / "CLAUDE.md").symlink_to("AGENTS.md")
    assert run(SUITE, "init", "--agent", "claude", "--agent", "agents-md")[0] == 0
    assert (project.root / "CLAUDE.md").is_symlink()
    assert read(project, "AGENTS.md").count(BEGIN) == 1
    assert run(SUITE, "init", "--agent", "claude", "--agent", "agents-md") == NOTHING


@pytest.mark.parametrize("told", ["@AGENTS.md", "See @./AGENTS.md.", "- Rules\n  (@AGENTS.md)"])
def test_instructions_that_are_those_of_another_file(told: str, project: Project, run: Run) -> None:
    project.lay({"CLAUDE.md": f"# Ours\n\n{told}\n", "AGENTS.md": "# Theirs\n"})
    written = f"written: AGENTS.md\nwritten: {SETTINGS}\n{DONE}"
    assert run(SUITE, "init", "--agent", "claude") == (0, written, "")
    assert BEGIN not in read(project, "CLAUDE.md")
    assert read(project, "AGENTS.md").startswith(f"# Theirs\n\n{BEGIN}\n")
    assert run(SUITE, "init", "--agent", "claude", "--agent", "agents-md") == NOTHING


@pytest.mark.parametrize(
    "told", ["```\n@AGENTS.md\n```", "`@AGENTS.md`", "me@AGENTS.md", "AGENTS.md", "@AGENTS.md/x"]
)
def test_words_that_import_nothing(told: str, project: Project, run: Run) -> None:
    project.lay({"CLAUDE.md": f"# Ours\n\n{told}\n", "AGENTS.md": "# Theirs\n"})
    assert run(SUITE, "init", "--agent", "claude")[1].startswith("written: CLAUDE.md\n")
    assert read(project, "AGENTS.md") == "# Theirs\n"


def test_a_folder_is_not_written_over(project: Project, run: Run) -> None:
    (project.root / "CLAUDE.md").mkdir()
    code, out, err = run(SUITE, "init", "--agent", "claude")
    assert (code, out) == (2, "")
    assert err.startswith(f"{SUITE}: error: CLAUDE.md: cannot be written: ")
    assert not (project.root / SETTINGS).exists()


@pytest.mark.skipif(os.name == "nt", reason="a link needs a right there")
def test_a_link_that_leads_out_is_not_followed(
    project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project.root / ".claude").symlink_to(outside)
    code, out, err = run(SUITE, "init", "--agent", "claude")
    assert (code, out) == (2, "")
    assert err.startswith(f"{SUITE}: error: {SETTINGS}: leads out of the work tree, to ")
    assert [*outside.iterdir()] == []
    assert not (project.root / "CLAUDE.md").exists()

"""The README's generated blocks say what is so."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import start_main

from definition_of_done.commands._readme import sections_of_hooks, table_of_hooks, table_of_settings
from definition_of_done.engine.registry import all_rules, known_ids, load_rule
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.subject import FileSubject, RepositorySubject
from definition_of_done.project.settings import SETTINGS

# A marker with more text is none.
_NO_COMMENT = (
    "no-autogenerate-noise",
    *(
        rule.id
        for rule in all_rules()
        if isinstance(rule.subject, RepositorySubject) and rule.subject.accept
    ),
)


@pytest.fixture
def service(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The sample as pre-commit.ci has it: one commit without a branch, and no other ref."""
    start_main(project)
    project.git("commit", "-qm", "feature", "--allow-empty")
    clone = tmp_path_factory.mktemp("service")
    monkeypatch.chdir(clone)
    for args in (
        ["init", "-q"],
        ["fetch", "-q", "--depth=1", project.root.as_uri(), "main"],
        ["checkout", "-q", "FETCH_HEAD"],
    ):
        subprocess.run(["git", *args], cwd=clone, check=True, stderr=subprocess.DEVNULL)
    return clone


def test_the_rules_that_need_a_base_are_declared(service: Path, run: Run) -> None:
    said: dict[str, bool | str] = {}
    for rule in all_rules():
        code, _, notes = run(rule.id)
        # One that is asked for may want an input that nobody gives here.
        assert code == 0 or rule.stages
        for note in notes.splitlines():
            id, _, reason = note.partition(": not evaluated: ")
            part, found, _ = reason.rpartition("no base;")
            if found:
                said[id] = part.removesuffix(": ") or True
    declared = {
        rule.id: rule.subject.diff
        for rule in all_rules()
        if isinstance(rule.subject, RepositorySubject) and rule.subject.diff
    }
    assert said == declared, "declare it with the subject: diff=True, or the part that needs a base"
    suite = [id for id in said if not load_rule(id).stages]
    lines = run(SUITE, "check")[2].splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(suite)


@pytest.mark.parametrize("id", [id for id in known_ids() if id not in _NO_COMMENT])
def test_the_comment_of_a_section_silences(
    id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    rule = load_rule(id)
    sample.lay(rule.bad)
    section = sections_of_hooks([rule])
    found = json.loads(run(id, "--format", "json")[1])["findings"]
    assert found
    for finding in found:
        path = sample.root / finding["path"]
        lines = path.read_text().splitlines()
        at = finding["line"] - 1
        form = f"dod: ignore[{id}] reason"
        form = f"<!-- {form} -->" if path.suffix == ".md" else f"# {form}"
        assert f"`{form}`" in section
        if path.suffix == ".py":
            first = ast.parse("\n".join(lines)).body[0]
            if isinstance(first, ast.Expr) and first.lineno <= finding["line"] <= _end(first):
                # A docstring takes the comment after its end.
                at = _end(first) - 1
        lines[at] += f"  {form}"
        path.write_text("\n".join(lines) + "\n")
        sample.git("add", "--", finding["path"])
    assert run(id)[0] == 0


def _end(node: ast.stmt) -> int:
    assert node.end_lineno
    return node.end_lineno


def _rule(
    subject: FileSubject[None] | RepositorySubject[None], stages: tuple[str, ...] = (), **more: Any
) -> Rule:
    return Rule(
        lambda _: iter(()),
        id="some-rule",
        contract="1.1",
        summary="a | b is `a | b`, 2 * 3 * 4 and <x>",
        why="Because of <y> and `<z>`",
        subject=subject,
        stages=stages,
        **{"good": {}, "bad": {}, **more},
    )


def _file(suffix: str) -> FileSubject[None]:
    return FileSubject("x", suffix=suffix, concerns=lambda _, __: True, read=lambda _, __: None)


def _tree(diff: bool | str = False) -> RepositorySubject[None]:
    return RepositorySubject("x", concerns=lambda _, __: True, read=lambda _: None, diff=diff)


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        (_rule(_file(".py")), ["file", "commit", "", "", "yes"]),
        (_rule(_tree(), fixes=True), ["tree", "commit", "yes", "", "yes"]),
        (_rule(_tree(True)), ["diff", "commit", "", "", "no base"]),
        (_rule(_tree("the half")), ["tree, diff", "commit", "", "", "all but the half"]),
        (_rule(_tree(), ("manual",)), ["tree", "commit", "", "manual", "no"]),
        (
            _rule(_tree(), ("pre-commit", "manual")),
            ["tree", "commit", "", "pre-commit, manual", "yes"],
        ),
    ],
)
def test_row(rule: Rule, cells: list[str]) -> None:
    row = table_of_hooks([rule]).splitlines()[-1]
    assert [cell.strip() for cell in row.split("|")][-6:-1] == cells


def test_prose_is_shown_as_it_stands() -> None:
    html = MarkdownIt("commonmark").enable("table").render(table_of_hooks([_rule(_tree())]))
    assert "<td>a | b is <code>a | b</code>, 2 * 3 * 4 and &lt;x&gt;</td>" in html
    html = MarkdownIt("commonmark").render(sections_of_hooks([_rule(_tree())]))
    assert "Because of &lt;y&gt; and <code>&lt;z&gt;</code> <em>Contract 1.1.</em>" in html


@pytest.mark.parametrize(
    ("bad", "good", "lines"),
    [
        (
            {"a.py": "x\ny\nz\n"},
            {"a.py": "x\nw\nz\n"},
            ["  a.py", "  ...", "  x", "- y", "+ w", "  z"],
        ),
        ({"a.py": "x", "b.py": "y"}, {"a.py": "x", "b.py": "z"}, ["  b.py", "  ...", "- y", "+ z"]),
        ({"b/B.py": "x"}, {"b/a.py": "x"}, ["- b/B.py", "+ b/a.py"]),
        ({"a.py": None}, {"a.py": "x"}, ["+ a.py"]),
        # What only keeps other rules content, and what is not of the kind that the rule reads.
        ({"a.py": "x", "b/c.py": "", "d.md": ""}, {"a.py": "y"}, ["  a.py", "  ...", "- x", "+ y"]),
    ],
)
def test_example(bad: dict[str, str | None], good: dict[str, str | None], lines: list[str]) -> None:
    section = sections_of_hooks([_rule(_file(".py"), bad=bad, good=good)])
    assert section.split("```")[1].splitlines() == ["diff", *lines]


@pytest.mark.parametrize("id", list(known_ids()))
def test_every_hook_has_an_example(id: str) -> None:
    lines = sections_of_hooks([load_rule(id)]).split("```")[1].splitlines()
    assert any(line.startswith(("-", "+")) for line in lines)
    assert len(lines) < 30


def test_every_setting_has_a_row_whose_default_is_true() -> None:
    rows = dict(
        row.removeprefix("| `").split("` | ", 1) for row in table_of_settings().splitlines()[2:]
    )
    assert list(rows) == [key for key, setting in SETTINGS.items() if setting.kind != "input"]
    assert rows["features"].startswith('string | `"docs/feature"` | ')
    assert rows["features"].endswith('; `""`: none is kept |')
    assert rows["immutable-body"].startswith("true or false | `false` | ")
    assert rows["taskfile"].startswith("string | the first that Task looks for | ")
    assert rows["since"].startswith("string or a list of strings | `[]` | ")

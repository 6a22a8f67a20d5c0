"""The pages of the hooks, and the tables of hooks and keys, say what is so."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.commands.toy_rules import of_files, of_tree, toy_rule
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import start_main

from definition_of_done.commands._pages import (
    nav_of_hooks,
    page_of_hook,
    short_table,
    table_of_hooks,
    table_of_settings,
)
from definition_of_done.engine.registry import all_rules, families, known_ids, load_rule
from definition_of_done.engine.rule import New, RepositorySubject, Rule
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
def test_the_comment_of_a_page_silences(
    id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    rule = load_rule(id)
    sample.lay(rule.bad)
    page = page_of_hook(rule)
    found = json.loads(run(id, "--format", "json")[1])["findings"]
    assert found
    for finding in found:
        path = sample.root / finding["path"]
        lines = path.read_text().splitlines()
        at = finding["line"] - 1
        form = f"dod: ignore[{id}] reason"
        form = f"<!-- {form} -->" if path.suffix == ".md" else f"# {form}"
        assert f"`{form}`" in page
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


def test_prose_is_shown_as_it_stands() -> None:
    html = MarkdownIt("commonmark").render(page_of_hook(toy_rule(of_tree())))
    assert "<p>Because of &lt;y&gt; and <code>&lt;z&gt;</code></p>" in html


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            toy_rule(of_files(".py")),
            "At every commit. It reads each file by itself. pre-commit.ci judges it. ",
        ),
        (
            toy_rule(of_tree()),
            "At every commit. It reads the tree as a whole. pre-commit.ci judges it. ",
        ),
        (
            toy_rule(of_tree(True)),
            "At every commit. It reads what the branch changes since its base. pre-commit.ci has no"
            " base for it: it says so there, and passes. ",
        ),
        (
            toy_rule(of_tree("the half")),
            "At every commit. It reads the tree as a whole, and what the branch changes since its"
            " base. pre-commit.ci judges all but the half. ",
        ),
        (
            toy_rule(of_tree(), ("pre-push", "manual")),
            "Where its id is asked for, at pre-push and manual. It reads the tree as a whole."
            " pre-commit.ci does not run it. ",
        ),
    ],
)
def test_when(rule: Rule, said: str) -> None:
    assert f"\n\n{said}See [when a rule is due](" in page_of_hook(rule)


def _sides(rule: Rule) -> list[list[str]]:
    """The lines of the bad example and those of the good one."""
    bad, good = page_of_hook(rule).split("```diff\n")[1:]
    return [side.partition("```")[0].splitlines() for side in (bad, good)]


@pytest.mark.parametrize(
    ("bad", "good", "lines"),
    [
        (
            {"a.py": "x\ny\nz\n"},
            {"a.py": "x\nw\nz\n"},
            [["  a.py", "  ...", "  x", "- y", "  z"], ["  a.py", "  ...", "  x", "+ w", "  z"]],
        ),
        (
            {"a.py": "x", "b.py": "y"},
            {"a.py": "x", "b.py": "z"},
            [["  b.py", "  ...", "- y"], ["  b.py", "  ...", "+ z"]],
        ),
        # A wrong name, beside the right one.
        ({"b/B.py": "x"}, {"b/a.py": "x"}, [["- b/B.py"], ["+ b/a.py", "+ x"]]),
        ({"b/B.py": "x", "b/a.py": None}, {"b/a.py": "x"}, [["- b/B.py"], ["+ b/a.py"]]),
        # A file that is deleted, or that is new and short.
        ({"a.py": None}, {"a.py": "x"}, [["- a.py (deleted)"], ["+ a.py"]]),
        (
            {"a.py": None},
            {"b.py": None, "c.py": "x\n\ny"},
            [["- a.py (deleted)"], ["+ b.py (deleted)", "+ c.py", "+ x", "+", "+ y"]],
        ),
        ({"b/a.py": None}, {"c.py": "x\n" * 11}, [["- b/a.py (deleted)"], ["+ c.py"]]),
        # What only keeps other rules content, and what is not of the kind that the rule reads.
        (
            {"a.py": "x", "b/c.py": "", "d/e.py": None, "d.md": ""},
            {"a.py": "y"},
            [["  a.py", "  ...", "- x"], ["  a.py", "  ...", "+ y"]],
        ),
    ],
)
def test_example(
    bad: dict[str, str | None], good: dict[str, str | None], lines: list[list[str]]
) -> None:
    assert _sides(toy_rule(of_files(".py"), bad=bad, good=good)) == lines


@pytest.mark.parametrize("id", list(known_ids()))
def test_every_hook_has_an_example(id: str) -> None:
    bad, good = _sides(load_rule(id))
    assert any(line.startswith("-") for line in bad) or any(line.startswith("+") for line in good)
    assert bad
    assert good
    assert len(bad) + len(good) < 40


PARTS = ["Why", "When it is due", "Bad and good", "Options", "Accept a finding"]


@pytest.mark.parametrize("id", list(known_ids()))
def test_every_page_has_its_parts(id: str) -> None:
    rule = load_rule(id)
    page = page_of_hook(rule)
    assert page.startswith(f"# {id}\n")
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == PARTS
    assert ("`--fix` mends what is certain" in page) == rule.fixes
    for key in rule.keys:
        assert (f"\n| `{key}` | " in page) == (SETTINGS[key].kind != "input")
        assert (f"\n`--{key}`: " in page) == (SETTINGS[key].kind == "input")


def test_facts() -> None:
    rule = toy_rule(of_tree(), news=[New("0.2", "a `x < y` and <z>", "x")], fixes=True)
    rule.module = "definition_of_done.rules.gates.some_rule"
    said = (
        "**Contract 1.1** · family `gates` · `--fix` mends what is certain · since 0.1\n\n"
        "Since 0.2 also: a `x < y` and &lt;z>.\n\n"
        "## Why\n"
    )
    assert said in page_of_hook(rule)
    rule.contract = "beyond"
    said = '**Beyond the contract**, with `extend-select = ["gates"]` · family `gates` · '
    assert said in page_of_hook(rule)


def test_a_hook_without_keys_says_so() -> None:
    assert "It has no key in the [configuration]" in page_of_hook(toy_rule(of_tree()))


def test_the_navigation_has_each_family_once() -> None:
    lines = nav_of_hooks(all_rules()).splitlines()
    assert lines[0] == "      - Migrations:"
    assert len([line for line in lines if line.endswith(":")]) == len(families())
    assert len(lines) == len(families()) + len(known_ids())


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        (toy_rule(of_files(".py")), ["file", "commit", "", "", "yes"]),
        (toy_rule(of_tree(), fixes=True), ["tree", "commit", "yes", "", "yes"]),
        (toy_rule(of_tree(True)), ["diff", "commit", "", "", "no base"]),
        (toy_rule(of_tree("the half")), ["tree, diff", "commit", "", "", "all but the half"]),
        (toy_rule(of_tree(), ("manual",)), ["tree", "commit", "", "manual", "no"]),
        (
            toy_rule(of_tree(), ("pre-commit", "manual")),
            ["tree", "commit", "", "pre-commit, manual", "yes"],
        ),
    ],
)
def test_row(rule: Rule, cells: list[str]) -> None:
    row = table_of_hooks([rule]).splitlines()[-1]
    assert [cell.strip() for cell in row.split("|")][-6:-1] == cells


def test_prose_of_a_table_is_shown_as_it_stands() -> None:
    html = MarkdownIt("commonmark").enable("table").render(table_of_hooks([toy_rule(of_tree())]))
    assert "<td>a | b is <code>a | b</code>, 2 * 3 * 4 and &lt;x&gt;</td>" in html


def test_the_short_table_links_to_the_pages() -> None:
    row = short_table([toy_rule(of_tree(), fixes=True)]).splitlines()[-1]
    assert row.startswith("| [`some-rule`](docs/hooks/some-rule.md) | 1.1 | a \\| b is ")
    assert row.endswith(" | commit | yes |")


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

"""The tables of the hooks and the keys say what is so."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from tests.commands.toy_rules import of_files, of_tree, toy_rule

from definition_of_done.commands._tables import short_table, table_of_hooks, table_of_settings
from definition_of_done.engine.rule import Rule
from definition_of_done.project.settings import SETTINGS


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


def test_prose_is_shown_as_it_stands() -> None:
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

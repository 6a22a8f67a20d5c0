"""The command of a single hook: its help, and when it leaves at once."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

from definition_of_done.commands import hook
from definition_of_done.commands.hook import parser_of as hook_parser
from definition_of_done.engine.explanation import difference, place
from definition_of_done.engine.registry import known_ids, load_rule


def test_help_explains(project: Project, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("downgrade-not-pass", "--help")
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "Why: A deploy that goes wrong at night" in out
    assert "--versions PATH" in out


@pytest.mark.parametrize("id", list(known_ids()))
def test_help_says_why_and_shows_the_difference(id: str) -> None:
    rule = load_rule(id)
    text = hook_parser(rule).format_help()
    joined = " ".join(text.split())
    assert f"Why: {rule.why}" in joined
    assert place(rule) in joined
    assert f"explain {id}" in joined
    assert difference(rule)
    for line in difference(rule):
        # A row behind a backslash goes on with the one before; blanks at its end are not shown.
        assert "".join(line.split()) in "".join(joined.replace(" \\ ", "").split()), line


def test_nothing_that_concerns_it(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"a.txt": "x", "b.py": "x = 1\n"})
    # A file of another suffix is none of its own: not even the session is opened.
    monkeypatch.setattr("definition_of_done.commands.check.judge", None)
    assert run("no-inline-ddl", "a.txt") == (0, "", "")
    for words in (["a.txt", "b.py"], ["none.txt"], ["--fix", "a.txt"]):
        assert run("no-inline-ddl", *words)[0] == 2


def test_a_script_for_each_hook() -> None:
    assert callable(hook.alembic_filename)
    with pytest.raises(AttributeError, match="no hook is called some-rule"):
        _ = hook.some_rule

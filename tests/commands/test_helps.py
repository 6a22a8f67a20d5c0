"""Every help and list: complete, and in lines that fit 80 columns."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from tests.repository import Run

from definition_of_done.commands import main
from definition_of_done.commands.hook import parser_of as hook_parser
from definition_of_done.engine.explanation import contract, difference, explain
from definition_of_done.engine.registry import all_rules, known_ids, load_rule

SUITE = "definition-of-done"


def walk(parser: argparse.ArgumentParser, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of every command of a parser."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from walk(below, *words, name)


def parser_of(words: tuple[str, ...]) -> argparse.ArgumentParser:
    if words[0] != SUITE:
        return hook_parser(load_rule(words[0]))
    parser = main.parser_of(words[1]) if words[1:] else main.parser_of_all()
    for word in words[2:]:
        (commands,) = (action for action in parser._actions if isinstance(action.choices, dict))
        assert isinstance(commands.choices, dict)
        parser = commands.choices[word]
    return parser


COMMANDS = [
    (SUITE,),
    *((SUITE, name, *words) for name in main.COMMANDS for words in walk(main.parser_of(name))),
]
ALL = [*COMMANDS, *((id,) for id in known_ids())]


def test_the_commands_are_all_walked() -> None:
    assert {words[1:] for words in COMMANDS} >= {(), ("check",), ("new", "plan"), ("bump",)}


@pytest.mark.parametrize("columns", ["80", None])
@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_fits(
    words: tuple[str, ...],
    columns: str | None,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    else:
        # Piped, there is no terminal to ask.
        monkeypatch.delenv("COLUMNS", raising=False)
    with pytest.raises(SystemExit) as stop:
        run(words[0], *words[1:], "--help")
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: {' '.join(words)} ")
    assert [line for line in out.splitlines() if len(line) > 80 or line != line.rstrip()] == []


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_is_complete(words: tuple[str, ...]) -> None:
    parser = parser_of(words)
    assert parser.description
    assert not parser.allow_abbrev
    for action in parser._actions:
        name = "/".join(action.option_strings) or action.dest
        if isinstance(action, argparse._SubParsersAction):
            assert {choice.dest for choice in action._choices_actions} == set(action.choices)
            assert all(choice.help for choice in action._choices_actions)
            continue
        assert action.help, name
        if action.option_strings and action.nargs != 0:
            assert "default" in action.help, name
            assert isinstance(action.metavar, str), name


@pytest.mark.parametrize("id", list(known_ids()))
def test_help_says_why_and_shows_the_difference(id: str) -> None:
    rule = load_rule(id)
    text = hook_parser(rule).format_help()
    joined = " ".join(text.split())
    assert f"Why: {rule.why}" in joined
    assert f"Contract: {rule.contract}" in joined
    assert f"explain {id}" in joined
    assert difference(rule)
    for line in difference(rule):
        # A row behind a backslash goes on with the one before; blanks at its end are not shown.
        assert "".join(line.split()) in "".join(joined.replace(" \\ ", "").split()), line


def test_explain_and_list_fit(run: Run) -> None:
    lines = run(SUITE, "list")[1].splitlines()
    assert [line.split()[:2] for line in lines if line[0] != " "] == [
        [rule.id, rule.contract] for rule in all_rules()
    ]
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert all(rule.summary in text for rule in all_rules())


def test_the_contract_for_an_agent(run: Run) -> None:
    code, out, err = run(SUITE, "explain", "--all")
    assert (code, out, err) == (0, contract(all_rules()), "")
    lines = out.splitlines()
    assert len(lines) < 250
    for rule in all_rules():
        at = lines.index(f"{rule.contract} {rule.id}: {rule.summary}")
        assert lines[at + 1] == f"    why: {rule.why}"
    at = lines.index("3.8 downgrade-not-pass: upgrade and downgrade both do something")
    assert lines[at + 2 : at + 4] == [
        "    bad:  pass",
        '    good: op.drop_column("vendor_credits", "credit_limit")',
    ]
    numbers = [line.split()[0] for line in lines if line[:1].isdigit()]
    assert numbers == sorted(
        numbers, key=lambda number: [int(part) for part in number.split(".") if part]
    )


def test_explain_of_one_rule_shows_both_examples_in_full(run: Run) -> None:
    rule = load_rule("version-sync")
    assert run(SUITE, "explain", rule.id)[1] == f"{rule.id}\n\n{explain(rule)}"
    assert explain(rule).count("| __version__") == 2


@pytest.mark.parametrize("argv", [[], ["--all", "version-sync"]])
def test_explain_takes_one_rule_or_all(
    argv: list[str], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(SUITE, "explain", *argv)
    assert stop.value.code == 2

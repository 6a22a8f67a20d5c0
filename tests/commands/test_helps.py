"""Every help: complete, and in lines that fit 80 columns."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from tests.repository import Run

from definition_of_done.commands import main
from definition_of_done.commands.hook import parser_of as hook_parser
from definition_of_done.engine.registry import known_ids, load_rule

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

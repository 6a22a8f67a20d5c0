"""Every help: complete, and in lines that fit 80 columns."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from tests.repository import Run

from definition_of_done.commands import main
from definition_of_done.commands._parser import Parser
from definition_of_done.commands.hook import parser_of as hook_parser
from definition_of_done.engine.registry import known_ids, load_rule
from definition_of_done.project.settings import SETTINGS

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
    *(
        (SUITE, name, *words)
        for name in (*main.COMMANDS, main.INTERNAL)
        for words in walk(main.parser_of(name))
    ),
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
    assert isinstance(parser, Parser)
    parser.show_rest()
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


def test_common_options_come_first(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for option in ("--help", "--help-all"):
        with pytest.raises(SystemExit) as stop:
            run(SUITE, "check", option)
        assert stop.value.code == 0
        texts.append(capsys.readouterr().out)
    short, whole = texts
    assert len(short.splitlines()) < 50
    for option in ("--fix", "--format", "--base", "--select", "--ignore", "--help-all"):
        assert f"  {option} " in short
    assert "--from-runner" not in short
    assert "--versions" not in short
    for key, setting in SETTINGS.items():
        has_flag = key != "base" and setting.kind not in ("names", "reasons", "levels")
        assert (f"-{key} " in whole or f"-{key}\n" in whole) == has_flag or key == "base", key


def test_what_is_for_our_own_checkout_is_not_listed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(SUITE, "--help")
    out = capsys.readouterr().out
    assert "baseline" in out
    assert "catalogue" not in out


@pytest.mark.parametrize("words", [(SUITE, "check"), ("version-sync",)])
def test_a_usage_error_is_one_line(
    words: tuple[str, ...], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(*words, "--format", "xml")
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{' '.join(words)}: error: argument --format: invalid choice: 'xml' ")

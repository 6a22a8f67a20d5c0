"""Shell completion of `definition-of-done`: a script with the words of its parsers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from definition_of_done.commands._parser import Parser
from definition_of_done.commands.schema import names
from definition_of_done.engine.registry import families, known_ids

# What no parser lists: the words of an argument or of an option, by the name of either.
_WORDS: Mapping[str, Callable[[], Iterable[str]]] = {
    "id": known_ids,
    "name": names,
    "version": lambda: ("major", "minor", "patch"),
    "--select": lambda: (*families(), *known_ids()),
    "--ignore": lambda: (*families(), *known_ids()),
}
_BASH = """\
# definition-of-done --print-completion bash
_definition_of_done() {
    local word=${COMP_WORDS[COMP_CWORD]} words=
    if ((COMP_CWORD == 1)); then
        words="%(commands)s"
    else
        case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}" in
%(values)s
        *)
            case "${COMP_WORDS[1]} $word" in
%(words)s
            esac
            ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _definition_of_done definition-of-done
"""
_ZSH = """\
#compdef definition-of-done
# definition-of-done --print-completion zsh
_definition_of_done() {
    if ((CURRENT == 2)); then
        local -a commands=(
%(commands)s
        )
        _describe command commands
        return
    fi
    case "$words[2] $words[CURRENT-1]" in
%(values)s
    *)
        case "$words[2] $words[CURRENT]" in
%(words)s
        *) _files ;;
        esac
        ;;
    esac
}
if [ "$funcstack[1]" = _definition_of_done ]; then
    _definition_of_done "$@"
else
    compdef _definition_of_done definition-of-done
fi
"""


class _Command:
    """A command with its words: `options` with those that follow one, `words` for its arguments."""

    def __init__(self, name: str, help: str, parser: argparse.ArgumentParser) -> None:
        self.name = name
        self.help = _plain(help)
        self.options: dict[str, tuple[str, Sequence[str] | None]] = {}
        self.words: list[str] = []
        self._read(parser)

    def _read(self, parser: argparse.ArgumentParser) -> None:
        if isinstance(parser, Parser):
            parser.show_rest()
        for action in parser._actions:
            for option in action.option_strings:
                if option.startswith("--"):
                    takes_some = action.nargs != 0
                    words = _words(option, action) if takes_some else None
                    self.options[option] = (_plain(action.help or ""), words)
            if not action.option_strings:
                self.words += _words(action.dest, action)
            if isinstance(action, argparse._SubParsersAction):
                for below in action.choices.values():
                    self._read(below)


def _words(name: str, action: argparse.Action) -> list[str]:
    return [*(action.choices or _WORDS.get(name, tuple)())]


def _plain(help: str) -> str:
    """The first clause of a help, without what a shell reads in double quotes."""
    clause = re.split(r"[;:(]", help)[0]
    return re.sub(r"[^\w ,./()'-]", "", clause).strip()


def completion(shell: str, commands: Iterable[tuple[str, str, argparse.ArgumentParser]]) -> str:
    """The script for bash, zsh or fish; each command has its name, its help and its parser."""
    read = [_Command(*command) for command in commands]
    if shell == "fish":
        return "".join(f"{line}\n" for line in _fish(read))
    is_bash = shell == "bash"
    told = 'words="%s"' if is_bash else "compadd -- %s"
    values = [
        f"'{command.name} {option}') {told % ' '.join(words)} ;;"
        for command in read
        for option, (_, words) in command.options.items()
        if words
    ]
    words = [f"'{command.name} -'*) {told % ' '.join(command.options)} ;;" for command in read]
    words += [
        f"'{command.name} '*) {told % ' '.join(command.words)} ;;"
        for command in read
        if command.words
    ]
    names = [f'"{command.name}:{command.help}"' for command in read]
    return (_BASH if is_bash else _ZSH) % {
        "commands": " ".join(command.name for command in read) if is_bash else _indented(names, 12),
        "values": _indented(values, 8 if is_bash else 4),
        "words": _indented(words, 12 if is_bash else 8),
    }


def _indented(lines: Sequence[str], depth: int) -> str:
    return "\n".join(" " * depth + line for line in lines)


def _fish(read: Sequence[_Command]) -> Iterator[str]:
    start = "complete -c definition-of-done"
    yield "# definition-of-done --print-completion fish"
    for command in read:
        yield f'{start} -n __fish_use_subcommand -f -a {command.name} -d "{command.help}"'
    for command in read:
        here = f"{start} -n '__fish_seen_subcommand_from {command.name}'"
        if command.words:
            yield f"{here} -f -a '{' '.join(command.words)}'"
        for option, (help, words) in command.options.items():
            value = "" if words is None else f" -x -a '{' '.join(words)}'" if words else " -r"
            yield f'{here} -l {option[2:]}{value} -d "{help}"'

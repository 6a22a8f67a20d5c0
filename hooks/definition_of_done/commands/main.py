"""The command `definition-of-done`, with a subcommand for each module of COMMANDS.

Each subcommand is a module of this package with HELP, DESCRIPTION, `add_arguments(parser)` and
`run(options)`, which returns the exit code.
"""

from __future__ import annotations

import sys

from definition_of_done.commands.guard import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import ModuleType

NAME = "definition-of-done"
# For this project's own checkout alone.
_INTERNAL = "catalogue"
# In the order of the help.
COMMANDS = (
    *("init", "doctor", "check", "status", "next", "run", "explain", "list", "new", "bump"),
    *("baseline", "agent", "schema", "lsp"),
    _INTERNAL,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line (default: sys.argv); returns the exit code 0, 1 or 2."""
    return guarded(NAME, _run, list(sys.argv[1:] if argv is None else argv))


def _run(words: list[str]) -> int:
    if words[:1] == ["check"]:
        from definition_of_done.commands.check import FROM_RUNNER, judge

        if {word for word in words[1:] if word.startswith("-")} == {FROM_RUNNER}:
            # The manifest's own entry line, on every commit: argparse would cost as much again.
            files = [word for word in words[1:] if word != FROM_RUNNER]
            return judge(None, files, from_runner=True)
    if words and words[0] in COMMANDS:
        options = parser_of(words[0]).parse_args(words[1:])
        options.words = words[1:]
        code: int = _command(words[0]).run(options)
        return code
    parser = parser_of_all()
    shell = parser.parse_args(words).print_completion
    if shell:
        from definition_of_done.base.printing import write
        from definition_of_done.commands._completion import completion

        named = [name for name in COMMANDS if name != _INTERNAL]
        write(completion(shell, [(name, _command(name).HELP, parser_of(name)) for name in named]))
        return 0
    parser.print_help(sys.stderr)
    return 2


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of one subcommand: no other one is imported."""
    from definition_of_done.commands._parser import Parser

    command = _command(name)
    parser = Parser(prog=f"{NAME} {name}", description=command.DESCRIPTION)
    command.add_arguments(parser)
    return parser


def _command(name: str) -> ModuleType:
    # importlib's own function imports warnings, too.
    module: ModuleType = __import__(f"{__package__}.{name}", fromlist=("run",))
    return module


def parser_of_all() -> argparse.ArgumentParser:
    """The parser of the subcommands' names: for the help, and for a word that is none of them."""
    from definition_of_done import __version__
    from definition_of_done.commands._parser import Parser

    parser = Parser(prog=NAME, description="A backend team's definition of done, checked.")
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    parser.add_argument(
        "--print-completion",
        choices=("bash", "zsh", "fish"),
        metavar="SHELL",
        help="print the script by which bash, zsh or fish completes words; default: none",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in COMMANDS:
        if name != _INTERNAL:
            commands.add_parser(name, help=_command(name).HELP)
    return parser

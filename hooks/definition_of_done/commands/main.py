"""The command `definition-of-done`, with a subcommand for each name of COMMANDS.

Each subcommand is a module of this package with DESCRIPTION, `add_arguments(parser)` and
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
INTERNAL = "catalogue"
# Each subcommand with its line of the help, which imports none of them.
COMMANDS = {
    "init": "adopt the hooks in a project: configuration, hook entry and baseline",
    "doctor": "say what each enabled rule sees here, and the setting to blame where it sees none",
    "check": "judge files, by default the whole project",
    "status": "print the checklist of the branch: what is proven, what is open, what to run",
    "next": "print the next step of the feature: the first one that is open, and its command",
    "run": "run a command of the team, and keep a receipt by which status ticks its box",
    "explain": "why a rule exists, with examples",
    "list": "all rules by family: id, contract number, summary",
    "new": "write a file of the contract's shape to fill in",
    "bump": "write the next version everywhere, with its changelog page",
    "baseline": "write the baseline of accepted findings",
    "agent": "what a coding agent's hooks call: before an edit, and when it stops",
    "schema": "JSON Schema of the configuration, and of what other commands print",
    "lsp": "serve an editor: findings, why they are ones, and what mends them",
}


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
    if words and words[0] in (*COMMANDS, INTERNAL):
        options = parser_of(words[0]).parse_args(words[1:])
        options.words = words[1:]
        code: int = _command(words[0]).run(options)
        return code
    parser = parser_of_all()
    shell = parser.parse_args(words).print_completion
    if shell:
        from definition_of_done.base.words import write
        from definition_of_done.commands._completion import completion

        write(completion(shell, [(*named, parser_of(named[0])) for named in COMMANDS.items()]))
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
    for name, help in COMMANDS.items():
        commands.add_parser(name, help=help)
    return parser

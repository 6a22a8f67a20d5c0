"""The command `definition-of-done`: set up, check, tell, and write what the contract asks for."""

import sys

from definition_of_done.engine.hook import add_options, guarded, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

NAME = "definition-of-done"
FROM_RUNNER = "--from-runner"


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the command line (default: sys.argv); returns the exit code 0, 1 or 2."""
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(NAME, lambda: _run(words))


def _run(words: "list[str]") -> int:
    flags = {word for word in words[1:] if word.startswith("-")}
    if words[:1] == ["check"] and flags == {FROM_RUNNER}:
        # The manifest's own entry line, on every commit: argparse would cost as much again.
        return _check([word for word in words[1:] if word != FROM_RUNNER])
    parser = _parser()
    options = parser.parse_args(words)
    if options.command == "check":
        runner = options.from_runner
        return _check(options.files if runner else options.files or None, options)
    if options.command == "status":
        from definition_of_done.gates._status import run_status

        return run_status(options)
    if options.command == "explain":
        return _explain(options.id)
    if options.command == "list":
        return _list()
    if options.command == "new":
        from definition_of_done.engine.new import write_new

        return write_new(options)
    if options.command == "bump":
        from definition_of_done.release._bump import run_bump

        return run_bump(options, words[1:])
    if options.command == "init":
        from definition_of_done.engine.init import run_init

        return run_init(options)
    if options.command == "baseline":
        from definition_of_done.engine.baseline import run_baseline

        return run_baseline(options)
    if options.command == "catalogue":
        from definition_of_done.engine.catalogue import run_catalogue

        return run_catalogue(options.check)
    parser.print_help(sys.stderr)
    return 2


def _check(files: "Sequence[str] | None", options: "argparse.Namespace | None" = None) -> int:
    return judge(None, files, options)


def _explain(id: "str | None") -> int:
    from definition_of_done.engine.config import check_ids
    from definition_of_done.engine.explain import contract, explain
    from definition_of_done.engine.registry import all_rules, load_rule
    from definition_of_done.engine.report import write

    if id is None:
        write(contract(all_rules()))
        return 0
    check_ids([id], "explain")
    write(f"{id}\n\n{explain(load_rule(id))}")
    return 0


def _list() -> int:
    from textwrap import fill

    from definition_of_done.engine.registry import all_rules
    from definition_of_done.engine.report import write

    rules = all_rules()
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        row = f"{rule.id:{width}}  {rule.contract:4}  {rule.summary}"
        blanks = " " * (width + 8)
        write(fill(row, 80, subsequent_indent=blanks, break_on_hyphens=False) + "\n")
    return 0


def _parser() -> "argparse.ArgumentParser":
    import argparse

    from definition_of_done import __version__
    from definition_of_done.engine import baseline, init
    from definition_of_done.engine.config import SETTINGS
    from definition_of_done.engine.new import add_kinds
    from definition_of_done.gates import _status as status
    from definition_of_done.release import _bump as bump

    parser = argparse.ArgumentParser(
        prog=NAME, description="A backend team's definition of done, checked.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    init.add_arguments(commands.add_parser("init", help=init.HELP, allow_abbrev=False))
    check = commands.add_parser(
        "check",
        help="judge files, by default the whole project",
        description="Run every enabled rule in one process. Exit code 0: clean; 1: findings, or"
        " files were changed by --fix; 2: usage, configuration or internal error.",
        allow_abbrev=False,
    )
    add_options(check, [key for key in SETTINGS if key != "base"], fixes=True)
    check.add_argument(
        FROM_RUNNER,
        action="store_true",
        help="FILES come from a hook runner: none means no file to judge, not the whole project",
    )
    status.add_arguments(
        commands.add_parser(
            "status", help=status.HELP, description=status.DESCRIPTION, allow_abbrev=False
        )
    )
    explain = commands.add_parser(
        "explain",
        help="why a rule exists, with examples",
        description="Say what a rule holds, why it exists, and what is bad and good.",
        allow_abbrev=False,
    )
    what = explain.add_mutually_exclusive_group(required=True)
    what.add_argument("id", nargs="?", metavar="ID", help="a hook id, see `list`")
    what.add_argument(
        "--all",
        action="store_true",
        help="every rule in a few lines, as a coding agent's instructions need it",
    )
    commands.add_parser(
        "list",
        help="all rules: id, contract number, summary",
        description="List all rules: id, contract number, summary.",
        allow_abbrev=False,
    )
    add_kinds(
        commands.add_parser(
            "new",
            help="write a file of the contract's shape to fill in",
            description="Write a file of the contract's shape to fill in.",
            allow_abbrev=False,
        )
    )
    bump.add_arguments(commands.add_parser("bump", help=bump.HELP, allow_abbrev=False))
    baseline.add_arguments(commands.add_parser("baseline", help=baseline.HELP, allow_abbrev=False))
    catalogue = commands.add_parser(
        "catalogue",
        help="write the generated blocks of this project's own checkout",
        description="Write what repeats the rules in this project's own checkout: the manifest,"
        " the console scripts, and the table of the README. Exit code 1: something was stale.",
        allow_abbrev=False,
    )
    catalogue.add_argument("--check", action="store_true", help="only say whether they are stale")
    return parser

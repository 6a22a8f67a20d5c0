"""`definition-of-done new KIND ...`: write a file of the contract's shape, to be filled in.

The module of a kind has HELP and `add_arguments(parser)`. `draft(session, options)` returns the
path and the text, or raises UsageError; it returns None, and says why, where there is nothing to
write. `finish(session, path)` does what follows, and returns the next step, if there is one.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import relative
from definition_of_done.base.words import printable, write
from definition_of_done.commands import _new_migration, _new_plan, _new_pr_template
from definition_of_done.engine.writing import refuse_existing, target, write_one
from definition_of_done.project.settings import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = "Write a file of the contract's shape to fill in."
KINDS = {"plan": _new_plan, "migration": _new_migration, "pr-template": _new_pr_template}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser one command for each kind."""
    commands = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, module in KINDS.items():
        does = f"{module.HELP[0].upper()}{module.HELP[1:]}; prints the path that was written."
        module.add_arguments(
            commands.add_parser(kind, help=module.HELP, description=does, allow_abbrev=False)
        )


def run(options: argparse.Namespace) -> int:
    """Write the file that parsed options ask for and print its path from the current folder.

    Raises UsageError where the file exists or cannot be written.
    """
    session = open_project(os.getcwd())
    kind = KINDS[options.kind]
    drafted = kind.draft(session, options)
    if drafted is None:
        return 0
    path, text = drafted
    refuse_existing(session, path)
    full = session.tree.full(path)
    target(session, path)
    try:
        write_one(full, text.encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    session.rewritten()
    lines = [relative(full, os.getcwd()), *kind.finish(session, path).splitlines()]
    write("".join(f"{printable(line)}\n" for line in lines))
    return 0

"""`definition-of-done new KIND ...`: writes a file of the contract's shape, to be filled in.

The module of a kind has HELP, `add_arguments(parser)` and `draft(session, options)`, which gives
the path and the text, or raises UsageError.
"""

import os
from importlib import import_module

from definition_of_done.engine.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

KINDS = {
    "plan": "definition_of_done.pages._new_plan",
    "migration": "definition_of_done.migrations._new_migration",
    "pr-template": "definition_of_done.gates._new_pr_template",
}


def add_kinds(parser: "argparse.ArgumentParser") -> None:
    """Give a parser one command for each kind."""
    commands = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, module in KINDS.items():
        made = import_module(module)
        what = f"{made.HELP[0].upper()}{made.HELP[1:]}; prints the path that was written."
        made.add_arguments(
            commands.add_parser(kind, help=made.HELP, description=what, allow_abbrev=False)
        )


def write_new(options: "argparse.Namespace") -> int:
    """Write the file that parsed options ask for and print its path from the current folder.

    Raises UsageError where the file exists or cannot be written.
    """
    from definition_of_done.engine.report import printable, write
    from definition_of_done.engine.session import open_session
    from definition_of_done.engine.text import relative, target
    from definition_of_done.engine.transaction import create

    session = open_session(os.getcwd())
    path, text = import_module(KINDS[options.kind]).draft(session, options)
    full = session.full(path)
    if os.path.lexists(full):
        raise UsageError(f"{path} exists: it is not written over")
    target(session, path)
    try:
        create(full, text.encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    write(printable(relative(full, os.getcwd())) + "\n")
    return 0

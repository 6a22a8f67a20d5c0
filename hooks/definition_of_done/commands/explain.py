"""`definition-of-done explain`: say why a rule exists, what is bad and what is good."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import nearest, write
from definition_of_done.engine.explanation import contract, explain
from definition_of_done.engine.registry import all_rules, known_ids, load_rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = "Say what a rule holds, why it exists, and what is bad and good."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("id", nargs="?", metavar="ID", help="a hook id, see `list`")
    group.add_argument(
        "--all",
        action="store_true",
        help="every rule in a few lines, as a coding agent's instructions need it",
    )


def run(options: argparse.Namespace) -> int:
    """Print the explanation of one rule, or of all; raises UsageError for an unknown id."""
    if options.id is None:
        write(contract(all_rules()))
        return 0
    if options.id not in known_ids():
        hint = nearest(options.id, known_ids())
        raise UsageError(f"explain: unknown hook id {options.id!r}{hint}")
    write(f"{options.id}\n\n{explain(load_rule(options.id))}")
    return 0

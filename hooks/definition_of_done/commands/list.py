"""`definition-of-done list`: print all rules, a line each."""

from __future__ import annotations

from textwrap import fill

from definition_of_done.base.printing import write
from definition_of_done.engine.registry import all_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

HELP = "all rules: id, contract number, summary"
DESCRIPTION = "List all rules: id, contract number, summary."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command: there are none."""


def run(_: argparse.Namespace) -> int:
    """Print the rules; returns 0."""
    rules = all_rules()
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        row = f"{rule.id:{width}}  {rule.contract:4}  {rule.summary}"
        blanks = " " * (width + 8)
        write(fill(row, 80, subsequent_indent=blanks, break_on_hyphens=False) + "\n")
    return 0

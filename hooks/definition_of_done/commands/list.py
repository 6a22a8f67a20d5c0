"""`definition-of-done list`: print all rules, a line each, below the names of their families."""

from __future__ import annotations

from textwrap import fill

from definition_of_done.base.words import write
from definition_of_done.engine.explanation import BEYOND_THE_CONTRACT
from definition_of_done.engine.registry import all_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = (
    "List all rules: id, contract number, summary. `select`, `extend-select`, `ignore`,"
    " `severity` and `per-file-ignores` take the families' names, too."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command: there are none."""


def run(_: argparse.Namespace) -> int:
    """Print the rules; returns 0."""
    rules = all_rules()
    width = max(len(rule.id) for rule in rules)
    for at, rule in enumerate(rules):
        if not at or rule.family != rules[at - 1].family:
            beyond = f" {BEYOND_THE_CONTRACT.lower()}, by extend-select" if rule.is_beyond else ""
            write(f"{rule.family}:{beyond}\n")
        row = f"{rule.id:{width}}  {rule.contract:6}  {rule.summary}"
        blanks = " " * (width + 10)
        write(fill(row, 80, subsequent_indent=blanks, break_on_hyphens=False) + "\n")
    return 0

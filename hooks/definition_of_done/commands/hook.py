"""One rule as a console script: `<id> [--fix] [--format F] [--base REF] [FILES...]`.

The console script of a hook is an attribute of this module with the name of the rule's file.
"""

from __future__ import annotations

import os
import sys

from definition_of_done.commands.guard import guarded
from definition_of_done.engine.registry import load_rule, module_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.rule import Rule


def __getattr__(name: str) -> Callable[[], int]:
    """The console script of the hook whose file has this name."""
    id = name.replace("_", "-")
    if not module_of(id):
        raise AttributeError(f"no hook is called {id}")
    return lambda: run_hook(id)


def run_hook(id: str, argv: Sequence[str] | None = None) -> int:
    """Run one rule on a command line (default: sys.argv); returns the exit code 0, 1 or 2."""
    return guarded(id, _run, id, list(sys.argv[1:] if argv is None else argv))


def _run(id: str, words: list[str]) -> int:
    rule = load_rule(id)
    suffix = getattr(rule.subject, "suffix", None)
    plain = not any(word.startswith("-") for word in words)
    if plain and words and suffix and not any(_may_concern(word, suffix) for word in words):
        return 0
    from definition_of_done.commands.check import judge

    if plain:
        # argparse costs half a start of Python, and runners mostly pass files alone.
        return judge([rule], words or None)
    options = parser_of(rule).parse_args(words)
    return judge([rule], options.files or None, options)


def _may_concern(word: str, suffix: str) -> bool:
    return word.endswith(suffix) or not os.path.isfile(word)


def parser_of(rule: Rule) -> argparse.ArgumentParser:
    """The parser of a hook's command line."""
    import argparse

    from definition_of_done.commands._parser import Parser
    from definition_of_done.commands.options import add_options
    from definition_of_done.engine.explanation import help_of

    first, last = help_of(rule)
    parser = Parser(
        prog=rule.id,
        description=first,
        epilog=last,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, rule.keys, rule.fixes, aliases=True)
    return parser

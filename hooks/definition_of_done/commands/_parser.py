"""A parser whose usage errors are one line, and whose help can leave options for --help-all."""

from __future__ import annotations

import argparse

from definition_of_done.base.expressions import regex
from definition_of_done.base.words import nearest, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

_UNKNOWN = regex(r"unrecognized arguments: --([\w-]+)")


class Parser(argparse.ArgumentParser):
    """The parser of a command or a hook: it takes no abbreviation of an option."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})
        self._rest: dict[argparse.Action, str | None] = {}

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and one line: the usage of all options would hide it."""
        flag = _UNKNOWN.match(message)
        hint = nearest(flag[1], self._flags(), "--") if flag else ""
        self.exit(2, f"{self.prog}: error: {printable(message)}{hint}\n")

    def _flags(self) -> Iterator[str]:
        """Yield the long flags that the helps show, without their dashes."""
        for action in self._actions:
            if action.help != argparse.SUPPRESS or action in self._rest:
                yield from (flag[2:] for flag in action.option_strings if flag.startswith("--"))
            if isinstance(action, argparse._SubParsersAction):
                for kind in action.choices.values():
                    yield from kind._flags()

    def leave_for_help_all(self, *actions: argparse.Action) -> None:
        """Hide options from --help; --help-all shows them."""
        if not self._rest:
            self.add_argument("--help-all", action=_HelpAll, help="also show the other options")
        for action in actions:
            self._rest[action] = action.help
            action.help = argparse.SUPPRESS

    def show_rest(self) -> None:
        """Show again what was left for --help-all."""
        for action, help in self._rest.items():
            action.help = help


class _HelpAll(argparse.Action):
    """Print the help with all options, and exit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "dest": argparse.SUPPRESS, "nargs": 0})

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        assert isinstance(parser, Parser)
        parser.show_rest()
        parser.print_help()
        parser.exit()

"""`definition-of-done agent`: what the hooks of a coding agent call, with the host's JSON."""

from __future__ import annotations

import sys

from definition_of_done.base.errors import Unreadable
from definition_of_done.commands.guard import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

NAME = "definition-of-done agent"
DESCRIPTION = (
    "Answer a hook of a coding agent, which hands over its event as JSON on standard input."
    " before-edit refuses an edit that plan-before-code or open-questions-answered would refuse,"
    " and lets through all else, what it does not understand, too. stop holds the checklist of"
    " `status` against the work tree, as if all of it were added. `definition-of-done init --agent"
    " claude` writes the hooks. Exit code 0: go on; 2: refused, with the reason on standard error."
)
# The host takes exit code 2 for a refusal.
_REFUSED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "event",
        choices=("before-edit", "stop"),
        metavar="EVENT",
        help="before-edit or stop",
    )


def run(options: argparse.Namespace) -> int:
    """Answer the host; returns 0, or 2 where the edit, or the stop, is refused."""
    event = _event()
    if event is None:
        return 0
    if options.event == "stop":
        from definition_of_done.commands._agent_stop import told_at_stop

        return _REFUSED if _tell(told_at_stop(event)) else 0
    # An error of ours has exit code 2, too, and an edit that cannot be judged is let through.
    return _REFUSED if guarded(NAME, _refuses_edit, event) == 1 else 0


def _refuses_edit(event: Mapping[str, object]) -> int:
    from definition_of_done.commands._agent_edit import told_before_edit

    return _tell(told_before_edit(event))


def _tell(refusal: str) -> int:
    sys.stderr.write(refusal.encode("ascii", "backslashreplace").decode())
    return 1 if refusal else 0


def _event() -> Mapping[str, object] | None:
    """The host's document from standard input; None, with a word, where it is no JSON object."""
    from definition_of_done.readers.json_text import read_json

    if sys.stdin is None or sys.stdin.isatty():
        return {}
    try:
        document = read_json("standard input", sys.stdin.buffer.read())
    except Unreadable as error:
        sys.stderr.write(f"{NAME}: standard input:{error.line}:{error.column}: {error.message}\n")
        return None
    except OSError:
        return {}
    return document if isinstance(document, dict) else None

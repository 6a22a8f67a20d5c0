"""`definition-of-done run`: run the team's own command, and keep a receipt of how it ended."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import few, listed, printable
from definition_of_done.engine.config import Config
from definition_of_done.engine.fingerprint import fingerprint, read_fingerprints
from definition_of_done.engine.git import work_tree
from definition_of_done.project import receipts
from definition_of_done.project.boxes import COMMANDS
from definition_of_done.project.gates.code_tree import read_code_tree
from definition_of_done.project.gates.evidence import commands_of
from definition_of_done.project.settings import open_project

DESCRIPTION = (
    "Run COMMAND as it stands, without a shell, and pass its output and its exit code through (128"
    " and the number of a signal that ended it). Then keep a receipt in git's folder: the command,"
    " the exit code, the time, and the fingerprint of all files that git tracks or would add."
    " `status` ticks a box by the receipt of the command that check-commands or test-commands"
    " names for it, run at the root of the project: with exit code 0, on the very tree that is"
    " judged, which it left as it was. Nothing is sent anywhere. Exit code 2 also: no such command,"
    " usage or configuration error."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.usage = "%(prog)s [-h] -- COMMAND [ARGUMENT ...]"
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, metavar="COMMAND", help="e.g. task all"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command of the command line; returns its exit code.

    Raises UsageError where there is none, and where it cannot be started.
    """
    words: list[str] = options.words
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        raise UsageError("no command: definition-of-done run -- task all")
    # The session makes variables of git absolute; the command gets them as they were.
    environment = dict(os.environ)
    session = open_project(os.getcwd())
    top = work_tree(session.root)
    before = read_fingerprints(top)
    try:
        code = _run(command, environment)
    except UsageError as error:
        raise UsageError(f"{error}{_other(session.config, command)}") from None
    try:
        after = read_fingerprints(top)
        trees = (fingerprint(before), fingerprint(after))
        session.rewritten()
        code_tree = read_code_tree(session, after)
        folder = receipts.folder_of(os.getcwd())
        receipt = receipts.keep_receipt(
            session.root, command, folder, code, trees, code_tree=code_tree
        )
    except (UsageError, OSError) as error:
        told = f"no receipt: {error}"
    else:
        is_here = receipt.folder == receipts.folder_of(session.root)
        told = f"kept: `{receipt.label}` ended with exit code {code}" + (
            _left(before, after) or _asked(session.config, command, is_here=is_here)
        )
    sys.stderr.write(f"definition-of-done run: {printable(told)}\n")
    return code


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command with our own streams; what is meant for us to end goes to it."""
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, _: object) -> None:
        if not children:
            early.append(number)
        # What a terminal interrupts is the command, too.
        elif number != signal.SIGINT or not _at_terminal():
            children[0].send_signal(number)

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names]
    handlers = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        children.append(subprocess.Popen(command, env=environment))
        for number in early:
            pass_on(number, None)
        code = children[0].wait()
    except OSError as error:
        raise UsageError(f"{command[0]!r} cannot be run: {error.strerror}") from None
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return 128 - code if code < 0 else code


def _at_terminal() -> bool:
    """True where a terminal sends its interrupts to us and to what we started."""
    for stream in (0, 1, 2):
        try:
            return os.tcgetpgrp(stream) == os.getpgrp()
        except (OSError, AttributeError):
            continue
    return False


def _left(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Say which files the command changed, in so far as there are any."""
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    if not changed:
        return ""
    shown = listed(few(changed, 1))
    return f" and changed {shown}: run it once more, or let git ignore what it writes"


def _other(config: Config, command: Sequence[str]) -> str:
    """Say how the team names a command of its own, where it has none yet."""
    unset = (key for key in COMMANDS if not config.is_set(key))
    keys = [key for key in unset if list(command) in commands_of(config, key)]
    return f": name the team's own in {keys[0]}" if keys else ""


def _asked(config: Config, command: Sequence[str], *, is_here: bool) -> str:
    """Say so where no box asks for the command."""
    if not any(list(command) in commands_of(config, key) for key in COMMANDS):
        return f"; it ticks no box: {' and '.join(COMMANDS)} name others"
    return "" if is_here else "; it ticks no box: it ran in another folder than the project's"

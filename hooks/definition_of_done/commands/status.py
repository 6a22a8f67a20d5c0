"""`definition-of-done status`: print the checklist of chapter 8, ticked where it is proven."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.words import count, encodable, listed, printable, write
from definition_of_done.commands.options import add_base, add_format, add_require_base
from definition_of_done.engine.json_report import by_project, documents
from definition_of_done.engine.registry import enabled, known_ids
from definition_of_done.engine.report import not_judged, owed, unstaged
from definition_of_done.engine.session import in_project
from definition_of_done.project.boxes import COMMANDS
from definition_of_done.project.gates.checklist import (
    DONE,
    OPEN,
    UNPROVEN,
    Checklist,
    State,
    chain_command,
    read_checklist,
)
from definition_of_done.project.gates.step_commands import base_name
from definition_of_done.project.settings import open_projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from definition_of_done.engine.session import Session

    Read: TypeAlias = tuple[str, Checklist, Mapping[str, str]]

DESCRIPTION = (
    "Print the checklist of the contract's chapter 8 for the branch, as the text of a pull request:"
    " ticked with the evidence and the rules that prove it, not ticked with what proves it wrong,"
    " or, where it is not provable here, with the reason and the command that a person runs. A box"
    " of which all hooks are off is left out. The boxes of commands, such as `task all`, are ticked"
    " by receipts of `definition-of-done run`."
    " Where a run covers several projects, each has a heading. Exit code 0: no box is proven wrong;"
    " 1: one is; 2: usage, configuration or internal error."
)
# Of the document. Keys may be added; none is taken away or given another meaning within a version.
VERSION = 1
_MOST = 20
_PLAIN = regex(r"[A-Za-z0-9 ,.;:()'/-]*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    add_base(parser, "the main branch")
    add_require_base(parser)
    add_format(parser, "markdown", "json")
    parser.add_argument(
        "--short",
        action="store_true",
        help="one line a box: its state, and the first reason; goes with markdown",
    )


def run(options: argparse.Namespace) -> int:
    """Print the checklist; returns 1 where a finding proves a box wrong, else 0.

    Raises UsageError for a base that is unknown, or required and not there.
    """
    if options.short and options.format == "json":
        raise UsageError("--short is a form of the text, and --format json has its own: give one")
    sessions = open_projects(os.getcwd(), options).all()
    read = [in_project(session.folder, _read, session, options) for session in sessions]
    if options.format == "json":
        write(_json(read))
    else:
        write("".join(f"{line}\n" for line in _lines(read, is_short=options.short)))
        sys.stderr.write("".join(f"{printable(line)}\n" for line in _left_out(read)))
        if due := [finding for _, checklist, _ in read for finding in checklist.owed]:
            # It is no part of the text of the pull request.
            sys.stderr.write(f"{owed(due)}\n")
    # The receipts lie in git's folder, for all projects of a work tree.
    for name in read[0][1].broken:
        sys.stderr.write(f"{printable(name)} is no receipt, and is ignored\n")
    sys.stderr.write(
        not_judged((session, enabled(known_ids(), session.config)) for session in sessions)
    )
    sys.stderr.write(unstaged(sessions))
    return 1 if any(checklist.is_open for _, checklist, _ in read) else 0


def _read(session: Session, options: argparse.Namespace) -> Read:
    """The folder of a project, its checklist, and the commands that a person runs."""
    checklist = read_checklist(session)
    if options.require_base:
        session.branch.require_base()
    base = shlex.quote(options.base or base_name(session) or "main")
    commands = {
        "base": base,
        "pages": shlex.quote(session.config["features"]),
        "changelog": shlex.quote(session.config["changelog"]),
        "chain": chain_command(session.config, base),
        **{key: (session.config[key] or ["COMMAND"])[0] for key in COMMANDS},
    }
    return session.folder.rstrip("/"), checklist, commands


def _lines(read: Sequence[Read], *, is_short: bool) -> Iterator[str]:
    for at, (folder, checklist, commands) in enumerate(read):
        if folder or len(read) > 1:
            yield from ([""] if at else [])
            yield f"## {_code(folder or '.')}"
            yield ""
        for state in checklist.states:
            if not _is_off(state):
                yield from [_short(state)] if is_short else _markdown(state, commands)


def _is_off(state: State) -> bool:
    """True for a box that is left out: all of its hooks are off, and nothing proves it wrong."""
    return state.is_off and state.state != OPEN


def _left_out(read: Sequence[Read]) -> Iterator[str]:
    """Yield a line for each project of which boxes are left out."""
    for folder, checklist, _ in read:
        if off := [state.title for state in checklist.states if _is_off(state)]:
            where = f"{folder}: " if folder else ""
            yield f"{where}left out, as all of their hooks are off: {', '.join(off)}"


def _markdown(state: State, commands: Mapping[str, str]) -> Iterator[str]:
    yield f"- [{'x' if state.state == DONE else ' '}] {printable(state.title)}"
    for proof in state.evidence:
        yield f"  - {proof.text}: {_code(proof.names)}" if proof.names else f"  - {proof.text}"
    if state.proof:
        yield f"  - by {listed(state.proof)}"
    for mark, noun, texts in (
        ("", "finding", state.against),
        ("warning: ", "warning", state.warned),
    ):
        shown = [*texts]
        yield from (f"  - {mark}{_code(text)}" for text in shown[:_MOST])
        if len(shown) > _MOST:
            # The text of a pull request has a limit.
            yield f"  - and {count(len(shown) - _MOST, f'more {noun}')}"
    if state.state == UNPROVEN:
        command = _code(_command(state, commands))
        yield f"  - not provable here: {_prose(state.reason)}; run {command}"
    for note in state.notes:
        yield f"  - {note.rule} not evaluated: {_prose(note.message)}"


def _short(state: State) -> str:
    """A line for the box, with the first reason why it is not ticked."""
    if state.state == DONE:
        return f"- [x] {printable(state.title)}"
    against = [*state.against]
    reason = _code(against[0]) if against else f"not provable here: {_prose(state.reason)}"
    more = f", and {len(against) - 1} more" if len(against) > 1 else ""
    return f"- [ ] {printable(state.title)}: {reason}{more}"


def _prose(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _code(text)


def _code(text: str) -> str:
    """The text as a code span, in which nothing is markup, a mention or a reference."""
    text = printable(text)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _command(state: State, commands: Mapping[str, str]) -> str:
    return state.box.command.format_map(commands)


def _json(read: Sequence[Read]) -> str:
    """The document; its schema is schemas/status.schema.json."""
    boxes = {folder: _document(checklist, commands) for folder, checklist, commands in read}
    return json.dumps({"version": VERSION, **by_project(boxes)}, indent=2) + "\n"


def _document(checklist: Checklist, commands: Mapping[str, str]) -> dict[str, Any]:
    return {
        "base": checklist.base,
        "boxes": [
            {
                "box": encodable(state.title),
                "is_off": state.is_off,
                "state": state.state,
                "evidence": [encodable(str(proof)) for proof in state.evidence],
                "by": list(state.by),
                "findings": documents(state.findings),
                "warnings": documents(state.warnings),
                "facts": [encodable(fact) for fact in state.facts],
                "notes": [encodable(str(note)) for note in state.notes],
                "reason": encodable(state.reason),
                "command": _command(state, commands),
            }
            for state in checklist.states
        ],
    }

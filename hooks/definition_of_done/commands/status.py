"""`definition-of-done status`: print the checklist of chapter 8, ticked where it is proven."""

from __future__ import annotations

import os
import re
import shlex
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from definition_of_done.project.gates.checklist import Checklist, State

HELP = "print the checklist of the branch: what is proven, what is open, what to run"
DESCRIPTION = (
    "Print the checklist of the contract's chapter 8 for the branch, as the text of a pull request:"
    " ticked with the evidence and the rules that prove it, not ticked with what proves it wrong,"
    " or, where it is not provable here, with the reason and the command that a person runs. A"
    " box of which all hooks are off is left out. The"
    " boxes `task all` and `task test` are ticked by receipts of `definition-of-done run`."
    " Exit code 0: no box is proven wrong; 1: one is; 2: usage, configuration or internal error."
)
_MOST = 20
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;:()'/-]*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    from definition_of_done.commands.options import add_base, add_require_base

    add_base(parser, "the main branch")
    add_require_base(parser)
    parser.add_argument(
        "--format",
        choices=("markdown", "json"),
        metavar="FORMAT",
        default="markdown",
        help="markdown or json; default: markdown",
    )


def run(options: argparse.Namespace) -> int:
    """Print the checklist; returns 1 where a finding proves a box wrong, else 0.

    Raises UsageError for a base that is unknown, or required and not there.
    """
    from definition_of_done.base.printing import printable, write
    from definition_of_done.engine.registry import enabled, known_ids
    from definition_of_done.engine.report import not_judged, owed
    from definition_of_done.project.gates.boxes import COMMANDS
    from definition_of_done.project.gates.checklist import OPEN, read_checklist
    from definition_of_done.project.settings import open_project

    session = open_project(os.getcwd(), options)
    checklist = read_checklist(session)
    if options.require_base:
        session.branch.require_base()
    base = shlex.quote(options.base or session.config["base"] or "main")
    commands = {"base": base, **{key: (session.config[key] or ["COMMAND"])[0] for key in COMMANDS}}
    if options.format == "json":
        write(_json(checklist, commands))
    else:
        shown = [state for state in checklist.states if state.state == OPEN or not state.is_off]
        lines = (line for state in shown for line in _markdown(state, commands))
        write("".join(f"{line}\n" for line in lines))
        if off := [state.title for state in checklist.states if state not in shown]:
            titles = printable(", ".join(off))
            sys.stderr.write(f"left out, as all of their hooks are off: {titles}\n")
        if checklist.owed:
            # It is no part of the text of the pull request.
            sys.stderr.write(f"{owed(checklist.owed)}\n")
    for name in checklist.broken:
        sys.stderr.write(f"{printable(name)} is no receipt, and is ignored\n")
    sys.stderr.write(not_judged(session, enabled(known_ids(), session.config)))
    return 1 if checklist.is_open else 0


def _markdown(state: State, commands: Mapping[str, str]) -> Iterator[str]:
    from definition_of_done.base.printing import printable
    from definition_of_done.base.words import count, listed
    from definition_of_done.project.gates.checklist import DONE, UNPROVEN

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


def _prose(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _code(text)


def _code(text: str) -> str:
    """The text as a code span, in which nothing is markup, a mention or a reference."""
    from definition_of_done.base.printing import printable

    text = printable(text)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _command(state: State, commands: Mapping[str, str]) -> str:
    return state.box.command.format_map(commands)


def _json(checklist: Checklist, commands: Mapping[str, str]) -> str:
    import json

    from definition_of_done.base.printing import encodable
    from definition_of_done.engine.json_report import documents

    document = {
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
    return json.dumps(document, indent=2) + "\n"

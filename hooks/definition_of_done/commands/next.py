"""`definition-of-done next`: print the first step of the contract that is open."""

from __future__ import annotations

import json
import os

from definition_of_done.base.words import count, encodable, listed, printable, write
from definition_of_done.commands.options import add_base, add_format
from definition_of_done.engine.git import checked_out
from definition_of_done.engine.json_report import documents
from definition_of_done.engine.session import in_project
from definition_of_done.project.gates.step_commands import command_of
from definition_of_done.project.gates.steps import FILES, STEPS, Opened, Progress, read_progress
from definition_of_done.project.settings import open_projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from typing import Any

DESCRIPTION = (
    "Print the first step that is open, in the contract's order: plan, answers, deltas, migration,"
    " chain, exports, task all, task test, final page, nav, bump, changelog, task all again. With"
    " its reason, the file, the command that does it or begins it, and the steps that wait for it."
    " The branch is held to what its pages plan. Exit code 0: no step is open; 1: one is; 2:"
    " usage, configuration or internal error."
)
# Of the document. Keys may be added; none is taken away or given another meaning within a version.
VERSION = 1
# The most lines of the advice, so that all of it has 15.
_MOST = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    add_base(parser, "the main branch")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Print the step; returns 1 where one is open, else 0.

    Raises UsageError for a base that is unknown.
    """
    sessions = open_projects(os.getcwd(), options).all()
    read = [in_project(session.folder, read_progress, session) for session in sessions]
    first = _first(read)
    if options.format == "json":
        write(_json(read, first))
    else:
        lines = _lines(*first) if first else [_nothing(read)]
        write("".join(f"{printable(line)}\n" for line in lines))
    return 1 if first else 0


def _first(read: Sequence[Progress]) -> tuple[Progress, Opened] | None:
    """The first step that is open in any project; one that is not begun waits for the others."""
    order = (FILES, *STEPS)
    is_begun = any(progress.is_begun for progress in read)
    found = [
        (progress, progress.opened)
        for progress in read
        if progress.opened and not (is_begun and progress.opened.begins)
    ]
    return min(found, key=lambda each: order.index(each[1].step), default=None)


def _lines(progress: Progress, opened: Opened) -> Iterator[str]:
    finding, step = opened.finding, opened.step
    number = f", step {STEPS.index(step) + 1} of {len(STEPS)}" if step in STEPS else ""
    yield f"next: {step}{number}"
    yield f"  why: {opened.reason}{f' ({finding.rule})' if finding else ''}"
    if opened.spot:
        yield f"  file: {progress.session.folder}{opened.spot.path}:{opened.spot.line}"
    yield f"  do: {command_of(progress.session, opened)}"
    advice = _advice(opened).split("\n") if _advice(opened) else []
    yield from (f"  {'help: ' if not at else ''}{line}" for at, line in enumerate(advice[:_MOST]))
    if len(advice) > _MOST:
        yield f"      ({count(len(advice) - _MOST, 'more line')})"
    if opened.more:
        what = "file" if opened.paths else "finding"
        yield f"  more: {count(opened.more, f'more {what}')} of this step"
    if progress.waiting:
        yield f"  then: {', '.join(progress.waiting)}"


def _advice(opened: Opened) -> str:
    if opened.is_planned:
        return "write it, or take it off the page"
    return opened.finding.help if opened.finding else ""


def _nothing(read: Sequence[Progress]) -> str:
    """Say that nothing is open, what is proven, and what is passed over."""
    begun = [progress for progress in read if progress.is_begun]
    if not begun:
        return _how_to_begin(read[0])
    done = [step for step in STEPS if all(step in progress.done for progress in begun)]
    reasons: dict[str, list[str]] = {}
    for step, reason in dict.fromkeys(passed for progress in begun for passed in progress.passed):
        reasons.setdefault(reason, []).append(step)
    proven = f": proven are {listed(done)}" if done else ""
    left = "; ".join(f"{listed(steps)} ({reason})" for reason, steps in reasons.items())
    return f"nothing is open{proven}{f'; passed over: {left}' if left else ''}"


def _how_to_begin(progress: Progress) -> str:
    session = progress.session
    if not session.branch.has_commits:
        return "nothing is begun: commit the project first, for a branch starts from a commit"
    if checked_out(session.root) and not session.branch.is_main:
        return "nothing is begun: the branch changes nothing, and the team has no plans to begin"
    begin = "git switch -c feature/NAME"
    if session.config["features"]:
        begin += ', then definition-of-done new plan "TITLE"'
    return f"nothing is begun: {begin}"


def _json(read: Sequence[Progress], first: tuple[Progress, Opened] | None) -> str:
    """The document; its schema is schemas/next.schema.json."""
    begun = [progress for progress in read if progress.is_begun]
    progress = first[0] if first else [*begun, *read][0]
    later = progress.later if first else ()
    document: dict[str, Any] = {
        "version": VERSION,
        "state": "open" if first else "nothing-open" if begun else "not-begun",
        "base": progress.session.branch.base,
        "next": _document(*first) if first else None,
        "done": [step for step in progress.done if step not in later],
        "blocked": list(progress.waiting if first else ()),
        "passed_over": [
            {"step": step, "reason": encodable(reason)}
            for step, reason in progress.passed
            if step not in later
        ],
        "message": "" if first else encodable(_nothing(read)),
    }
    return json.dumps(document, indent=2) + "\n"


def _document(progress: Progress, opened: Opened) -> dict[str, Any]:
    folder, spot = progress.session.folder, opened.spot
    found = documents([opened.finding.below(folder)]) if opened.finding else []
    return {
        "step": opened.step,
        "project": encodable(folder.rstrip("/") or "."),
        "reason": encodable(opened.reason),
        "path": encodable(folder + spot.path) if spot else None,
        "line": spot.line if spot else None,
        "command": encodable(command_of(progress.session, opened)),
        "help": encodable(_advice(opened)),
        "finding": found[0] if found else None,
        "more": opened.more,
    }

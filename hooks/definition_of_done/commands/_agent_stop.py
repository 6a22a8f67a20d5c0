"""The checklist of the work tree, held against an agent that is about to stop."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from definition_of_done.base.words import printable
from definition_of_done.engine.all_added import all_added
from definition_of_done.engine.git import is_in_work_tree, work_tree
from definition_of_done.engine.session import in_project
from definition_of_done.project.gates.checklist import OPEN, State, read_checklist
from definition_of_done.project.settings import open_projects

_MOST = 10


def told_at_stop(event: Mapping[str, object]) -> str:
    """The boxes that are proven wrong, and the command that comes next; empty where none is.

    Empty, too, for an agent that goes on already because it was told so, and outside of a work
    tree.
    """
    folder = _folder_of(event)
    if not is_in_work_tree(folder) or event.get("stop_hook_active"):
        return ""
    with all_added(work_tree(folder)):
        lines = [printable(line) for line in _lines(folder)]
    if not lines:
        return ""
    return "\n".join(["not done yet:", *lines, "what comes next: definition-of-done next\n"])


def _folder_of(event: Mapping[str, object]) -> str:
    """The folder of the agent's project."""
    named = os.environ.get("CLAUDE_PROJECT_DIR") or event.get("cwd")
    return named if isinstance(named, str) and os.path.isdir(named) else os.getcwd()


def _lines(folder: str) -> Iterator[str]:
    for session in open_projects(folder).all():
        checklist = in_project(session.folder, read_checklist, session)
        where = session.folder.rstrip("/")
        told: set[str] = set()
        for state in checklist.states:
            if state.state == OPEN:
                yield f"- {where}{': ' if where else ''}{state.title}"
                yield from _against(state, told)


def _against(state: State, told: set[str]) -> Iterator[str]:
    """Yield what proves a box wrong, and no other box before; adds that to `told`."""
    texts = [text for text in state.against if text not in told]
    told.update(texts)
    yield from (f"  - {text}" for text in texts[:_MOST])
    if len(texts) > _MOST:
        yield f"  - and {len(texts) - _MOST} more"

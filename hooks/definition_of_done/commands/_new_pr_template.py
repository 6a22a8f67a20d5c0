"""`definition-of-done new pr-template`: the checklist that every pull request starts with."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.git import work_tree
from definition_of_done.project.gates.checklist import BOXES, boxes_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from definition_of_done.engine.session import Session

HELP = "write the template of a pull request, with the boxes whose hooks are not all off"
_NAME = "pull_request_template.md"
_FOLDERS = (".github", "docs", "")


def add_arguments(_: argparse.ArgumentParser) -> None:
    """Give a parser the options of the kind: there are none."""


def draft(session: Session, _: argparse.Namespace) -> tuple[str, str]:
    """The path of the template at the top of the work tree, and its text.

    Raises UsageError where GitHub finds a template already.
    """
    top = os.path.relpath(work_tree(session.root), session.root).replace(os.sep, "/")
    for folder in _FOLDERS:
        home = os.path.normpath(os.path.join(session.tree.full(top), folder))
        for name in os.listdir(home) if os.path.isdir(home) else ():
            if name.lower() == _NAME:
                path = os.path.relpath(os.path.join(home, name), session.root)
                raise UsageError(f"{path.replace(os.sep, '/')} exists: it is not written over")
    path = f"{_FOLDERS[0]}/{_NAME}"
    off = boxes_off(session)
    text = "".join(f"- [ ] {box.worded(session.config)}\n" for box in BOXES if box not in off)
    return path if top == "." else f"{top}/{path}", text


def finish(_: Session, __: str) -> str:
    """Nothing follows."""
    return ""

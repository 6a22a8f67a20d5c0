"""The edit that a coding agent is about to make, judged before it stands in a file."""

from __future__ import annotations

import os

from definition_of_done.base.files import is_below, read_regular, relative
from definition_of_done.base.words import printable
from definition_of_done.engine.git import is_in_work_tree, is_merging
from definition_of_done.engine.registry import enabled
from definition_of_done.engine.rendering import lines_of
from definition_of_done.engine.run import run
from definition_of_done.project.edited import mark_edited
from definition_of_done.project.settings import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session

# What code has to wait for.
_HELD = ("plan-before-code", "open-questions-answered")
_MOST = 5


def told_before_edit(event: Mapping[str, object]) -> str:
    """The reason why an edit is refused, and the command to run; empty where it may be made.

    Raises UsageError where the project cannot be judged.
    """
    given = event.get("tool_input")
    if not isinstance(given, dict):
        return ""
    path = given.get("file_path") or given.get("notebook_path")
    # Words come before code, and nothing holds them back.
    if not isinstance(path, str) or path.endswith(".md"):
        return ""
    cwd = event.get("cwd")
    try:
        full = os.path.realpath(os.path.join(cwd if isinstance(cwd, str) else os.getcwd(), path))
    except ValueError:
        # No file has that name.
        return ""
    data = _after(full, given)
    return "" if data is None else _told(full, data)


def _told(full: str, data: bytes) -> str:
    folder = _folder_above(full)
    if not is_in_work_tree(folder):
        return ""
    session = open_project(folder)
    path = relative(full, session.root)
    rules = enabled(_HELD, session.config)
    if not rules or not session.config["features"] or not _is_judged(session, full, path):
        return ""
    mark_edited(session, path, data)
    refused = [finding for finding in run(session, rules, []).findings if _is_held(finding)]
    if not refused:
        return ""
    lines = [line for finding in refused[:_MOST] for line in lines_of(finding)]
    lines += [f"... and {len(refused) - _MOST} more"] if len(refused) > _MOST else []
    head = f"{printable(path)} is not to be edited yet:"
    return "\n".join([head, *lines, "what comes first: definition-of-done next\n"])


def _is_held(finding: Finding) -> bool:
    # A file that cannot be read is found, too, and may be half of a larger change.
    return finding.rule in _HELD and not finding.is_warning


def _is_judged(session: Session, full: str, path: str) -> bool:
    """True for a file of the project that a commit may hold, while no merge is under way."""
    return (
        is_below(full, session.root)
        and ".git" not in path.split("/")
        and not is_merging(session.root)
        and (path in session.tree.tracked_set or not session.tree.is_ignored(path))
    )


def _folder_above(full: str) -> str:
    """The nearest folder above a file that exists: the edit may make the others."""
    folder = os.path.dirname(full)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _after(full: str, given: Mapping[str, object]) -> bytes | None:
    """The bytes that an edit leaves in a file; None where it is not understood, or will fail."""
    content = given.get("content")
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    try:
        old = read_regular(full)
    except FileNotFoundError:
        old = b""
    except OSError:
        return None
    if "notebook_path" in given:
        # The text of a notebook plans nothing: it is the change that counts.
        return old + b"\n"
    # The host compares lines without their ends.
    text: str | None = old.decode("utf-8", "replace").replace("\r\n", "\n")
    edits = given.get("edits", [given])
    for edit in edits if isinstance(edits, list) else [None]:
        text = _replaced(text, edit)
    return None if text is None else text.encode("utf-8", "replace")


def _replaced(text: str | None, edit: object) -> str | None:
    """The text after one replacement; None where the host will refuse it."""
    if text is None or not isinstance(edit, dict):
        return None
    old, new = edit.get("old_string"), edit.get("new_string")
    if not isinstance(old, str) or not isinstance(new, str):
        return None
    if not old:
        return None if text else new
    return text.replace(old, new, -1 if edit.get("replace_all") else 1) if old in text else None

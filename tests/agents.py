"""A coding agent's host: the events that it hands over, and how it calls a hook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from tests.repository import Project

# What the tool is given, by the host's own names.
Given: TypeAlias = Mapping[str, Any]


class Host(Protocol):
    """Hand an event, or raw bytes, to `definition-of-done agent EVENT` in process."""

    def __call__(self, event: str, told: Given | bytes) -> tuple[int, str, str]: ...


def before(project: Project, tool: str, given: Given) -> dict[str, Any]:
    """The event before a tool is used, as Claude Code documents it."""
    return {
        "session_id": "abc123",
        "transcript_path": "/home/me/.claude/projects/x/abc123.jsonl",
        "cwd": str(project.root),
        "permission_mode": "default",
        "hook_event_name": "PreToolUse",
        "tool_name": tool,
        "tool_input": dict(given),
        "tool_use_id": "toolu_01ABC123",
    }


def write(project: Project, path: str, content: str) -> dict[str, Any]:
    given = {"file_path": str(project.root / path), "content": content}
    return before(project, "Write", given)


def edit(project: Project, path: str, old: str, new: str, **more: Any) -> dict[str, Any]:
    given = {"file_path": str(project.root / path), "old_string": old, "new_string": new, **more}
    return before(project, "Edit", given)


def stop(project: Project, **more: Any) -> dict[str, Any]:
    """The event when the agent stops, as Claude Code documents it."""
    return {
        "session_id": "abc123",
        "transcript_path": "~/.claude/projects/x/abc123.jsonl",
        "cwd": str(project.root),
        "permission_mode": "default",
        "hook_event_name": "Stop",
        "stop_hook_active": False,
        "last_assistant_message": "Done.",
        **more,
    }

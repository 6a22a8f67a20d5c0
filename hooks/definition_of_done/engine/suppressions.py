"""Inline suppressions: `# dod: ignore[hook-id] reason`, an HTML comment in Markdown."""

import re

from definition_of_done.engine.config import nearest
from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Finding, Spot
from definition_of_done.engine.registry import known_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SUPPRESSION = "suppression"
_IGNORE = re.compile(r"\bdod:[ \t]*ignore\b(?:[ \t]*\[([^\[\]\n]*+)\])?")
_HASH = re.compile(r"(?:^|[ \t])#")


class Comment:
    """A comment's text with the line and column (from 1) at which the text starts.

    `first` is the first line that it speaks of: that of a string which ends on its own line.
    """

    __slots__ = ("column", "first", "line", "text")

    def __init__(self, line: int, column: int, text: str, first: int | None = None) -> None:
        self.line = line
        self.first = first or line
        self.column = column
        self.text = text


def apply_ignores(
    path: str, data: bytes, findings: list[Finding], evaluated: set[str]
) -> list[Finding]:
    """The findings of one file that no comment silences, and those about the comments.

    A comment silences the findings of the ids that it names on its own line, and in a string of
    several lines that ends there: a docstring has no room for a comment. Only ids in `evaluated`
    are judged for silencing nothing: another hook's comment is not this run's.
    """
    left = list(findings)
    for comment in _comments(path, data):
        for found in _IGNORE.finditer(comment.text):
            column, length = comment.column + found.start(), found.end() - found.start()
            spot = Spot.of(path, comment.line, column, length)
            if found[1] is None or not found[1].strip():
                advice = "write dod: ignore[hook-id] reason"
                left.append(_about(spot, "dod: ignore names no hook id", advice))
                continue
            reason = comment.text[found.end() :].strip()
            for id in dict.fromkeys(name.strip() for name in found[1].split(",")):
                lines = range(comment.first, comment.line + 1)
                silenced = [one for one in left if one.rule == id and one.spot.line in lines]
                left = [one for one in left if one not in silenced]
                left += _faults(spot, id, reason, bool(silenced), evaluated)
    return left


def _faults(
    spot: Spot, id: str, reason: str, silences: bool, evaluated: set[str]
) -> "Iterator[Finding]":
    if id not in known_ids():
        yield _about(
            spot, f"dod: ignore names the unknown hook id {id!r}{nearest(id, known_ids())}",
            "name a hook of `definition-of-done list`",
        )  # fmt: skip
    elif id not in evaluated:
        return
    elif not silences:
        yield _about(spot, f"dod: ignore[{id}] silences nothing", "remove the comment")
    elif not reason:
        yield _about(spot, f"dod: ignore[{id}] gives no reason", "say why after the bracket")


def _about(spot: Spot, message: str, help: str) -> Finding:
    return Finding(spot, message, help, symbol=message, rule=SUPPRESSION)


def _comments(path: str, data: bytes) -> "list[Comment]":
    try:
        if path.endswith(".py"):
            from definition_of_done.readers.python import read_comments

            return read_comments(path, data)
        if path.endswith(".md"):
            from definition_of_done.readers.markdown import read_comments as read_html_comments

            return read_html_comments(path, data)
    except Unreadable:
        return []
    comments = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        found = _HASH.search(line)
        if found:
            comments.append(Comment(number, found.end() + 1, line[found.end() :]))
    return comments

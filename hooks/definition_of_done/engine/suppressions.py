"""Inline suppressions: `# dod: ignore[hook-id] reason`, an HTML comment in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Comment, Spot
from definition_of_done.base.words import nearest
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.registry import known_ids

SUPPRESSION = "suppression"
_IGNORE = regex(r"\bdod:[ \t]*ignore\b(?:[ \t]*\[([^\[\]\n]*+)\])?")
_HASH = regex(r"(?:^|[ \t])#")


def apply_ignores(
    path: str, data: bytes, findings: list[Finding], evaluated: set[str]
) -> list[Finding]:
    """The findings of one file that no comment silences, and findings about comments.

    A comment silences the findings of the ids that it names on its own line, and in a string of
    several lines that ends there: a docstring has no room for a comment. Only an id in `evaluated`
    is reported for silencing nothing: the comment may be there for another hook.
    """
    lookup = _Lookup()
    for finding in findings:
        lookup.add(finding)
    for comment in _comments(path, data):
        end = len(comment.text.rstrip())
        for found in _IGNORE.finditer(comment.text):
            column, length = comment.column + found.start(), found.end() - found.start()
            spot = Spot.of(path, comment.line, column, length)
            if found[1] is None or not found[1].strip():
                advice = "write dod: ignore[hook-id] reason"
                lookup.add(_about(spot, "dod: ignore names no hook id", advice))
                continue
            for id in dict.fromkeys(name.strip() for name in found[1].split(",")):
                lines = range(comment.first, comment.line + 1)
                silences = lookup.silence(id, lines)
                for fault in _faults(spot, id, end > found.end(), silences, evaluated):
                    lookup.add(fault)
    return list(lookup.found.values())


class _Lookup:
    """Findings in order, found by rule and line: there may be thousands, and as many comments."""

    def __init__(self) -> None:
        self.found: dict[int, Finding] = {}
        self._places: dict[str, dict[int, list[Finding]]] = {}

    def add(self, finding: Finding) -> None:
        self.found[id(finding)] = finding
        self._places.setdefault(finding.rule, {}).setdefault(finding.spot.line, []).append(finding)

    def silence(self, rule: str, lines: range) -> bool:
        """Drop the findings of a rule on these lines; returns True where there were any."""
        by_line = self._places.get(rule, {})
        # Whichever is shorter is walked through.
        few = lines if len(lines) < len(by_line) else [line for line in by_line if line in lines]
        silenced = [finding for line in few for finding in by_line.pop(line, ())]
        for finding in silenced:
            del self.found[id(finding)]
        return bool(silenced)


def _faults(
    spot: Spot, id: str, has_reason: bool, silences: bool, evaluated: set[str]
) -> Iterator[Finding]:
    if id not in known_ids():
        message = f"dod: ignore names the unknown hook id {id!r}{nearest(id, known_ids())}"
        yield _about(spot, message, "name a hook of `definition-of-done list`")
    elif id not in evaluated:
        return
    elif not silences:
        yield _about(spot, f"dod: ignore[{id}] silences nothing", "remove the comment")
    elif not has_reason:
        yield _about(spot, f"dod: ignore[{id}] gives no reason", "say why after the bracket")


def _about(spot: Spot, message: str, help: str) -> Finding:
    return Finding(spot, message, help, symbol=message, rule=SUPPRESSION)


def _comments(path: str, data: bytes) -> list[Comment]:
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

"""Lists of files as .gitignore spells them, which MkDocs uses for pages that it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

# Bounded: each bracket of many would look for its end.
_TOKEN = re.compile(r"\[[!^]?\]?[^\]]{0,255}+\]|\\.|.", re.S)
# No name of a file is longer, and no segment that is meant to match one.
_LONGEST = 1_000


class _Rule(NamedTuple):
    """One line: its segments, whether it means folders alone, and whether it puts on the list."""

    parts: tuple[str, ...]
    is_folder: bool
    listed: bool


class Patterns:
    """Lines of patterns; the last one that matches a path decides."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules: list[_Rule] = []
        for line in lines:
            pattern = line.rstrip() if not line.endswith("\\ ") else line
            if not pattern or pattern.startswith("#"):
                continue
            negated = pattern.startswith("!")
            body = pattern[negated:]
            if body.strip("/"):
                self._rules.append(_rule(body, not negated))

    def match(self, path: str) -> bool:
        """Whether the path, relative to the folder of the list and with `/`, is on it."""
        names = path.split("/")
        last = (rule.listed for rule in reversed(self._rules) if _matches(rule, names))
        return next(last, False)


def _rule(pattern: str, listed: bool) -> _Rule:
    parts = pattern.strip("/").split("/")
    # Behind `a/**` the last slash says nothing to pathspec, which MkDocs asks, unlike to git.
    is_idle = parts[-1] == "**" and set(parts) != {"**"}
    is_folder = pattern.endswith("/") and not is_idle
    if "/" not in pattern.rstrip("/"):
        parts.insert(0, "**")
    return _Rule(tuple(parts), is_folder, listed)


def _matches(rule: _Rule, names: list[str]) -> bool:
    # How many of the names the parts so far may stand for: no expression, whose time would grow
    # with a power of the number of `**`.
    ends = {0}
    for at, part in enumerate(rule.parts, 1):
        if part == "**":
            ends = set(range(min(ends) + (at == len(rule.parts)), len(names) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(names) and _is_named(part, names[end])}
        if not ends:
            return False
    # What matches a folder holds for all that lies in it.
    return not rule.is_folder or min(ends) < len(names)


def _is_named(part: str, name: str) -> bool:
    if not any(char in part for char in "*?[\\"):
        return part == name
    words, expression = _compiled(part)
    if len(part) > _LONGEST:
        return False
    # Most are told apart by their letters, which costs less than an expression.
    return all(word in name for word in words) and bool(re.fullmatch(expression, name, re.S))


@cache
def _compiled(part: str) -> tuple[tuple[str, ...], str]:
    """The texts that a name has to hold, and the expression that it has to match."""
    chunks: list[list[str]] = [[]]
    words = [""]
    for token in _TOKEN.findall(part):
        if token == "*":
            chunks.append([])
            words.append("")
        elif token == "?" or (token[0] == "[" and len(token) > 1):
            chunks[-1].append("." if token == "?" else _class(token))
            words.append("")
        else:
            plain = token.removeprefix("\\")
            chunks[-1].append(re.escape(plain))
            words[-1] += plain
    first, *rest = ("".join(chunk) for chunk in chunks)
    # The first place for what stands between two stars is as good as any other.
    middle = "".join(f"(?>.*?{chunk})" for chunk in rest[:-1])
    end = f".*{rest[-1]}" if rest else ""
    return tuple(filter(None, words)), first + middle + end


def _class(token: str) -> str:
    """A set of characters; a range that goes backwards holds none."""
    negated = token[1] in "!^"
    inner = token[1 + negated : -1]
    if not inner:
        return re.escape(token)
    found = ""
    at = 0
    while at < len(inner):
        first, last = inner[at], inner[at]
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            last = inner[at + 2]
        at += 3 if first != last or inner[at + 1 : at + 3] == f"-{first}" else 1
        if first <= last:
            found += f"{re.escape(first)}-{re.escape(last)}"
    return f"[{'^' * negated}{found}]" if found else "." if negated else "(?!)"

"""Lists of files as .gitignore spells them, which MkDocs uses for pages that it leaves out."""

import re
from collections.abc import Iterable


class Patterns:
    """Lines of patterns; the last one that matches a path decides."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules: list[tuple[re.Pattern[str], bool]] = []
        for line in lines:
            pattern = line.rstrip() if not line.endswith("\\ ") else line
            if not pattern or pattern.startswith("#"):
                continue
            negated = pattern.startswith("!")
            body = pattern[negated:]
            if body.strip("/"):
                self._rules.append((re.compile(_expression(body)), not negated))

    def match(self, path: str) -> bool:
        """Whether the path, relative to the folder of the list and with `/`, is on it."""
        verdict = False
        for rule, listed in self._rules:
            if rule.fullmatch(path):
                verdict = listed
        return verdict


def _expression(pattern: str) -> str:
    parts = pattern.strip("/").split("/")
    # Behind `a/**` the last slash says nothing to pathspec, which MkDocs asks, unlike to git.
    is_idle = parts[-1] == "**" and set(parts) != {"**"}
    is_folder = pattern.endswith("/") and not is_idle
    if "/" not in pattern.rstrip("/"):
        parts.insert(0, "**")
    pieces = []
    for at, part in enumerate(parts):
        is_last = at == len(parts) - 1
        if part == "**":
            pieces.append(".+" if is_last else "(?:.+/)?")
        else:
            pieces.append(_segment(part) + ("" if is_last else "/"))
    # What matches a folder holds for all that lies in it.
    return "".join(pieces) + ("/.*" if is_folder else "(?:/.*)?")


def _segment(part: str) -> str:
    def piece(found: re.Match[str]) -> str:
        if found[1]:
            return "[" + ("^" if found[1][1] in "!^" else "") + found[1].lstrip("[!^")
        return {"*": "[^/]*", "?": "[^/]"}.get(found[0]) or re.escape(found[0].removeprefix("\\"))

    # Bounded: each bracket of many would look for its end.
    return re.sub(r"(\[[!^]?\]?[^\]]{0,255}+\])|\\.|.", piece, part)

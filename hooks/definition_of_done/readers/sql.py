"""Splits SQL into statements and their parts, whatever stands in quotes and comments."""

from __future__ import annotations

from definition_of_done.base.expressions import regex

_SPECIAL = regex(r"[;'\"]|--|/\*|\$(?:[A-Za-z_]\w*)?\$")
_ENDS = {"'": "'", '"': '"', "--": "\n", "/*": "*/"}
_PARTS = regex(r"[()\[\],]|'[^']*'|\"[^\"]*\"")
_SPACE = regex(r"\s+")


def statements(text: str) -> list[str]:
    """The statements of a text without comments, with one blank where any white space stands.

    What stands in quotes is kept as it is.
    """
    found: list[list[str]] = [[]]
    at = 0
    while special := _SPECIAL.search(text, at):
        mark = special[0]
        _add_plain(found[-1], text[at : special.start()])
        at = special.end()
        if mark == ";":
            found.append([])
            continue
        close = _ENDS.get(mark, mark)
        end = text.find(close, at)
        at = len(text) if end < 0 else end + len(close)
        if mark in ("--", "/*"):
            _add_plain(found[-1], " ")
        else:
            found[-1].append(text[special.start() : at])
    _add_plain(found[-1], text[at:])
    joined = ("".join(pieces).strip() for pieces in found)
    return [statement for statement in joined if statement]


def _add_plain(pieces: list[str], text: str) -> None:
    """Add text that stands outside of quotes, with no second blank beside one."""
    text = _SPACE.sub(" ", text)
    pieces.append(text.lstrip(" ") if pieces and pieces[-1].endswith(" ") else text)


def parts(text: str) -> list[str]:
    """The parts of a list, between the commas outside of parentheses and quotes."""
    found, depth, start = [], 0, 0
    for match in _PARTS.finditer(text):
        mark = match[0]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth -= 1
        elif mark == "," and depth == 0:
            found.append(text[start : match.start()].strip())
            start = match.end()
    return [*found, text[start:].strip()]


def outside(text: str) -> str:
    """The text without what stands in parentheses."""
    kept, depth, start = [], 0, 0
    for match in _PARTS.finditer(text):
        if match[0] == "(":
            if depth == 0:
                kept.append(text[start : match.start()])
            depth += 1
        elif match[0] == ")" and depth:
            depth -= 1
            start = match.end()
    return "".join([*kept, "" if depth else text[start:]])


def inside(text: str, at: int = 0) -> str:
    """The text between the first parenthesis from an offset on and the one that closes it."""
    depth, start = 0, -1
    for match in _PARTS.finditer(text, at):
        if match[0] == "(":
            depth += 1
            start = match.end() if start < 0 else start
        elif match[0] == ")":
            depth -= 1
            if depth == 0:
                return text[start : match.start()].strip()
    return ""

"""The patterns that teams give: templates of Alembic, and regular expressions that may be slow."""

from __future__ import annotations

import re
from time import thread_time

from definition_of_done.base.expressions import regex
from definition_of_done.base.words import nearest

# The forms of a revision that have a name; any other is a regular expression.
SLUG, HASH = "slug", "hash"
# A token of a template: its name, width, precision and kind.
TOKEN = regex(r"%\((\w++)\)[-#0 +]*+(\d*+)(?:\.(\d++))?+([sd])")
_WORDS = ("rev", "slug")
DATE = ("year", "month", "day")
TIME = ("hour", "minute", "second")
_TOKENS = (*_WORDS, *DATE, *TIME, "epoch")
# No file system takes a longer name. On such short ones few patterns are slow.
LONGEST = 255
# The seconds that no sound pattern takes for a text as short as those that are tried.
_SLOW = 0.05
_LENGTHS: tuple[int, ...] = (*range(8, 25), 32, 48, 64)
_REPEATED = ("a", "0", "_", "a0", "a_", "0_")


def full_match(pattern: str | re.Pattern[str], text: str) -> re.Match[str] | None:
    """Match a whole text, which is no longer than a filename may be."""
    return re.fullmatch(pattern, text) if len(text) <= LONGEST else None


def refusal(key: str, value: str) -> str:
    """The reason why a value of a key is no form of filenames or revisions; empty for none."""
    names = (SLUG, HASH) if key == "revision-pattern" else ()
    if value in names:
        return ""
    if key == "filename-pattern" and "%(" in value:
        name = next(iter(unknown_tokens(value)), None)
        if name in _TOKENS:
            return f"Alembic writes this token as %({name}){'s' if name in _WORDS else 'd'}"
        return "" if name is None else f"Alembic fills no %({name}) in{nearest(name, _TOKENS)}"
    if value.isidentifier():
        return f"{value!r} is no form, it matches nothing but itself{nearest(value, names)}"
    try:
        pattern = re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{value!r} is no regular expression: {error}"
    slow = _slow_text(pattern)
    return f"{value!r} takes too long on {slow!r}: it repeats a repetition" if slow else ""


def unknown_tokens(template: str) -> list[str]:
    """The names of the tokens that Alembic does not fill in."""

    def rest(token: re.Match[str]) -> str:
        name, kind = token[1], token[4]
        is_known = name in _TOKENS and (kind == "s" or name not in _WORDS)
        return "" if is_known else str(token[0])

    return [found[1] for found in re.finditer(r"%\((\w*+)", TOKEN.sub(rest, template))]


def _slow_text(pattern: re.Pattern[str]) -> str:
    """A text for which a pattern tries so many ways that a longer one takes for ever."""
    for repeated in _REPEATED:
        # One that is slow becomes so step by step, and none takes long.
        for length in _LENGTHS:
            text = f"{(repeated * length)[:length]}!"
            start = thread_time()
            pattern.fullmatch(text)
            if thread_time() - start > _SLOW:
                return text
    return ""

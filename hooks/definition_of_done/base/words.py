"""Words of messages: lists, counts, the name that somebody probably meant; and their printing."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def listed(words: Sequence[str], last: str = "and") -> str:
    """The words as a message lists them: `a`, `a and b`, `a, b and c`; `last` may be `or`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def few(words: Sequence[str], shown: int, most: int = 0) -> list[str]:
    """The words; of more than `most`, only so many as are `shown`, and the number of the others."""
    if len(words) <= max(shown, most):
        return [*words]
    return [*words[:shown], f"{len(words) - shown} more"]


def count(number: int, noun: str) -> str:
    """The number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def nearest(name: str, known: Iterable[str], start: str = "", alike: float = 0.5) -> str:
    """The words `; did you mean 'x'?` for the known name nearest to `name`, empty without one.

    `start` is what all of the names start with, and is left away in them. `alike` is how much of
    the two names must be the same.
    """
    from difflib import get_close_matches

    # No hook and no key has a longer name, and comparing one takes long.
    found = get_close_matches(name, list(known), 1, alike) if len(name) < 100 else ()
    return f"; did you mean {start + found[0]!r}?" if found else ""


def printable(text: str) -> str:
    """The text, with escapes for all that could forge a line, or command a terminal or a runner.

    GitHub's runner obeys `##[command]` anywhere in a line.
    """
    text = text.replace("##[", "\\x23#[")
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def encodable(text: str) -> str:
    """The text with lone surrogates escaped: JSON can spell them, but most readers refuse them."""
    return text.encode("utf-8", "backslashreplace").decode()


def write(text: str) -> None:
    """Print on standard output, escaping what its encoding cannot hold."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def wants_colour() -> bool:
    """True where standard output is a terminal and NO_COLOR is not set."""
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")

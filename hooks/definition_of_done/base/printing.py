"""Text for a terminal, a runner or a document: escaping it, encoding it, writing it."""

from __future__ import annotations

import sys


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

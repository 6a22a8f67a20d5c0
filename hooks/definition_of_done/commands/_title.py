"""The title on a command line of `definition-of-done new`."""

from __future__ import annotations


def printable_title(words: str) -> str:
    """The words on one line, with one space between them and nothing that does not print."""
    return "".join(char for char in " ".join(words.split()) if char.isprintable())

"""A title as it is written into a new file."""

from __future__ import annotations

import pytest

from definition_of_done.commands._title import printable_title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Add a limit", "Add a limit"),
        ("  Add\ta\n limit ", "Add a limit"),
        ("a\x1b[2Jb\u202ec", "a[2Jbc"),
        ("\u00e9 \U0001f600", "\u00e9 \U0001f600"),
        (" \n\x00", ""),
    ],
)
def test_printable_title(words: str, title: str) -> None:
    assert printable_title(words) == title

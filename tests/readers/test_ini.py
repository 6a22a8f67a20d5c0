"""INI files: where the value of an option stands."""

from __future__ import annotations

import pytest

from definition_of_done.base.text import Text
from definition_of_done.readers.ini import Option, locate_option


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[metadata]\nname = x\nversion = 1.2\n", ("1.2", 30)),
        ("[metadata]\r\nversion: 1.2  \r\n", ("1.2", 21)),
        ("[options]\nversion = 3\n[metadata]\nVersion=1.2", ("1.2", 41)),
        ("[metadata]\nversion = attr: x.y\n", ("attr: x.y", 21)),
        ("[metadata]\nversion =\n    1.2\n", None),
        ("[metadata]\n# version = 1.2\n  version = 1.2\n", None),
        ("[options]\nversion = 1.2\n", None),
        ("[metadata]\nname = x\n[options]\nversion = 3\n[last]\n", None),
        ("version = 1.2\n", None),
    ],
)
def test_option(text: str, found: tuple[str, int] | None) -> None:
    option = locate_option(Text("setup.cfg", text), "metadata", "version")
    assert option == (found and Option(found[0], (found[1], found[1] + len(found[0]))))

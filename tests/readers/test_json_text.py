"""JSON: where a string stands, and what cannot be read."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.json_text import locate_json, read_json


@pytest.mark.parametrize(
    ("text", "keys", "at"),
    [
        ('{"version": "1.2"}', ("version",), 13),
        ('{"a": {"version": "1.2"}, "version": "1.2"}', ("version",), 38),
        ('{"a": ["version", "1.2", {"version": "1.2"}], "version":"1.2"}', ("version",), 57),
        ('{"packages": {"x": {"version": "1.2"}, "": {"version": "1.2"}}}',
         ("packages", "", "version"), 56),
        ('{"x": "\\"version\\": \\"1.2\\"", "version": "1.2"}', ("version",), 42),
        ('[{"version": "1.2"}]', ("version",), None),
        ('{"version": "1.3"}', ("version",), None),
        ('{"version": "1\\u002e2"}', ("version",), None),
        ('{"version": "1.3", "version": "1.2"}', ("version",), None),
        ("{}", ("version",), None),
    ],
)  # fmt: skip
def test_place(text: str, keys: tuple[str, ...], at: int | None) -> None:
    span = locate_json(Text("x.json", text), keys, "1.2")
    assert span == (None if at is None else (at, at + 3))


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b'{"a": 1,\n "b" 2}', "not JSON: Expecting ':' delimiter", (2, 6)),
        (b'{"a": "\xff"}', "not utf-8 text: byte 0xff", (1, 8)),
        (b"[" * 200_000, "not JSON: nested too deeply", (1, 1)),
        (b"[" + b"9" * 5000 + b"]", "not JSON: Exceeds the limit", (1, 1)),
    ],
)
def test_unreadable(data: bytes, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json("x.json", data)
    assert caught.value.message.startswith(message)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.path == "x.json"

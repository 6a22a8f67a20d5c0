"""The length of a file."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot


class Length(NamedTuple):
    """A file's number of lines, the last one counted without a newline, too."""

    spot: Spot
    lines: int


def read_length(path: str, data: bytes) -> Length:
    """The length of a file's bytes; lines end at LF, CRLF or CR."""
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return Length(Spot(path), ends + (data != b"" and not data.endswith((b"\n", b"\r"))))

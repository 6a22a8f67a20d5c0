"""The line on a terminal that says how far a run is. It is gone at the end."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

_DELAY = 0.5
_INTERVAL = 0.1
_ERASE = "\r\x1b[K"


class ProgressLine:
    """A line of progress, which a run calls with the steps done, their total and a name.

    It appears once the run takes long.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = time.monotonic() + _DELAY
        self._shown = False

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show a step, unless another one was shown just now."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL
        self._shown = True
        try:
            width = os.get_terminal_size(self._stream.fileno()).columns
        except OSError:
            width = 0
        # ASCII alone is as wide as it is long.
        line = ascii(f"{done}/{total} {name}")[1:-1]
        self._stream.write(_ERASE + line[: (width or 80) - 1])
        self._stream.flush()

    def clear(self) -> None:
        """Wipe the line, where there is one."""
        if self._shown:
            self._stream.write(_ERASE)
            self._stream.flush()
            self._shown = False


def wanted(stream: TextIO, format: str) -> bool:
    """True where somebody watches: a terminal that can erase a line, and a report for people."""
    return format == "text" and stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

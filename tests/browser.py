"""A headless Chromium, spoken to through the pipe of its own DevTools protocol."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)
# What a page says on its console when something is wrong.
ERRORS: dict[str, Callable[[dict[str, Any]], object]] = {
    "Runtime.exceptionThrown": lambda said: said["exceptionDetails"]["text"],
    "Log.entryAdded": lambda said: said["entry"]["level"] == "error" and said["entry"]["text"],
    "Runtime.consoleAPICalled": lambda said: said["type"] == "error" and str(said["args"]),
}
PATIENCE = 60


class Browser:
    """One tab: it goes to addresses, tells what a script returns, and collects errors.

    Each call raises ConnectionError where the browser does not answer.
    """

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._rest = b""
        self._count = 0
        self._session: dict[str, str] = {}
        self._events: list[str] = []
        self.errors: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the protocol and return what it answers."""
        self._count += 1
        asked = {"id": self._count, "method": method, "params": params, **self._session}
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._count:
                assert "error" not in message, message
                answer: dict[str, Any] = message["result"]
                return answer

    def go(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=address)
        while "Page.loadEventFired" not in self._events:
            self._next()

    def ask(self, script: str) -> Any:
        """The value of an expression on the page; that of a promise once it is kept."""
        said = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        """Make the window as large as that."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def shoot(self, path: Path) -> None:
        """Write a picture of the window."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0, end - time.monotonic()))
            data = os.read(self._read, 2**20) if ready else b""
            if not data:
                raise ConnectionError("it says nothing")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        method = message.get("method", "")
        self._events.append(method)
        error = method in ERRORS and ERRORS[method](message["params"])
        if error:
            self.errors.append(str(error))
        return message


def _pipe() -> list[int]:
    """The ends of a pipe, under numbers that the browser does not want for itself."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved


@contextmanager
def opened(program: str, profile: Path) -> Iterator[Browser]:
    """Start the browser with a profile of its own, and end it."""
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    # Only a shell gives it the two numbers that it wants without a fork of a process with threads.
    wired = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(
        ["bash", "-c", wired, "bash", program, *FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (theirs_in, theirs_out):
        os.close(end)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        # It ends when nobody is left who could say anything.
        os.close(ours_out)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(ours_in)

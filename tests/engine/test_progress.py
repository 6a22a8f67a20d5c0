"""The line of progress: on a terminal only, after a while only, and gone at the end."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.repository import Project

from definition_of_done.engine.progress import ProgressLine, wanted
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.run import run
from definition_of_done.project.settings import open_project as open_session

HOOKS = str(Path(__file__).parents[2] / "hooks")
SLUG = "alembic-revision-slug"
SOURCE = "revision = '3f2a91bc04de'\n"
PATHS = [f"alembic/versions/{letter}.py" for letter in "abc"]
# A program that takes its time: each file as long as progress waits before it shows itself.
SLOW = """
import sys
sys.path[:0] = [sys.argv.pop(1)]
from definition_of_done.engine import progress
progress._DELAY, progress._INTERVAL = float(sys.argv.pop(1)), 0.0
from definition_of_done.commands.main import main
sys.exit(main())
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_shown_after_a_while_and_not_too_often(clock: list[float]) -> None:
    stream = Terminal()
    line = ProgressLine(stream)
    steps = [(100.4, ""), (100.5, "1/9 b"), (100.55, ""), (100.61, "3/9 d")]
    for done, (now, shown) in enumerate(steps):
        clock[0] = now
        stream.seek(0)
        stream.truncate()
        line(done, 9, "abcd"[done])
        assert stream.getvalue() == (f"\r\x1b[K{shown}" if shown else "")
    stream.seek(0)
    stream.truncate()
    line.clear()
    line.clear()
    assert stream.getvalue() == "\r\x1b[K"


def test_nothing_to_wipe_where_nothing_was_shown(clock: list[float]) -> None:
    stream = Terminal()
    ProgressLine(stream).clear()
    assert stream.getvalue() == ""


def test_a_name_cannot_break_out_of_the_line(clock: list[float]) -> None:
    stream = Terminal()
    line = ProgressLine(stream)
    clock[0] += 1
    line(1, 2, "a\n\x1b[2J\u202e\u65e5" + "x" * 200)
    shown = stream.getvalue().removeprefix("\r\x1b[K")
    assert shown.isascii()
    assert shown.isprintable()
    assert len(shown) == 79


@pytest.mark.parametrize(
    ("format", "term", "expected"),
    [
        ("text", "xterm", True),
        ("json", "xterm", False),
        ("github", "xterm", False),
        ("sarif", "xterm", False),
        ("text", "dumb", False),
        ("text", "", False),
    ],
)
def test_wanted(format: str, term: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    assert wanted(Terminal(), format) is expected
    assert not wanted(io.StringIO(), format)


def test_each_file_and_each_rule_of_the_repository_is_a_step(project: Project) -> None:
    project.lay(dict.fromkeys(PATHS, SOURCE))
    rules = [load_rule(id) for id in (SLUG, "docs-links-resolve")]
    steps: list[tuple[int, int, str]] = []
    session = open_session(str(project.root))
    session.progress = lambda *step: steps.append(step)
    outcome = run(session, rules, None)
    assert steps == [
        *((at, 4, path) for at, path in enumerate(PATHS)),
        (3, 4, "docs-links-resolve"),
    ]
    assert len(outcome.findings) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("delay", "arguments", "shows"),
    [("0", [], True), ("9", [], False), ("0", ["--format", "json"], False)],
)
def test_on_a_terminal(delay: str, arguments: list[str], shows: bool, project: Project) -> None:
    import pty

    project.lay(dict.fromkeys(PATHS, SOURCE))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, HOOKS, delay, "check", "--select", SLUG, *arguments],
        stdout=subprocess.PIPE, stderr=theirs, cwd=project.root, env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    out, _ = process.communicate(timeout=60)
    seen = _drain(ours)
    assert process.returncode == 1
    assert b"\x1b" not in out
    assert (f"2/3 {PATHS[-1]}".encode() in seen) is shows
    if shows:
        assert seen.endswith(b"\r\x1b[K")
    else:
        assert seen == b""


def test_nothing_in_a_pipe(project: Project) -> None:
    project.lay(dict.fromkeys(PATHS, SOURCE))
    ran = subprocess.run(
        [sys.executable, "-c", SLOW, HOOKS, "0", "check", "--select", SLUG],
        capture_output=True, check=False, cwd=project.root, env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    assert (ran.returncode, b"3 findings in 3 files" in ran.stdout) == (1, True), ran.stderr
    assert b"\x1b" not in ran.stdout + ran.stderr
    assert b"\r" not in ran.stderr.replace(b"\r\n", b"\n")


def _drain(descriptor: int) -> bytes:
    """Read all that was written to a terminal; its other side is closed."""
    parts = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            # Linux says so at the end, macOS reads nothing.
            break
        if not part:
            break
        parts.append(part)
    os.close(descriptor)
    return b"".join(parts)

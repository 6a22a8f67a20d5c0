"""The text of the pull request: a file, what is piped in, or the event of GitHub Actions."""

from __future__ import annotations

import os
import sys

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.base.files import is_below
from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

_EVENT = "GITHUB_EVENT_PATH"
_STDIN = "<stdin>"


class Body(NamedTuple):
    """The bytes of the text, and its name in findings: the file's path, or the source."""

    name: str
    data: bytes
    is_file: bool = False


def pull_request(session: Session) -> Body:
    """The text of the pull request that the run is about, read once.

    Raises UsageError where there is none to read, and NotEvaluated where the event of GitHub
    Actions is about no pull request.
    """
    return session.cache.keep_for_all("pull request", lambda: _handed_over(session))


def _handed_over(session: Session) -> Body:
    body = read_body(session.config["body"], session.root)
    if body.is_file:
        # A pipe that is named as a file cannot be read a second time.
        session.tree.hand_over(body.name, body.data)
    return body


def read_body(given: str | None, root: str) -> Body:
    """The text of a given file (`-` is standard input), else what is piped in, else the event's.

    The path of a file below `root` is relative to it. A terminal is never waited for. Raises
    UsageError where there is no text, and NotEvaluated for an event that is about no pull request.
    """
    if given == "-":
        return Body(_STDIN, _piped() or b"")
    if given is not None:
        full = os.path.realpath(given)
        name = os.path.relpath(full, root) if is_below(full, root) else os.path.abspath(given)
        return Body(name.replace(os.sep, "/"), _contents(given, "--body"), is_file=True)
    piped = _piped()
    if piped:
        return Body(_STDIN, piped)
    event = os.environ.get(_EVENT)
    if not event:
        raise UsageError(
            "no text of a pull request: name its file with --body, pipe it in, or run this where"
            f" GitHub Actions sets {_EVENT}"
        )
    return Body("pull request", _text_of(_contents(event, _EVENT)))


def _contents(path: str, where: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise UsageError(f"{where}: {path!r} cannot be read: {error.strerror}") from None


def _piped() -> bytes | None:
    """The bytes of standard input, None for a terminal and where it is closed."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return None
    try:
        return sys.stdin.buffer.read()
    except OSError:
        return None


def _text_of(event: bytes) -> bytes:
    import json

    try:
        document = json.loads(event)
    except (ValueError, RecursionError):
        raise UsageError(f"{_EVENT}: the event is not JSON") from None
    request = document.get("pull_request") if isinstance(document, dict) else None
    if not isinstance(request, dict):
        raise NotEvaluated("the event of GitHub Actions is about no pull request")
    body = request.get("body")
    # Half of a surrogate pair, which JSON can spell, has no bytes.
    return body.encode("utf-8", "replace") if isinstance(body, str) else b""

"""The boxes of the checklist in the text of a pull request, against what `status` proves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.files import is_below
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.box_words import (
    BOX_WORDS,
    Way,
    box_words,
    plain_line,
    says_box,
)
from definition_of_done.project.gates.checklist import (
    BOXES,
    OPEN,
    Checklist,
    boxes_off,
    read_checklist,
)
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import ListItem

_EVENT = "GITHUB_EVENT_PATH"
_STDIN = "<stdin>"
_OUTSIDE = regex(r" {0,3}>| {4}|\t")


class Body(NamedTuple):
    """The bytes of the text, and its name in findings: the file's path, or the source."""

    name: str
    data: bytes


class Mark(NamedTuple):
    """A box that is wrong: it is missing, not ticked, or ticked `against` findings and facts."""

    spot: Spot
    title: str
    is_missing: bool
    against: tuple[str, ...] = ()


class Marks(NamedTuple):
    """The boxes that are wrong, each once; `unjudged` says which ticks nobody sees, and why."""

    wrong: tuple[Mark, ...]
    unjudged: str


def read_marks(session: Session) -> Marks:
    """Read the boxes of the text, which is read once for all projects.

    Raises UsageError where there is no text, NotEvaluated where there is no pull request, and
    Unreadable for a text that is not UTF-8.
    """
    body = session.cache.keep_for_all("pull request", lambda: _pull_request(session))
    marks, ticked = [], {}
    boxes = read_boxes(body.name, body.data, box_words(session.config))
    off = boxes_off(session)
    for box in BOXES:
        if box in off:
            continue
        title, items = box.worded(session.config), boxes[box.title]
        unticked = next((item for item in items if not item.is_ticked), None)
        if unticked or not items:
            spot = unticked.spot if unticked else Spot(body.name)
            marks.append(Mark(spot, title, is_missing=not items))
        else:
            ticked[title] = items[0].spot
    if not ticked:
        return Marks(tuple(marks), "")
    # The rules are run for ticked boxes alone.
    checklist = read_checklist(session)
    for state in checklist.states:
        if state.state == OPEN and state.title in ticked:
            spot = ticked[state.title]
            against = tuple(state.against)
            marks.append(Mark(spot, state.title, is_missing=False, against=against))
    return Marks(tuple(marks), _unjudged(checklist, ticked))


def _unjudged(checklist: Checklist, ticked: Collection[str]) -> str:
    """Say which ticked boxes rules could not see, by the reason."""
    titles: dict[str, list[str]] = {}
    for state in checklist.states:
        if state.is_blind and state.title in ticked:
            titles.setdefault(state.reason, []).append(state.title)
    return "; ".join(f"{listed(names)}: {reason}" for reason, names in titles.items())


def read_boxes(
    path: str, data: bytes, words: Mapping[str, tuple[Way, ...]] = BOX_WORDS
) -> dict[str, list[ListItem]]:
    """Map the title of each box to the lines that say it in the surest way in which any does."""
    lines = [(plain_line(item.text), item) for item in _tasks(path, data)]
    found: dict[str, list[ListItem]] = {}
    for title, ways in words.items():
        by_way = ([item for text, item in lines if says_box(text, way)] for way in ways)
        found[title] = next(filter(None, by_way), [])
    return found


def _tasks(path: str, data: bytes) -> Iterator[ListItem]:
    page = read_page(path, data, has_front_matter=False)
    blocks = (*page.preamble, *(block for section in page.sections for block in section.blocks))
    for block in blocks:
        # What is quoted was said elsewhere, and a forge knows no boxes of text.
        if _OUTSIDE.match(page.text.line(block.spot.line)):
            continue
        for item in block.items:
            yield from (task for task in item.all_items if task.is_task)


def _pull_request(session: Session) -> Body:
    """The text of the pull request: the given file, `-` for what is piped in, else the event's.

    The path of a file below the root is relative to it. A terminal is never waited for. Raises
    UsageError where there is no text, and NotEvaluated for an event that is about no pull request.
    """
    given, root = session.config["body"], session.root
    if given == "-":
        return Body(_STDIN, _piped() or b"")
    if given is not None:
        full = os.path.realpath(given)
        name = os.path.relpath(full, root) if is_below(full, root) else os.path.abspath(given)
        body = Body(name.replace(os.sep, "/"), _contents(given, "--body"))
        # A pipe that is named as a file cannot be read a second time.
        session.tree.hand_over(body.name, body.data)
        return body
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

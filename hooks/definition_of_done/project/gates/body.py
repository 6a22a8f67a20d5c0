"""The boxes of the checklist in the text of a pull request, against what `status` proves."""

from __future__ import annotations

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.project.box_words import (
    BOX_WORDS,
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
from definition_of_done.project.gates.pull_request import pull_request
from definition_of_done.readers.markdown import read_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from definition_of_done.engine.session import Session
    from definition_of_done.project.box_words import Way
    from definition_of_done.readers.page import ListItem

_OUTSIDE = regex(r" {0,3}>| {4}|\t")


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
    """Read the boxes of the text.

    Raises UsageError where there is no text, NotEvaluated where there is no pull request, and
    Unreadable for a text that is not UTF-8.
    """
    body = pull_request(session)
    marks, ticked = [], {}
    said = read_boxes(body.name, body.data, box_words(session.config))
    off = boxes_off(session)
    for box in BOXES:
        if box in off:
            continue
        title, items = box.worded(session.config), said[box.title]
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
        said = ([item for text, item in lines if says_box(text, way)] for way in ways)
        found[title] = next(filter(None, said), [])
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

"""The tasks that the branch adds against what its feature pages name under Background tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.tasks import Schedule, Task
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.feature_page import CRON
from definition_of_done.project.docs.mentions import Mentions, heading_spot

# Seconds, how pages count them, and how they say that it is one.
_UNITS = (
    (1, "s|secs?|seconds?", "second"),
    (60, "m|mins?|minutes?", "minute"),
    (3600, "h|hrs?|hours?", "hour|hourly"),
    (86400, "d|days?", "day|daily|night|nightly"),
    (604800, "w|weeks?", "week|weekly"),
)


class Unnamed(NamedTuple):
    """A task that no page of the branch names, or, with `schedule`, whose schedule none shows.

    `spot` is the section's heading; `schedule` says when the task runs.
    """

    spot: Spot
    task: Task
    schedule: str


def read_unnamed(session: Session) -> list[Unnamed]:
    """The tasks and schedules, none where the branch has no feature page.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return []
    mentions = Mentions(one for page in pages for one in page.sections if one.name == CRON)
    spot = heading_spot(pages, CRON)
    found: list[Unnamed] = []
    for task in read_added(session).tasks:
        if task.names and not any(mentions.has_word(name) for name in task.names):
            found.append(Unnamed(spot, task, ""))
            continue
        found += [Unnamed(spot, task, text) for text in _not_shown(task, mentions)]
    return found


def _not_shown(task: Task, mentions: Mentions) -> Iterator[str]:
    for schedule in task.schedule or ():
        if schedule.cron is not None and not mentions.has_text(schedule.cron):
            yield f"at `{schedule.cron}`"
        elif schedule.interval is not None and not _shows_interval(schedule, mentions.words):
            yield f"every {schedule.interval} seconds"


def _shows_interval(schedule: Schedule, words: str) -> bool:
    seconds = schedule.interval or 0
    ways = [rf"{seconds}"]
    for size, units, single in _UNITS:
        if seconds and seconds % size == 0:
            ways.append(rf"{seconds // size}[\s-]*(?:{units})")
            if seconds == size:
                ways.append(single)
    return re.search(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", words, re.I) is not None

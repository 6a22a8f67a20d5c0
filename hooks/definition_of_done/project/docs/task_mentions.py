"""The branch's new tasks are compared with the section Background tasks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.tasks import Schedule, Task
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.mentions import Mentions, heading_spot, mentions_of
from definition_of_done.project.docs.section_names import CRON

# The seconds of a unit, its names behind a number, and its names without one.
_UNITS = (
    (1, "s|secs?|seconds?", "second"),
    (60, "m|mins?|minutes?", "minute"),
    (3600, "h|hrs?|hours?", "hour|hourly"),
    (86400, "d|days?", "day|daily|night|nightly"),
    (604800, "w|weeks?", "week|weekly"),
)


class UnnamedTask(NamedTuple):
    """A task that no page of the branch names, or one with a `schedule` that no page shows.

    `spot` is the heading of the section. `schedule` is empty where the task itself is not named.
    """

    spot: Spot
    task: Task
    schedule: str


def read_unnamed_tasks(session: Session) -> list[UnnamedTask]:
    """Read the tasks and schedules to name; there are none if the branch has no feature page.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return []
    mentions, spot = mentions_of(pages, CRON), heading_spot(pages, CRON)
    found: list[UnnamedTask] = []
    for task in read_added(session).tasks:
        if task.names and not any(mentions.has_word(name) for name in task.names):
            found.append(UnnamedTask(spot, task, ""))
            continue
        found += [UnnamedTask(spot, task, text) for text in _schedules_not_shown(task, mentions)]
    return found


def _schedules_not_shown(task: Task, mentions: Mentions) -> Iterator[str]:
    for schedule in task.schedule or ():
        if schedule.cron is not None and not mentions.has_text(schedule.cron):
            yield f"at `{schedule.cron}`"
        elif schedule.interval is not None and not _shows_interval(schedule, mentions.words):
            yield f"every {schedule.interval} seconds"


def _shows_interval(schedule: Schedule, words: str) -> bool:
    seconds = schedule.interval or 0
    spellings = [rf"{seconds}"]
    for size, units, single in _UNITS:
        if seconds and seconds % size == 0:
            spellings.append(rf"{seconds // size}[\s-]*(?:{units})")
            if seconds == size:
                spellings.append(single)
    return re.search(rf"(?<!\w)(?:{'|'.join(spellings)})(?!\w)", words, re.I) is not None

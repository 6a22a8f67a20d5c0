"""The branch's new tasks are compared with the section Background tasks of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.tasks import Task
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.mentions import Mentions, heading_spot, is_written, mentions_of
from definition_of_done.project.docs.schedule_words import says_interval
from definition_of_done.project.docs.section_names import CRON


class UnnamedTask(NamedTuple):
    """A task that no page of the branch names, or one with a `schedule` that no page shows.

    `spot` is the heading of the section. `schedule` is empty where the task itself is not named.
    """

    spot: Spot
    task: Task
    schedule: str


def read_unnamed_tasks(session: Session) -> list[UnnamedTask]:
    """Read the tasks and schedules to name; none where no page of the branch has the section.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not any(is_written(page, CRON) for page in pages):
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
        if schedule.cron is not None and not mentions.has_cron(schedule.cron):
            yield f"at `{schedule.cron}`"
        elif schedule.interval and not says_interval(schedule.interval, mentions.words):
            yield f"every {schedule.interval} seconds"

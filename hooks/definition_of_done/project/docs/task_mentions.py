"""The branch's new tasks are compared with the section Background tasks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.services import plain_functions
from definition_of_done.project.api.sources import read_sources
from definition_of_done.project.api.tasks import Task, read_file_tasks
from definition_of_done.project.docs.branch_pages import branch_pages, final_sections
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import (
    Mentions,
    heading_spot,
    is_written,
    mentions_of,
    named_paths,
)
from definition_of_done.project.docs.schedule_words import says_interval
from definition_of_done.project.docs.sections import CRON, DELTAS, FUTURE, PageSection
from definition_of_done.project.docs.surface import Ghost, not_there
from definition_of_done.project.layout import MARKDOWN, changed_code
from definition_of_done.readers.page import Piece, column_head

# What may stand before the name of a task, where an item starts with it.
_LEAD = regex(
    r"\W*(?:(?:the|an?|new|nightly|hourly|daily|weekly|cron|taskiq|worker|background|scheduled)\W+)*"
    r"(?:(?:tasks?|jobs?)\W+)?",
    re.I,
)
_HEAD = regex(r"\W*(?:(?:taskiq|worker|background|cron) )?(?:tasks?|jobs?|names?)\W*", re.I)
_NAME = regex(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
# What starts a task may stand in no repository of the team's.
_OUTSIDE = regex(
    r"\b(?:cron ?jobs?|crontabs?|k8s|kubernetes|systemd|cloud|external\w*|outside|platform|ops"
    r"|trigger\w*|started|called|sent|enqueued|dynamic\w*)\b",
    re.I,
)
# The marks that stand around a path.
_MARKS = "`'\"()[]{}<>,;:*.|/"


class UnnamedTask(NamedTuple):
    """A task of which the pages leave something out; `fault` says what, at the end of a message.

    `spot` is the heading of the section.
    """

    spot: Spot
    task: Task
    fault: str
    advice: str
    symbol: str


class TaskMentions(NamedTuple):
    """The tasks that the section leaves out or tells in part, and those that no code has.

    `plain` are those that are functions in a module of tasks, each with its place. `listed` are the
    files that the pages list as what is implemented, by their names.
    """

    unnamed: tuple[UnnamedTask, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    plain: tuple[tuple[Ghost, Spot], ...] = ()
    listed: Mapping[str, str] = {}


def read_task_mentions(session: Session) -> TaskMentions:
    """Compare tasks and pages; nothing is said where no page of the branch has the section."""
    pages = branch_pages(session)
    if not any(is_written(page, CRON) for page in pages):
        return TaskMentions()
    named = list(_named_tasks(session))
    return TaskMentions(
        tuple(_unnamed(session, pages)),
        tuple(not_there(session, named)),
        tuple(_plain(session, named)),
        {
            path.rpartition("/")[2].removesuffix(".py"): path
            for page in pages
            for section in page.all_sections(DELTAS)
            for path, _ in named_paths(section)
        },
    )


def _unnamed(session: Session, pages: list[FeaturePage]) -> Iterator[UnnamedTask]:
    mentions, spot = mentions_of(pages, CRON), heading_spot(pages, CRON)
    either = Mentions(part for page in pages for part in page.all_sections(CRON, DELTAS))
    for task in read_added(session).tasks:
        name, says_where = task.label, _says_where(mentions, task.spot.path)
        schedules = list(_schedules_not_shown(task, either))
        if task.names and not any(mentions.has_word(known) for known in task.names):
            fault = f"is new, and {CRON} does not name it"
            more = ["its path"] if not says_where else []
            more += ["its schedule"] if schedules else []
            advice = f"name `{name}` there{', with ' if more else ''}{listed(more)}"
            yield UnnamedTask(spot, task, fault, advice, name)
            continue
        if task.is_unwritten and not mentions_of(pages, FUTURE).has_word(name):
            fault = f"is still to be written, and {CRON} names it"
            advice = "write it, or move it to Future additions"
            yield UnnamedTask(spot, task, fault, advice, f"{name} code")
        if not says_where:
            fault = f"is new, and {CRON} does not say where it lives"
            advice = f"write its path there: {task.spot.path}"
            yield UnnamedTask(spot, task, fault, advice, f"{name} path")
        crons = {schedule.cron for schedule in task.schedule or () if schedule.cron}
        for cron in crons if len(crons) == 1 else ():
            is_shown = either.has_cron(cron)
            home = task.spot.path if _is_alone(session, task) else ""
            if said := either.contradiction(cron, name, home) if is_shown else "":
                fault = f"runs at `{cron}`, and the page says {said}"
                yield UnnamedTask(spot, task, fault, "correct the words", f"{name} words")
        if task.schedule == () and (cron := _told_cron(session, task, either)):
            fault = f"has no schedule, and the page says `{cron}`"
            advice = "give it that schedule, or correct the page"
            yield UnnamedTask(spot, task, fault, advice, f"{name} no schedule")
        for schedule in schedules:
            fault = f"runs {schedule}, and {CRON} does not show it"
            yield UnnamedTask(spot, task, fault, "write its schedule there", f"{name} schedule")


def _told_cron(session: Session, task: Task, mentions: Mentions) -> str:
    """The cron that the pages give a task, where nothing in the repository can start it then."""
    cron = mentions.cron_of(task.label)
    if not cron or _OUTSIDE.search(mentions.words):
        return ""
    data = [data for data in read_sources(session) if task.label.encode() in data]
    is_called = any(len(re.findall(rb"\b%s\b" % task.label.encode(), text)) > 1 for text in data)
    if len(data) > 1 or is_called:
        return ""
    files = (path for path in session.tree.tracked if not path.endswith((*MARKDOWN, ".lock")))
    shown = cron.encode()
    is_there = any(shown in session.tree.read(path) for path in files if session.tree.exists(path))
    return "" if is_there else cron


def _is_alone(session: Session, task: Task) -> bool:
    """True for the only task of its file."""
    path = task.spot.path
    return len(read_file_tasks(session, path, session.tree.read(path))) == 1


def _says_where(mentions: Mentions, path: str) -> bool:
    """True where a path, a folder or a module stands there that is the file's or holds it."""
    file, module = f"/{path}", f"/{path.removesuffix('.py')}/"
    parts = path.split("/")
    folders = ("/".join(parts[:end]) for end in range(2, len(parts)))
    if mentions.has_target(path) or any(map(mentions.has_target, folders)):
        return True
    for word in mentions.words.split():
        named = word.strip(_MARKS).partition(":")[0].rstrip("/")
        if named.endswith(".py"):
            if file.endswith(f"/{named}"):
                return True
        elif "/" in named:
            if f"/{named}/" in module:
                return True
        elif "." in named:
            dotted = f"/{named.replace('.', '/')}/"
            if dotted in module or dotted.startswith(module):
                return True
    return False


def _schedules_not_shown(task: Task, mentions: Mentions) -> Iterator[str]:
    for schedule in task.schedule or ():
        if schedule.cron is not None and not mentions.has_cron(schedule.cron):
            yield f"at `{schedule.cron}`"
        elif schedule.interval and not says_interval(schedule.interval, mentions.words):
            yield f"every {schedule.interval} seconds"


def _plain(session: Session, named: list[Ghost]) -> Iterator[tuple[Ghost, Spot]]:
    """Yield the names of functions in the branch's modules of tasks that nothing makes a task."""
    functions: dict[str, Spot] = {}
    for path, letter in changed_code(session).items() if named else ():
        if letter != "D" and "tasks" in path.removesuffix(".py").split("/"):
            data = session.tree.read(path)
            tasks = {name for task in read_file_tasks(session, path, data) for name in task.names}
            functions |= {
                name: spot
                for name, spot in plain_functions(path, data).items()
                if name not in tasks
            }
    for ghost in named:
        if ghost.name in functions:
            # A call that gets it may make it a task.
            given = re.compile(rf"[(,=\[]\s*(?:\w+\.)*{ghost.name}\s*[,)\]]".encode())
            if not any(given.search(data) for data in read_sources(session)):
                yield ghost, functions[ghost.name]


def _named_tasks(session: Session) -> Iterator[Ghost]:
    """Yield what a final page calls a task."""
    for page, section, put_off in final_sections(session, CRON):
        for piece in section.code:
            name = piece.text.strip()
            is_name = _NAME.fullmatch(name) and not put_off.has_word(name)
            if is_name and _is_task(page, section, piece):
                yield Ghost(piece.spot, name)


def _is_task(page: FeaturePage, section: PageSection, piece: Piece) -> bool:
    """True for the name that an item, paragraph or row starts with, or a column calls a task."""
    text = page.page.text
    before = text.line(piece.spot.line)[: piece.spot.column - 1]
    head = column_head(text, section.section, piece.spot)
    if head is None:
        return bool(_LEAD.fullmatch(before))
    return bool(_HEAD.fullmatch(head)) and before.rstrip(" `*").endswith("|")

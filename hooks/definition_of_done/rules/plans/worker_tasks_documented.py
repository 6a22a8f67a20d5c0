"""worker-tasks-documented: the page names new tasks with their schedules. Contract 1.8."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.plans.examples import task
from definition_of_done.rules.plans.subjects import BRANCH_TASKS
from definition_of_done.rules.sample import shipped_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.task_mentions import TaskMentions

_MORE = """

@broker.task(schedule=[{"cron": "0 8 * * 1"}])
async def remind_of_credits() -> None:
    print("nobody is reminded yet")
"""


@rule(
    id="worker-tasks-documented",
    contract="1.8",
    summary="new taskiq tasks are named under Background tasks, with their places and schedules",
    why="Nobody sees a task run: who is on call finds it by this section alone.",
    subject=BRANCH_TASKS,
    part=without.TASKS,
    box=boxes.DELTAS,
    due=DONE,
    good={
        **shipped_page(
            "## Frontend contract",
            "- `remind_of_credits`, on Mondays at `0 8 * * 1`\n\n## Frontend contract",
        ),
        **task(_MORE),
    },
    bad={**shipped_page("every night", "each night"), **task(_MORE)},
)
def check(tasks: TaskMentions) -> Iterator[Finding]:
    for heading, new, fault, advice, symbol in tasks.unnamed:
        message = f"task {new.label} at {new.spot.path}:{new.spot.line} {fault}"
        yield Finding(heading, message, advice, symbol=symbol)
    for spot, name in tasks.ghosts:
        message = f"Background tasks / cron names {name}, which no code has"
        advice = "correct the name, or move what did not ship to Future additions"
        follows = [("deltas-enumerated", spot.path, tasks.listed.get(name, name))]
        yield Finding(spot, message, advice, symbol=name, awaits=boxes.CHAIN, follows=follows)
    for (spot, name), place in tasks.plain:
        message = f"Background tasks / cron names {name}, which is no task but a function"
        advice = f"make it a task of the broker at {place.path}:{place.line}"
        yield Finding(spot, message, advice, symbol=name, awaits=boxes.CHAIN)

"""worker-tasks-registered: a worker of the Taskfile imports every task. Contract 4.6."""

from __future__ import annotations

from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.resources.examples import task, taskfile
from definition_of_done.rules.resources.subjects import UNREGISTERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.workers import Unregistered


@rule(
    id="worker-tasks-registered",
    contract="4.6",
    summary="every taskiq task is in a module that a worker of the Taskfile imports",
    why="A task that no worker has imported is queued and never run, and nothing fails.",
    subject=UNREGISTERED,
    box=boxes.CHAIN,
    due=DONE,
    good={
        **task("jobs"),
        **taskfile("-fsd -tp 'app/**/tasks/*.py' -tp 'app/**/jobs/*.py'"),
    },
    bad={**task("jobs"), **taskfile("-fsd -tp 'app/**/tasks/*.py'")},
)
def check(unregistered: list[Unregistered]) -> Iterator[Finding]:
    for found in unregistered:
        label = found.task.label
        told = [
            f"{listed([f'`{word}`' for word in worker.told])}"
            f" at {worker.spot.path}:{worker.spot.line}"
            for worker in found.workers
            if worker.told
        ]
        message = f"task {label} is in a module that no worker imports"
        help = f"move it to where a worker looks, or widen what this is told: {', '.join(told)}"
        spot, begun = found.task.spot, Begun(found.task.spot.path, label)
        yield Finding(spot, message, help, symbol=f"task {label}", begun=begun)

"""worker-tasks-registered: a worker of the Taskfile imports every task. Contract 4.6."""

from __future__ import annotations

from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.resources.examples import task, taskfile
from definition_of_done.rules.resources.subjects import TASKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.workers import TaskFaults


@rule(
    id="worker-tasks-registered",
    contract="4.6",
    summary="every taskiq task stands below the tasks of its resource, and a worker imports it",
    why="A task that no worker has imported is queued and never run, and nothing fails.",
    subject=TASKS,
    part=without.TASKS,
    box=boxes.CHAIN,
    due=DONE,
    good={**task("tasks/nightly"), **taskfile("-fsd -tp 'app/**/tasks/**/*.py'")},
    bad={**task("tasks/nightly"), **taskfile("-fsd -tp 'app/**/tasks/*.py'")},
)
def check(faults: TaskFaults) -> Iterator[Finding]:
    for stray in faults.misplaced:
        label, spot = f"task {stray.task.label}", stray.task.spot
        help = f"move it to a module in {stray.folder}"
        yield Finding(spot, f"{label} is not below {stray.folder}", help, symbol=label)
    for worker in faults.idle:
        message = "the worker imports no task"
        if worker.ignored:
            message += ": taskiq ignores --tasks-pattern without --fs-discover"
        help = "let it find the tasks: add -fsd, and -tp with a pattern that holds them"
        yield Finding(worker.spot, message, help, symbol="worker")
    for lost in faults.lost:
        yield Finding(lost.spot, lost.fault, lost.advice, symbol="worker")
    for found in faults.unregistered:
        label = found.task.label
        told = [
            f"{listed([f'`{word}`' for word in worker.told])}"
            f" at {worker.spot.path}:{worker.spot.line}"
            for worker in found.workers
        ]
        message = f"task {label} is in a module that no worker imports"
        help = f"move it to where a worker looks, or widen what this is told: {', '.join(told)}"
        spot, begun = found.task.spot, Begun(found.task.spot.path, label)
        yield Finding(spot, message, help, symbol=f"task {label}", begun=begun)

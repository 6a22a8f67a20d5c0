"""4.6: worker tasks stand under the resource, and a worker imports them."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.test_resources import HOME, PAGE, TASK, TASK_TEST
from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of
from tests.sample import GROWTH, SAMPLE

BROKER = "uv run taskiq worker app.worker:broker"
DISCOVERS = "-fsd --tasks-pattern 'app/graphql/**/tasks/*.py'"
AT = "Taskfile.yml:17:11: worker-tasks-registered: "
NO_FLAG = "the worker imports no task: taskiq ignores --tasks-pattern without --fs-discover"
LOST = (
    f"{TASK}:7:1: worker-tasks-registered:"
    " task expire_credits is in a module that no worker imports"
)
REMINDER = f"{HOME}/tasks/remind_approvers.py"
GROWN_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"


def worker(arguments: str, *more: str) -> dict[str, Edit]:
    """The Taskfile with other arguments of its worker, and with more tasks."""
    head = SAMPLE["Taskfile.yml"].partition("  worker:")[0]
    lines = [f"worker: {BROKER} {arguments}".rstrip(), *more]
    return {"Taskfile.yml": head + "".join(f"  {line}\n" for line in lines)}


def task_at(new: str, text: str = SAMPLE[TASK]) -> dict[str, Edit]:
    """The task in another module, with its test and on its page."""
    module = new.removesuffix(".py").replace("/", ".")
    old = TASK.removesuffix(".py").replace("/", ".")
    return {TASK: None, new: text, TASK_TEST: (old, module), PAGE: (TASK, new)}


BROKEN = [
    Case(
        "4.6",
        "a task in another folder of the resource",
        NEW,
        {
            **task_at(f"{HOME}/jobs/expire_credits.py"),
            **worker("-fsd -tp 'app/graphql/**/tasks/*.py' -tp 'app/graphql/**/jobs/*.py'"),
        },
        (
            f"{HOME}/jobs/expire_credits.py:7:1: worker-tasks-registered:"
            f" task expire_credits is not below {HOME}/tasks",
        ),
    ),
    Case(
        "4.6",
        "a task beside the service, which no worker imports",
        NEW,
        {**task_at(f"{HOME}/services/expire_credits.py")},
        (
            f"{HOME}/services/expire_credits.py:7:1: worker-tasks-registered:"
            f" task expire_credits is not below {HOME}/tasks",
        ),
    ),
    Case(
        "4.6",
        "a task of a resource outside of it",
        NEW,
        {
            **task_at(
                "app/jobs/expire_vendor_credits.py",
                SAMPLE[TASK].replace("expire_credits", "expire_vendor_credits"),
            ),
            TASK_TEST: [
                ("vendor_credits.tasks.expire_credits", "vendor_credits.tasks.old"),
                ("expire_credits", "expire_vendor_credits"),
                ("app.graphql.vendor_credits.tasks.old", "app.jobs.expire_vendor_credits"),
            ],
            PAGE: [
                (TASK, "app/jobs/expire_vendor_credits.py"),
                ("`expire_credits`", "`expire_vendor_credits`"),
            ],
            **worker("-fsd -tp 'app/jobs/*.py'"),
        },
        (
            "app/jobs/expire_vendor_credits.py:7:1: worker-tasks-registered:"
            f" task expire_vendor_credits is not below {HOME}/tasks",
        ),
    ),
    Case(
        "4.6",
        "a pattern without the flag",
        NEW,
        worker("-tp 'app/graphql/**/tasks/*.py'"),
        (AT + NO_FLAG,),
    ),
    Case(
        "4.6",
        "a long pattern without the flag",
        GROWN,
        worker("--tasks-pattern='app/**/tasks/*.py' --workers 2"),
        (AT + NO_FLAG,),
    ),
    Case("4.6", "the broker alone", NEW, worker(""), (f"{AT}the worker imports no task",)),
    Case(
        "4.6",
        "a broker with options alone",
        GROWN,
        worker("--workers 4 --reload"),
        (f"{AT}the worker imports no task",),
    ),
    Case("4.6", "the usual pattern", NEW, worker("-fsd"), (LOST,)),
    Case(
        "4.6",
        "a pattern of another folder",
        NEW,
        worker("-fsd -tp 'app/**/jobs/*.py'"),
        (LOST,),
    ),
    Case(
        "4.6",
        "a module without a task",
        NEW,
        worker("app.graphql.vendor_credits.types"),
        (LOST,),
    ),
    Case(
        "4.6",
        "a second worker that imports none",
        NEW,
        worker(DISCOVERS, f"second: {BROKER}"),
        ("Taskfile.yml:18:11: worker-tasks-registered: the worker imports no task",),
    ),
    Case(
        "4.6",
        "a task that only the other module is named for",
        GROWN,
        worker("app.graphql.vendor_credits.tasks.expire_credits"),
        (
            f"{REMINDER}:7:1: worker-tasks-registered:"
            " task remind_approvers is in a module that no worker imports",
        ),
    ),
]
HONEST = [
    Case("4.6", "the pattern with the flag", NEW, worker("-fsd -tp 'app/graphql/**/tasks/*.py'")),
    Case("4.6", "the flag behind the pattern", NEW, worker("-tp '**/tasks/*.py' --fs-discover")),
    Case("4.6", "the flag shortened", GROWN, worker("--fs-disc --tasks-pat 'app/**/*.py'")),
    Case("4.6", "modules by name", NEW, worker("app.graphql.vendor_credits.tasks.expire_credits")),
    Case(
        "4.6",
        "modules by name beside a pattern that does nothing",
        NEW,
        worker("app.graphql.vendor_credits.tasks.expire_credits -tp 'x/*.py'"),
    ),
    Case(
        "4.6",
        "a broker that imports the tasks",
        NEW,
        {
            **worker(""),
            "app/worker.py": SAMPLE["app/worker.py"] + "\n\ndef load() -> None:\n"
            "    import app.graphql.vendor_credits.tasks.expire_credits\n",
        },
    ),
    Case(
        "4.6",
        "a broker that imports what a list says",
        NEW,
        {
            **worker(""),
            "app/worker.py": SAMPLE["app/worker.py"]
            + "\nfor name in open('tasks.txt'):\n    __import__(name)\n",
        },
    ),
    Case("4.6", "arguments of the environment", NEW, worker("$TASKIQ_ARGUMENTS")),
    Case(
        "4.6",
        "a worker that a script starts",
        NEW,
        {
            "Taskfile.yml": (
                SAMPLE["Taskfile.yml"].partition("  worker: ")[2],
                "bash scripts/worker.sh\n",
            )
        },
    ),
    Case(
        "4.6",
        "a broker of another project",
        NEW,
        worker(DISCOVERS, "other: taskiq worker shared.jobs:broker"),
    ),
    Case(
        "4.6",
        "one module of tasks",
        NEW,
        {**task_at(f"{HOME}/tasks.py"), **worker("-fsd")},
    ),
    Case(
        "4.6",
        "a package below tasks",
        NEW,
        {**task_at(f"{HOME}/tasks/nightly/expire_credits.py"), **worker("-fsd -tp 'app/**/*.py'")},
    ),
    Case(
        "4.6",
        "a task of no resource",
        GROWN,
        {
            "app/jobs/ping.py": SAMPLE[TASK].replace("expire_credits", "ping"),
            "tests/test_ping.py": "import asyncio\n\nfrom app.jobs.ping import ping\n\n\n"
            "def test_ping() -> None:\n    assert asyncio.run(ping()) is None\n",
            GROWN_PAGE: [
                (
                    "\n\n## Frontend\n",
                    "\n| `ping` | `app/jobs/ping.py` | every night at 03:00 UTC |\n\n## Frontend\n",
                ),
                (
                    "- Task: [",
                    "- Task: [ping.py](https://example.com/sample/blob/main/app/jobs/ping.py)\n"
                    "- Task: [",
                ),
            ],
            **worker("-fsd -tp 'app/**/tasks/*.py' -tp 'app/jobs/*.py'"),
        },
    ),
    Case(
        "4.6",
        "a service that a task calls",
        GROWN,
        {
            REMINDER: GROWTH[REMINDER].replace(
                "from app.worker",
                "from app.graphql.vendor_credits.services.vendor_credit_service import"
                " VendorCreditService\nfrom app.worker",
            )
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_tasks(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

"""5.4: new code lands with new tests."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.test_resources import (
    HOME,
    PAGE,
    RESOLVER_TEST,
    SERVICE,
    SERVICE_TEST,
    TASK,
    TASK_TEST,
)
from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of
from tests.sample import GROWTH, SAMPLE

ID = "tests-with-code"
GROWN_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"
REMINDER = f"{HOME}/tasks/remind_approvers.py"
SCRIPT = "scripts/approve_old_credits.py"
MONEY = "app/money.py"
ROUND = '"""Money."""\n\n\ndef round_cents(amount: float) -> int:\n    return round(amount * 100)\n'
TESTED = (
    "from app.money import round_cents\n\n\ndef test_cents() -> None:\n"
    "    assert round_cents(1.5) == 150\n"
)
UNCOLLECTED: dict[str, Edit] = {
    TASK_TEST: None,
    TASK_TEST.replace("test_expire", "check_expire"): SAMPLE[TASK_TEST],
}
NO_TEST = "and no test imports"
OF_MONEY = f"{MONEY}:4:1: {ID}: the branch adds round_cents, {NO_TEST} {MONEY}"


def beside(*paths: str) -> dict[str, Edit]:
    """The page of the new resource with more files."""
    links = "".join(f"- [{path}](https://example.com/sample/blob/main/{path})\n" for path in paths)
    return {PAGE: ("- After the deploy: [scripts", f"{links}- After the deploy: [scripts")}


def module(path: str, text: str = ROUND) -> dict[str, Edit]:
    """A module that the branch adds, on its page."""
    return {path: text, **beside(path)}


BROKEN = [
    Case(
        "5.4",
        "a task without a test",
        NEW,
        {TASK_TEST: None},
        (f"{TASK}:7:1: {ID}: the branch adds task expire_credits, and no test names it",),
    ),
    Case(
        "5.4",
        "a task of a resource that grows without a test",
        GROWN,
        {"tests/graphql/vendor_credits/test_remind_approvers.py": None},
        (f"{REMINDER}:7:1: {ID}: the branch adds task remind_approvers, and no test names it",),
    ),
    Case(
        "5.4",
        "a second task in a module that is tested",
        NEW,
        {
            TASK: SAMPLE[TASK] + '\n\n@broker.task(schedule=[{"cron": "0 4 * * *"}])\n'
            "async def count_credits() -> int:\n    return 0\n",
            PAGE: [
                (
                    "every night at `0 3 * * *`",
                    f"every night at `0 3 * * *`\n- `count_credits` in `{TASK}`, at `0 4 * * *`",
                )
            ],
        },
        (f"{TASK}:12:1: {ID}: the branch adds task count_credits, and no test names it",),
    ),
    Case(
        "5.4",
        "a test of the task that no runner looks for",
        NEW,
        UNCOLLECTED,
        (f"{TASK}:7:1: {ID}: the branch adds task expire_credits, and no test names it",),
    ),
    Case(
        "5.4",
        "a test of the module that no runner looks for",
        NEW,
        {**module(MONEY), "tests/check_money.py": TESTED},
        (OF_MONEY,),
    ),
    Case(
        "5.4",
        "a task whose test checks nothing",
        NEW,
        {TASK_TEST: ("    assert asyncio.run(expire_credits()) is None", "    expire_credits()")},
        (f"{TASK}:7:1: {ID}: the branch adds task expire_credits, and {TASK_TEST} checks nothing",),
    ),
    Case(
        "5.4",
        "a module whose test checks nothing",
        NEW,
        {
            **module(MONEY),
            "tests/test_money.py": TESTED.replace("assert round_cents(1.5) == 150", "assert True"),
        },
        (
            f"{MONEY}:4:1: {ID}: the branch adds round_cents,"
            " and tests/test_money.py checks nothing",
        ),
    ),
    Case(
        "5.4",
        "a module that no test imports",
        NEW,
        module(MONEY),
        (OF_MONEY,),
    ),
    Case(
        "5.4",
        "a module that only code imports which no test reaches",
        NEW,
        {
            MONEY: ROUND,
            "app/prices.py": '"""Prices."""\n\nfrom app.money import round_cents\n\n'
            "LEAST = round_cents(1)\n",
            **beside(MONEY, "app/prices.py"),
        },
        (OF_MONEY,),
    ),
    Case(
        "5.4",
        "a test that names the function and imports another",
        NEW,
        {
            **module(MONEY),
            "tests/test_money.py": "from lib import round_cents\n\n\n"
            "def test_it() -> None:\n    assert round_cents(1)\n",
        },
        (OF_MONEY,),
    ),
    Case(
        "5.4",
        "a module in a package of its own",
        GROWN,
        {
            "app/lib/__init__.py": "",
            "app/lib/calendar.py": '"""Days."""\n\n\n'
            "async def next_workday() -> None:\n    return None\n",
            GROWN_PAGE: (
                "- Task: [",
                "- [calendar.py](https://example.com/sample/blob/main/app/lib/calendar.py)\n"
                "- Task: [",
            ),
        },
        (
            f"app/lib/calendar.py:4:1: {ID}: the branch adds next_workday, {NO_TEST}"
            " app/lib/calendar.py",
        ),
    ),
    Case(
        "5.4",
        "a one-off script without its test",
        GROWN,
        {"tests/test_approve_old_credits.py": None},
        (f"{SCRIPT}:6:1: {ID}: the branch adds approve_old_credits, {NO_TEST} {SCRIPT}",),
    ),
]
HONEST = [
    Case(
        "5.4",
        "tests with names of the team's own",
        NEW,
        {**UNCOLLECTED, "pytest.ini": "[pytest]\npython_files = check_*.py test_*.py\n"},
    ),
    Case(
        "5.4",
        "a task that a helper of the tests runs",
        NEW,
        {
            "tests/steps.py": SAMPLE[TASK_TEST].replace("    assert ", "    return "),
            TASK_TEST: "from tests.steps import test_expire_credits as expired\n\n\n"
            "def test_it() -> None:\n    assert expired()\n",
        },
    ),
    Case("5.4", "a module with its test", NEW, {**module(MONEY), "tests/test_money.py": TESTED}),
    Case(
        "5.4",
        "a module that the test imports as a whole",
        NEW,
        {
            **module(MONEY),
            "tests/unit/test_cents.py": "import app.money\n\n\ndef test_cents() -> None:\n"
            "    assert app.money.round_cents(1) == 100\n",
        },
    ),
    Case(
        "5.4",
        "a module that a tested service imports",
        NEW,
        {
            **module(MONEY),
            SERVICE: (
                "from app.graphql.vendor_credits.models",
                "from app.money import round_cents\nfrom app.graphql.vendor_credits.models",
            ),
        },
    ),
    Case(
        "5.4",
        "a module that is imported relatively",
        NEW,
        {
            "app/lib/__init__.py": "from .money import round_cents\n",
            "app/lib/money.py": ROUND,
            "tests/test_money.py": TESTED.replace("app.money", "app.lib"),
            **beside("app/lib/money.py"),
        },
    ),
    Case(
        "5.4",
        "a module that a name leads to",
        NEW,
        {
            **module(MONEY),
            "app/plugins.py": '"""Plugins."""\n\nNAMES = ["app.money"]\n',
            "tests/test_plugins.py": "from app.plugins import NAMES\n\n\n"
            "def test_it() -> None:\n    assert NAMES\n",
            **beside(MONEY, "app/plugins.py"),
        },
    ),
    Case("5.4", "a module of constants", NEW, module("app/limits.py", "MOST = 5\n")),
    Case(
        "5.4",
        "a module of private functions",
        NEW,
        module(MONEY, ROUND.replace("round_cents", "_round_cents")),
    ),
    Case("5.4", "the settings", NEW, module("app/settings.py", ROUND)),
    Case(
        "5.4",
        "a worker",
        NEW,
        module(
            "app/scheduler.py",
            "from taskiq import TaskiqScheduler\n\nfrom app.worker import broker\n\n"
            "scheduler = TaskiqScheduler(broker, [])\n\n\n"
            "def started() -> bool:\n    return True\n",
        ),
    ),
    Case(
        "5.4",
        "a command line",
        NEW,
        module(
            "app/console.py", f'{ROUND}\n\nif __name__ == "__main__":\n    print(round_cents(1))\n'
        ),
    ),
    Case(
        "5.4",
        "a session of the database",
        NEW,
        module(
            "app/sessions.py",
            "from sqlalchemy import create_engine\n\nengine = create_engine('sqlite://')\n\n\n"
            "def session() -> object:\n    return engine.connect()\n",
        ),
    ),
    Case(
        "5.4",
        "a module that runs by itself",
        NEW,
        module("app/count.py", ROUND + "\n\nprint(round_cents(1))\n"),
    ),
    Case(
        "5.4",
        "a module that moves",
        NEW,
        {MONEY: None, **module("app/cents.py")},
        earlier={MONEY: ROUND},
    ),
    Case(
        "5.4",
        "a task that a test names by its module",
        NEW,
        {
            TASK_TEST: "import asyncio\n\nfrom app.graphql.vendor_credits.tasks import"
            " expire_credits as tasks\n\n\ndef test_it() -> None:\n"
            "    assert asyncio.run(tasks.expire_credits()) is None\n"
        },
    ),
    Case(
        "5.4",
        "a task in another test of the resource",
        NEW,
        {
            TASK_TEST: None,
            SERVICE_TEST: [
                ("from sqlalchemy.orm", "import asyncio\n\nfrom sqlalchemy.orm"),
                (
                    "from app.graphql.vendor_credits.services",
                    "from app.graphql.vendor_credits.tasks.expire_credits import expire_credits\n"
                    "from app.graphql.vendor_credits.services",
                ),
                (
                    "    service.delete",
                    "    assert asyncio.run(expire_credits()) is None\n    service.delete",
                ),
            ],
        },
    ),
    Case(
        "5.4",
        "a task that is named by what the tests share",
        NEW,
        {
            "tests/helpers.py": "from app.graphql.vendor_credits.tasks.expire_credits import"
            " expire_credits\n\n\nasync def run_tasks() -> None:\n    await expire_credits()\n",
            TASK_TEST: "import asyncio\n\nfrom tests.helpers import run_tasks\n\n\n"
            "def test_expires_nothing() -> None:\n    assert asyncio.run(run_tasks()) is None\n",
        },
    ),
    Case(
        "5.4",
        "a comment in a task",
        GROWN,
        {REMINDER: GROWTH[REMINDER].replace("    print", "    # nothing\n    print")},
    ),
    Case(
        "5.4",
        "a resolver in the words of another test",
        GROWN,
        {RESOLVER_TEST: GROWTH[RESOLVER_TEST].replace("test_approve", "test_second_person")},
    ),
]


@all_of(BROKEN + HONEST)
def test_tests(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

"""worker-tasks-documented: exact findings and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules._pages import PAGE, feature_page, start_branch

ID = "worker-tasks-documented"
PATH = "app/graphql/refunds/tasks/nightly.py"
HEAD = "from app.worker import broker\n"


def _task(schedule: str = "", name: str = "expire") -> str:
    return f"{HEAD}@broker.task({schedule})\nasync def {name}(): pass\n"


def _page(tasks: str) -> str:
    """A page whose section also says where the tasks live."""
    return feature_page(tasks=f"{tasks}\n\nAll in `app/graphql/refunds/tasks`.")


def test_a_new_task_is_named(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), PATH: _task()})
    assert run(ID) == (
        1,
        f"{PAGE}:9:1: {ID}: task expire at {PATH}:3 is new,"
        " and Background tasks / cron does not name it\n"
        "    help: name `expire` there, with its path\n1 finding in 1 file\n",
        "",
    )
    for tasks in ("- `expire`", f"expire lives in {PATH}", f"`{PATH}:expire`"):
        project.lay({PAGE: _page(tasks)})
        assert run(ID)[0] == 0, tasks
    for tasks in ("- `expired`", "- `expire_all`", f"`{PATH}`"):
        project.lay({PAGE: _page(tasks)})
        assert run(ID)[0] == 1, tasks


def test_where_a_task_lives(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(tasks="- `expire`"), PATH: _task()})
    assert run(ID) == (
        1,
        f"{PAGE}:9:1: {ID}: task expire at {PATH}:3 is new,"
        " and Background tasks / cron does not say where it lives\n"
        f"    help: write its path there: {PATH}\n1 finding in 1 file\n",
        "",
    )
    for place, code in {
        f"`{PATH}`": 0,
        f"./{PATH}:expire.": 0,
        "tasks/nightly.py": 0,
        "nightly.py": 0,
        "`app/graphql/refunds/tasks/`": 0,
        "refunds/tasks": 0,
        "`app.graphql.refunds.tasks.nightly`": 0,
        "`app.graphql.refunds.tasks.nightly:expire`": 0,
        "`app.graphql.refunds.tasks.nightly.expire`": 0,
        "`app.graphql.refunds`": 0,
        f"[here](https://example.com/blob/main/{PATH}#L3)": 0,
        "[here](https://example.com/tree/main/app/graphql/refunds/tasks)": 0,
        "app/graphql/refunds/tasks/weekly.py": 1,
        "app/graphql/credits/tasks": 1,
        "nightly": 1,
        "refunds": 1,
        "the app": 1,
        "e.g. at night": 1,
    }.items():
        project.lay({PAGE: feature_page(tasks=f"- `expire` ({place})")})
        assert run(ID)[0] == code, place


def test_the_page_says_one_schedule(project: Project, run: Run) -> None:
    start_branch(project)
    task = _task('schedule=[{"cron": "0 3 * * *"}]')
    deltas = "- `expire` at `0 3 * * *`"
    fault = f"task expire at {PATH}:3 runs at `0 3 * * *`, and the page says `0 5 * * *`"
    for said, is_found in {
        "- `expire` at `0 5 * * *`": True,
        "- `expire`: at five\n- `remind` at `0 5 * * *`": False,
        "- `expire`, from `0 5 * * *` to `0 3 * * *`": False,
    }.items():
        project.lay(
            {PAGE: feature_page(tasks=f"{said}\n\nIn `{PATH}`.", deltas=deltas), PATH: task}
        )
        assert (fault in run(ID)[1]) == is_found, said


def test_every_new_task_is_named(project: Project, run: Run) -> None:
    start_branch(project)
    tasks = _task() + "@broker.task\nasync def remind(): pass\n"
    project.lay({PAGE: feature_page(), PATH: tasks})
    out = run(ID)[1]
    assert [name in out for name in (f"expire at {PATH}:3", f"remind at {PATH}:5")] == [True] * 2
    assert out.endswith("2 findings in 1 file\n")


def test_the_task_name_will_do(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: _page("`refunds.expire_all`"), PATH: _task()})
    assert run(ID)[0] == 1
    project.lay({PATH: _task('task_name="refunds.expire_all"')})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    ("schedule", "says", "shown", "not_shown"),
    [
        ('{"cron": "0 3 * * *"}', "at `0 3 * * *`", ["`0 3 * * *`", "0 3 * *  *"], ["at 3"]),
        (
            '{"interval": 3600}',
            "every 3600 seconds",
            ["every hour", "hourly", "1 hour", "60 minutes", "60min", "`3600`", "3600 s"],
            ["every 2 hours", "36000", "360 minutes"],
        ),
        ('{"interval": 90}', "every 90 seconds", ["90 seconds", "90s", "`90`"], ["2 minutes"]),
        ('{"interval": timedelta(days=1)}', "every 86400 seconds", ["daily", "24h"], ["x"]),
        ('{"interval": 604800}', "every 604800 seconds", ["weekly", "7 days", "1 w"], ["daily"]),
    ],
)
def test_a_schedule_is_shown(
    schedule: str, says: str, shown: list[str], not_shown: list[str], project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay({PAGE: _page("- `expire`"), PATH: _task(f"schedule=[{schedule}]")})
    assert run(ID) == (
        1,
        f"{PAGE}:9:1: {ID}: task expire at {PATH}:3 runs {says},"
        " and Background tasks / cron does not show it\n"
        "    help: write its schedule there\n1 finding in 1 file\n",
        "",
    )
    for text in shown:
        project.lay({PAGE: _page(f"- `expire`, {text}")})
        assert run(ID)[0] == 0, text
    for text in not_shown:
        project.lay({PAGE: _page(f"- `expire`, {text}")})
        assert run(ID)[0] == 1, text


@pytest.mark.parametrize(
    "schedule",
    [
        "schedule=make()",
        "schedule=[{'cron': settings.CRON}]",
        "schedule=[{'time': datetime(2026, 1, 1)}]",
        "schedule=[{'interval': settings.EVERY}]",
        "**labels",
    ],
)
def test_a_schedule_that_cannot_be_read(schedule: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: _page("- `expire`"), PATH: _task(schedule)})
    assert run(ID)[0] == 0


def test_every_schedule_is_shown(project: Project, run: Run) -> None:
    start_branch(project)
    schedule = 'schedule=[{"cron": "0 3 * * *"}, {"cron": "0 4 * * *"}]'
    project.lay({PAGE: _page("- `expire` `0 3 * * *`"), PATH: _task(schedule)})
    assert "runs at `0 4 * * *`," in run(ID)[1]
    assert run(ID)[1].endswith("1 finding in 1 file\n")


@pytest.mark.parametrize("tasks", ["", "<!-- all -->", "TODO"])
def test_a_missing_section_is_one_finding_of_another_rule(
    tasks: str, project: Project, run: Run
) -> None:
    start_branch(project)
    page = feature_page(tasks=tasks) if tasks else "# Refunds\n"
    project.lay({PAGE: page, PATH: _task()})
    assert run(ID)[0] == 0
    assert "Background tasks / cron" in run("feature-plan-shape")[1]


def test_a_cron_in_words(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PATH: _task("schedule=[{'cron': '0 4 * * *'}]")})
    for tasks, code in {
        "- `expire`, every night at 04:00 UTC": 0,
        "- `expire`\n  - daily at 4 am": 0,
        "| Task | When |\n|---|---|\n| `expire` | at 04:00 every day |": 0,
        "`expire` runs every **night**\nat 04:00.": 0,
        "- `expire`, every night\n- `other`, on Mondays at 04:00": 1,
        "- `expire`, every night at 03:00 UTC": 1,
    }.items():
        project.lay({PAGE: _page(tasks)})
        assert run(ID)[0] == code, tasks


def test_what_moves_or_is_edited_adds_nothing(project: Project, run: Run) -> None:
    start_branch(project, {PATH: _task()})
    moved = PATH.replace("nightly", "moved")
    project.lay({PAGE: feature_page(), PATH: None, moved: _task("retry_on_error=True")})
    assert run(ID)[0] == 0
    project.lay({PAGE: feature_page(), PATH: _task(name="other")})
    assert "task other at" in run(ID)[1]


def test_a_broker_of_another_name(project: Project, run: Run) -> None:
    source = "from app.queue import tkq\n@tkq.task\ndef expire(): pass\n"
    start_branch(project, {"app/queue.py": "from celery import Celery\ntkq = Celery()\n"})
    project.lay({PAGE: feature_page(), PATH: source})
    assert run(ID)[0] == 0
    project.lay({"app/queue.py": "from taskiq_redis import ListQueueBroker\ntkq = make()\n"})
    assert run(ID)[0] == 1


def test_without_a_page_nothing_is_said(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PATH: _task()})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_a_feature_in_several_commits(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page()})
    project.git("commit", "-qm", "plan")
    project.lay({PATH: _task()})
    assert run(ID)[0] == 1
    project.git("commit", "-qm", "task")
    project.lay({PAGE: _page("`expire`")})
    assert run(ID)[0] == 0


def test_without_a_base(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: feature_page(), PATH: _task()})
    project.git("commit", "-qm", "plan")
    project.git("branch", "-qD", "main")
    note = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"
    assert run(ID) == (0, "no findings (0 files judged)\n", note)

"""The tasks of a file, by the names that taskiq registers and the schedules that it reads."""

from __future__ import annotations

import asyncio
import sys
import types

import pytest
from taskiq import AsyncBroker, InMemoryBroker
from taskiq.schedule_sources import LabelScheduleSource

from definition_of_done.project.api.tasks import Schedule, Task, read_tasks

PATH = "app/shape_of_tasks.py"
SOURCE = """
from datetime import datetime, timedelta
import taskiq
from taskiq import InMemoryBroker, TaskiqScheduler
broker = InMemoryBroker().with_id_generator(lambda: "x")
tkq = InMemoryBroker()
queue: taskiq.AsyncBroker = taskiq.InMemoryBroker()
EVERY_NIGHT = "0 3 * * *"
HOURLY = [{"interval": 3600}]

@broker.task
async def bare() -> None: ...

@broker.task()
def called() -> None: ...

@tkq.task("by_position", retry_on_error=True)
async def positional() -> None: ...

@queue.task(task_name="vendors.expire", schedule=[{"cron": EVERY_NIGHT, "args": [1]}])
async def named() -> None: ...

@broker.task(schedule=HOURLY)
async def hourly() -> None: ...

@broker.task(schedule=[dict(cron="* * * * *"), {"interval": timedelta(minutes=5)}])
async def twice() -> None: ...

@broker.task(schedule=[{"time": datetime(2026, 1, 1)}])
async def once() -> None: ...

@broker.task(schedule=({"cron": "5 * * * *"},))
async def in_a_tuple() -> None: ...

def plain() -> None: ...
def other() -> None: ...
def third() -> None: ...
def fourth() -> None: ...
broker.register_task(plain)
made = tkq.register_task(other, "other_name", schedule=[{"cron": "1 1 1 1 1"}])
third_task = broker.task(task_name="third_name")(third)
fourth_task = broker.task("fourth_name")(fourth)
"""


def test_tasks_are_those_that_taskiq_registers() -> None:
    name = "app.shape_of_tasks"
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(SOURCE, name, "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules[name]
    expected = {}
    for broker in (value for value in vars(module).values() if isinstance(value, AsyncBroker)):
        source = LabelScheduleSource(broker)
        asyncio.run(source.startup())
        for task_name in broker.get_all_tasks():
            expected[task_name] = {
                (
                    schedule.cron,
                    schedule.interval
                    if isinstance(schedule.interval, int | None)
                    else schedule.interval.seconds,
                )
                for schedule in source.schedules.values()
                if schedule.task_name == task_name
            }
    assert isinstance(module.broker, InMemoryBroker)
    tasks = read_tasks(PATH, SOURCE.encode())
    assert {task.name or f"{name}:{task.function}": set(task.schedule or ()) for task in tasks} == (
        expected
    )


@pytest.mark.parametrize(
    ("source", "function", "name", "schedule"),
    [
        ("@broker.task(schedule=[{'cron': settings.CRON}])", "f", None, (Schedule(),)),
        (
            "from datetime import timedelta\n"
            "@broker.task(schedule=[{'interval': timedelta(weeks=1, hours=1, seconds=9)}])",
            "f",
            None,
            (Schedule(None, 608409),),
        ),
        ("@broker.task(schedule=make())", "f", None, None),
        ("@broker.task(schedule=[one, two])", "f", None, None),
        ("@broker.task(schedule=[{**one}])", "f", None, None),
        ("@broker.task(**labels)", "f", None, None),
        ("@broker.task(task_name=NAME)", "f", None, ()),
        ("@broker.task(schedule=[{'interval': 1.5}])", "f", None, (Schedule(),)),
        ("@worker.app_broker.task", "f", None, ()),
    ],
)
def test_what_is_computed_is_unseen(
    source: str, function: str, name: str | None, schedule: tuple[Schedule, ...] | None
) -> None:
    (task,) = read_tasks(PATH, f"{source}\ndef f(): ...\n".encode())
    assert (task.function, task.name, task.schedule) == (function, name, schedule)


@pytest.mark.parametrize(
    "source",
    [
        "from celery import shared_task\n@shared_task\ndef f(): ...",
        "from app.celery import app\n@app.task\ndef f(): ...",
        "import celery\napp = celery.Celery()\n@app.task(name='x')\ndef f(): ...",
        "from prefect import task\n@task\ndef f(): ...",
        "def f(self): self.task(1)(2)",
        "broker.task",
    ],
)
def test_tasks_of_other_libraries(source: str) -> None:
    assert read_tasks(PATH, source.encode()) == ()


def test_a_broker_of_another_file_is_asked_for() -> None:
    source = b"from app.worker import tkq\n@tkq.task\ndef f(): pass"
    (task,) = read_tasks(PATH, source, lambda origin: origin == "app.worker.tkq")
    assert task == Task(task.spot, "f", None, ())
    assert task.spot.key == (PATH, 3, 1)


@pytest.mark.parametrize(
    "source",
    [
        "from taskiq.brokers.shared_broker import shared_task as st\n@st\ndef f(): ...\n",
        "from taskiq import async_shared_broker\n@async_shared_broker.task\ndef f(): ...\n",
    ],
)
def test_shared_tasks(source: str) -> None:
    assert [task.function for task in read_tasks(PATH, source.encode())] == ["f"]

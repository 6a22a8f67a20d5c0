"""worker-tasks-registered: exact findings, taskiq itself as oracle, and what it leaves alone."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from taskiq.cli import utils
from taskiq.cli.worker.args import WorkerArgs
from tests.repository import Project, Run

from definition_of_done.base.spots import Spot
from definition_of_done.project.api.worker import read_workers
from definition_of_done.readers.task_commands import Command

ID = "worker-tasks-registered"
PATH = "app/graphql/refunds/tasks/nightly.py"
TASK = "from app.worker import broker\n\n@broker.task\nasync def expire(): ...\n"
BROKER = {"app/worker.py": "from taskiq import InMemoryBroker\nbroker = InMemoryBroker()\n"}


def _taskfile(arguments: str) -> dict[str, str]:
    script = f"taskiq worker app.worker:broker {arguments}"
    return {"Taskfile.yml": f"version: '3'\ntasks:\n  worker:\n    cmds:\n      - {script}\n"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("-fsd", "`**/tasks.py`"),
        ("-fsd -tp 'app/*/tasks/*.py'", "`app/*/tasks/*.py`"),
        ("--tasks-pattern=app/**/jobs/*.py -fsd", "`app/**/jobs/*.py`"),
        ("-fsd -tp 'a/*.py' --tasks-p 'b/*.py' c.d", "`a/*.py`, `b/*.py` and `c.d`"),
        ("app.graphql.refunds.tasks.weekly -w4", "`app.graphql.refunds.tasks.weekly`"),
        ("app.graphql.refunds.tasks --reload", "`app.graphql.refunds.tasks`"),
        ("-fsd --workers {{.COUNT}} {{.CLI_ARGS}}", "`**/tasks.py`"),
        ("-fsd " + "-tp a.py " * 200, ", ".join(["`a.py`"] * 199) + " and `a.py`"),
    ],
)
def test_a_task_that_no_worker_imports(
    arguments: str, told: str, project: Project, run: Run
) -> None:
    project.lay({**BROKER, **_taskfile(arguments), PATH: TASK})
    assert run(ID) == (
        1,
        f"{PATH}:4:1: {ID}: task expire is in a module that no worker imports\n"
        "    help: move it to where a worker looks, or widen what this is told:"
        f" {told} at Taskfile.yml:5\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "-fsd -tp 'app/graphql/**/tasks/*.py'",
        "-fsd -tp app/graphql/*/tasks/nightly.py",
        "--tasks-pattern=**/*.py --fs-discover",
        "-fsd -tp './app/graphql/refunds/**'",
        "-tp {{.PATTERN}}",
        "-tp $PATTERN",
        "-tp '{{.A}}/*.py' -fsd",
        "app.graphql.refunds.tasks.nightly",
        "-w 2 app.graphql.refunds.tasks.nightly --reload",
        "-d app graphql.refunds.tasks.nightly",
        "--no-such-option -tp 'x/*.py'",
    ],
)
def test_what_a_worker_imports_or_may_import(arguments: str, project: Project, run: Run) -> None:
    project.lay({**BROKER, **_taskfile(arguments), PATH: TASK})
    code, out, errors = run(ID)
    assert (code, errors) == (0, "")
    assert out.startswith("no findings")


@pytest.mark.parametrize(
    "arguments",
    ["", "--workers 4", "-tp 'app/graphql/**/tasks/*.py'", "-tp '**/*.py' -tp 'app/*.py'"],
)
def test_a_worker_that_imports_no_task(
    arguments: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({**BROKER, **_taskfile(arguments), PATH: TASK})
    told = WorkerArgs.from_cli(["app.worker:broker", *shlex.split(arguments)])
    imported: list[str] = []
    monkeypatch.setattr(utils, "import_from_modules", imported.extend)
    utils.import_tasks(told.modules, told.tasks_pattern, told.fs_discover)
    assert imported == []
    why = ": taskiq ignores --tasks-pattern without --fs-discover" if "-tp" in arguments else ""
    assert run(ID) == (
        1,
        f"Taskfile.yml:5:9: {ID}: the worker imports no task{why}\n"
        "    help: let it find the tasks: add -fsd, and -tp with a pattern that holds them\n"
        "1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "files",
    [
        {"Taskfile.yml": None},
        {"Taskfile.yml": "version: '3'\ntasks:\n  lint: ruff check .\n"},
        {"Taskfile.yml": "version: '3'\ntasks:\n  w: bash scripts/worker.sh\n"},
        {"Taskfile.yml": "tasks:\n  w: cd other && taskiq worker app.worker:broker -fsd\n"},
        {"Taskfile.yml": "tasks:\n  w: taskiq worker 'app.worker:broker -fsd\n"},
        {"Taskfile.yml": ""},
        # What the worker imports imports the task.
        {"app/worker.py": f"{BROKER['app/worker.py']}import app.graphql.refunds.tasks.nightly\n"},
        {
            "app/worker.py": f"{BROKER['app/worker.py']}from app import loaded\n",
            "app/loaded.py": "from .graphql.refunds.tasks import nightly\n",
        },
        # A package of what it imports does.
        {
            "app/graphql/refunds/jobs/tasks.py": "x = 1\n",
            "app/graphql/refunds/jobs/__init__.py": "import app.graphql.refunds.tasks.nightly\n",
        },
        {"app/worker.py": f"{BROKER['app/worker.py']}import_module(name)\n"},
        {PATH: "from celery import app\n@app.task\ndef expire(): ...\n"},
        {PATH: None, "app/graphql/refunds/tests/test_x.py": TASK},
        {PATH: None, "app/other/tasks/nightly.py": TASK},
        {PATH: None, "app/graphql/refunds/tasks.py": TASK},
        # Another worker of an included Taskfile.
        {
            "Taskfile.yml": "includes:\n  w: ./ops\ntasks:\n"
            "  w: taskiq worker app.worker:broker -fsd\n",
            "ops/Taskfile.yml": "tasks:\n"
            "  w: taskiq worker app.worker:broker -fsd -tp 'app/**/*.py'\n",
        },
        {
            "Taskfile.yml": "includes:\n  w: 'https://example.com/Taskfile.yml'\ntasks:\n"
            "  w: taskiq worker app.worker:broker -fsd\n",
        },
    ],
)
def test_what_it_leaves_alone(files: dict[str, str | None], project: Project, run: Run) -> None:
    project.lay({**BROKER, **_taskfile("-fsd"), PATH: TASK})
    assert run(ID)[0] == 1
    project.lay(files)
    code, out, errors = run(ID)
    assert (code, errors) == (0, "")
    assert out.startswith("no findings")


@pytest.mark.parametrize(
    ("taskfile", "code"),
    [
        ("vars: {P: 'app/**/tasks/*.py'}\ntasks:\n  w: @ -fsd -tp '{{.P}}'\n", 0),
        ("vars: {P: 'app/**/jobs/*.py'}\ntasks:\n  w: @ -fsd -tp '{{ .P }}'\n", 1),
        ("vars: {D: jobs, P: 'app/**/{{.D}}/*.py'}\ntasks:\n  w: @ -fsd -tp '{{.P}}'\n", 1),
        ("vars: {P: {sh: cat x}}\ntasks:\n  w: @ -fsd -tp '{{.P}}'\n", 0),
        ("vars: {P: x}\ntasks:\n  w: @ -fsd -tp '{{.P | upper}}'\n", 0),
        (
            "vars: {P: x}\ntasks:\n"
            "  w: {vars: {P: '**/tasks/*.py'}, cmd: \"@ -fsd -tp '{{.P}}'\"}\n",
            0,
        ),
        (
            "vars: {P: x}\ntasks:\n  w: @ -fsd -tp '{{.P}}'\n"
            "  all: [{task: w, vars: {P: '**/tasks/*.py'}}]\n",
            0,
        ),
        ("tasks:\n  w: {dir: app, cmds: [{cmd: \"@ -fsd -tp 'graphql/*/tasks/*.py'\"}]}\n", 0),
        ("tasks:\n  w: {dir: app, cmds: [{cmd: \"@ -fsd -tp 'app/graphql/*/tasks/*.py'\"}]}\n", 1),
        ("tasks:\n  w: {dir: '{{.X}}', cmds: [\"@ -fsd -tp 'x.py'\"]}\n", 0),
        ("tasks:\n  w: |\n    @ \\\n      -fsd \\\n      -tp 'app/**/*.py'\n", 0),
        ("tasks:\n  w: |\n    @ \\\n      -fsd\n", 1),
        ('tasks:\n  w: watchfiles "@ -fsd" app\n', 1),
        ('tasks:\n  w: watchfiles "@ -fsd -tp app/**/*.py" app\n', 0),
        ("tasks:\n  a: @ -fsd\n  b: @ -fsd -tp '**/nightly.py'\n", 0),
    ],
)
def test_variables_and_folders(taskfile: str, code: int, project: Project, run: Run) -> None:
    worker = "taskiq worker app.worker:broker"
    project.lay({**BROKER, "Taskfile.yml": taskfile.replace("@", worker), PATH: TASK})
    assert run(ID)[0] == code


def test_the_configured_taskfile(project: Project, run: Run) -> None:
    project.lay({**BROKER, PATH: TASK, "ops/w.yml": "tasks:\n  w: taskiq worker a:b -fsd\n"})
    assert run(ID)[0] == 0
    table = '[tool.definition-of-done]\ntaskfile = "ops/w.yml"\n'
    project.lay({"pyproject.toml": table})
    # The worker runs beside its Taskfile.
    assert "`**/tasks.py` at ops/w.yml:2" in run(ID)[1]


def test_without_resources(project: Project, run: Run) -> None:
    project.lay({**_taskfile("-fsd"), "app/tasks/nightly.py": TASK})
    assert run(ID) == (0, "no findings (1 file judged)\n", "")


def test_a_taskfile_that_is_not_yaml(project: Project, run: Run) -> None:
    project.lay({**BROKER, PATH: TASK, "Taskfile.yml": "tasks:\n  a: [\n"})
    code, out, _ = run(ID)
    assert code == 1
    assert out.startswith("Taskfile.yml:3:1: ")


FILES = (
    "app/graphql/refunds/tasks.py",
    "app/graphql/refunds/tasks/nightly.py",
    "app/graphql/refunds/tasks/deep/weekly.py",
    "app/graphql/refunds/tasks/tasks_old.py",
    "app/graphql/refunds/tasks/jobs/__init__.py",
    "app/graphql/.hidden/tasks/x.py",
    "app/graphql/credits/tasks/run-it.py",
)
PATTERNS = (
    "**/tasks.py",
    "**/tasks/*.py",
    "**/tasks/**/*.py",
    "app/graphql/*/tasks/*.py",
    "app/*/tasks/*.py",
    "./app/graphql/**/t*s.py",
    "app/**/[n-z]*.py",
    "app/**/[!n]*.py",
    "app/graphql/*/tasks/jobs",
    "**/deep/week??.py",
    "tasks.py",
    "*",
    "**/*.txt",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_taskiq_imports_what_the_rule_leaves_alone(
    pattern: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file beside a folder of its own name cannot be imported: each is tried by itself.
    for path in FILES:
        for other in FILES:
            project.lay({other: None})
        project.lay({**BROKER, **_taskfile(f"-fsd -tp '{pattern}'"), path: TASK})
        for folder in sorted(Path("app").rglob("*"), reverse=True):
            if folder.is_dir() and not os.listdir(folder):
                folder.rmdir()
        imported: list[str] = []
        monkeypatch.setattr(utils, "import_from_modules", imported.extend)
        utils.import_tasks([], pattern, True)
        module = path.removesuffix(".py").replace("/", ".")
        known = {module, module.removesuffix(".__init__")} & set(imported)
        assert run(ID)[0] == (0 if known else 1), (path, imported)


@pytest.mark.parametrize(
    "arguments",
    [
        "a.b:c",
        "a.b:c -fsd",
        "a.b:c d e.f -fsd -tp x -tp y",
        "a.b:c d --tasks-pattern=x --reload --workers 3 --log-level DEBUG",
        "--reload -w4 a.b:c d -tp x",
        "--max-fails 3 a.b:c d --no-parse -d lib --ack-type when_saved",
        "a.b:c --max-async-tasks 3 --fs-d --tasks-pat x",
    ],
)
def test_arguments_as_taskiq_reads_them(arguments: str) -> None:
    told = WorkerArgs.from_cli(shlex.split(arguments))
    command = Command(Spot("Taskfile.yml"), f"uv run taskiq worker {arguments} && echo x", "")
    (worker,) = read_workers(command)
    assert worker.is_seen
    assert worker.broker == told.broker.partition(":")[0]
    assert list(worker.modules) == told.modules
    assert worker.app_dir == (told.app_dir or "")
    assert list(worker.patterns) == (list(told.tasks_pattern) if told.fs_discover else [])

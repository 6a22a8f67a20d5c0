"""The commands of a Taskfile, with what is known of its variables and of what it includes."""

from __future__ import annotations

import pytest

from definition_of_done.base.text import Text
from definition_of_done.readers.task_commands import NAMES, UNKNOWN, Command
from definition_of_done.readers.taskfile import read_commands


def read(files: dict[str, str]) -> list[tuple[str, ...]]:
    """Script and folder of each command; of what is not followed the place alone."""
    found = read_commands("Taskfile.yml", lambda path: _text(path, files))
    return [
        (part.script, part.folder)
        if isinstance(part, Command)
        else ("{}:{}:{}".format(*part.spot.key),)
        for part in found
    ]


def _text(path: str, files: dict[str, str]) -> Text | None:
    return Text(path, files[path]) if path in files else None


@pytest.mark.parametrize(
    ("source", "commands"),
    [
        ("tasks: {a: run it}", [("run it", "")]),
        ("tasks: {a: {cmd: run}}", [("run", "")]),
        ("tasks: {a: {cmds: [one, {cmd: two}, {task: b}]}}", [("one", ""), ("two", "")]),
        ("tasks: {a: {dir: sub/x, cmd: run}}", [("run", "sub/x")]),
        ("tasks: {a: {deps: [b]}}", []),
        ("vars: {A: a, B: '{{.A}}b'}\ntasks: {t: 'x {{.B}} {{ .A }}'}", [("x ab a", "")]),
        ("vars: {A: a}\ntasks: {t: 'x {{- .A -}}'}", [("x a", "")]),
        ("vars: {A: {sh: ls}}\ntasks: {t: 'x {{.A}}'}", [(f"x {UNKNOWN}", "")]),
        ("tasks: {t: 'x {{.A}} {{.CLI_ARGS}}'}", [(f"x {UNKNOWN} ", "")]),
        ("vars: {A: a}\ntasks: {t: {vars: {A: b}, cmd: 'x {{.A}}'}}", [("x b", "")]),
        (
            # Who calls it may mean another one.
            "vars: {A: a}\ntasks: {t: 'x {{.A}}', u: {cmds: [{task: t, vars: {A: b}}]}}",
            [(f"x {UNKNOWN}", "")],
        ),
        ("tasks: {t: 'x {{if .A}}'}", [(f"x {UNKNOWN}", "")]),
        ("tasks: {t: 'x {{.A'}", [("x {{.A", "")]),
        ("", []),
        ("- a", []),
    ],
)
def test_commands(source: str, commands: list[tuple[str, str]]) -> None:
    assert read({"Taskfile.yml": source}) == commands


def test_places() -> None:
    text = Text("Taskfile.yml", "tasks:\n  a:\n    cmds:\n      - cmd: run\n")
    (command,) = read_commands("Taskfile.yml", lambda _: text)
    assert command.spot.key == ("Taskfile.yml", 4, 14)


def test_included() -> None:
    files = {
        "Taskfile.yml": "includes:\n  a: ./more\n  b: {taskfile: other.yml, dir: inside}\n"
        "tasks: {t: own}\n",
        "more/Taskfile.yaml": "tasks: {m: in more}\n",
        "other.yml": "tasks: {o: {dir: deep, cmds: [c]}}\n",
    }
    assert read(files) == [("in more", ""), ("c", "inside/deep"), ("own", "")]


def test_variables_reach_what_is_included() -> None:
    files = {
        "Taskfile.yml": "vars: {A: a, F: b}\nincludes:\n"
        "  x: {taskfile: '{{.F}}.yml', vars: {B: '{{.A}}b'}}\n",
        "b.yml": "tasks: {t: 'x {{.A}} {{.B}}'}\n",
    }
    assert read(files) == [("x a ab", "")]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("gone.yml", [("Taskfile.yml:1:15",)]),
        ("{taskfile: gone.yml, optional: true}", []),
        ("https://x.example/y.yml", [("Taskfile.yml:1:15",)]),
        ("'{{.WHERE}}/x.yml'", [("Taskfile.yml:1:15",)]),
        ("Taskfile.yml", [("Taskfile.yml:1:15",)]),
        ("{taskfile: b.yml, dir: '{{.X}}'}", [("Taskfile.yml:1:15",)]),
    ],
)
def test_what_is_not_followed(named: str, found: list[tuple[str]]) -> None:
    files = {"Taskfile.yml": f"includes: {{a: {named}}}\n", "b.yml": "tasks: {t: x}\n"}
    assert read(files) == found


def test_without_a_file() -> None:
    assert read({}) == []
    # As Task looks for it.
    assert NAMES[:4] == ("Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml")


def test_names_of_tasks() -> None:
    inner = "tasks: {gql: export, sub: {cmds: [one, two]}}"
    files = {"Taskfile.yml": "includes: {api: in.yml}\ntasks: {all: lint}", "in.yml": inner}
    found = read_commands("Taskfile.yml", lambda path: _text(path, files))
    tasks = [part.task for part in found if isinstance(part, Command)]
    assert tasks == ["api:gql", "api:sub", "api:sub", "all"]

"""suppressions-need-codes: exact findings, silences, and how it agrees with ruff and pygrep."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.repository import Project, Run

ID = "suppressions-need-codes"
PATH = "app/x.py"
# Every blanket form with the words of the message and the form with a code.
BLANKET = {
    "# noqa": ("# noqa", "line", "# noqa: F401"),
    "#noqa": ("# noqa", "line", "# noqa: F401"),
    "# NOQA": ("# NOQA", "line", "# noqa: F401"),
    "# noqa F401": ("# noqa", "line", "# noqa: F401"),
    "# noqa: because": ("# noqa", "line", "# noqa: F401"),
    "# why # noqa": ("# noqa", "line", "# noqa: F401"),
    "# type: ignore": ("# type: ignore", "line", "# type: ignore[arg-type]"),
    "# type:ignore": ("# type:ignore", "line", "# type: ignore[arg-type]"),
    "# type: ignore  # noqa: F401": ("# type: ignore", "line", "# type: ignore[arg-type]"),
    "# type: ignore[]": ("# type: ignore", "line", "# type: ignore[arg-type]"),
    "# pyright: ignore": ("# pyright: ignore", "line", "# pyright: ignore[reportArgumentType]"),
    "# ruff: noqa": ("# ruff: noqa", "file", "# ruff: noqa: F401"),
    "# flake8: noqa": ("# flake8: noqa", "file", "# flake8: noqa: F401"),
    "# flake8=noqa": ("# flake8=noqa", "file", "# flake8: noqa: F401"),
    "# pylint: disable=all": (
        "# pylint: disable=all", "scope", "# pylint: disable=unused-import",
    ),
    "# pylint: disable=C0114, all": (
        "# pylint: disable=C0114, all", "scope", "# pylint: disable=unused-import",
    ),
    "# mypy: ignore-errors": (
        "# mypy: ignore-errors", "file", '# mypy: disable-error-code="arg-type"',
    ),
    "# mypy: strict, ignore-errors=True": (
        "# mypy: strict, ignore-errors", "file", '# mypy: disable-error-code="arg-type"',
    ),
}  # fmt: skip
LEFT_ALONE = [
    "# noqa : F401",
    "# type: ignore, why",
    "# noqa: F401",
    "# noqa:F401",
    "# noqa: F401, E501",
    "# noqa: F401 - why",
    "# noqa: DJ01",
    "# noqashow",
    "# a noqa in prose",
    "# type: ignore[arg-type]",
    "# type: ignore[arg-type, misc]  # why",
    "# type: ignore [arg-type]",
    "# type: ignored",
    "# type: int",
    "# see type: ignore",
    "# pyright: ignore[reportAny]",
    "# pyright: basic",
    "# pyright: strict",
    "# ruff: noqa: F401",
    "# flake8: noqa: F401",
    "# pylint: disable=unused-import",
    "# pylint: disable=all-the-things",
    "# pylint: enable=all",
    '# mypy: disable-error-code="misc"',
    "# mypy: ignore-errors=False",
    "# mypy: disallow-untyped-defs",
]
# What ruff's PGH003 and PGH004 say otherwise, and why.
RUFF = {
    "# noqa: because": "ruff warns that it is no directive, flake8 silences the line",
    "# flake8=noqa": "flake8's other spelling",
    "# type: ignore[]": "a bracket is a code to ruff, and names none to the type checker",
    "# pylint: disable=all": "pylint's comments are not ruff's to judge",
    "# pylint: disable=C0114, all": "pylint's comments are not ruff's to judge",
    "# mypy: ignore-errors": "mypy's option for a file is not ruff's to judge",
    "# mypy: strict, ignore-errors=True": "mypy's option for a file is not ruff's to judge",
}
# The published patterns of python-check-blanket-noqa and -type-ignore of pygrep-hooks.
PYGREP = re.compile(r"(?i:# noqa(?!: ))|# type:? *ignore(?!\[|\w)")


def _outcome(comment: str, project: Project, run: Run) -> tuple[int, str, str]:
    project.lay({PATH: f"x = 1\ny = 2  {comment}\n"})
    found: tuple[int, str, str] = run(ID, PATH)
    return found


@pytest.mark.parametrize("comment", list(BLANKET))
def test_finding(comment: str, project: Project, run: Run) -> None:
    text, where, coded = BLANKET[comment]
    # The last mark, but for a coded one behind it.
    column = 8 + comment.find("#", 1) if comment.startswith("# why") else 8
    assert _outcome(comment, project, run) == (
        1,
        f"{PATH}:2:{column}: {ID}: {text!r} silences every rule of the {where}\n"
        f"    help: name the rule, e.g. {coded}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize("comment", LEFT_ALONE)
def test_left_alone(comment: str, project: Project, run: Run) -> None:
    assert _outcome(comment, project, run) == (0, "no findings (1 file judged)\n", "")


@pytest.mark.parametrize(
    "source",
    [
        "x = '# noqa'\n",
        'x = """\n# type: ignore\n"""\n',
        "x = f'# noqa {1}'\n",
        "x = 1  # dod: ignore[suppressions-need-codes] generated # noqa\n",
        "def x(:  # noqa: F401\n",
        "",
    ],
)
def test_only_comments_count(source: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    assert run(ID, PATH)[0] == 0


def test_two_in_one_comment(project: Project, run: Run) -> None:
    out = _outcome("# type: ignore # noqa", project, run)[1]
    assert [line.split(f" {ID}")[0] for line in out.splitlines() if ID in line] == [
        f"{PATH}:2:8:",
        f"{PATH}:2:23:",
    ]


@pytest.mark.parametrize(
    ("comment", "places"),
    [
        ("# noqa", ["col=8,endColumn=14"]),
        ("#noqa  ", ["col=8,endColumn=13"]),
        ("#  noqa: because", ["col=8,endColumn=15"]),
        ("# type: ignore # noqa", ["col=8,endColumn=22", "col=23,endColumn=29"]),
    ],
)
def test_what_is_underlined(comment: str, places: list[str], project: Project, run: Run) -> None:
    project.lay({PATH: f"x = 1\ny = 2  {comment}\n"})
    out = run(ID, PATH, "--format", "github")[1]
    assert re.findall(r"col=\d+,endColumn=\d+", out) == places


def test_agrees_with_ruff(tmp_path: Path) -> None:
    comments = [*BLANKET, *LEFT_ALONE]
    for at, comment in enumerate(comments):
        # A directive for the file stands on a line of its own.
        before = "" if comment.startswith(("# ruff", "# flake8", "# mypy")) else "y = 2  "
        (tmp_path / f"f{at}.py").write_text(f"x = 1\n{before}{comment}\n")
    ruff = [str(Path(sys.executable).parent / "ruff"), "check", "--isolated", "--quiet"]
    flags = ["--select=PGH003,PGH004", "--ignore-noqa", "--output-format=json", "."]
    run = subprocess.run([*ruff, *flags], cwd=tmp_path, capture_output=True, text=True)
    named = {Path(finding["filename"]).stem for finding in json.loads(run.stdout)}
    theirs = {comment for at, comment in enumerate(comments) if f"f{at}" in named}
    assert theirs ^ set(BLANKET) == set(RUFF)


def test_agrees_with_pygrep() -> None:
    theirs = {comment for comment in (*BLANKET, *LEFT_ALONE) if PYGREP.search(comment)}
    only_theirs = theirs - set(BLANKET)
    # Blanks that the checkers read over, a longer word, and what is no directive to mypy.
    assert only_theirs == {
        "# noqa:F401",
        "# noqa : F401",
        "# noqashow",
        "# type: ignore [arg-type]",
        "# type: ignore, why",
    }
    only_ours = set(BLANKET) - theirs
    # pygrep looks for one spelling, takes any text behind the colon for a code, and leaves the
    # options of a file alone.
    assert only_ours == {
        "#noqa",
        "# noqa: because",
        "# type: ignore[]",
        *(
            comment
            for comment in BLANKET
            if comment.startswith(("# ruff", "# flake8", "# pylint", "# mypy"))
        ),
        "# pyright: ignore",
    }

"""`init` goes without the parts that a project surely does not keep, and says so."""

from __future__ import annotations

import re
import tomllib

import pytest
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE

SUITE = "definition-of-done"
RBAC = "app/graphql/rbac/models/models.py"
_SECTION = re.compile(r"^## Frontend.*?(?=^## |\Z)", re.M | re.S)


def replaced(old: str, new: str) -> dict[str, str]:
    """The files of the sample that hold a text, with another in its place."""
    return {path: text.replace(old, new) for path, text in SAMPLE.items() if old in text}


def untold(*, but: str = "") -> dict[str, str]:
    """The pages of the sample without a word of the frontend, but for what is added to the last."""
    pages = {path: text for path, text in SAMPLE.items() if path.endswith(".md")}
    told = {path: _SECTION.sub("", text) for path, text in pages.items()}
    told = {path: re.sub("(?i)frontend", "client", text) for path, text in told.items()}
    last = max(path for path in told if path.startswith("docs/feature/"))
    return told | {last: told[last] + but}


NO_ENUMS = {RBAC: re.sub("class (Path|Resource)", r"class Old\1", SAMPLE[RBAC])}
ROWS = [
    (replaced("strawberry", "ariadne"), ["graphql"], "no file imports Strawberry"),
    (NO_ENUMS, ["rbac"], "no enums Path and Resource"),
    (replaced("taskiq", "nothing"), ["tasks"], "no file imports taskiq"),
    (untold(), ["frontend"], "no page has a section on the frontend"),
    (
        untold() | replaced("taskiq", "nothing"),
        ["tasks", "frontend"],
        "no file imports taskiq; no page has a section on the frontend",
    ),
]
# Each row has something that is no proof.
KEPT: list[Files] = [
    {},
    replaced("taskiq", "celery"),
    untold(but="\nThe front-end wires it up.\n"),
    # What is kept nowhere is without by itself.
    {path: None for path in SAMPLE if path.startswith(("app/graphql/", "docs/"))},
]


def start(project: Project, run: Run, files: Files) -> tuple[str, dict[str, object]]:
    """What init prints on the sample with other files, and the table that it writes."""
    project.lay({**SAMPLE, **files})
    project.git("commit", "-qm", "a backend")
    code, out, err = run(SUITE, "init")
    assert (code, err) == (0, "")
    project.git("add", "--all")
    project.git("commit", "-qm", "adopt the hooks")
    text = (project.root / "pyproject.toml").read_text()
    return out, tomllib.loads(text)["tool"].get(SUITE, {})


@pytest.mark.parametrize(("files", "parts", "reason"), ROWS, ids=[" ".join(row[1]) for row in ROWS])
def test_proposed(files: Files, parts: list[str], reason: str, project: Project, run: Run) -> None:
    out, table = start(project, run, files)
    assert table["without"] == parts
    assert f"# {reason}\nwithout = [" in (project.root / "pyproject.toml").read_text()
    said = " and ".join(parts)
    assert f"\nwithout {said}: rules, sections and links of it are off\nhook  " in out
    for part in parts:
        assert f"  off: without {part}\n" in out
    assert run(SUITE, "check")[0] == 0
    if "rbac" in parts:
        assert "Path" not in run(SUITE, "status")[1]


@pytest.mark.parametrize("files", KEPT)
def test_not_proposed(files: Files, project: Project, run: Run) -> None:
    out, table = start(project, run, files)
    assert "without" not in table
    assert "\nwithout " not in out

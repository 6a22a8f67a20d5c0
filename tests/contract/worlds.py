"""Two features that keep the whole contract, and how a case bends one of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.repository import Files, Project, Run
from tests.sample import GROWTH, SAMPLE
from tests.test_replay import BASE

# What becomes of a file: its new text, nothing (it goes), or pieces of it with what replaces them.
Edit: TypeAlias = "str | tuple[str, str] | list[tuple[str, str]] | None"


@dataclass(frozen=True)
class World:
    """A finished feature: main before it, and the branch that brings it."""

    name: str
    base: Files
    feature: Files

    @property
    def whole(self) -> dict[str, str]:
        """The text of each file of the finished branch."""
        files = {**self.base, **self.feature}
        return {path: str(text) for path, text in files.items() if text is not None}


# A resource that is new: vendor credits.
NEW = World("new", BASE, SAMPLE)
# A resource that is there and grows, on a page in other words: approvals of vendor credits.
GROWN = World("grown", SAMPLE, GROWTH)


@dataclass(frozen=True)
class Case:
    """A way to write a feature, by the sentence of the contract that it breaks or keeps."""

    sentence: str
    name: str
    world: World
    edits: Mapping[str, Edit]
    # What `check --base main` reports, a line each without its help, sorted as it is printed.
    finds: tuple[str, ...] = ()
    # What main held besides when the branch left it, and what landed on it since.
    earlier: Mapping[str, Edit] = field(default_factory=dict)
    landed: Mapping[str, Edit] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sentence} {self.name} ({self.world.name})"


def all_of(cases: list[Case]) -> pytest.MarkDecorator:
    """Parametrize a test by the cases, and see that no two have a name."""
    names = [str(case) for case in cases]
    assert sorted(set(names)) == sorted(names)
    return pytest.mark.parametrize("case", cases, ids=names)


def edited(files: Mapping[str, str], edits: Mapping[str, Edit]) -> dict[str, str | None]:
    """The files that the edits touch, as they leave them."""
    texts: dict[str, str | None] = {}
    for path, edit in edits.items():
        if edit is None or isinstance(edit, str):
            texts[path] = edit
            continue
        text = files[path]
        for old, new in [edit] if isinstance(edit, tuple) else edit:
            assert old in text, f"{path} lacks {old!r}"
            text = text.replace(old, new)
        texts[path] = text
    return texts


class Stage:
    """Keeps a repository of each world ready to be copied."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def project(self, world: World, folder: Path) -> Project:
        """A copy of the world: main at its base, the branch's files laid and added."""
        ready = self.home / world.name
        if not ready.exists():
            ready.mkdir()
            project = Project(ready)
            project.lay({path: text for path, text in world.base.items() if text is not None})
            project.git("commit", "-qm", "before")
            project.git("checkout", "-qb", "feature")
            project.lay(world.feature)
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        return Project(folder)

    def play(self, case: Case, folder: Path, run: Run) -> tuple[str, ...]:
        """What the finished branch of the case is told, a line a finding, without help."""
        project = self.project(case.world, folder)
        before = {path: text for path, text in case.world.base.items() if isinstance(text, str)}
        if case.earlier:
            project.git("reset", "-q", "--hard")
            project.lay(edited(before, case.earlier))
            project.git("commit", "-qm", "earlier")
            project.git("branch", "-f", "main")
            project.lay(case.world.feature)
        project.lay(edited(case.world.whole, case.edits))
        project.git("commit", "-qm", "feature")
        if case.landed:
            project.git("checkout", "-q", "main")
            project.lay(edited(before, case.landed))
            project.git("commit", "-qm", "landed")
            project.git("checkout", "-q", "feature")
        code, out, err = run("definition-of-done", "check", "--base", "main")
        assert (code in (0, 1), err) == (True, ""), out + err
        return tuple(line for line in out.splitlines()[:-1] if line and not line.startswith(" "))

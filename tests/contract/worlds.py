"""Two features that keep the whole contract, and how a case bends one of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.branch import BEFORE
from tests.repository import Files, Project, Run
from tests.sample import GROWTH, SAMPLE

# What becomes of a file: its new text, nothing (it goes), or pieces of it with what replaces them.
Edit: TypeAlias = "str | tuple[str, str] | list[tuple[str, str]] | None"


@dataclass(frozen=True, eq=False)
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
NEW = World("new", BEFORE, SAMPLE)
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
    """Keeps a repository of each world, in which case after case is judged."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def ready(self, world: World) -> Project:
        """The world with main at its base, the branch's files laid and added."""
        folder = self.home / world.name
        if folder.exists():
            return Project(folder)
        folder.mkdir()
        project = Project(folder)
        project.lay({path: text for path, text in world.base.items() if text is not None})
        project.git("commit", "-qm", "before")
        project.git("checkout", "-qb", "feature")
        project.lay(world.feature)
        return project

    def commit(self, case: Case, folder: Path) -> Project:
        """The world as the case bends it, made in the folder, its branch committed."""
        shutil.copytree(self.ready(case.world).root, folder, dirs_exist_ok=True)
        project = Project(folder)
        if case.earlier:
            _bend_main(project, case)
        project.lay(edited(case.world.whole, case.edits))
        project.git("commit", "-qm", "feature")
        if case.landed:
            _land(project, case)
        return project

    @contextmanager
    def played(self, case: Case, folder: Path) -> Iterator[Project]:
        """The world as the case bends it; one whose main differs too is made in the folder."""
        if case.earlier or case.landed:
            yield self.commit(case, folder)
            return
        project = self.ready(case.world)
        laid = edited(case.world.whole, case.edits)
        project.lay(laid)
        try:
            yield project
        finally:
            # The next case finds the world as it was, and what is cached of it.
            project.lay({path: case.world.whole.get(path) for path in laid})


def _bend_main(project: Project, case: Case) -> None:
    """Give main what it held besides, before the branch left it."""
    project.git("reset", "-q", "--hard")
    before = {path: text for path, text in case.world.base.items() if isinstance(text, str)}
    project.lay(edited(before, case.earlier))
    project.git("commit", "-qm", "earlier", "--allow-empty")
    project.git("branch", "-f", "main")
    project.lay(case.world.feature)


def _land(project: Project, case: Case) -> None:
    """Commit on main what landed there since the branch left it."""
    project.git("checkout", "-q", "main")
    before = {path: text for path, text in case.world.base.items() if isinstance(text, str)}
    project.lay(edited(before, {**case.earlier, **case.landed}))
    project.git("commit", "-qm", "landed")
    project.git("checkout", "-q", "feature")


def found(run: Run) -> tuple[str, ...]:
    """What the branch is told, a line a finding, without help."""
    code, out, err = run("definition-of-done", "check", "--base", "main")
    assert (code in (0, 1), err) == (True, ""), out + err
    return tuple(line for line in out.splitlines() if re.match(r"\S+:\d+:\d+: ", line))

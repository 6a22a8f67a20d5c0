"""A temporary git repository to run hooks in, and the types of what tests are given."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

from tests import objects

# Paths with what to write there; None takes the file away.
Files: TypeAlias = Mapping[str, str | bytes | None]


class Project:
    """A git repository with files laid in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not objects.init(root):
            self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *args: str) -> str:
        """Run git and return its output; raises CalledProcessError."""
        match args:
            case ("commit", "-qm", message) if objects.commit(self.root, message):
                return ""
            case ("checkout", "-qb", name) if objects.branch(self.root, name):
                return ""
        run = subprocess.run(
            ["git", *args], cwd=self.root, capture_output=True, text=True, check=True
        )
        return run.stdout

    def lay(self, files: Files, *, add: bool = True) -> None:
        folders: set[str] = set()
        for name, content in files.items():
            path = os.path.join(self.root, name)
            if content is None:
                Path(path).unlink(missing_ok=True)
                continue
            folder = os.path.dirname(path)
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            with open(path, "wb", buffering=0) as stream:
                stream.write(content.encode() if isinstance(content, str) else content)
        there = [name for name, content in files.items() if content is not None]
        gone = [name for name, content in files.items() if content is None]
        if not add or objects.stage(self.root, there, gone):
            return
        if there:
            self.git("add", "--force", "--", *there)
        if gone:
            self.git("rm", "--quiet", "--cached", "--ignore-unmatch", "--", *gone)

    def lose(self, name: str) -> None:
        """Take an object out of the repository."""
        lost = self.git("rev-parse", name).strip()
        kept = {line.split()[0] for line in self.git("rev-list", "--objects", "--all").splitlines()}
        objects.keep(self.root, kept)
        (self.root / ".git/objects" / lost[:2] / lost[2:]).unlink()


class Run(Protocol):
    """Run a console script in process and return its code, output and errors."""

    def __call__(self, id: str, *argv: str) -> tuple[int, str, str]: ...

"""The sample backend: its files, and repositories that hold them."""

from __future__ import annotations

from pathlib import Path

from tests.repository import Files, Project

SAMPLE_FOLDER = Path(__file__).with_name("sample_backend")
# The text of each file by its path in the backend.
SAMPLE = {
    path.relative_to(SAMPLE_FOLDER).as_posix(): path.read_bytes().decode()
    for path in sorted(SAMPLE_FOLDER.rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
}


def start_main(project: Project, changes: Files | None = None) -> None:
    """Commit the sample, with changes if there are any, as the first of main."""
    project.lay({**SAMPLE, **(changes or {})})
    project.git("commit", "-qm", "sample")


def start_feature(project: Project, changes: Files | None = None) -> None:
    """Commit the sample to main, and check out a branch `feature` of it."""
    start_main(project, changes)
    project.git("checkout", "-qb", "feature")

"""The loop over files and rules: what is judged, in which order, and what comes of it."""

from __future__ import annotations

from tests.repository import Project, Run
from tests.revision import HASH, SLUG


def test_shuffled_files_give_the_same_report(project: Project, run: Run) -> None:
    names = [f"alembic/versions/{letter}.py" for letter in "cab"]
    project.lay(dict.fromkeys(names, HASH))
    assert run(SLUG, *names) == run(SLUG, *sorted(names), names[0])

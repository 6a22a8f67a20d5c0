"""`definition-of-done check`: its usage errors, and the sample backend without a finding."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, PATH, SLUG, SUITE
from tests.sample import start_main


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["nowhere.py"], "no such file: 'nowhere.py'"),
        (
            ["--base", "nowhere", PATH],
            "--base names no commit: 'nowhere'; fetch it, or name another",
        ),
        (
            ["--require-base", PATH],
            "no base: fetch the main branch (a shallow clone has none), or name it with --base",
        ),
        (
            ["--versions", "nowhere", PATH],
            "--versions: versions names a path that does not exist: 'nowhere'",
        ),
    ],
)
def test_usage_error(argv: list[str], error: str, project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN})
    assert run(SLUG, *argv) == (2, "", f"{SLUG}: error: {error}\n")


def test_sample_backend_is_clean(project: Project, run: Run) -> None:
    start_main(project)
    assert run(SUITE, "check") == (0, "no findings (45 files judged)\n", "")

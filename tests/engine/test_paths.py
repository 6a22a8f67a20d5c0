"""The files of a command line, as paths below the root."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG, SUITE


def test_no_files_means_all_tracked_ones(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "app/x.py": HASH})
    project.lay({"alembic/versions/untracked.py": HASH}, add=False)
    assert run(SLUG)[1].splitlines()[-1] == "1 finding in 1 file"
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = ['{SLUG}']\n"})
    assert run(SUITE, "check", "--from-runner") == (0, "no findings (0 files judged)\n", "")
    assert run(SUITE, "check", "--from-runner", PATH)[0] == 1


def test_folder_stands_for_its_files(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    assert run(SLUG, "alembic")[1].splitlines()[-1] == "1 finding in 1 file"


@pytest.mark.parametrize(
    "name",
    [
        f"./{PATH}",
        PATH.replace("/", "/./"),
        PATH.replace("/", "//"),
        PATH.replace("/", "/../alembic/", 1),
    ],
)
def test_a_file_in_another_form(name: str, project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    assert run(SLUG, name) == run(SLUG, PATH)
    assert run(SLUG, name)[1].startswith(f"{PATH}:2:12: ")


def test_outside_of_the_work_tree(
    project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "x.py"
    other.write_text("")
    code, out, err = run(SLUG, str(other))
    assert (code, out) == (2, "")
    assert err == (f"{SLUG}: error: '{other}' is outside of the work tree '{project.root}'\n")

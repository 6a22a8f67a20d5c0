"""The folders of the migrations: from the settings, alembic.ini or pyproject.toml."""

from __future__ import annotations

import pytest
from tests.legacy import migration
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG


@pytest.mark.parametrize(
    ("folders", "ini", "said"),
    [
        (["db", "lite"], "", ""),
        (["db", "db_old"], "", ""),
        (["db", "db"], "", "'db' twice"),
        (["db", "lite", "./db/"], "recursive_version_locations = true", "'db' twice"),
        # Nested folders are as welcome as under Alembic's own key.
        (["db", "db/old"], "", ""),
        (["db/old", "lite", "db"], "", ""),
        (["db", "."], "", ""),
        (["db", "db/old"], "version_locations = db", ""),
        (["db", "db/old"], "version_locations = db\nrecursive_version_locations = true", ""),
        (["db", "db/old"], "version_locations = db db/old", ""),
    ],
)
def test_version_folders_that_overlap(
    folders: list[str],
    ini: str,
    said: str,
    project: Project,
    run: Run,
) -> None:
    project.lay({f"{folder}/x.txt": "" for folder in ("db/old", "db_old", "lite")})
    project.lay({"alembic.ini": f"[alembic]\nscript_location = db\n{ini}\n"})
    flags = [part for folder in folders for part in ("--versions", folder)]
    code, _, err = run(SLUG, *flags)
    assert (code, err) == _refused(SLUG, "--versions", said)
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nversions = {folders}\n"})
    code, _, err = run(SLUG)
    assert (code, err) == _refused(SLUG, "pyproject.toml: [tool.definition-of-done]", said)


def _refused(id: str, where: str, said: str) -> tuple[int, str]:
    return (2, f"{id}: error: {where}: versions names {said}\n") if said else (0, "")


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.definition-of-done]\nversions = ['db']\n"},
        {"alembic.ini": "[alembic]\nscript_location = db\nversion_locations = %(here)s/db\n"},
        {"pyproject.toml": "[tool.alembic]\nscript_location = 'x'\nversion_locations = ['db']\n"},
    ],
)
def test_version_folders(files: dict[str, str], project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, "db/__init__.py": HASH, "db/sub/two.py": HASH, PATH: HASH})
    project.lay(files)
    out = run(SLUG)[1]
    assert out.startswith("db/one.py:2:12: ")
    assert out.splitlines()[-1] == "1 finding in 1 file"


@pytest.mark.parametrize("ini", ["[alembic\n", "[alembic]\nrecursive_version_locations\n", b"\xff"])
def test_a_broken_ini_beside_versions(ini: str | bytes, project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, "alembic.ini": ini})
    assert run(SLUG, "db/one.py")[0] == 2
    table = "[tool.definition-of-done]\nversions = ['db']\n"
    project.lay({"pyproject.toml": table})
    assert run(SLUG, "db/one.py")[::2] == (1, "")
    assert run("alembic-single-head")[::2] == (0, "")


def test_nested_folders_are_graphs_of_their_own(project: Project, run: Run) -> None:
    files = {
        "db/a.py": migration("a", ""),
        "db/lite/b.py": migration("b", ""),
        "db/lite/c.py": migration("c", "b"),
    }
    project.lay(
        {**files, "pyproject.toml": "[tool.definition-of-done]\nversions=['db','db/lite']\n"}
    )
    assert run("alembic-single-head")[::2] == (0, "")
    project.lay({"db/lite/d.py": migration("d", "b")})
    assert ": alembic-single-head: " in run("alembic-single-head")[1]
    assert run("downgrade-not-pass", *files)[1].endswith("in 3 files\n")

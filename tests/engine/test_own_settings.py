"""A definition-of-done.toml: the settings of a project that has no pyproject.toml."""

from __future__ import annotations

import tomllib

import pytest
from tests.legacy import migration
from tests.repository import Files, Project, Run
from tests.revision import HASH, SLUG, SUITE

from definition_of_done.engine.config import OWN_FILE, find_root

TABLE = f"[tool.{SUITE}]\n"
RESOURCES = "[resources.vendor_credits.waive]\nmodels = 'nobody asks for it'\n"


def test_its_keys_stand_at_the_top(project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, OWN_FILE: "versions = ['db']\n"})
    assert run(SLUG, "db/one.py")[1].startswith("db/one.py:2:12: ")
    project.lay({OWN_FILE: "versions = ['db']\nexclude = ['db']\n"})
    assert run(SLUG, "db/one.py")[0] == 0


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (
            {OWN_FILE: "verions = ['db']\n"},
            f"{OWN_FILE}: unknown key 'verions'; did you mean 'versions'?",
        ),
        (
            {OWN_FILE: "versions = 'db'\n"},
            f"{OWN_FILE}: versions must be a list of strings, not 'db'",
        ),
        ({OWN_FILE: "versions = [\n"}, f"{OWN_FILE}:2:1: not TOML: Invalid value"),
        (
            {OWN_FILE: f"{TABLE}versions = ['db']\n"},
            f"{OWN_FILE}: the keys stand at the top of it, not in [tool.{SUITE}]",
        ),
        (
            {OWN_FILE: "[resources.x]\nwaive = {}\n"},
            f"{OWN_FILE}: resources.x names a folder that does not exist: 'app/graphql/x'",
        ),
        (
            {OWN_FILE: "", "pyproject.toml": TABLE},
            f"the settings stand in {OWN_FILE} and [tool.{SUITE}] in pyproject.toml: keep them in"
            " one of the two",
        ),
    ],
)
def test_errors_name_it(files: Files, error: str, project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, **files})
    assert run(SLUG, "db/one.py") == (2, "", f"{SLUG}: error: {error}\n")


def test_it_marks_the_root(project: Project) -> None:
    project.lay({"a/b/x.py": "", "pyproject.toml": "", f"a/{OWN_FILE}": ""})
    assert find_root(str(project.root / "a/b"), str(project.root)) == str(project.root / "a")


def test_beside_a_pyproject_without_the_table(project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, OWN_FILE: "versions = ['db']\n", "pyproject.toml": "[project]"})
    assert run(SLUG, "db/one.py")[0] == 1


def test_a_waiver_in_it_has_its_place(sample: Project, run: Run) -> None:
    text = (sample.root / "pyproject.toml").read_text()
    assert f"tool.{SUITE}" not in text
    sample.lay({OWN_FILE: f"since = 'add_vendor_credits'\n{RESOURCES}"})
    out = run("resource-full-chain")[1]
    assert out.startswith(f"{OWN_FILE}:3:10: resource-full-chain: waive names models of"), out


def test_init_writes_it_and_a_second_run_nothing(project: Project, run: Run) -> None:
    project.lay({"alembic/versions/one.py": migration("one", "")})
    assert f"written: {OWN_FILE}\n" in run(SUITE, "init")[1]
    keys = tomllib.loads((project.root / OWN_FILE).read_text())
    assert (keys["since"], keys["features"]) == ("one", "")
    assert not (project.root / "pyproject.toml").exists()
    project.git("add", "--all")
    assert run(SUITE, "init")[1].startswith("nothing to do")
    assert run(SUITE, "check")[0] == 0


def test_init_keeps_what_stands_in_it(project: Project, run: Run) -> None:
    own = "# ours\nmax-file-lines = 7\n\n[rbac-exempt]\nHEALTH = 'no menu entry'\n"
    project.lay({"alembic/versions/one.py": migration("one", ""), OWN_FILE: own})
    assert run(SUITE, "init")[0] == 0
    text = (project.root / OWN_FILE).read_text()
    assert text.endswith(own)
    assert tomllib.loads(text)["since"] == "one"

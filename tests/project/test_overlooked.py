"""Migrations in a folder that no setting names: no hook passes over them without a word."""

from __future__ import annotations

import pytest
from tests.legacy import migration
from tests.repository import Files, Project, Run
from tests.revision import SUITE

PASSES = "downgrade-not-pass"
HEADS = "alembic-single-head"
PATH = "db/changes/one.py"
ONE = migration("one", "")
NO_INI = {"alembic/versions/zero.py": migration("zero", "")}


def _said(id: str, path: str = PATH) -> tuple[int, str, str]:
    return (
        2,
        "",
        f"{id}: error: {path} looks like a migration, and no setting names its folder: set versions"
        " or alembic-config in [tool.definition-of-done], or exclude it\n",
    )


@pytest.mark.parametrize("files", [{}, NO_INI])
def test_a_file_that_is_handed_over(files: Files, project: Project, run: Run) -> None:
    project.lay({**files, PATH: ONE, "app/x.py": "x = 1\n"})
    for id in (PASSES, "column-comment-required", "no-speculative-fk-index"):
        assert run(id, PATH, "app/x.py") == _said(id)
        assert run(id, "app/x.py")[0] == 0
    # It is staged, and the hooks that are handed no files read what is.
    for id in (HEADS, "plan-names-revisions"):
        assert run(id) == _said(id)
    assert run(SUITE, "check") == _said(SUITE)
    assert run(SUITE, "check", "--from-runner", PATH) == _said(SUITE)


def test_nothing_is_staged_and_no_migration_is_known(project: Project, run: Run) -> None:
    project.lay({PATH: ONE})
    project.git("commit", "-qm", "x")
    assert run(HEADS) == _said(HEADS)
    project.lay(NO_INI)
    project.git("commit", "-qm", "y")
    assert run(HEADS)[0] == 0
    assert run(PASSES) == _said(PASSES)


@pytest.mark.parametrize(
    "table", ["versions = ['db/changes']", "exclude = ['db']", "exclude = ['*/one.py']"]
)
def test_until_it_is_set_or_excluded(table: str, project: Project, run: Run) -> None:
    project.lay({PATH: ONE, "pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
    for id in (PASSES, HEADS):
        assert run(id, PATH)[2] == ""
    assert run(PASSES, PATH)[0] == (1 if "versions" in table else 0)


def test_rules_that_are_off_in_the_file(project: Project, run: Run) -> None:
    table = '[tool.definition-of-done]\nper-file-ignores = {"db/**" = ["migrations"]}\n'
    project.lay({PATH: ONE, "pyproject.toml": table})
    for words in ((PASSES, PATH), (HEADS,), (SUITE, "check", "--from-runner", PATH)):
        assert run(*words)[0] == 0


def test_code_that_writes_migrations(project: Project, run: Run) -> None:
    path = "app/templates.py"
    project.lay({path: f'TEXT = """\n{ONE}"""\n'})
    assert run(PASSES, path) == (0, "no findings (0 files judged)\n", "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/alembic/versions/one.py", ONE),
        ("tests/data/one.py", ONE),
        ("src/x/test/one.py", ONE),
        ("src/x/fixtures/one.py", ONE),
        ("src/x/test_one.py", ONE),
        ("examples/shop/versions/one.py", ONE),
        ("x/templates/one.py", ONE),
        ("{{cookiecutter.name}}/migrations/versions/one.py", ONE),
        ("web/node_modules/x/one.py", ONE),
        ("lib/python3.12/site-packages/x/one.py", ONE),
        ("vendor/x/one.py", ONE),
        ("alembic/versions/__init__.py", ONE),
        ("src/graph.py", "revision = 1\ndown_revision = 2\n"),
        ("src/graph.py", "def upgrade():\n    revision = down_revision = 1\n"),
        ("src/x/script.py.mako", ONE),
        # Alembic itself reads the folder, and leaves what is below it alone.
        ("alembic/versions/archive/one.py", ONE),
    ],
)
def test_left_alone(path: str, text: str, project: Project, run: Run) -> None:
    project.lay({**NO_INI, path: text, "pyproject.toml": "[tool.definition-of-done]\nsince='zero'"})
    for id in (PASSES, HEADS):
        assert run(id, path)[::2] == (0, "")
    assert "looks like a migration" not in run(SUITE, "check")[2]


PLAN = "# X\n\n## Problem / motivation\n\nY.\n\n## Out of scope\n\n- Z\n"
NOTES = "# 1.2.3\n\n## Highlights\n\n- Y.\n\n## Versioning notes\n\nZ\n"


@pytest.mark.parametrize(
    ("id", "path", "text", "noun", "key"),
    [
        ("feature-plan-shape", "docs/plans/2026-05-24-x.md", PLAN, "feature", "features"),
        ("feature-plan-filename", "docs/plans/2026-05-24-x.md", PLAN, "feature", "features"),
        ("changelog-shape", "docs/notes/1.2.3.md", NOTES, "changelog", "changelog"),
    ],
)
def test_pages(
    id: str, path: str, text: str, noun: str, key: str, project: Project, run: Run
) -> None:
    project.lay({path: text})
    said = (
        f"error: {path} looks like a {noun} page, and no setting names its folder: set {key} in"
        " [tool.definition-of-done], or exclude it\n"
    )
    assert run(id, path) == (2, "", f"{id}: {said}")
    assert run(SUITE, "check") == (2, "", f"{SUITE}: {said}")
    for value in ("''", f"'{path.rpartition('/')[0]}'"):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{key} = {value}\n"})
        assert run(id, path)[2] == ""
    # Where pages are known, another one is an archived or a borrowed one.
    known = {"features": "docs/feature/2026-05-25-y.md", "changelog": "docs/changelog/1.0.0.md"}
    project.lay({"pyproject.toml": None, known[key]: text})
    assert run(id, path) == (0, "no findings (0 files judged)\n", "")


KEPT = "# Changelog\n\n## [1.2.0] - 2026-05-24\n\n- Y.\n"


def test_a_changelog_in_a_folder(project: Project, run: Run) -> None:
    path, id = "api/CHANGELOG.md", "changelog-shape"
    project.lay({path: KEPT, "api/pyproject.toml": "", "web/CHANGELOG.md": KEPT})
    said = (
        f"{id}: error: {path} looks like a changelog, and no setting names its folder: set"
        " changelog in [tool.definition-of-done], or exclude it\n"
    )
    assert run(id, path) == (2, "", said)
    # A package of the frontend has one of its own.
    assert run(id, "web/CHANGELOG.md") == (0, "no findings (0 files judged)\n", "")
    for value, judged in (("", "0 files"), (path, "1 file")):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\nchangelog = '{value}'\n"})
        assert run(id, path) == (0, f"no findings ({judged} judged)\n", "")
    # Where one is known, that of a part is another one.
    project.lay({"pyproject.toml": None, "CHANGELOG.md": KEPT})
    assert run(id, path) == (0, "no findings (0 files judged)\n", "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("blog/2026-05-24-x.md", "# X\n\n## Problem\n"),
        ("docs/x.md", PLAN),
        ("docs/templates/2026-05-24-x.md", PLAN),
        ("tests/2026-05-24-x.md", PLAN),
        ("docs/notes/1.2.3.md", "# 1.2.3\n\n## Added\n"),
        ("docs/notes/next.md", NOTES),
    ],
)
def test_pages_left_alone(path: str, text: str, project: Project, run: Run) -> None:
    project.lay({path: text})
    for id in ("feature-plan-shape", "changelog-shape"):
        assert run(id, path) == (0, "no findings (0 files judged)\n", "")


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.definition-of-done]\nversions = ['db']\n"},
        {"alembic.ini": "[alembic]\nscript_location = db\nversion_locations = db\n"},
    ],
)
def test_all_lie_deeper(files: Files, project: Project, run: Run) -> None:
    project.lay({**files, "db/2024/one.py": ONE, "db/2025/two.py": migration("two", "one")})
    said = (
        "error: no migration lies directly in db, and db/2024/one.py lies deeper: set recursive ="
        " true in [tool.definition-of-done], or name its folder in versions\n"
    )
    assert run(PASSES, "db/2024/one.py") == (2, "", f"{PASSES}: {said}")
    assert run(HEADS) == (2, "", f"{HEADS}: {said}")
    assert run(PASSES, "--recursive", "db/2024/one.py")[0] == 1
    assert run(HEADS, "--recursive") == (0, "no findings (2 files judged)\n", "")
    project.lay({"db/2025/three.py": migration("three", "one")})
    assert run(HEADS, "--recursive")[0] == 1

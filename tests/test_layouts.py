"""Two layouts without any configuration, and as init sets them up: honest changes, and faults."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from tests.layouts import BARE, COMMENTED, FLASK, LAYOUTS, UNDONE, Layout, migration
from tests.repository import Project, Run
from tests.revision import SUITE

from definition_of_done.engine.config import OWN_FILE

NEW = "3d2e8b0cf511"
HEADS = "alembic-single-head"


@pytest.fixture(params=LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def layout(request: pytest.FixtureRequest, project: Project) -> Layout:
    found = request.param
    assert isinstance(found, Layout)
    project.lay(found.files)
    project.git("commit", "-qm", "a history")
    return found


def new(layout: Layout, upgrade: str = COMMENTED, downgrade: str = UNDONE) -> dict[str, str]:
    """One more migration in the layout's own form."""
    text = migration(NEW, layout.head, "add colour", upgrade, downgrade)
    return {f"{layout.versions}/{NEW}_add_colour.py": text}


def fork(layout: Layout) -> dict[str, str]:
    """Two migrations on one head."""
    other = migration(
        "4e3f9c1d0622", layout.head, "add shade", COMMENTED.replace("colour", "shade")
    )
    other = other.replace(UNDONE, UNDONE.replace("colour", "shade"))
    return {**new(layout), f"{layout.versions}/4e3f9c1d0622_add_shade.py": other}


def faults(layout: Layout) -> Iterator[tuple[str, dict[str, str]]]:
    """A change that breaks a rule, for each rule that the layout has something for."""
    yield "downgrade-not-pass", new(layout, downgrade="pass")
    yield "column-comment-required", new(layout, upgrade=BARE)
    yield HEADS, fork(layout)
    path, text = next(iter(new(layout).items()))
    yield "alembic-header-sync", {path: text.replace(f"ID: {NEW}", "ID: 000000000000")}
    yield "alembic-revision-slug", {path: text.replace(NEW, "Add colour!")}
    yield "alembic-filename", {path.replace(NEW, "5e3f9c1d0622"): text}
    yield (
        "no-autogenerate-noise",
        {path: text.replace("\n\ndef d", "\n    # ### end Alembic commands ###\n\n\ndef d")},
    )
    yield (
        "downgrade-mirrors-upgrade",
        {path: text.replace('drop_column("person", "colour', 'drop_column("person", "shade')},
    )
    yield from layout.faults.items()


def commit(project: Project, run: Run, files: dict[str, str]) -> tuple[int, str]:
    """The verdict on a commit with these files, which is taken back."""
    project.lay(files)
    code, out, err = run(SUITE, "check", "--from-runner", *files)
    project.git("reset", "--quiet", "--hard")
    assert err == ""
    return code, out


def test_single_hooks_without_configuration(layout: Layout, project: Project, run: Run) -> None:
    for path in layout.files:
        if path.startswith(layout.versions):
            assert run("downgrade-not-pass", path) == (0, "no findings (1 file judged)\n", "")
    for id, files in faults(layout):
        if id in (HEADS, "downgrade-not-pass", "column-comment-required"):
            project.lay(files)
            code, out, err = run(id, *files)
            assert (code, err) == (1, ""), id
            assert f": {id}: " in out
            project.git("reset", "--quiet", "--hard")


def test_as_init_sets_it_up(layout: Layout, project: Project, run: Run) -> None:
    assert run(SUITE, "init")[0] == 0
    text = (project.root / OWN_FILE).read_text()
    chosen = tomllib.loads(text)
    assert {key: chosen.get(key) for key in layout.chosen} == layout.chosen
    project.git("add", "--all")
    project.git("commit", "-qm", "adopt the hooks")
    assert run(SUITE, "check")[0] == 0
    project.git("checkout", "-qb", "feature")
    assert commit(project, run, new(layout))[0] == 0
    if layout.released:
        assert commit(project, run, layout.released)[0] == 0
    for id, files in faults(layout):
        code, out = commit(project, run, files)
        assert (code, f": {id}: " in out) == (1, True), (id, out)


def test_a_release_is_bumped(project: Project, run: Run) -> None:
    project.lay(FLASK.files)
    project.git("commit", "-qm", "a history")
    assert run(SUITE, "init")[0] == 0
    project.git("add", "--all")
    project.git("commit", "-qm", "adopt the hooks")
    assert run(SUITE, "bump", "1.2.0", "--date", "2026-04-01")[0] == 0
    for path, text in FLASK.released.items():
        assert (project.root / path).read_text() == text

"""Two layouts without any configuration, and as init sets them up: honest changes, and faults."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from tests.layouts import BARE, COMMENTED, FLASK, LAYOUTS, UNDONE, Layout, migration
from tests.repository import Project, Run
from tests.revision import SUITE

from definition_of_done.engine.config import OWN_FILE
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.rule import DONE

NEW = "3d2e8b0cf511"
HEADS = "alembic-single-head"
IMMUTABLE = "revision-immutable"
INDEXED = 'op.create_index("ix_person_colour", "person", ["colour"])'
DROPPED = 'op.drop_index("ix_person_colour", table_name="person")'
TIED = (
    'op.add_column("person", sa.Column("colour", sa.Integer(),'
    ' sa.ForeignKey("city.id"), comment="the city whose colours a person wears"))'
)


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
    both = f"{COMMENTED}\n    {COMMENTED.replace('person', 'city')}"
    undone = f"{UNDONE}\n    {UNDONE.replace('person', 'city')}"
    yield "migration-one-concern", new(layout, both, undone)
    yield (
        "index-drop-alone",
        new(layout, f"{COMMENTED}\n    {DROPPED}", f"{INDEXED}\n    {UNDONE}"),
    )
    yield (
        "no-speculative-fk-index",
        new(layout, f"{TIED}\n    {INDEXED}", f"{DROPPED}\n    {UNDONE}"),
    )
    yield "no-inline-ddl", {layout.code: 'execute("ALTER TABLE person ADD COLUMN colour TEXT")\n'}
    yield "file-length", {layout.code: "x = 1\n" * 2_000}
    yield "suppressions-need-codes", {layout.code: "import gone  # noqa\n"}
    if layout.released:
        skips = {path: text.replace("1.2.0", "1.3.0") for path, text in layout.released.items()}
        yield "semver-level", skips
    yield from layout.faults.items()


def commit(
    project: Project, run: Run, files: dict[str, str], *, is_done: bool = False
) -> tuple[int, str]:
    """The verdict on a commit with these files, or on a branch that is done; it is taken back."""
    project.lay(files)
    code, out, err = run(SUITE, "check", *([] if is_done else ["--from-runner", *files]))
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
        code, out = commit(project, run, files, is_done=load_rule(id).due == DONE)
        assert (code, f": {id}: " in out) == (1, True), (id, out)


def test_a_revision_of_main_stays(layout: Layout, project: Project, run: Run) -> None:
    """What `since` leaves out is not judged, and may not lose its name; what comes later is."""
    assert run(SUITE, "init")[0] == 0
    project.lay(new(layout))
    project.git("add", "--all")
    project.git("commit", "-qm", "adopt the hooks, and a migration")
    project.git("checkout", "-qb", "feature")
    [(path, text)] = new(layout).items()
    renamed = {path.replace(NEW, "5e3f9c1d0622"): text.replace(NEW, "5e3f9c1d0622"), path: None}
    project.lay(renamed)
    code, out, _ = run(SUITE, "check")
    assert (code, f": {IMMUTABLE}: " in out) == (1, True)
    project.git("reset", "--quiet", "--hard")
    old, text = next((path, text) for path, text in layout.files.items() if layout.head in path)
    project.lay({old: text.replace(layout.head, "5e3f9c1d0622")})
    error = f"since names a revision that no migration has: '{layout.head}'"
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {error}\n")


def test_each_rule_has_a_fault_here(layout: Layout, run: Run) -> None:
    """What init proposes is on finds something above."""
    table = run(SUITE, "init", "--dry-run")[1].partition("\nhook ")[2].splitlines()[1:]
    rows = [line.split(maxsplit=2) for line in table]
    judging = {row[0] for row in rows if len(row) == 3 and row[2] in ("on", "since", "baseline")}
    assert judging == {id for id, _ in faults(layout)} | {IMMUTABLE}


def test_a_release_is_bumped(project: Project, run: Run) -> None:
    project.lay(FLASK.files)
    project.git("commit", "-qm", "a history")
    assert run(SUITE, "init")[0] == 0
    project.git("add", "--all")
    project.git("commit", "-qm", "adopt the hooks")
    assert run(SUITE, "bump", "1.2.0", "--date", "2026-04-01")[0] == 0
    for path, text in FLASK.released.items():
        assert (project.root / path).read_text() == text

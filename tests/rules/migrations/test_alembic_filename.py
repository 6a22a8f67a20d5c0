"""alembic-filename: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

from definition_of_done.project.migrations.files.migration import Header, read_header
from definition_of_done.readers.python import Docstring

SOURCE = "revision = 'add_x'\n"


@pytest.mark.parametrize(
    ("name", "message", "better"),
    [
        (
            "3f2a91bc04de_add_x.py",
            "filename '3f2a91bc04de_add_x.py' is not YYYYMMDD_<snake_case>.py",
            "YYYYMMDD_add_x.py",
        ),
        (
            "20260631_add_x.py",
            "filename '20260631_add_x.py' starts with 20260631, a date that does not exist",
            "YYYYMMDD_add_x.py",
        ),
        (
            "12345678_add_x.py",
            "filename '12345678_add_x.py' starts with 12345678, a date that does not exist",
            "YYYYMMDD_add_x.py",
        ),
        (
            "19991231_add_x.py",
            "filename '19991231_add_x.py' starts with 19991231, a date before 2000",
            "YYYYMMDD_add_x.py",
        ),
        (
            "20260524-add-x.py",
            "filename '20260524-add-x.py' is not YYYYMMDD_<snake_case>.py",
            "YYYYMMDD_add_x.py",
        ),
        (
            "20260524_AddX.py",
            "filename '20260524_AddX.py' is not YYYYMMDD_<snake_case>.py",
            "YYYYMMDD_add_x.py",
        ),
        (
            "2026_05_24_add_x.py",
            "filename '2026_05_24_add_x.py' is not YYYYMMDD_<snake_case>.py",
            "YYYYMMDD_add_x.py",
        ),
        (
            "20260524.py",
            "filename '20260524.py' is not YYYYMMDD_<snake_case>.py",
            "YYYYMMDD_add_x.py",
        ),
    ],
)
def test_finding(name: str, message: str, better: str, project: Project, run: Run) -> None:
    path = f"alembic/versions/{name}"
    project.lay({path: SOURCE})
    assert run("alembic-filename", path) == (
        1,
        f"{path}:1:1: alembic-filename: {message}\n    help: git mv it to {better}\n"
        "1 finding in 1 file\n",
        "",
    )


def test_help_takes_the_date_of_the_header(project: Project, run: Run) -> None:
    path = "alembic/versions/add_x.py"
    project.lay({path: f'"""add x\n\nCreate Date: 2026-05-24 10:00:00\n"""\n{SOURCE}'})
    assert "    help: git mv it to 20260524_add_x.py\n" in run("alembic-filename", path)[1]


@pytest.mark.parametrize(
    ("title", "revision", "name", "better"),
    [
        ("Track incidents", "open_incidents", "incidents.py", "track_incidents"),
        ("2 incidents' caf\xe9s", "x", "incidents.py", "incidents_cafes"),
        ("empty message", "open_incidents", "3f2a91bc04de_.py", "open_incidents"),
        ("\u4ed8", "open_incidents", "3f2a91bc04de_.py", "open_incidents"),
        ("3f2a91bc04de", "4f2a91bc04de", "3f2a91bc04de_close_incidents.py", "close_incidents"),
        ("", "4f2a91bc04de", "4f2a91bc04de_.py", "<short_snake_description>"),
    ],
)
def test_help_says_what_the_migration_says(
    title: str, revision: str, name: str, better: str, project: Project, run: Run
) -> None:
    path = f"alembic/versions/{name}"
    project.lay({path: f'"""{title}\n\nRevision ID: x\n"""\nrevision = {revision!r}\n'})
    assert f"    help: git mv it to YYYYMMDD_{better}.py\n" in run("alembic-filename", path)[1]


def test_a_name_that_alembic_cut_is_its_own(project: Project, run: Run) -> None:
    title = "add unit cost snapshot to invoice details"
    source = f'"""{title}\n"""\n{SOURCE}'
    cut = "alembic/versions/20260524_add_unit_cost_snapshot_to_.py"
    project.lay({cut: source})
    assert run("alembic-filename", cut)[0] == 0
    for name in ("20260524_add_.py", "20260524_drop_unit_.py", "20260631_add_unit_.py"):
        path = f"alembic/versions/{name}"
        project.lay({path: SOURCE if name == "20260524_add_.py" else source})
        assert f"filename '{name}' " in run("alembic-filename", path)[1]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("alembic/versions/20260524_add_x.py", SOURCE),
        ("alembic/versions/20240229_add_2fa_to_users.py", SOURCE),
        ("alembic/versions/20000101_a.py", SOURCE),
        ("alembic/versions/helpers.py", "x = 1\n"),
    ],
)
def test_left_alone(path: str, source: str, project: Project, run: Run) -> None:
    project.lay({path: source})
    assert run("alembic-filename", path) == (0, "no findings (1 file judged)\n", "")


def test_without_a_revision_the_rule_is_evaluated(project: Project, run: Run) -> None:
    path = "alembic/versions/helpers.py"
    project.lay({path: "x = 1  # dod: ignore[alembic-filename] it is no migration\n"})
    code, out, _ = run("alembic-filename", path)
    assert (code, out.partition(" ")[0]) == (1, f"{path}:1:10:")
    # Twice: a verdict that is recalled says the same.
    assert run("alembic-filename", path)[:2] == (code, out)


def test_both_subjects_of_a_migration_share_one_reading(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Docstring | None] = []

    def count(docstring: Docstring | None) -> Header | None:
        read.append(docstring)
        return read_header(docstring)

    monkeypatch.setattr("definition_of_done.project.migrations.files.migration.read_header", count)
    path = "alembic/versions/20260524_add_x.py"
    project.lay({path: f"{SOURCE}down_revision = 'add_w'\n"})
    assert run("definition-of-done", "check", path)[0] == 1
    assert read == [None]

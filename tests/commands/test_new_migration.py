"""definition-of-done new migration: the file that it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done.project.migrations.files.slugs import fault, slug

SUITE = "definition-of-done"
FOLDER = "alembic/versions"
DAY = ("--date", "2026-06-01")
WRITTEN = '''\
"""add vendor limits

Revision ID: add_vendor_limits
Revises: add_vendor_credits
Create Date: 2026-06-01 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "add_vendor_limits"
down_revision: str | None = "add_vendor_credits"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''


def migration(revision: str, parent: str | None) -> str:
    return f"revision = {revision!r}\ndown_revision = {parent!r}\n"


@pytest.fixture
def sample(sample: Project) -> Project:
    """The sample backend on main, and a branch of it with a plan checked out."""
    page = "docs/feature/2026-06-01-credit-limit.md"
    sample.lay({page: SAMPLE[page].replace("add_credit_limit", "add_vendor_limits")})
    return sample


def test_file(sample: Project, run: Run) -> None:
    path = f"{FOLDER}/20260601_add_vendor_limits.py"
    assert run(SUITE, "new", "migration", "add vendor limits", *DAY) == (0, f"{path}\n", "")
    assert (sample.root / path).read_text() == WRITTEN
    sample.git("add", path)
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    # Nothing but what is to be filled in, and the release, which comes last.
    last = ("changelog-migrations-order", "semver-level")
    ours = [finding for finding in found if finding["rule"] not in last]
    assert [(finding["rule"], finding["message"]) for finding in ours] == [
        ("downgrade-not-pass", "upgrade does nothing"),
        ("downgrade-not-pass", "downgrade does nothing"),
    ]


def test_path_is_from_the_current_folder(
    sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root / "app")
    path = f"../{FOLDER}/{date.today():%Y%m%d}_x.py"
    assert run(SUITE, "new", "migration", "x") == (0, f"{path}\n", "")


def test_first(project: Project, run: Run) -> None:
    project.lay({"alembic/env.py": ""})
    assert run(SUITE, "new", "migration", "first", *DAY)[0] == 0
    text = (project.root / FOLDER / "20260601_first.py").read_text()
    assert "\nRevises:\nCreate Date" in text
    assert "\ndown_revision: str | None = None\n" in text


@pytest.mark.parametrize(
    ("title", "name", "heading"),
    [
        ("Add vendor credits", "add_vendor_credits_", '"""Add vendor credits\n'),
        (
            "Add unit cost snapshot to invoice details",
            "add_unit_cost_snapshot_to",
            '"""Add unit cost snapshot to invoice details\n',
        ),
        ('Drop "old"\n \\vendors', "drop_old_vendors", '"""Drop \'old\' \\\\vendors\n'),
        ("2 more vendors' caf\xe9s", "more_vendors_cafes", '"""2 more vendors\' caf\xe9s\n'),
        ("W" * 40, "w" * 32, f'"""{"W" * 40}\n'),
    ],
)
def test_title(title: str, name: str, heading: str, project: Project, run: Run) -> None:
    project.lay({"alembic/env.py": ""})
    assert run(SUITE, "new", "migration", title, *DAY) == (
        0,
        f"{FOLDER}/20260601_{name.rstrip('_')}.py\n",
        "",
    )
    text = (project.root / FOLDER / f"20260601_{name.rstrip('_')}.py").read_text()
    assert text.startswith(heading)
    project.git("add", "--all")
    rules = (
        "alembic-filename",
        "alembic-header-sync",
        "alembic-revision-slug",
        "no-autogenerate-noise",
    )
    assert [run(rule)[0] for rule in rules] == [0] * 4


@given(st.text(), st.integers(8, 40))
def test_slugs(title: str, longest: int) -> None:
    made = slug(title, longest)
    assert len(made) <= longest
    assert made == "" or re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", made)
    assert slug(made, longest) == made
    assert all("hash" in message for message in (fault(made, longest) if made else ()))


@pytest.mark.parametrize(
    ("files", "argv", "error"),
    [
        (
            {f"{FOLDER}/b.py": migration("b", "a"), f"{FOLDER}/c.py": migration("c", "a")},
            ["x"],
            f"there are several heads, 'b' ({FOLDER}/b.py) and 'c' ({FOLDER}/c.py): put one after"
            " the other, or merge them with alembic merge heads, then run this again",
        ),
        ({}, ["A"], f"revision 'a' stands in {FOLDER}/a.py: give it another title"),
        (
            {f"{FOLDER}/a.py": "revision = 'a'\ndown_revision = parent()\n"},
            ["x"],
            "the head is not certain: a migration computes its revision or parent",
        ),
        (
            {f"{FOLDER}/a.py": migration("a", "a")},
            ["x"],
            "there is no head: the migrations go in a circle; mend that first",
        ),
        (
            {f"{FOLDER}/a.py": "revision = (\n"},
            ["x"],
            f"{FOLDER}/a.py:1:12: not Python: '(' was never closed; mend it first",
        ),
        (
            {},
            ["x", "--date", "2026-02-30"],
            "--date is no date since 2000: '2026-02-30'; write it as YYYY-MM-DD",
        ),
        (
            {},
            ["x", "--date", "20260601"],
            "--date is no date since 2000: '20260601'; write it as YYYY-MM-DD",
        ),
        (
            {},
            ["\u4ed8 2"],
            "the title '\\u4ed8 2' cannot be used: it has no word for a revision; say in short"
            " English words what it does",
        ),
        (
            {},
            ["deadbeef12"],
            "the title 'deadbeef12' cannot be used: revision 'deadbeef12' is a hash, not a slug;"
            " say in short English words what it does",
        ),
        (
            {},
            ["x", "--folder", "other"],
            f"--folder names no folder of migrations: 'other'; there is {FOLDER}",
        ),
        (
            {
                "alembic.ini": "[alembic]\nversion_locations = one two\n",
                "one/x.py": "",
                "two/x.py": "",
            },
            ["x"],
            "migrations stand in several folders: choose one with --folder: one, two",
        ),
    ],
)
def test_refusal(
    files: dict[str, str], argv: list[str], error: str, project: Project, run: Run
) -> None:
    project.lay({f"{FOLDER}/a.py": migration("a", None), **files})
    assert run(SUITE, "new", "migration", *argv) == (2, "", f"{SUITE}: error: {error}\n")
    assert project.git("status", "--porcelain").count("??") == 0


def test_file_that_exists(project: Project, run: Run) -> None:
    project.lay({f"{FOLDER}/20260601_x.py": migration("y", None)})
    assert run(SUITE, "new", "migration", "x", *DAY) == (
        2,
        "",
        f"{SUITE}: error: {FOLDER}/20260601_x.py exists: it is not written over\n",
    )


def test_one_after_the_other(project: Project, run: Run) -> None:
    project.lay({f"{FOLDER}/a.py": migration("a", None)})
    assert run(SUITE, "new", "migration", "b", *DAY)[0] == 0
    path = f"{FOLDER}/20260601_b.py"
    assert run(SUITE, "new", "migration", "c", *DAY) == (
        2,
        "",
        f"{SUITE}: error: {path} is not tracked: git add it, so that it counts as a parent\n",
    )
    project.git("add", path)
    assert run(SUITE, "new", "migration", "c", *DAY)[0] == 0
    assert (
        'down_revision: str | None = "b"' in (project.root / FOLDER / "20260601_c.py").read_text()
    )


def test_one_of_several_folders(project: Project, run: Run) -> None:
    table = "[tool.definition-of-done]\nversions = ['one', 'two', 'three']\n"
    files = {
        "one/a.py": migration("a", None),
        "two/b.py": migration("b", None),
        "three/.keep": "",
    }
    project.lay({"pyproject.toml": table, **files})
    for folder, parent in (("one", '"a"'), ("two/", '"b"'), ("three", "None")):
        path = f"{folder.rstrip('/')}/20260601_x_{folder[:3]}.py"
        assert (
            run(SUITE, "new", "migration", f"x {folder[:3]}", "--folder", folder, *DAY)[1]
            == f"{path}\n"
        )
        assert f"down_revision: str | None = {parent}\n" in (project.root / path).read_text()


@pytest.mark.parametrize(("folder", "parent"), [("one", "b"), ("two", "c")])
def test_one_of_two_lines_of_a_graph(folder: str, parent: str, project: Project, run: Run) -> None:
    project.lay({
        "pyproject.toml": "[tool.definition-of-done]\nversions = ['one', 'two']\n",
        "one/a.py": migration("a", None),
        "one/b.py": migration("b", "a"),
        "two/c.py": migration("c", "a"),
    })  # fmt: skip
    assert run(SUITE, "new", "migration", "add x", "--folder", folder, *DAY)[0] == 0
    text = (project.root / folder / "20260601_add_x.py").read_text()
    assert f'down_revision: str | None = "{parent}"\n' in text


def test_a_shorter_longest_revision(project: Project, run: Run) -> None:
    table = "[tool.definition-of-done]\nrevision-max-length = 12\n"
    project.lay({"pyproject.toml": table, "alembic/env.py": ""})
    assert run(SUITE, "new", "migration", "add vendor credits", *DAY)[1] == (
        f"{FOLDER}/20260601_add_vendor.py\n"
    )


def line(revision: str, parent: str | None, label: str | None = None) -> str:
    return f"{migration(revision, parent)}branch_labels = {label!r}\n"


TWO_LINES = {
    f"{FOLDER}/a.py": line("a", None),
    f"{FOLDER}/b.py": line("b", "a", "billing"),
    f"{FOLDER}/c.py": line("c", "b"),
    f"{FOLDER}/d.py": line("d", "a", "core"),
}
SEVERAL = f"there are several heads, 'c' ({FOLDER}/c.py) and 'd' ({FOLDER}/d.py): "


@pytest.mark.parametrize(
    ("argv", "parent"),
    [
        (("--label", "billing"), "c"),
        (("--label", "core"), "d"),
        (("--parent", "d"), "d"),
        (("--parent", "c"), "c"),
    ],
)
def test_one_of_two_labelled_lines(
    argv: tuple[str, ...], parent: str, project: Project, run: Run
) -> None:
    project.lay(TWO_LINES)
    path = f"{FOLDER}/20260601_x.py"
    assert run(SUITE, "new", "migration", "x", *argv, *DAY) == (0, f"{path}\n", "")
    assert f'down_revision: str | None = "{parent}"\n' in (project.root / path).read_text()
    project.git("add", path)
    assert run("alembic-single-head")[0] == 0


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        ((), f"{SEVERAL}choose a line with --label, or a head with --parent"),
        (
            ("--merge",),
            "lines of different labels stay apart (billing and core): choose --label",
        ),
        (("--merge", "--label", "core"), "there is one head at most: nothing is to be merged"),
        (("--label", "x"), "no line has the branch label 'x'"),
        (("--label", "cor"), "no line has the branch label 'cor'; did you mean 'core'?"),
        (
            ("--parent", "a"),
            "--parent must name the one head to come after: the heads are 'c'"
            f" ({FOLDER}/c.py) and 'd' ({FOLDER}/d.py)",
        ),
    ],
)
def test_lines_that_stay_apart(
    argv: tuple[str, ...], error: str, project: Project, run: Run
) -> None:
    project.lay(TWO_LINES)
    assert run(SUITE, "new", "migration", "x", *argv) == (2, "", f"{SUITE}: error: {error}\n")
    assert "??" not in project.git("status", "--porcelain")


@pytest.mark.parametrize("label", [None, "billing"])
def test_merge(label: str | None, project: Project, run: Run) -> None:
    project.lay({
        f"{FOLDER}/a.py": line("a", None, label),
        f"{FOLDER}/b.py": line("b", "a"),
        f"{FOLDER}/c.py": line("c", "a"),
        f"{FOLDER}/d.py": line("d", "a"),
        **({f"{FOLDER}/x.py": line("x", None, "other")} if label else {}),
    })  # fmt: skip
    argv = ("--label", label) if label else ()
    path = f"{FOLDER}/20260601_join_lines.py"
    assert run(SUITE, "new", "migration", "join lines", "--merge", *argv, *DAY)[1] == f"{path}\n"
    text = (project.root / path).read_text()
    assert "\nRevises: b, c, d\n" in text
    assert '\ndown_revision: str | Sequence[str] | None = ("b", "c", "d")\n' in text
    project.git("add", path)
    rules = ("alembic-single-head", "alembic-header-sync", "downgrade-not-pass", "alembic-filename")
    assert [run(rule, path)[0] for rule in rules] == [0] * 4
    config = Config()
    config.set_main_option("script_location", str(project.root / "alembic"))
    heads = ScriptDirectory.from_config(config).get_heads()
    assert sorted(heads) == (["join_lines", "x"] if label else ["join_lines"])

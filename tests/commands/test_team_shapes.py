"""Migrations in a team's own form: what `init` sets for it, and what `new migration` writes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date

import pytest
import tomli_w
from tests.repository import Project, Run

from definition_of_done.project.migrations.shapes.conventions import read_conventions
from definition_of_done.project.migrations.shapes.naming import form_of
from definition_of_done.project.settings import open_project

SUITE = "definition-of-done"
FOLDER = "alembic/versions"
SHAPES = ("filename-pattern", "revision-pattern", "header-fields", "revision-annotations")
IDS = ("alembic-filename", "alembic-revision-slug", "alembic-header-sync")
HASHES = [f"{number:x}f2a91bc04de"[-12:] for number in range(0x30, 0x40)]


def ini(*lines: str) -> dict[str, str]:
    return {"alembic.ini": "\n".join(["[alembic]", "script_location = alembic", *lines, ""])}


def history(
    names: Mapping[str, str], header: str = "add x\n\nRevision ID: {0}\nRevises: {1}\n{2}"
) -> dict[str, str]:
    """Migrations one after the other, by the name of the file and the revision of each."""
    files, parent = {}, ""
    for name, revision in names.items():
        head = header.format(revision, parent, "Create Date: 2026-05-24 10:00:00\n")
        lines = f"revision = {revision!r}\ndown_revision = {parent or None!r}\n"
        functions = "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
        files[f"{FOLDER}/{name}"] = f'"""{head}"""\n{lines}\n\n{functions}'
        parent = revision
    return files


def annotated(files: dict[str, str]) -> dict[str, str]:
    kind = "str | Sequence[str] | None"
    both = f"branch_labels: {kind} = None\ndepends_on: {kind} = None\n\n\ndef upgrade"
    return {
        path: text.replace("\nrevision =", "\nrevision: str =")
        .replace("down_revision =", "down_revision: str | None =")
        .replace("\n\ndef upgrade", both)
        for path, text in files.items()
    }


HASHED = {f"{revision}_add_x_{at}.py": revision for at, revision in enumerate(HASHES)}
DAYS = range(10, 26)
SLUGGED = {f"202605{at:02}_add_x{at}.py": f"add_x{at}" for at in DAYS}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            history(HASHED),
            {
                "filename-pattern": "%(rev)s_%(slug)s",
                "revision-pattern": "hash",
                "revision-annotations": False,
            },
        ),
        (
            annotated(history(HASHED)),
            {"filename-pattern": "%(rev)s_%(slug)s", "revision-pattern": "hash"},
        ),
        (
            annotated(
                history(
                    {f"20260524_add_{at}_{'a' * 24}.py": f"add_{at}_{'a' * 30}" for at in range(16)}
                )
            ),
            {"revision-max-length": 37},
        ),
        # What file_template says needs no key.
        (
            {**ini("file_template = %%(rev)s_%%(slug)s"), **annotated(history(HASHED))},
            {"revision-pattern": "hash"},
        ),
        (
            annotated(history({f"{at:04}_add_x.py": f"{at:04}_add_x" for at in range(16)})),
            {"filename-pattern": "%(rev)s", "revision-pattern": r"[0-9]+_[a-z0-9_]+"},
        ),
        (
            annotated(history({f"{at:04}_add_x.py": HASHES[at] for at in range(16)})),
            {"filename-pattern": r"[0-9]+_[a-z0-9_]+", "revision-pattern": "hash"},
        ),
        (
            annotated(history({f"Add{at}.py": f"Add{at}" for at in range(16)})),
            {"filename-pattern": "%(rev)s", "revision-pattern": r"\w+"},
        ),
        (
            annotated(history({f"202605{at}_101500_x.py": f"202605{at}_101500" for at in DAYS})),
            {
                "revision-pattern": "[0-9]+(?:_[0-9]+)*",
                "header-fields": ["title", "Revision ID", "Revises"],
            },
        ),
        (
            annotated(history({f"v1.{at}-x.py": f"v1.{at}" for at in range(16)})),
            {"filename-pattern": ".+", "revision-pattern": r"v?[0-9]+(?:\.[0-9a-z]+)+"},
        ),
        (
            annotated(history({f"v-{at}.py": f"v-{at}" for at in range(16)})),
            {"filename-pattern": "%(rev)s", "revision-pattern": ".+"},
        ),
        (
            annotated(history(SLUGGED, "add x\n")),
            {"header-fields": ["title"]},
        ),
        # A header that shows another date than the filename does.
        (
            annotated(history(SLUGGED)),
            {"header-fields": ["title", "Revision ID", "Revises"]},
        ),
        # Most of the newest have the contract's form, whatever came before.
        (
            annotated(history({**HASHED, **SLUGGED}, "add x\n\nRevision ID: {0}\nRevises: {1}")),
            {"header-fields": ["title", "Revision ID", "Revises"]},
        ),
        # The last ones have another form than most: a release that begins with its year.
        (
            annotated(
                history(
                    {
                        **SLUGGED,
                        **{f"2026060{at}_y{at}.py": f"2026_{at}_expand" for at in (1, 2, 3)},
                    },
                    "add x\n",
                )
            ),
            {"header-fields": ["title"], "revision-pattern": r"\w+"},
        ),
        ({}, {}),
        ({f"{FOLDER}/broken.py": "def\n"}, {}),
    ],
)
def test_what_the_history_has(
    files: dict[str, str], expected: dict[str, object], project: Project, run: Run
) -> None:
    project.lay({**ini(), **files})
    found = read_conventions(open_project(str(project.root)))
    keys = {convention.key: convention.value for convention in found}
    assert keys == expected
    # What the team does already passes, judged as if it were new.
    lines = tomli_w.dumps({"tool": {SUITE: keys}})
    project.lay({"pyproject.toml": lines})
    newest = [path for path in files if path.endswith(".py")][-16:]
    if expected:
        assert [run(id, *newest)[0] for id in IDS] == [0, 0, 0]


def test_one_of_another_form_may_be_an_accident(project: Project) -> None:
    files = annotated(history({**SLUGGED, "20260601_y.py": "2026_1_expand"}, "add x\n"))
    project.lay({**ini(), **files})
    found = read_conventions(open_project(str(project.root)))
    assert [convention.key for convention in found] == ["header-fields"]


def test_init_sets_it(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": "", **ini(), **history(dict(list(HASHED.items())[:3]))})
    assert run(SUITE, "init")[0] == 0
    text = (project.root / "pyproject.toml").read_text()
    why = "; `init --alembic` brings the contract's"
    assert f"# as the newest are named{why}, with these lines of alembic.ini:\n" in text
    assert (
        "#   file_template = %%(year)d%%(month).2d%%(day).2d_%%(slug)s\n"
        '#   truncate_slug_length = 32\nfilename-pattern = "%(rev)s_%(slug)s"\n'
    ) in text
    assert f'# as the newest revisions are{why}\nrevision-pattern = "hash"\n' in text
    assert "revision-annotations = false\n" in text


def test_init_that_brings_the_contracts_form_sets_none(project: Project, run: Run) -> None:
    mako = {"alembic/script.py.mako": "", "alembic/env.py": ""}
    project.lay({"pyproject.toml": "", **ini(), **mako, **history(HASHED)})
    assert run(SUITE, "init", "--alembic")[0] == 0
    found = tomllib.loads((project.root / "pyproject.toml").read_text())["tool"][SUITE]
    assert not set(SHAPES[:2]) & set(found)


def test_init_says_which_keys_keep_another_form(project: Project, run: Run) -> None:
    keys = f"[tool.{SUITE}]\nrevision-pattern = 'hash'\n"
    project.lay({**ini(), "alembic/env.py": "", "pyproject.toml": keys, **history(HASHED)})
    assert (
        'by hand: revision-pattern = "hash" is the team\'s own, and stays: take it away, and the'
        " contract's form holds\n"
    ) in run(SUITE, "init", "--alembic")[1]


NEW = ("new", "migration", "Add vendor credits", "--date", "2026-06-01")


@pytest.mark.parametrize(
    ("lines", "keys", "argv", "name", "revision"),
    [
        ([], "", (), "20260601_add_vendor_credits", "add_vendor_credits"),
        ([], "revision-pattern = 'hash'", (), "20260601_add_vendor_credits", "[0-9a-f]{12}"),
        (
            ["file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s"],
            "",
            (),
            "2026-06-01_add_vendor_credits",
            "add_vendor_credits",
        ),
        (
            ["file_template = %%(rev)s_%%(slug)s", "truncate_slug_length = 10"],
            "",
            ("--revision", "vendor_limit"),
            "vendor_limit_add_",
            "vendor_limit",
        ),
        (
            [],
            "filename-pattern = '%(rev)s'\nrevision-pattern = '\\d{4}_\\w+'",
            ("--revision", "0042_credits"),
            "0042_credits",
            "0042_credits",
        ),
        (
            [],
            "filename-pattern = '[a-z_]+'",
            (),
            "add_vendor_credits",
            "add_vendor_credits",
        ),
        ([], "filename-pattern = '\\w+'", (), "20260601_add_vendor_credits", "add_vendor_credits"),
    ],
)
def test_new_migration(
    lines: list[str],
    keys: str,
    argv: tuple[str, ...],
    name: str,
    revision: str,
    project: Project,
    run: Run,
) -> None:
    project.lay({**ini(*lines), "pyproject.toml": f"[tool.{SUITE}]\n{keys}\n", f"{FOLDER}/x": ""})
    path = f"{FOLDER}/{name}.py"
    assert run(SUITE, *NEW, *argv) == (0, f"{path}\n", "")
    text = (project.root / path).read_text()
    assert re.search(f'^revision: str = "{revision}"$', text, re.M)
    assert "\nCreate Date: 2026-06-01 00:00:00.000000\n" in text
    project.git("add", path)
    assert [run(id)[0] for id in IDS] == [0, 0, 0]


def test_new_migration_has_the_next_number(project: Project, run: Run) -> None:
    keys = "filename-pattern = '%(rev)s'\nrevision-pattern = '[0-9]+_[a-z0-9_]+'\n"
    names = {f"{at:04}_add_x.py": f"{at:04}_add_x" for at in range(8, 10)}
    project.lay({**ini(), "pyproject.toml": f"[tool.{SUITE}]\n{keys}", **history(names)})
    title = "Add the credits of vendors and customers"
    path = f"{FOLDER}/0010_add_the_credits_of_vendors.py"
    assert run(SUITE, "new", "migration", title) == (0, f"{path}\n", "")
    project.git("add", path)
    assert [run(id, path)[0] for id in IDS] == [0, 0, 0]


def test_new_migration_shows_the_time(project: Project, run: Run) -> None:
    template = "%%(year)d%%(month).2d%%(day).2d%%(hour).2d_%%(epoch)s_%%(slug)s"
    project.lay({**ini(f"file_template = {template}"), f"{FOLDER}/x": ""})
    path = run(SUITE, "new", "migration", "add x")[1].strip()
    assert re.fullmatch(rf"{FOLDER}/{date.today():%Y%m%d}\d\d_\d+_add_x\.py", path)
    project.git("add", path)
    assert [run(id)[0] for id in IDS] == [0, 0, 0]


@pytest.mark.parametrize(
    ("keys", "argv", "error"),
    [
        (
            "revision-pattern = '\\d{4}_\\w+'",
            (),
            r"revision 'add_vendor_credits' does not match \d{4}_\w+: give another one with"
            " --revision",
        ),
        (
            "",
            ("--revision", "3f2a91bc04de"),
            "revision '3f2a91bc04de' is a hash, not a slug: give another one with --revision",
        ),
        (
            "filename-pattern = 'V\\d+__.*'",
            (),
            "filename-pattern does not tell the name of a new migration: write it as a template,"
            " such as %(rev)s_%(slug)s",
        ),
    ],
)
def test_new_migration_refuses(
    keys: str, argv: tuple[str, ...], error: str, project: Project, run: Run
) -> None:
    project.lay({**ini(), "pyproject.toml": f"[tool.{SUITE}]\n{keys}\n", f"{FOLDER}/x": ""})
    assert run(SUITE, *NEW, *argv) == (2, "", f"{SUITE}: error: {error}\n")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("", "YYYYMMDD_add_things.py"),
        ("%(rev)s_%(slug)s", "<revision>_add_things.py"),
        ("%(year)d-%(month).2d_%(rev)s", "YYYY-MM_<revision>.py"),
        (r"\d+_\w+", ""),
    ],
)
def test_a_name_to_show(pattern: str, name: str) -> None:
    assert form_of(pattern).new_name("<revision>", "add_things", None) == name

"""Shapes of migrations as settings: filename-pattern, revision-pattern, header-fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from tests.repository import Project, Run

FOLDER = "alembic/versions"
SOURCE = "revision = '3f2a91bc04de'\n"
TOML = "[tool.alembic]\nscript_location = 'alembic'\n"
ITSELF = "is no form, it matches nothing but itself"
IDS = ("alembic-filename", "alembic-revision-slug", "alembic-header-sync")
HOURLY = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)_x"
TIMED = "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d%%(second).2d_%%(slug)s"
DATED = "%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s"


def ini(*lines: str) -> dict[str, str]:
    head = ["[alembic]", "script_location = alembic", "sqlalchemy.url = sqlite://", *lines]
    return {"alembic.ini": "\n".join([*head, ""])}


def table(**keys: object) -> dict[str, str]:
    lines = [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in keys.items()]
    return {"pyproject.toml": "\n".join(["[tool.definition-of-done]", *lines, ""])}


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (ini(f"file_template = {DATED}"), "2026-05-24_3f2a91bc04de_add_x.py"),
        (ini(f"file_template = {DATED}"), "2026-05-24_3f2a91bc04de_.py"),
        (ini(f"file_template = {DATED}"), f"2026-05-24_3f2a91bc04de_{'a' * 40}_.py"),
        (ini(f"file_template = {DATED}"), "2026-05-24_3f2a91bc04de_\xfcber_2.py"),
        (ini("file_template = %%(rev).8s-%%(slug)s"), "3f2a91bc-add_x.py"),
        (ini("file_template = %%(epoch)s_%%(rev)s"), "1780000000_3f2a91bc04de.py"),
        (ini("file_template = %%(year)d/%%(month)d_%%(rev)s", "recursive_version_locations = 1"),
         "2026/5_3f2a91bc04de.py"),
        (ini("file_template = %%(rev)s_%%(slug)s", "truncate_slug_length = 60"),
         f"3f2a91bc04de_{'a' * 60}.py"),
        ({"pyproject.toml": f"{TOML}file_template = '{DATED}'\n"},
         "2026-05-24_3f2a91bc04de_add_x.py"),
        (table(filename_pattern="%(rev)s_%(slug)s"), "3f2a91bc04de_add_x.py"),
        (table(filename_pattern="%%(rev)s_%%(slug)s.py"), "3f2a91bc04de_add_x.py"),
        (table(filename_pattern=r"\d{4}_[a-z_]+"), "0042_add_x.py"),
        (table(filename_pattern=r"\d{4}_[a-z_]+\.py"), "0042_add_x.py"),
        (table(filename_pattern=r"^V\d+__.*$"), "V12__Add-x.py"),
        # No part of a date is one that does not exist where the others are not shown.
        (table(filename_pattern=r"(?P<month>\d\d)-(?P<day>\d\d)_\w+"), "02-29_x.py"),
        (table(filename_pattern=r"(?P<year>\d\d)_\w+"), "00_x.py"),
        (table(filename_pattern=r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)_\w+"), "260524_x.py"),
        (table(filename_pattern=r"(?P<year>\d{4})(?P<month>[a-z]{3})(?P<day>\d\d)_\w+"),
         "2026may24_x.py"),
        # The key goes before file_template.
        ({**ini(f"file_template = {DATED}"), **table(filename_pattern=r"\d{4}_[a-z_]+")},
         "0042_add_x.py"),
        # Another token is one that the team has taught Alembic.
        (ini("file_template = %%(ticket)s_%%(slug)s"), "ABC-1 x.py"),
        (ini("file_template = %%(rev)d_%%(epoch)i"), "ABC-1 x.py"),
        (ini("file_template = %%(year)s.%%(month).2s_%%(slug)s"), "2026.5_x.py"),
        # What is commented out is not set.
        (ini(f"# file_template = {DATED}"), "20260524_add_x.py"),
    ],
)  # fmt: skip
def test_a_name_that_fits(files: dict[str, str], name: str, project: Project, run: Run) -> None:
    path = f"{FOLDER}/{name}"
    project.lay({**files, path: SOURCE})
    assert run("alembic-filename", path) == (0, "no findings (1 file judged)\n", "")


@pytest.mark.parametrize(
    ("files", "name", "message", "advice"),
    [
        (
            ini(f"file_template = {DATED}"),
            "20260524_add_x.py",
            "is not %(year)d-%(month).2d-%(day).2d_%(rev)s_%(slug)s.py",
            "git mv it to 2026-05-24_3f2a91bc04de_add_x.py",
        ),
        (
            ini(f"file_template = {DATED}"),
            "2026-05-24_4f2a91bc04de_add_x.py",
            "is not %(year)d-%(month).2d-%(day).2d_%(rev)s_%(slug)s.py",
            "git mv it to 2026-05-24_3f2a91bc04de_add_x.py",
        ),
        (
            ini(f"file_template = {DATED}"),
            "2026-02-30_3f2a91bc04de_add_x.py",
            "has 2026-02-30, a date that does not exist",
            "git mv it to 2026-05-24_3f2a91bc04de_add_x.py",
        ),
        # A part of a date, too.
        (
            ini("file_template = %%(year)d_%%(month).2d_%%(slug)s"),
            "2026_13_add_x.py",
            "has 2026-13, a date that does not exist",
            "git mv it to 2026_05_add_x.py",
        ),
        (
            table(filename_pattern=r"(?P<month>\d\d)-(?P<day>\d\d)_.*"),
            "02-30_x.py",
            "has 02-30, a date that does not exist",
            "git mv 02-30_x.py to a name that matches",
        ),
        (
            ini("file_template = %%(rev)s_%%(slug)s"),
            f"3f2a91bc04de_{'a' * 42}.py",
            "is not %(rev)s_%(slug)s.py",
            "git mv it to 3f2a91bc04de_add_x.py",
        ),
        (
            ini("file_template = %%(rev)s_%%(slug)s"),
            "3f2a91bc04de_Add_x.py",
            "is not %(rev)s_%(slug)s.py",
            "git mv it to 3f2a91bc04de_add_x.py",
        ),
        (
            table(filename_pattern=r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)_.*"),
            "1999-01-01_x.py",
            "has 1999-01-01, a date before 2000",
            "git mv 1999-01-01_x.py to a name that matches",
        ),
        (
            table(filename_pattern=r"\d{4}_[a-z]+"),
            "042_x.py",
            r"does not match \d{4}_[a-z]+",
            "git mv 042_x.py to a name that matches",
        ),
        # The contract's form, which Alembic is told to write, is held as ever.
        (
            ini("file_template = %%(year)d%%(month).2d%%(day).2d_%%(slug)s"),
            "20260524_.py",
            "is not YYYYMMDD_<snake_case>.py",
            "git mv it to 20260524_add_x.py",
        ),
    ],
)
def test_a_name_that_does_not_fit(
    files: dict[str, str], name: str, message: str, advice: str, project: Project, run: Run
) -> None:
    path = f"{FOLDER}/{name}"
    project.lay({**files, path: f'"""add x\n\nCreate Date: 2026-05-24 10:00:00\n"""\n{SOURCE}'})
    assert run("alembic-filename", path) == (
        1,
        f"{path}:1:1: alembic-filename: filename {name!r} {message}\n    help: {advice}\n"
        "1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("pattern", "revision", "message"),
    [
        ("hash", "3f2a91bc04de", ""),
        ("hash", "deadbeef", ""),
        ("hash", "a1b2c3d4e5g6", ""),
        ("hash", "550e8400-e29b-41d4-a716-446655440000", "has 36 characters"),
        ("hash", "add_x", "is not a hash"),
        ("hash", "add", "is not a hash"),
        (r"\d{4}_[a-z_]+", "0042_add_x", ""),
        (r"\d{4}_[a-z_]+", "add_x", r"does not match \d{4}_[a-z_]+"),
        (r"\w+", "a" * 33, "has 33 characters"),
        ("slug", "add_x", ""),
        ("slug", "3f2a91bc04de", "is a hash, not a slug"),
    ],
)
def test_revisions(pattern: str, revision: str, message: str, project: Project, run: Run) -> None:
    path = f"{FOLDER}/20260524_add_x.py"
    project.lay({**table(revision_pattern=pattern), path: f"revision = {revision!r}\n"})
    code, out, _ = run("alembic-revision-slug", path)
    assert code == bool(message)
    assert f"revision {revision!r} {message}" in out if message else "no findings" in out


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("revision-pattern", "hsah", f"'hsah' {ITSELF}; did you mean 'hash'?"),
        ("revision-pattern", "[", "'[' is no regular expression: unterminated character set"),
        ("revision-pattern", "(a+)+b", "'(a+)+b' takes too long on "),
        ("filename-pattern", r"(?:\w+_?)*x", r"'(?:\\w+_?)*x' takes too long on "),
        ("filename-pattern", "(a|a)*x", "'(a|a)*x' takes too long on "),
        ("filename-pattern", "%(revision)s_%(slug)s", "Alembic fills no %(revision) in"),
        ("filename-pattern", "%(slgu)s", "Alembic fills no %(slgu) in; did you mean 'slug'?"),
        ("filename-pattern", "%(rev)", "Alembic writes this token as %(rev)s"),
        ("filename-pattern", "%(rev)d_%(slug)s", "Alembic writes this token as %(rev)s"),
        ("filename-pattern", "%(rev)s_%(slug", "Alembic writes this token as %(slug)s"),
        ("filename-pattern", "%(year)x_%(slug)s", "Alembic writes this token as %(year)d"),
        ("header-fields", ["Revise"], "unknown field 'Revise'; did you mean 'Revises'?"),
    ],
)  # fmt: skip
def test_refused(key: str, value: object, error: str, project: Project, run: Run) -> None:
    path = f"{FOLDER}/20260524_add_x.py"
    project.lay({**table(**{key: value}), path: SOURCE})
    code, out, err = run("alembic-filename", path)
    assert (code, out) == (2, "")
    place = "alembic-filename: error: pyproject.toml: [tool.definition-of-done]"
    assert err.startswith(f"{place}: {key}: {error}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "pattern",
    [r"(?:[a-z0-9]+_)*[a-z0-9]+", r"[A-Z]+-\d+_.*", ".+", r"(?>\w+_?)+", r"(\w+)_(\w+)"],
)
def test_a_sound_pattern_is_taken(pattern: str, project: Project, run: Run) -> None:
    path = f"{FOLDER}/20260524_add_x.py"
    project.lay({**table(filename_pattern=pattern), path: SOURCE})
    assert run("alembic-filename", path)[0] in (0, 1)


HEADER = '"""%s\n"""\n' + SOURCE + "down_revision = None\n"


@pytest.mark.parametrize(
    ("fields", "text", "messages"),
    [
        ([], "revision = 'x'\n", []),
        ([], HEADER % "", []),
        (["title"], HEADER % "add x", []),
        (["title"], "revision = 'x'\n", ["the migration has no docstring"]),
        (["Create Date"], HEADER % "Create Date: 2026-05-24", []),
        (["title", "Revises"], HEADER % "add x\n\nCreate Date: 2025-05-24", []),
        # What stands there agrees, asked for or not.
        ([], HEADER % "Revision ID: x", ["Revision ID says 'x', revision is '3f2a91bc04de'"]),
        ([], HEADER % "Revises: x", ["Revises says 'x', down_revision is None"]),
    ],
)
def test_header_fields(
    fields: list[str], text: str, messages: list[str], project: Project, run: Run
) -> None:
    path = f"{FOLDER}/20260524_add_x.py"
    project.lay({**table(header_fields=fields, revision_annotations=False), path: text})
    found = json.loads(run("alembic-header-sync", path, "--format", "json")[1])["findings"]
    assert [finding["message"] for finding in found] == messages


@pytest.mark.parametrize(
    ("files", "name", "days"),
    [
        (ini(f"file_template = {DATED}"), "2026-05-25_3f2a91bc04de_x.py", "2026-05-25"),
        (table(filename_pattern=r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d).*"),
         "20260525x.py", "2026-05-25"),
        (table(filename_pattern=r"\d+_\w+"), "20260525_x.py", ""),
        (ini("file_template = %%(rev)s_%%(slug)s"), "20260525_x.py", ""),
        # The same moment by the clock of another time zone; the farthest is 14 hours off.
        (ini(f"file_template = {TIMED}"), "20260523_220000_x.py", ""),
        (ini(f"file_template = {TIMED}"), "20260525_000000_x.py", ""),
        (ini(f"file_template = {TIMED}"), "20260525_000001_x.py", "2026-05-25"),
        (ini(f"file_template = {TIMED}"), "20260523_195900_x.py", "2026-05-23"),
        (table(filename_pattern=HOURLY), "2026052319_x.py", "2026-05-23"),
        (table(filename_pattern=HOURLY), "2026052323_x.py", ""),
    ],
)  # fmt: skip
def test_the_day_of_the_filename(
    files: dict[str, str], name: str, days: str, project: Project, run: Run
) -> None:
    path = f"{FOLDER}/{name}"
    source = '"""x\n\nRevision ID: 3f2a91bc04de\nRevises:\nCreate Date: 2026-05-24 10:00:00\n"""\n'
    project.lay({**files, path: f"{source}{SOURCE}down_revision = None\n"})
    out = run("alembic-header-sync", path)[1]
    message = f"Create Date is 2026-05-24, the filename's date is {days}"
    assert (message in out) is bool(days)
    assert ("the filename's date" in out) is bool(days)


@pytest.mark.parametrize(
    "template",
    [
        "%%(rev)s_%%(slug)s",
        DATED,
        "rev-%%(year)d-%%(hour).2d:%%(minute).2d:%%(second).2d-%%(rev)s_%%(slug)s",
        "%%(epoch)s_%%(rev).6s",
        "%%(year)d/%%(month).2d/%%(slug)s_%%(rev)s",
        "%%(day)d.%%(month)d.%%(year)d %%(slug)s",
    ],
)
@pytest.mark.parametrize(
    "message", ["add x", "Add caf\xe9s, and a very long message that is cut", None]
)
def test_what_alembic_makes_passes(
    template: str,
    message: str | None,
    project: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Alembic itself writes a migration with the team's template, and no shape is refused."""
    monkeypatch.chdir(project.root)
    lines = (f"file_template = {template}", "recursive_version_locations = true")
    keys = table(revision_pattern="hash", revision_annotations=False)
    project.lay({**ini(*lines), **keys, f"{FOLDER}/.keep": ""})
    mako = Path(command.__file__).parent / "templates/generic/script.py.mako"
    project.lay({"alembic/script.py.mako": mako.read_text(), "alembic/env.py": ""})
    command.revision(Config("alembic.ini"), message)
    project.git("add", "--all")
    capsys.readouterr()
    for id in IDS:
        assert run(id)[:2] == (0, "no findings (1 file judged)\n")

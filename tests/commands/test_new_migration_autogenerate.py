"""new migration --autogenerate: real Alembic, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import alembic
import pytest
from tests.repository import Files, Project, Run

SUITE = "definition-of-done"
FOLDER = "alembic/versions"
PATH = f"{FOLDER}/20260601_add_vendor_credits.py"
RUNNING = "running the team's Alembic: env.py and the models are executed\n"
ARGV = ("new", "migration", "add vendor credits", "--autogenerate", "--date", "2026-06-01")
TEMPLATES = Path(alembic.__file__).parent / "templates"
MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
columns = [
    sa.Column("id", sa.Integer, primary_key=True, comment="the credit's number"),
    sa.Column("amount", sa.Integer, nullable=False, comment="what is owed, in cents"),
]
sa.Table("vendor_credits", metadata, *columns)
"""
ENV = """\
import asyncio
import sys

import sqlalchemy as sa
from alembic import context
from models import metadata

url = context.get_x_argument(as_dictionary=True).get("url")
section = context.config.get_section(context.config.config_ini_section)


def number(_, __, directives):
    directives[0].rev_id = "0002"


def run(connection):
    context.configure(
        connection=connection, target_metadata=metadata, process_revision_directives=number
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_async():
    from sqlalchemy.ext.asyncio import create_async_engine

    async with create_async_engine(url).connect() as connection:
        await connection.run_sync(run)


if url and "aio" in url:
    asyncio.run(run_async())
else:
    with sa.engine_from_config(section).connect() as connection:
        run(connection)
"""
INI = "[alembic]\nscript_location = alembic\nprepend_sys_path = .\nsqlalchemy.url = sqlite:///dev.db\n"
BARE = """\
# of our team
from alembic import op
import sqlalchemy as sa
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades}


def downgrade():
    ${downgrades}
"""
BASE = "revision = 'base'\ndown_revision = None\n"


@pytest.fixture
def backend(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a model, Alembic's own template, and no migration."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    project.lay({
        "alembic.ini": INI,
        "alembic/env.py": ENV,
        "alembic/script.py.mako": (TEMPLATES / "generic/script.py.mako").read_bytes(),
        "models.py": MODELS,
    })  # fmt: skip
    project.git("commit", "-qm", "base")
    return project


def untracked(project: Project) -> str:
    # Ignored files, too: no database and no cache may be left.
    return project.git("status", "--porcelain", "--ignored", "--untracked-files=all")


def rules(run: Run, *paths: str) -> list[tuple[str, str]]:
    found = json.loads(run(SUITE, "check", "--format", "json", *paths)[1])["findings"]
    return [
        (finding["rule"], finding["message"])
        for finding in found
        if not finding["rule"].startswith("plan-")
    ]


def test_needs_nothing_but_its_plan(backend: Project, run: Run) -> None:
    assert run(SUITE, *ARGV) == (0, f"{PATH}\n", RUNNING)
    assert untracked(backend).replace("?? dev.db\n", "") == f"?? {PATH}\n"
    text = (backend.root / PATH).read_text()
    assert text.startswith('"""add vendor credits\n\nRevision ID: add_vendor_credits\nRevises:')
    assert "Create Date: 2026-06-01 " in text
    assert "revision: str = 'add_vendor_credits'\n" in text
    assert "comment='what is owed, in cents'" in text
    assert "op.drop_table('vendor_credits')\n" in text
    assert "###" not in text
    backend.git("add", PATH)
    assert rules(run, PATH) == []
    # Alembic would have made its table.
    with closing(sqlite3.connect(backend.root / "dev.db")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_a_bare_template_and_an_async_engine(backend: Project, run: Run) -> None:
    backend.lay({
        "alembic.ini": INI.replace("sqlite:///dev.db", ""),
        "alembic/script.py.mako": BARE,
    })  # fmt: skip
    argv = (*ARGV, "-x", "url=sqlite+aiosqlite:///other.db")
    assert run(SUITE, *argv) == (0, f"{PATH}\n", RUNNING)
    lines = (backend.root / PATH).read_text().splitlines()
    assert lines[:2] == ["# of our team", '"""add vendor credits']
    backend.git("add", PATH)
    assert rules(run, PATH) == []


def test_a_template_without_a_title_and_a_section_of_its_own(backend: Project, run: Run) -> None:
    template = BARE.replace("# of our team", '"""\nRevision ID: ${up_revision}\n"""')
    backend.lay({
        "alembic.ini": f"{INI.replace('[alembic]', '[credits]')}\n{INI.replace('dev', 'no/dev')}",
        "alembic/script.py.mako": template,
    })  # fmt: skip
    assert run(SUITE, *ARGV, "--name", "credits") == (0, f"{PATH}\n", RUNNING)
    backend.git("add", PATH)
    assert rules(run, PATH) == []


def test_nothing_to_do(backend: Project, run: Run) -> None:
    backend.lay({"models.py": "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"})
    out = "nothing to do: the database has what the models declare\n"
    assert run(SUITE, *ARGV) == (0, out, RUNNING)
    assert untracked(backend).replace("?? dev.db\n", "") == "M  models.py\n"
    assert not (backend.root / FOLDER).exists()


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (
            {f"{FOLDER}/20260101_base.py": BASE},
            "the database is not at the head: run alembic upgrade head, then this again",
        ),
        (
            {"alembic.ini": INI.replace("sqlalchemy.url", "url")},
            "no database to compare with (KeyError: 'url'): give env.py the URL of one that is at"
            " the head",
        ),
        (
            {"alembic.ini": INI.replace("sqlite:///dev.db", "postgresql+psycopg://x@127.0.0.1:1/x")},
            'alembic/env.py:34: OperationalError: connection failed: connection to server at'
            ' "127.0.0.1", port 1 failed: Connection refused',
        ),
        (
            {"alembic/env.py": "print('hello')\nraise RuntimeError('first\\nsecond')\n"},
            "alembic/env.py:2: RuntimeError: first",
        ),
        (
            {"alembic/script.py.mako": "revision = '${up_revision}'\n)\n"},
            "SyntaxError: unmatched ')' (20260601_add_vendor_credits.py, line 2)",
        ),
        (
            {"alembic.ini": f"{INI}[post_write_hooks]\nhooks=x\nx.type=exec\nx.executable=no-x\n"},
            "FileNotFoundError: [Errno 2] No such file or directory: 'no-x'",
        ),
    ],
)  # fmt: skip
def test_failure_leaves_nothing(files: Files, error: str, backend: Project, run: Run) -> None:
    backend.lay(files)
    backend.git("commit", "-qm", "x")
    assert run(SUITE, *ARGV) == (2, "", f"{RUNNING}{SUITE}: error: {error}\n")
    assert untracked(backend) == ""


def test_a_stop_leaves_nothing(backend: Project) -> None:
    backend.lay({"models.py": f"{MODELS}\nopen('begun', 'w')\nimport time\ntime.sleep(60)\n"})
    backend.git("commit", "-qm", "x")
    command = [sys.executable, "-c", "from definition_of_done.commands.main import main; main()"]
    with subprocess.Popen([*command, *ARGV], stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 30
        while not (backend.root / "begun").exists() and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert process.stderr.read() == f"{RUNNING}{SUITE}: error: interrupted\n"
    (backend.root / "begun").unlink()
    assert untracked(backend) == ""


@pytest.mark.parametrize(
    ("files", "path", "error"),
    [
        ({PATH: BASE}, None, f"{PATH} exists: it is not written over"),
        (
            {f"{FOLDER}/a.py": BASE, f"{FOLDER}/b.py": BASE.replace("base", "b")},
            None,
            f"there are several heads, 'base' ({FOLDER}/a.py) and 'b' ({FOLDER}/b.py): put one"
            " after the other, or merge them with alembic merge heads, then run this again",
        ),
        (
            {"alembic.ini": None},
            None,
            "there is no alembic.ini: name Alembic's configuration in alembic-config",
        ),
        (
            {},
            "/usr/bin:/bin",
            "no alembic in `uv run`, .venv or PATH: install the project, or set alembic-command",
        ),
    ],
)
def test_refused_before_anything_runs(
    files: Files,
    path: str | None,
    error: str,
    backend: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend.lay(files)
    if path:
        monkeypatch.setenv("PATH", path)
    assert run(SUITE, *ARGV) == (2, "", f"{SUITE}: error: {error}\n")
    assert "??" not in untracked(backend)

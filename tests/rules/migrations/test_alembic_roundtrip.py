"""alembic-roundtrip: real Alembic on SQLite, what it finds, and what it never touches."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.repository import Project, Run

ID = "alembic-roundtrip"
MIRROR = "downgrade-mirrors-upgrade"
# All that ran was judged.
CLEAN = (0, "no findings (2 files judged)\n", "")
ADD_X = "op.add_column('a', sa.Column('x', sa.Integer()))"
ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

section = context.config.get_section(context.config.config_ini_section)
engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
BASE = """\
import sqlalchemy as sa
from alembic import op

revision = "add_a"
down_revision = None


def upgrade():
    op.create_table(
        "a",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("note", sa.String(20), server_default="none"),
    )
    op.create_index("ix_a_name", "a", ["name"])


def downgrade():
    op.drop_table("a")
"""
A, B = "alembic/versions/20260101_add_a.py", "alembic/versions/20260102_change_a.py"
LOSSY = ("op.drop_column('a', 'note')", "op.execute('SELECT 1')")
UNDO = "make downgrade undo what upgrade does, and nothing else"
ON_SQLITE = (
    f"mend {B}; where SQLite cannot do it, name a database of the team's kind in roundtrip-url"
)
BATCH = "with op.batch_alter_table('a') as batch: batch"


def migration(
    upgrade: str, downgrade: str, revision: str = "change_a", after: str = "add_a"
) -> str:
    return (
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {revision!r}\n"
        f"down_revision = {after!r}\n\n\ndef upgrade():\n    {upgrade}\n\n\n"
        f"def downgrade():\n    {downgrade}\n"
    )


@pytest.fixture
def backend(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with one migration on main, its Alembic on PATH, and the branch checked out."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    ini = "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///dev.db\n"
    project.lay({"alembic.ini": ini, "alembic/env.py": ENV, A: BASE})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    return project


# Each row: what upgrade and downgrade do, and what the round trip and the mirror rule say of it.
@pytest.mark.parametrize(
    ("upgrade", "downgrade", "trip", "mirror"),
    [
        (ADD_X, "op.drop_column('a', 'x')", (), False),
        (
            "op.create_table('b', sa.Column('id', sa.Integer()))",
            "op.drop_table('b')",
            (),
            False,
        ),
        (
            f"{BATCH}.alter_column('note', new_column_name='memo')",
            f"{BATCH}.alter_column('memo', new_column_name='note')",
            (),
            False,
        ),
        ("op.rename_table('a', 'z')", "op.rename_table('z', 'a')", (), False),
        (
            "op.drop_index('ix_a_name', 'a')",
            "op.create_index('ix_a_name', 'a', ['name'])",
            (),
            False,
        ),
        (
            "for n in ('x', 'y'): op.add_column('a', sa.Column(n, sa.Integer()))",
            "for n in ('x', 'y'): op.drop_column('a', n)",
            (),
            False,
        ),
        (
            "op.execute('CREATE VIEW v AS SELECT id FROM a')",
            "op.execute('DROP VIEW v')",
            (),
            False,
        ),
        ("op.execute(\"UPDATE a SET note = ''\")", "op.execute('SELECT 1')", (), False),
        (
            ADD_X,
            "op.execute(\"UPDATE a SET note = ''\")",
            ("downgrade leaves column a.x",),
            True,
        ),
        (
            "op.create_table('b', sa.Column('id', sa.Integer()))",
            "op.execute(\"UPDATE a SET note = ''\")",
            ("downgrade leaves table b",),
            True,
        ),
        (
            "op.drop_index('ix_a_name', 'a')",
            "op.execute(\"UPDATE a SET note = ''\")",
            ("downgrade does not bring back index ix_a_name of a",),
            True,
        ),
        (
            "op.drop_index('ix_a_name', 'a')",
            "op.create_index('ix_a_name', 'a', ['name'], unique=True)",
            ("downgrade leaves index ix_a_name of a as '(name) unique', and it was '(name)'",),
            False,
        ),
        (
            f"{BATCH}.alter_column('note', server_default='x')",
            f"{BATCH}.alter_column('note', server_default=None)",
            (
                "downgrade leaves column a.note as 'VARCHAR(20) NULL',"
                " and it was \"VARCHAR(20) NULL DEFAULT 'none'\"",
            ),
            False,
        ),
        (
            f"{BATCH}.create_unique_constraint('uq', ['note'])",
            "op.execute(\"UPDATE a SET note = ''\")",
            ("downgrade leaves unique constraint uq of a",),
            True,
        ),
        (
            "op.drop_table('a')",
            "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True))",
            (
                "downgrade does not bring back column a.name",
                "downgrade does not bring back column a.note",
                "downgrade does not bring back index ix_a_name of a",
            ),
            False,
        ),
        (
            "op.execute('CREATE VIEW v AS SELECT id FROM a')",
            "op.execute('SELECT 1')",
            ("downgrade leaves view v",),
            False,
        ),
    ],
)
def test_table(
    upgrade: str, downgrade: str, trip: tuple[str, ...], mirror: bool, backend: Project, run: Run
) -> None:
    backend.lay({B: migration(upgrade, downgrade)})
    lines = "".join(f"{B}:12:1: {ID}: {what}\n    help: {UNDO}\n" for what in trip)
    number = f"{len(trip)} finding{'s' if len(trip) > 1 else ''} in 1 file\n"
    assert run(ID) == ((1, lines + number, "") if trip else CLEAN)
    assert run(MIRROR, B)[0] == mirror
    # Whatever happened, it happened elsewhere.
    assert not (backend.root / "dev.db").exists()


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "place", "what"),
    [
        (
            "op.drop_column('a', 'gone')",
            "pass",
            "9:1",
            'upgrade fails on sqlite: OperationalError: no such column: "gone"',
        ),
        (
            "op.alter_column('a', 'note', nullable=False)",
            "pass",
            "9:1",
            'upgrade fails on sqlite: OperationalError: near "ALTER": syntax error',
        ),
        (
            ADD_X,
            "raise RuntimeError('there is no way\\nback')",
            "13:1",
            "downgrade fails on sqlite: RuntimeError: there is no way",
        ),
        (
            "op.execute(\"INSERT INTO a VALUES (1, 'x', 'y')\")",
            "op.execute('SELECT 1')",
            "9:1",
            "an upgrade after the downgrade fails on sqlite:"
            " IntegrityError: UNIQUE constraint failed: a.id",
        ),
    ],
)
def test_failure(
    upgrade: str, downgrade: str, place: str, what: str, backend: Project, run: Run
) -> None:
    backend.lay({B: migration(upgrade, downgrade)})
    report = f"{B}:{place}: {ID}: {what}\n    help: {ON_SQLITE}\n1 finding in 1 file\n"
    assert run(ID) == (1, report, "")


def test_a_broken_downgrade_does_not_hide_the_next_one(backend: Project, run: Run) -> None:
    add = "op.add_column('a', sa.Column({!r}, sa.Integer()))"
    later = "alembic/versions/20260103_later.py"
    backend.lay({
        B: migration(add.format("x"), "op.drop_column('a', 'y')"),
        later: migration(add.format("z"), "op.execute('SELECT 1')", "later", "change_a"),
    })  # fmt: skip
    assert run(ID) == (
        1,
        f'{B}:13:1: {ID}: downgrade fails on sqlite: OperationalError: no such column: "y"\n'
        f"    help: {ON_SQLITE}\n"
        f"{later}:12:1: {ID}: downgrade leaves column a.z\n    help: {UNDO}\n"
        "2 findings in 2 files\n",
        "",
    )


def test_what_is_judged(backend: Project, run: Run) -> None:
    lossy = migration(*LOSSY)
    backend.lay({B: lossy})
    backend.git("commit", "-qm", "lossy")
    assert run(ID)[0] == 1
    assert run(ID, "--base", "main")[0] == 1
    # It stands on main now, and nothing is staged.
    backend.git("checkout", "-q", "main")
    backend.git("merge", "-q", "feature")
    assert run(ID) == CLEAN
    assert run(ID, "--all")[0] == 1
    backend.lay({"app/x.py": "x = 1\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    backend.git("commit", "-qm", "x")
    backend.git("checkout", "-q", "--detach")
    backend.git("branch", "-D", "-q", "main", "feature")
    note = (
        f"{ID}: not evaluated: no base; fetch the main branch, name it with --base, or say --all\n"
    )
    assert run(ID) == (0, "no findings (0 files judged)\n", note)


def test_branches_merges_and_dependencies(backend: Project, run: Run) -> None:
    add, drop = "op.add_column('a', sa.Column({!r}, sa.Integer()))", "op.drop_column('a', {!r})"
    folder = "alembic/versions/2026010"
    merge = migration("pass", "pass", "merge").replace("'add_a'", "('one', 'two')")
    depends = migration(add.format("w"), drop.format("w"), "three", "one")
    backend.lay({
        f"{folder}2_one.py": migration(add.format("x"), drop.format("x"), "one"),
        f"{folder}2_two.py": migration(add.format("y"), drop.format("y"), "two"),
        f"{folder}3_three.py": depends + "depends_on = 'two'\n",
        f"{folder}4_merge.py": merge,
        f"{folder}5_four.py": migration(add.format("z"), "pass", "four", "merge"),
    })  # fmt: skip
    assert run(ID) == (
        1,
        f"{folder}5_four.py:12:1: {ID}: downgrade leaves column a.z\n    help: {UNDO}\n"
        "1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("env", "error"),
    [
        (
            "import sqlalchemy as sa\nsa.create_engine('postgresql+psycopg://localhost/prod').connect()",
            "the project's own settings lead to a postgresql database, and the one to use is"
            " sqlite: give a postgresql URL, or let env.py take sqlalchemy.url",
        ),
        (
            "import sqlite3, sqlalchemy as sa\nsa.create_engine('sqlite://',"
            " creator=lambda: sqlite3.connect('dev.db')).connect()",
            "an engine of the project makes its connections itself (creator=...): it cannot be"
            " led to the database to use; let env.py take sqlalchemy.url",
        ),
        ("import nowhere", "alembic/env.py:1: ModuleNotFoundError: No module named 'nowhere'"),
        ("raise SystemExit", "alembic/env.py:1: SystemExit"),
    ],
)
def test_what_env_py_does(env: str, error: str, backend: Project, run: Run) -> None:
    backend.lay({"alembic/env.py": env, B: migration("pass", "pass")})
    assert run(ID) == (2, "", f"{ID}: error: {error}\n")


def test_engines_of_the_team_are_led_to_the_throw_away_file(backend: Project, run: Run) -> None:
    dev = backend.root / "dev.db"
    with closing(sqlite3.connect(dev)) as connection:
        connection.execute("CREATE TABLE mine (id INTEGER)")
    before = dev.read_bytes()
    start, _, rest = ENV.partition("engine = ")
    env = f"{start}engine = __import__('sqlalchemy').create_engine('sqlite:///dev.db')\n"
    lossy = migration(*LOSSY)
    backend.lay({"alembic/env.py": env + rest.partition("\n")[2], B: lossy})
    assert run(ID)[0] == 1
    assert dev.read_bytes() == before


def test_async_env_py(backend: Project, run: Run) -> None:
    env = """\
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    section = context.config.get_section(context.config.config_ini_section)
    async with async_engine_from_config(section).connect() as connection:
        await connection.run_sync(migrate)

asyncio.run(main())
"""
    backend.lay({
        "alembic/env.py": env,
        B: migration(*LOSSY),
    })  # fmt: skip
    code, out, err = run(ID)
    assert (code, err) == (1, "")
    assert f"{B}:12:1: {ID}: downgrade does not bring back column a.note\n" in out


def test_a_given_database_is_empty_before_and_after(
    backend: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("given") / "given.db"
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    url = f"sqlite:///{file}"
    backend.lay(
        {B: migration("op.create_table('b', sa.Column('x', sa.Integer()))", "op.drop_table('b')")}
    )
    assert run(ID, "--url", url) == CLEAN
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute(tables).fetchall() == []
        connection.execute("CREATE TABLE mine (id INTEGER)")
        connection.execute("CREATE TABLE other (id INTEGER)")
    error = (
        f"{ID}: error: the database is not empty, it holds other and 1 more: give an empty one,"
        " or say --reuse to go on from there and leave it at the head\n"
    )
    assert run(ID, "--url", url) == (2, "", error)
    with closing(sqlite3.connect(file)) as connection:
        assert [name for (name,) in connection.execute(tables)] == ["mine", "other"]
    assert run(ID, "--url", url, "--reuse") == CLEAN
    with closing(sqlite3.connect(file)) as connection:
        assert [name for (name,) in connection.execute(tables)] == [
            "a", "alembic_version", "b", "mine", "other",
        ]  # fmt: skip
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("change_a",)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted(
    how: signal.Signals, backend: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("interrupted")
    wait = "op.create_table('b', sa.Column('x', sa.Integer())); open('started', 'x').close()"
    backend.lay(
        {B: migration(f"{wait}; import time; [time.sleep(0.01) for _ in range(3000)]", "pass")}
    )
    hook = Path(sys.executable).parent / ID
    process = subprocess.Popen(
        [hook, "--url", f"sqlite:///{folder}/given.db"],
        cwd=backend.root,
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _until(lambda: (backend.root / "started").exists())
    process.send_signal(how)
    out, err = process.communicate(timeout=20)
    if how is not signal.SIGKILL:
        assert (process.returncode, out, err) == (2, "", f"{ID}: error: interrupted\n")
        assert [path.name for path in folder.iterdir()] == ["given.db"]
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'"

    def is_empty() -> bool:
        with closing(sqlite3.connect(folder / "given.db")) as connection:
            return bool(connection.execute(tables).fetchone() == (0,))

    # Killed, the hook is gone at once, and the child tidies up when it notices.
    _until(is_empty)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("nowhere/alembic", "alembic-command names no program: '{root}/nowhere/alembic'"),
        ("make migrate", "alembic-command must end in alembic, not 'migrate'"),
        ("nowhere -m alembic", "'nowhere' cannot be run: No such file or directory"),
        ("false alembic", "false python gave no answer: it died"),
        ("sh fail.sh alembic", "sh fail.sh python gave no answer: broken"),
        ("{bare} -m alembic", "ModuleNotFoundError: No module named 'sqlalchemy'"),
    ],
)
def test_command_that_does_not_work(command: str, error: str, backend: Project, run: Run) -> None:
    backend.lay({B: migration("pass", "pass"), "fail.sh": "echo broken >&2\n"})
    # Without its site packages the same Python has no Alembic.
    given = command.format(bare=f"{sys.executable} -I -S")
    said = error.format(root=backend.root)
    assert run(ID, "--alembic-command", given) == (2, "", f"{ID}: error: {said}\n")


@pytest.mark.parametrize("command", [None, "python -m alembic", "{bin}/alembic", "env alembic"])
def test_command_that_works(command: str | None, backend: Project, run: Run) -> None:
    backend.lay({B: migration("op.drop_column('a', 'note')", "pass")})
    flags = [] if command is None else ["--alembic-command", command]
    flags = [flag.format(bin=Path(sys.executable).parent) for flag in flags]
    assert run(ID, *flags)[0] == 1


def test_names_of_this_package_are_not_the_teams(backend: Project, run: Run) -> None:
    backend.lay({"alembic/env.py": f"import facts\n{ENV}", B: migration("pass", "pass")})
    assert run(ID)[2].endswith("ModuleNotFoundError: No module named 'facts'\n")


def test_suite_runs_it_only_where_it_is_selected(backend: Project, run: Run) -> None:
    backend.lay({B: migration("open('ran', 'x').close()", "pass")})
    run("definition-of-done", "check")
    assert not (backend.root / "ran").exists()
    assert run("definition-of-done", "check", "--select", ID)[0] == 1
    assert (backend.root / "ran").exists()


def test_pushed_side_is_the_work_trees(
    backend: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lossy = migration(*LOSSY)
    backend.lay({B: lossy})
    backend.git("commit", "-qm", "lossy")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")
    assert run(ID)[0] == 1
    backend.lay({B: lossy.replace("SELECT 1", "SELECT 2")}, add=False)
    commit = backend.git("rev-parse", "feature").strip()
    note = f"the work tree's {B} is not the pushed one; check {commit} out"
    assert run(ID) == (0, "no findings (0 files judged)\n", f"{ID}: not evaluated: {note}\n")


def test_configuration_in_pyproject(backend: Project, run: Run) -> None:
    table = "[tool.alembic]\nscript_location = 'alembic'\n"
    lossy = migration(*LOSSY)
    backend.lay({"alembic.ini": None, "pyproject.toml": table, B: lossy})
    assert run(ID)[0] == 1


def test_backend_in_a_folder_of_its_own(backend: Project, run: Run) -> None:
    config = "[tool.definition-of-done]\nalembic-config = 'server/alembic.ini'\n"
    ini = (backend.root / "alembic.ini").read_text()
    moved = {f"server/{name}": content for name, content in (("alembic.ini", ini), (A, BASE))}
    backend.lay(dict.fromkeys(("alembic.ini", "alembic/env.py", A)))
    backend.lay(moved | {"server/alembic/env.py": ENV, "pyproject.toml": config})
    backend.lay({f"server/{B}": migration(*LOSSY)})
    code, out, err = run(ID)
    assert (code, err) == (1, "")
    assert out.startswith(f"server/{B}:12:1: {ID}: downgrade does not bring back column a.note\n")
    assert run("alembic-revision-slug", f"server/{B}")[1] == "no findings (1 file judged)\n"


def test_nothing_configures_alembic(backend: Project, run: Run) -> None:
    backend.lay({"alembic.ini": None, B: migration(*LOSSY)})
    error = "there is no alembic.ini: name Alembic's configuration in alembic-config"
    assert run(ID) == (2, "", f"{ID}: error: {error}\n")


def test_excluded_migration_that_fails_is_no_silence(backend: Project, run: Run) -> None:
    config = f"[tool.definition-of-done]\nexclude = ['{B}']\n"
    later = migration("pass", "pass", "later", "change_a")
    backend.lay({B: migration("raise ValueError('x')", "pass"), "pyproject.toml": config})
    backend.lay({"alembic/versions/20260103_later.py": later})
    assert run(ID) == (
        2,
        "",
        f"{ID}: error: {B}:9: ValueError: x; it is excluded, but without it none of those that"
        " follow can be run\n",
    )


@pytest.mark.parametrize(
    ("directions", "code"), [((ADD_X, "op.drop_column('a', 'x')"), 0), (LOSSY, 1)]
)
def test_receipt(
    directions: tuple[str, str],
    code: int,
    backend: Project,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What Python compiles would be new files.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    backend.lay({B: migration(*directions)})
    assert run(ID)[0] == code
    [path] = (backend.root / ".git/definition-of-done/receipts").iterdir()
    kept = json.loads(path.read_text())
    assert (kept["command"], kept["code"], kept["about"]) == ([ID], code, ["change_a"])
    assert kept["before"] == kept["after"]


def test_no_receipt_where_nothing_goes_down(backend: Project, run: Run) -> None:
    assert run(ID)[0] == 0
    assert not (backend.root / ".git/definition-of-done").exists()

"""The downgrades that `downgrade-not-pass --fix` writes, run by real Alembic.

500 histories are generated from SEED, with the kinds of operations in `histories.KINDS`, and all
of their downgrades are empty. Each migration that is fixed goes up, down and up again, with two
rows in each table. The schema after `down` is the one before, and that after the second `up` the
one after the first. Half of the histories use batches and run on SQLite; all run on PostgreSQL.

Of the 1,731 migrations of all 500, 67 (3.9%) are refused: SQL, a NULL or a longer value that may be
there by then, a column NOT NULL without a default, a key on a default.

Of 5,180 downgrades of 6,153 migrations of 38 public projects, of whose code nothing was run, 1,693
(33%) are written once they are emptied: 1,514 as their author has them, the order of what does not
hang together aside; 98 with another spelling or what the author forgot; 67 with another set of
operations, nearly always an index, a type or a key more. 2,407 upgrades run SQL, change data,
branch, loop or call helpers; for the rest a name, a type or the ancestors are not certain.

The migrations of the sample and its growth go the same way. What makes and drops enum types runs as
the SQL of `alembic upgrade --sql`, too.

`DOD_HISTORIES=500` runs all of them, which takes minutes; the suite runs the first ones, and on
PostgreSQL every fifth of these.
"""

from __future__ import annotations

import datetime
import io
import os
import re
from collections.abc import Iterable
from pathlib import Path
from types import CodeType

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from tests.project.migrations.chains import PASSES, lay, path
from tests.project.migrations.histories import KINDS, History
from tests.repository import Project, Run
from tests.sample import GROWTH, SAMPLE

pytestmark = pytest.mark.xdist_group("postgresql")
SEED = 21
DEFAULT = 50
HISTORIES = int(os.environ.get("DOD_HISTORIES", str(DEFAULT)))
REFUSED_KINDS = {"loosen NOT NULL", "widen a type", "run SQL"}
# Kinds that the first histories may lack.
RARE = {"create_foreign_key", "add_column with a named key", "drop_table with its enum"}
# The largest share of migrations that may be refused.
REFUSED = 0.2


class Fixed:
    """Migrations with the downgrades that the fix wrote, by the names of their files.

    `refused` are the names of the others.
    """

    def __init__(self, histories: list[History], root: Path) -> None:
        self.histories = histories
        self.codes: dict[str, CodeType] = {}
        self.refused: set[str] = set()
        for file in sorted((root / "alembic/versions").glob("*.py")):
            text = file.read_text()
            self.codes[file.stem] = compile(text, file.stem, "exec")
            if text.endswith("    pass\n"):
                self.refused.add(file.stem)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Fixed:
    from definition_of_done.commands.hook import run_hook

    project = Project(tmp_path_factory.mktemp("histories"))
    histories = [History(number, SEED) for number in range(HISTORIES)]
    files = {
        f"alembic/versions/{revision}.py": text
        for history in histories
        for revision, text in history.files.items()
    }
    project.lay(files)
    before = Path.cwd()
    os.chdir(project.root)
    try:
        run_hook("downgrade-not-pass", ["--fix", *files])
    finally:
        os.chdir(before)
    return Fixed(histories, project.root)


def test_few_are_refused(fixed: Fixed) -> None:
    assert len(fixed.refused) <= REFUSED * len(fixed.codes)


def test_each_kind_is_written(fixed: Fixed) -> None:
    written = {
        kind
        for history in fixed.histories
        for revision, kinds in history.kinds.items()
        if revision not in fixed.refused
        for kind in kinds
    }
    assert KINDS.keys() - written <= {*REFUSED_KINDS, *(RARE if HISTORIES <= DEFAULT else ())}


def test_sqlite(fixed: Fixed) -> None:
    for history in fixed.histories:
        if history.is_batched:
            engine = sa.create_engine("sqlite://")
            with engine.connect() as connection:
                _there_and_back(history.files, fixed, connection)
            engine.dispose()


def test_postgresql(fixed: Fixed, server: str) -> None:
    engine = _postgresql(server)
    step = 1 if HISTORIES > DEFAULT else 5
    for history in fixed.histories[::step]:
        with engine.connect() as connection:
            # It compiles the queries of a reflection, which takes longer than they do.
            connection.exec_driver_sql("SET jit = off")
            _there_and_back(history.files, fixed, connection)
            connection.rollback()
    engine.dispose()


@pytest.fixture
def sample_fixed(project: Project, run: Run) -> Fixed:
    files = {
        file: re.sub(r"(def downgrade\(.*\n)(?s:.*)", r"\1    pass\n", text)
        for file, text in {**SAMPLE, **GROWTH}.items()
        if file.startswith("alembic/versions/")
    }
    project.lay(files)
    run(PASSES, "--fix", *files)
    return Fixed([], project.root)


def test_the_sample_on_sqlite(sample_fixed: Fixed) -> None:
    assert len(sample_fixed.codes) >= 4
    assert not sample_fixed.refused
    with sa.create_engine("sqlite://").connect() as connection:
        _there_and_back(sample_fixed.codes, sample_fixed, connection)


def test_the_sample_on_postgresql(sample_fixed: Fixed, server: str) -> None:
    with _postgresql(server).connect() as connection:
        _there_and_back(sample_fixed.codes, sample_fixed, connection)


# Upgrades that a careless reader of names or of keys gets wrong, and the numbers of the refused.
_X = "sa.Column('x', sa.Integer())"
_KEYED = (
    "op.create_table('a', sa.Column('i', sa.Integer()), {},"
    " sa.PrimaryKeyConstraint('{}', name='pk'))"
)
CAREFUL: dict[str, tuple[list[str], set[int]]] = {
    "a column computed from one that is renamed": (
        [
            f"op.create_table('a', {_X},"
            " sa.Column('t', sa.Integer(), sa.Computed('x', persisted=True)))",
            "op.alter_column('a', 'x', new_column_name='w')",
            "op.drop_column('a', 't')",
        ],
        {2},
    ),
    "texts and functions that are called as columns": (
        [
            f"op.create_table('a', sa.Column('k', sa.Text()), {_X}, sa.Column('lower', sa.Text()),"
            " sa.Column('btree', sa.Text()), sa.CheckConstraint(\"k <> 'x'\", name='ck'))\n"
            "op.create_index('ix', 'a', [sa.text('lower(k)')], postgresql_using='btree')",
            "op.drop_column('a', 'x')\nop.drop_column('a', 'lower')\nop.drop_column('a', 'btree')",
        ],
        set(),
    ),
    "columns in another case": (
        [
            f"op.create_table('a', sa.Column('k', sa.Text()), {_X},"
            " sa.CheckConstraint('X > 0', name='ck'))\n"
            "op.create_index('ix', 'a', [sa.text('coalesce(X, 1)')])",
            "op.drop_column('a', 'x')",
        ],
        set(),
    ),
    "a check that forbids NULL": (
        [
            f"op.create_table('a', sa.Column('i', sa.Integer()), {_X},"
            " sa.CheckConstraint('x is not null', name='ck'))",
            "op.drop_column('a', 'x')",
        ],
        {1},
    ),
    "a column that its key keeps from NULL": (
        [
            _KEYED.format(_X, "x"),
            "op.alter_column('a', 'x', nullable=False)",
            "op.drop_column('a', 'x')",
        ],
        {2},
    ),
    "a key whose columns get one default": (
        [
            _KEYED.format("sa.Column('x', sa.Integer(), server_default='1')", "x"),
            "op.drop_column('a', 'x')",
        ],
        {1},
    ),
    "a key that is gone": (
        [
            _KEYED.format(_X, "i"),
            "op.drop_constraint('pk', 'a', type_='primary')",
            "op.drop_table('a')",
        ],
        {2},
    ),
    "a key that comes later": (
        [
            f"op.create_table('a', sa.Column('i', sa.Integer(), nullable=False), {_X})\n"
            "op.create_primary_key('pk', 'a', ['i'])",
            "op.drop_table('a')",
        ],
        {1},
    ),
    "a key that numbers its rows": (
        [_KEYED.format(_X, "i"), "op.alter_column('a', 'i', server_default='5')"],
        {1},
    ),
    "an unnamed constraint on a column that is renamed": (
        [
            f"op.create_table('a', {_X}, sa.UniqueConstraint('x'))",
            "op.alter_column('a', 'x', new_column_name='w')",
            "op.drop_table('a')",
        ],
        {2},
    ),
    "a table that is made again": (
        [
            f"op.create_table('a', {_X})",
            "op.drop_table('a')\nop.create_table('a', sa.Column('y', sa.Text()))",
            "op.drop_table('a')",
        ],
        set(),
    ),
}


def test_careful(
    tmp_path_factory: pytest.TempPathFactory,
    run: Run,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, (upgrades, refused) in CAREFUL.items():
        project = Project(tmp_path_factory.mktemp("careful"))
        monkeypatch.chdir(project.root)
        lay(project, *upgrades)
        files = [path(number) for number in range(len(upgrades))]
        run(PASSES, "--fix", *files)
        found = Fixed([], project.root)
        assert found.refused == {Path(files[number]).stem for number in refused}, name
        with _postgresql(server).connect() as connection:
            _there_and_back(found.codes, found, connection)
            connection.rollback()


ENUMS = (
    "op.create_table('a', sa.Column('k', sa.Enum('o', 'p', name='kind')))",
    "sa.Enum('q', name='mood').create(op.get_bind())\n"
    "op.add_column('a', sa.Column('m', sa.Enum('q', name='mood')))",
    "op.drop_column('a', 'm')\nsa.Enum(name='mood').drop(op.get_bind())",
)


@pytest.fixture
def enums_fixed(project: Project, run: Run) -> Fixed:
    lay(project, *ENUMS)
    run(PASSES, "--fix", *map(path, range(len(ENUMS))))
    return Fixed([], project.root)


def test_enum_types_offline(enums_fixed: Fixed, server: str) -> None:
    up = [_sql(code, "upgrade", "postgresql") for code in enums_fixed.codes.values()]
    down = [_sql(code, "downgrade", "postgresql") for code in enums_fixed.codes.values()]
    with _postgresql(server).connect() as connection:
        before = _schema(connection)
        for _ in range(2):
            for sql in (*up, *down[::-1]):
                connection.exec_driver_sql(sql)
            assert _schema(connection) == before
    assert [re.findall(r"(?:CREATE|DROP) TYPE \w+", sql) for sql in down] == [
        ["DROP TYPE kind"],
        ["DROP TYPE mood"],
        ["CREATE TYPE mood"],
    ]


def test_no_enum_types_offline(enums_fixed: Fixed) -> None:
    for code in enums_fixed.codes.values():
        assert "TYPE" not in _sql(code, "upgrade", "sqlite") + _sql(code, "downgrade", "sqlite")


def _sql(code: CodeType, direction: str, dialect: str) -> str:
    """The SQL that one direction writes without a database."""
    buffer = io.StringIO()
    options = {"as_sql": True, "output_buffer": buffer}
    _run(code, direction, MigrationContext.configure(dialect_name=dialect, opts=options))
    return buffer.getvalue()


def _postgresql(server: str) -> sa.Engine:
    url = server.format("postgres").replace("postgresql:", "postgresql+psycopg:")
    return sa.create_engine(url, poolclass=sa.pool.NullPool)


def _there_and_back(names: Iterable[str], fixed: Fixed, connection: Connection) -> None:
    revisions = list(names)
    for revision in revisions:
        before = _schema(connection)
        _run(fixed.codes[revision], "upgrade", MigrationContext.configure(connection))
        after = _schema(connection)
        _fill(connection)
        if revision not in fixed.refused:
            _run(fixed.codes[revision], "downgrade", MigrationContext.configure(connection))
            assert _schema(connection) == before, f"{revision} does not go back"
            _run(fixed.codes[revision], "upgrade", MigrationContext.configure(connection))
            assert _schema(connection) == after, f"{revision} does not go up again"
            _fill(connection)
    if fixed.refused.isdisjoint(revisions):
        # Values that an upgrade dropped do not come back, and an earlier key may need them.
        _empty(connection)
        for revision in revisions[::-1]:
            _run(fixed.codes[revision], "downgrade", MigrationContext.configure(connection))
        assert not sa.inspect(connection).get_table_names()
        for revision in revisions:
            _run(fixed.codes[revision], "upgrade", MigrationContext.configure(connection))


def _run(code: CodeType, direction: str, context: MigrationContext) -> None:
    """Run one direction as a command of its own does."""
    names: dict[str, object] = {}
    with Operations.context(context):
        exec(code, names)
        function = names[direction]
        assert callable(function)
        function()


def _schema(connection: Connection) -> dict[str, object]:
    """The reflected schema, without the order of columns."""
    inspector = sa.inspect(connection)
    is_postgresql = connection.dialect.name == "postgresql"
    columns = {
        table: _sorted([{**column, "type": repr(column["type"])} for column in found])
        for table, found in inspector.get_multi_columns().items()
    }
    parts = (
        inspector.get_multi_foreign_keys(),
        inspector.get_multi_indexes(),
        inspector.get_multi_unique_constraints(),
        inspector.get_multi_check_constraints(),
    )
    return {
        "enums": inspector.get_enums() if is_postgresql else [],  # type: ignore[attr-defined]  # of this dialect alone
        "columns": columns,
        "keys": inspector.get_multi_pk_constraint(),
        "comments": inspector.get_multi_table_comment() if is_postgresql else {},
        "parts": [{table: _sorted(found) for table, found in part.items()} for part in parts],
    }


def _sorted(things: object) -> list[str]:
    assert isinstance(things, list)
    return sorted(repr(sorted(thing.items(), key=lambda item: item[0])) for thing in things)


def _fill(connection: Connection) -> None:
    """Give each table two rows without a NULL, those with a key to another one last."""
    for table in _empty(connection):
        for number in range(2):
            columns = [column for column in table.columns if column.computed is None]
            values = {column.name: _value(column, number) for column in columns}
            connection.execute(table.insert().values(values))


def _empty(connection: Connection) -> list[sa.Table]:
    """Delete all rows; return the tables, those with a key to another one last."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables[::-1]:
        connection.execute(table.delete())
    return metadata.sorted_tables


def _value(column: sa.Column[object], number: int) -> object:
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enums[0]
    if isinstance(kind, sa.Boolean):
        return bool(number)
    if isinstance(kind, sa.DateTime):
        return datetime.datetime(2026, 1, 1 + number)
    if isinstance(kind, sa.Date):
        return datetime.date(2026, 1, 1 + number)
    return str(number + 1) if isinstance(kind, sa.String) else number + 1

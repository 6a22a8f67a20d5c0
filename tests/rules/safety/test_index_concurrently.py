"""index-concurrently: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import found, helps, lay, migration, path_of

ID = "index-concurrently"
BUILT = (
    "index {} is built without CONCURRENTLY: it takes a SHARE lock, so that writes to orders wait"
    " until it is built"
)
DROPPED = (
    "index {} is dropped without CONCURRENTLY: it takes an ACCESS EXCLUSIVE lock, and while that"
    " waits for running queries, reads and writes of {} wait"
)
REFUSED = "index ix is built CONCURRENTLY in a transaction, which PostgreSQL refuses"
FOUND = {
    "rebuilt": (
        'op.execute("REINDEX (VERBOSE) TABLE orders")',
        [
            "each index of orders is rebuilt without CONCURRENTLY: it takes a SHARE lock, and one"
            " on the index that reads wait for, too, so that writes to orders wait until it is"
            " built"
        ],
    ),
    "rebuilt_inside": (
        'op.execute("REINDEX INDEX CONCURRENTLY ix")',
        [REFUSED.replace("built", "rebuilt")],
    ),
    "dropped_with_another": (
        'op.execute("DROP INDEX IF EXISTS ix_a, ix_b")',
        [DROPPED.format("ix_a", "its table"), DROPPED.format("ix_b", "its table")],
    ),
    "plain": ('op.create_index("ix", "orders", ["name"])', [BUILT.format("ix")]),
    "named_by_f": ('op.create_index(op.f("ix"), "orders", ["name"])', [BUILT.format("ix")]),
    "switched_off": (
        'op.create_index("ix", "orders", ["name"], postgresql_concurrently=False)',
        [BUILT.format("ix")],
    ),
    "if_exists_is_computed": (
        'op.create_index("ix", "orders", ["name"], if_not_exists=bool(os.getpid()))',
        [BUILT.format("ix")],
    ),
    "dropped": ('op.drop_index("ix", table_name="orders")', [DROPPED.format("ix", "orders")]),
    "dropped_by_name": ('op.drop_index("ix")', [DROPPED.format("ix", "its table")]),
    "batch": (
        'with op.batch_alter_table("orders") as batch:\n    batch.create_index("ix", ["name"])',
        [BUILT.format("ix")],
    ),
    "loop": (
        'for name in ("a", "b"):\n    op.create_index(f"ix_{name}", "orders", [name])',
        [BUILT.format("ix_b").replace("index ix_b", "an index")],
    ),
    "loop_of_names": (
        'for name in ("ix_a", "ix_b"):\n    op.create_index(name, "orders", ["name"])',
        [BUILT.format("ix_a"), BUILT.format("ix_b")],
    ),
    "helper": (
        'def index(table):\n    op.create_index("ix", table, ["name"])\n---\nindex("orders")',
        [BUILT.format("ix")],
    ),
    "sql": ('op.execute("CREATE UNIQUE INDEX ix ON orders (name)")', [BUILT.format("ix")]),
    "text": (
        'op.get_bind().execute(sa.text("""\n-- fast\nCREATE INDEX ix\nON public.orders (name)"""))',
        [BUILT.format("ix").replace("orders", "public.orders")],
    ),
    "in_a_column": (
        'op.add_column("orders", sa.Column("x", sa.Integer(), index=True))',
        [BUILT.format("ix").replace("index ix", "an index")],
    ),
    "inside": (
        'op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)',
        [REFUSED],
    ),
    "sql_inside": ('op.execute("CREATE INDEX CONCURRENTLY ix ON orders (name)")', [REFUSED]),
    "in_one_text": (
        "with op.get_context().autocommit_block():\n"
        '    op.execute("SET x = 0; CREATE INDEX CONCURRENTLY ix ON orders (name)")',
        [REFUSED.replace("a transaction", "one text with other statements")],
    ),
    "behind_the_block": (
        'with op.get_context().autocommit_block():\n    op.execute("SELECT 1 FROM orders")\n'
        'op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)',
        [REFUSED],
    ),
    "on_postgresql": (
        'if op.get_bind().dialect.name == "postgresql":\n'
        '    op.create_index("ix", "orders", ["name"])',
        [BUILT.format("ix")],
    ),
    "behind_a_helper": (
        "def known():\n    if op.get_bind().dialect.name == 'postgresql':\n        return\n---\n"
        'known()\nop.create_index("ix", "orders", ["name"])',
        [BUILT.format("ix")],
    ),
    "perhaps_returned": (
        'if known():\n    return\nop.create_index("ix", "orders", ["name"])',
        [BUILT.format("ix")],
    ),
    "where_it_is_not_there": (
        'if "ix" not in known():\n    op.create_index("ix", "orders", ["name"])',
        [BUILT.format("ix")],
    ),
}
LEFT_ALONE = {
    "rebuilt_safely": "with op.get_context().autocommit_block():\n"
    '    op.execute("REINDEX INDEX CONCURRENTLY ix")\n'
    '    op.execute("REINDEX (CONCURRENTLY) TABLE orders")',
    "safely": "with op.get_context().autocommit_block():\n"
    '    op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)\n'
    '    op.drop_index("ix_old", table_name="orders", postgresql_concurrently=True)',
    "by_a_name": "context = op.get_context()\nwith context.autocommit_block():\n"
    '    op.execute("CREATE INDEX CONCURRENTLY ix ON orders (name)")',
    "helper_in_a_block": 'def index():\n    op.execute("DROP INDEX CONCURRENTLY ix")\n---\n'
    "with op.get_context().autocommit_block():\n    index()",
    "own_context": "import contextlib\n@contextlib.contextmanager\ndef alone():\n"
    "    with op.get_context().autocommit_block():\n        yield\n---\nwith alone():\n"
    '    op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)',
    "in_a_stack": "import contextlib\n---\nwith contextlib.ExitStack() as stack:\n"
    "    stack.enter_context(op.get_context().autocommit_block())\n"
    '    op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)',
    "after_commit": 'op.execute("COMMIT")\n'
    'op.create_index("ix", "orders", ["name"], postgresql_concurrently=True)',
    "connection_of_its_own": "engine = op.get_bind().engine\n"
    'with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:\n'
    '    connection.execute(sa.text("CREATE INDEX CONCURRENTLY ix ON orders (name)"))',
    "new_table": 'op.create_table("bills", sa.Column("id", sa.Integer()))\n'
    'op.create_index("ix", "bills", ["id"])',
    "new_table_in_sql": 'op.execute("CREATE TABLE IF NOT EXISTS bills (id int)")\n'
    'op.execute("CREATE INDEX ix ON bills (id)")',
    "new_table_renamed": 'op.create_table("b", sa.Column("id", sa.Integer()))\n'
    'op.rename_table("b", "bills")\nop.create_index("ix", "bills", ["id"])',
    "new_table_in_other_letters": 'op.create_table("slips", sa.Column("id", sa.Integer()))\n'
    'op.execute("CREATE INDEX ix ON SLIPS (id)")',
    "new_view": 'op.execute("CREATE MATERIALIZED VIEW sums AS SELECT 1 AS n")\n'
    'op.execute("CREATE UNIQUE INDEX ix ON sums (n)")',
    "temporary": 'op.execute("CREATE TEMP TABLE scratch AS SELECT 1 AS n")\n'
    'op.execute("CREATE INDEX ix ON scratch (n)")',
    "partitioned_table_alone": 'op.execute("CREATE INDEX ix ON ONLY orders (name)")',
    "made_out_of_sight": "from app.models import Parcel\n---\n"
    "Parcel.__table__.create(op.get_bind())\n"
    'op.create_index("ix", "parcels", ["id"])',
    "table_that_goes": 'op.drop_index("ix", table_name="orders")\nop.drop_table("orders")',
    "perhaps_of_a_table_that_goes": 'op.execute("DROP INDEX ix")\nop.execute("DROP TABLE orders")',
    "computed_table": 'op.create_index("ix", os.environ["TABLE"], ["name"])',
    "perhaps": 'op.create_index("ix", "orders", ["name"], postgresql_concurrently=is_big())',
    "spread": 'op.create_index("ix", "orders", ["name"], **OPTIONS)',
    "on_sqlite": 'if op.get_bind().dialect.name == "sqlite":\n'
    '    op.create_index("ix", "orders", ["name"])',
    "not_on_postgresql": 'if op.get_context().dialect.name != "postgresql":\n'
    '    op.create_index("ix", "orders", ["name"])\nelse:\n    pass',
    "returned": 'return\nop.create_index("ix", "orders", ["name"])',
    "raised": 'raise RuntimeError("no")\nop.create_index("ix", "orders", ["name"])',
    "never": 'if False:\n    op.create_index("ix", "orders", ["name"])',
    "returned_where_it_is_told": 'if op.get_bind().dialect.name == "postgresql":\n'
    '    if True:\n        return\nop.create_index("ix", "orders", ["name"])',
    "behind_a_helper_that_returns": "def index():\n    return\n"
    '    op.create_index("ix", "orders", ["name"])\n---\nindex()',
    "returned_before": 'bind = op.get_bind()\nif bind.dialect.name == "postgresql":\n    return\n'
    'op.create_index("ix", "orders", ["name"])',
    "not_in_production": 'PLACE = os.environ["PLACE"]\n---\nif PLACE != "live":\n'
    '    op.create_index("ix", "orders", ["name"])',
    "nothing": "pass",
    "comment": 'op.execute("-- CREATE INDEX ix ON orders (name)\\nSELECT 1")',
    "text_in_a_text": "op.execute(\"INSERT INTO log VALUES ('a; CREATE INDEX ix ON orders (x)')\")",
}


# Conditions on the database, and whether they hold on PostgreSQL.
ASKED = {
    "op.get_bind().dialect.name.startswith('sqlite')": False,
    "str(op.get_bind().engine.url).startswith('sqlite')": False,
    "url.startswith('sqlite') is False": True,
    "url.startswith('postgresql') == True": True,
    "isinstance(op.get_bind().dialect, SQLiteDialect)": False,
    "op.get_bind().engine.name == 'mysql'": False,
    "op.get_bind().engine.name == KIND": False,
    "is_mysql(bind) or is_mariadb(bind)": False,
    "not is_postgresql(bind)": False,
    "is_postgresql(bind) and not is_there()": True,
    "driver not in ('mariadb', 'mysql', 'postgresql')": False,
    "op.get_context().impl.__dialect__ in ('sqlite', 'postgresql')": True,
    "bind.dialect.name in KINDS": True,
}
MATCH = """\
match op.get_bind().dialect.name:
    case {}:
        op.create_index("ix", "orders", ["name"])
    case _:
        pass"""


def test_branches_for_a_database(project: Project, run: Run) -> None:
    head = 'KIND, KINDS = "sqlite", ("sqlite", "postgresql")\n---\n'
    made = '    op.create_index("ix", "orders", ["name"])'
    bodies = {f"m{at}": f"{head}if {test}:\n{made}" for at, test in enumerate(ASKED)}
    cases = {"'sqlite'": False, "'postgresql'": True, "'mysql' | 'postgresql'": True}
    bodies |= {f"case{at}": MATCH.format(case) for at, case in enumerate(cases)}
    lay(project, bodies)
    holds = [*ASKED.values(), *cases.values()]
    expected = [name for name, is_own in zip(bodies, holds, strict=True) if is_own]
    assert sorted(found(run, ID)) == sorted(expected)


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    expected = {name: messages for name, (_, messages) in FOUND.items()}
    assert found(run, ID) == expected


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


def test_help_is_ready_to_be_pasted(project: Project, run: Run) -> None:
    names = ("plain", "batch", "sql", "dropped", "loop", "rebuilt")
    lay(project, {name: FOUND[name][0] for name in names})
    block = "with op.get_context().autocommit_block():\n    "
    on = 'op.create_index({}, "orders", [{}], postgresql_concurrently=True)'
    assert helps(run, ID) == {
        "plain": block + on.format('"ix"', '"name"'),
        "batch": block + on.format('"ix"', '"name"'),
        "loop": block + on.format('f"ix_{name}"', "name"),
        "sql": f'{block}op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON orders (name)")',
        "rebuilt": f'{block}op.execute("REINDEX (VERBOSE) TABLE CONCURRENTLY orders")',
        "dropped": f'{block}op.drop_index("ix", table_name="orders", postgresql_concurrently=True)',
    }


BY_SQL = 'op.execute("CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day)")'
BY_ALEMBIC = (
    'op.create_table("events", sa.Column("id", sa.BigInteger()), sa.Column("day", sa.Date()),'
    ' postgresql_partition_by="RANGE (day)")'
)
PART = 'op.execute("CREATE TABLE events_1 PARTITION OF events DEFAULT")'
ON_EVENTS = 'op.create_index("ix", "events", ["day"]{})'
DROP_OF_EVENTS = 'op.drop_index("ix", table_name="events"{})'
BLOCK = "with op.get_context().autocommit_block():\n    "
SAFELY = ", postgresql_concurrently=True"


@pytest.mark.parametrize("made", [BY_SQL, BY_ALEMBIC])
def test_table_with_partitions(made: str, project: Project, run: Run) -> None:
    """PostgreSQL builds and drops their indexes CONCURRENTLY one by one alone."""
    lay(project, {"events": f"{made}\n{PART}"})
    project.git("commit", "-qm", "events")
    refused = (
        "index ix is {} CONCURRENTLY on the partitioned table events, which PostgreSQL refuses"
    )
    bodies = {
        "plain": ON_EVENTS.format(""),
        "built": f"{BLOCK}{ON_EVENTS.format(SAFELY)}",
        "dropped": f"{BLOCK}{DROP_OF_EVENTS.format(SAFELY)}",
        # There is no other way.
        "dropped_plainly": DROP_OF_EVENTS.format(""),
        "alone": 'op.execute("CREATE INDEX ix ON ONLY events (day)")',
        "partition": f"{BLOCK}{ON_EVENTS.format(SAFELY).replace('events', 'events_1')}",
        "attached": 'op.execute("ALTER INDEX ix ATTACH PARTITION ix_1")',
    }
    for name, body in bodies.items():
        project.lay({path_of(name): migration(name, body, "events")})
    assert found(run, ID) == {
        "plain": [BUILT.format("ix").replace("orders", "events")],
        "built": [refused.format("built")],
        "dropped": [refused.format("dropped")],
    }
    assert helps(run, ID) == {
        **dict.fromkeys(
            ("plain", "built"),
            "build it for the table alone, then for each partition, and attach these:\n"
            'op.execute("CREATE INDEX ix ON ONLY events (day)")\n'
            f'{BLOCK}op.execute("CREATE INDEX CONCURRENTLY ... ON ...")\n'
            'op.execute("ALTER INDEX ix ATTACH PARTITION ...")',
        ),
        "dropped": "drop it without CONCURRENTLY, with a lock_timeout",
    }


def test_a_kept_verdict_depends_on_the_partitions(
    project: Project, run: Run, cache: object
) -> None:
    plain = 'op.execute("CREATE TABLE events (id bigint, day date)")'
    lay(project, {"events": plain})
    project.git("commit", "-qm", "events")
    body = f"{BLOCK}{ON_EVENTS.format(SAFELY)}"
    project.lay({path_of("built"): migration("built", body, "events")})
    for made, is_found in ((plain, False), (BY_SQL, True), (plain, False)):
        project.lay({path_of("events"): migration("events", made)})
        assert bool(found(run, ID)) is is_found


def test_a_table_of_the_name_in_another_schema(project: Project, run: Run) -> None:
    made = 'op.create_table("orders", sa.Column("id", sa.Integer()), schema="{}")\n'
    index = 'op.create_index("ix", "orders", ["name"], schema="sales")'
    lay(project, {"x": f"{made.format('archive')}{index}"})
    assert list(found(run, ID)) == ["x"]
    lay(project, {"x": f"{made.format('sales')}{index}"})
    assert found(run, ID) == {}
    column = 'op.add_column("orders", sa.Column("x", sa.Integer(), index=True), schema="sales")'
    lay(project, {"x": f"{made.format('archive')}{column}"})
    assert helps(run, ID)["x"].endswith(
        'op.create_index("ix_orders_x", "orders", ["x"], postgresql_concurrently=True,'
        ' schema="sales")'
    )
    lay(project, {"x": f"{made.format('archive')}{index.replace(', schema', ', comment')}"})
    assert found(run, ID) == {}


def test_a_view_whose_name_is_computed(project: Project, run: Run) -> None:
    view = 'op.execute(f"CREATE VIEW {os.environ[0]} AS SELECT 1")\n'
    lay(project, {"x": f'{view}op.create_index("ix", "orders", ["name"])'})
    assert list(found(run, ID)) == ["x"]

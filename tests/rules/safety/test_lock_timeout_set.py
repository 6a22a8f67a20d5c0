"""lock-timeout-set: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run
from tests.rules.safety.deploys import FOLDER, TABLE, found, helps, lay, migration, path_of

ID = "lock-timeout-set"
WAITS = (
    "an ACCESS EXCLUSIVE lock on {0} is taken without a lock_timeout: while it waits for the"
    " queries that run, all reads and writes of {0} wait behind it"
)
ORDERS = [WAITS.format("orders")]
ADD = 'op.add_column("orders", sa.Column("x", sa.Integer()))'
SET = "op.execute(\"SET lock_timeout = '4s'\")"
LOCAL = "op.execute(\"SET LOCAL lock_timeout = '4s'\")"
BLOCK = "with op.get_context().autocommit_block():\n    "
ENV = f"{FOLDER.rpartition('/')[0]}/env.py"
USES = "from app.db import engine\n\nengine.connect()\n"
FOUND = {
    "add_column": (ADD, ORDERS),
    "drop_table": ('op.drop_table("orders")', ORDERS),
    "sql": ('op.execute("ALTER TABLE orders ALTER note SET DEFAULT 1")', ORDERS),
    "batch": (
        'with op.batch_alter_table("orders") as batch:\n    batch.drop_column("note")',
        ORDERS,
    ),
    "null_as_it_is": (
        'op.alter_column("orders", "name", existing_nullable=True, nullable=True, comment="Name")',
        ORDERS,
    ),
    "table_behind_percent": ('op.execute("ALTER TABLE %s DROP note" % "orders")', ORDERS),
    "table_by_its_name": (
        'op.execute("ALTER TABLE %(table)s DROP note" % {"table": "orders"})',
        ORDERS,
    ),
    "tables_behind_percent": (
        'for table, column in (("orders", "note"),):\n'
        '    op.execute("ALTER TABLE %s DROP COLUMN %s" % (table, column))',
        ORDERS,
    ),
    "table_in_format": ('op.execute("ALTER TABLE {} DROP {}".format("orders", "note"))', ORDERS),
    "table_in_format_by_its_name": (
        'TABLE = "orders"\n---\nop.execute("ALTER TABLE {t} DROP note".format(t=TABLE))',
        ORDERS,
    ),
    "index": ('op.drop_index("ix")', [WAITS.format("the table of index ix")]),
    "row_security": ('op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")', ORDERS),
    "owner": ('op.execute("ALTER TABLE IF EXISTS orders OWNER TO app")', ORDERS),
    "storage": ('op.execute("ALTER TABLE orders ALTER name SET STORAGE EXTERNAL")', ORDERS),
    "locked": ('op.execute("LOCK TABLE orders")', ORDERS),
    "locked_by_mode": ('op.execute("LOCK orders IN ACCESS EXCLUSIVE MODE")', ORDERS),
    "policy": ('op.execute("CREATE POLICY p ON orders USING (true)")', ORDERS),
    "trigger_dropped": ('op.execute("DROP TRIGGER IF EXISTS t ON orders")', ORDERS),
    "detached": ('op.execute("ALTER TABLE orders DETACH PARTITION p")', ORDERS),
    "attached": (
        'op.execute("ALTER TABLE days ATTACH PARTITION orders DEFAULT")',
        ORDERS,
    ),
    "second_of_a_list": (
        'op.execute("TRUNCATE bills, ONLY orders CASCADE")',
        [WAITS.format("bills")],
    ),
    "view": ('op.execute("DROP MATERIALIZED VIEW IF EXISTS sums")', [WAITS.format("sums")]),
    "view_refreshed": (
        'op.execute("REFRESH MATERIALIZED VIEW sums WITH DATA")',
        [WAITS.format("sums")],
    ),
    "clustered": ('op.execute("CLUSTER orders USING ix")', ORDERS),
    "rule": ('op.execute("CREATE RULE r AS ON INSERT TO orders DO NOTHING")', ORDERS),
    # One line mends all of them.
    "first_of_two": (f'{ADD}\nop.drop_column("users", "id")', ORDERS),
    "set_behind": (f"{ADD}\n{SET}", ORDERS),
    "switched_off": (f'{SET}\nop.execute("SET lock_timeout = 0")\n{ADD}', ORDERS),
    "reset": (f'{SET}\nop.execute("RESET lock_timeout")\n{ADD}', ORDERS),
    "switched_off_by_default": (f'{SET}\nop.execute("SET lock_timeout TO DEFAULT")\n{ADD}', ORDERS),
    "local_to_another_transaction": (f"{LOCAL}\n{BLOCK}{ADD}", ORDERS),
    "local_in_none": (f"{BLOCK}{LOCAL}\n    {ADD}", ORDERS),
    "another_timeout": (f"op.execute(\"SET statement_timeout = '4s'\")\n{ADD}", ORDERS),
    "downgrade_alone": (f"{ADD}\n\ndef downgrade():\n    {SET}", ORDERS),
}
# What makes a table of the same name is alone on its branch.
REPLACED = {
    "made_anew": 'op.drop_table("orders")\nop.create_table("orders", sa.Column("x", sa.Integer()))',
    "put_in_its_place": 'op.create_table("new", sa.Column("x", sa.Integer()))\n'
    'op.drop_table("orders")\nop.rename_table("new", "orders")',
    "view_replaced": 'op.execute("DROP VIEW orders")\n'
    'op.execute("CREATE VIEW orders AS SELECT 1 AS n")',
    "dropped_in_a_list": 'op.execute("CREATE TABLE t (x int)")\n'
    'op.execute("DROP TABLE IF EXISTS t, orders")',
}
LEFT_ALONE = {
    "set": f"{SET}\n{ADD}",
    "set_to": f"op.execute(\"SET lock_timeout TO '4s'\")\n{ADD}",
    "set_session": f"op.execute(\"SET SESSION lock_timeout = '4s'\")\n{ADD}",
    "in_text": f"op.execute(sa.text(\"set local lock_timeout = '4s'\"))\n{ADD}",
    "through_the_connection": f"op.get_bind().exec_driver_sql(\"SET lock_timeout = '4s'\")\n{ADD}",
    "by_a_function": f"op.execute(\"SELECT set_config('lock_timeout', '4s', true)\")\n{ADD}",
    "local": f"{LOCAL}\n{ADD}",
    "computed": f'op.execute(f"SET lock_timeout = {{os.environ[0]}}")\n{ADD}',
    "by_a_helper": f"def patient():\n    {SET}\n---\npatient()\n{ADD}",
    "by_a_helper_elsewhere": f"from helpers import patient\n---\npatient(op)\n{ADD}",
    "in_a_block": f"{SET}\n{BLOCK}{ADD}",
    "new_table": 'op.create_table("t", sa.Column("x", sa.Integer()))\nop.drop_table("t")',
    "weaker_lock": 'op.create_index("ix", "orders", ["name"])',
    "validation": 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")',
    "options_of_a_view": 'op.execute("ALTER MATERIALIZED VIEW orders SET (fillfactor = 70)")',
    "statistics_of_a_view": 'op.execute("ALTER MATERIALIZED VIEW IF EXISTS orders ALTER name'
    ' SET STATISTICS 9")',
    "percent_of_a_number": 'op.execute("ALTER TABLE %5s DROP note" % "orders")',
    "percent_of_too_few": 'op.execute("ALTER TABLE %s DROP %s" % "orders")',
    "format_of_an_attribute": 'op.execute("ALTER TABLE {0.name} DROP note".format("orders"))',
    "format_of_unknown_places": 'op.execute("ALTER TABLE {1} DROP note".format(*T, "orders"))',
    "set_behind_percent": f"op.execute(\"SET lock_timeout = '%s'\" % '4s')\n{ADD}",
    "options": 'op.execute("ALTER TABLE orders SET (fillfactor = 70)")',
    "statistics": 'op.execute("ALTER TABLE orders ALTER COLUMN name SET STATISTICS 9")',
    "triggers": 'op.execute("ALTER TABLE orders DISABLE TRIGGER ALL")',
    "attached": 'op.execute("CREATE TABLE p (id int)")\n'
    'op.execute("ALTER TABLE orders ATTACH PARTITION p DEFAULT")',
    "view_refreshed_concurrently": 'op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY orders")',
    "view_that_is_new": 'op.execute("DROP VIEW IF EXISTS sums")\n'
    'op.execute("CREATE VIEW sums AS SELECT 1 AS n")',
    "table_that_is_new": 'op.execute("DROP TABLE IF EXISTS bills")\n'
    'op.execute("CREATE TABLE bills (id int)")',
    "view_or_another": 'op.execute("CREATE OR REPLACE VIEW sums AS SELECT 1 AS n")',
    "made_twice": 'op.create_table("t", sa.Column("x", sa.Integer()))\nop.drop_table("t")\n'
    'op.create_table("t", sa.Column("y", sa.Integer()))',
    "detached": 'op.execute("ALTER TABLE orders DETACH PARTITION part_1 CONCURRENTLY")',
    "locked_for_writes": 'op.execute("LOCK TABLE orders IN SHARE MODE")',
    "locked_at_once": 'op.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE NOWAIT")',
    "trigger": 'op.execute("CREATE TRIGGER t AFTER INSERT ON orders EXECUTE FUNCTION f()")',
    "computed_change": 'op.execute(f"ALTER TABLE orders {os.environ[0]}")',
    "new_owner": 'op.execute("CREATE TABLE t (x int)")\nop.execute("ALTER TABLE t OWNER TO app")',
    "rows": 'op.execute("UPDATE orders SET name = 1 WHERE id = 2")',
    "nothing": "pass",
    "unknown_table": "op.drop_table(os.environ[0])",
    "other_database": 'if op.get_bind().dialect.name == "sqlite":\n    op.drop_table("orders")',
}


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    assert found(run, ID) == {name: messages for name, (_, messages) in FOUND.items()}


def test_new_partition(project: Project, run: Run) -> None:
    lay(project, {"partition": 'op.execute("CREATE TABLE p PARTITION OF orders DEFAULT")'})
    assert found(run, ID) == {"partition": ORDERS}


@pytest.mark.parametrize("name", list(REPLACED))
def test_replaced(name: str, project: Project, run: Run) -> None:
    lay(project, {name: REPLACED[name]})
    assert found(run, ID) == {name: ORDERS}


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


def test_help(project: Project, run: Run) -> None:
    lay(project, {"plain": ADD, "block": f"{BLOCK}{ADD}"})
    wait = "wait for a few seconds and try again: "
    plain, block = f"{wait}{LOCAL} before it", f"{wait}{SET} before it"
    assert helps(run, ID) == {"plain": plain, "block": block}
    project.lay({ENV: "context.configure(connection=connection)"})
    everywhere = f"; for all: connection.execute(sa.text(\"SET lock_timeout = '4s'\")) in {ENV}"
    assert helps(run, ID) == {"plain": plain + everywhere, "block": block + everywhere}


@pytest.mark.parametrize(
    ("files", "is_set"),
    [
        ({ENV: "connection.execute(text(\"SET lock_timeout = '4s'\"))"}, True),
        ({ENV: 'create_engine(url, connect_args={"options": "-c lock_timeout=4000"})'}, True),
        ({ENV: USES, "app/db.py": "engine = f('-c lock_timeout=4s')\n"}, True),
        ({ENV: USES, "src/app/db.py": "engine = f('-c lock_timeout=4s')\n"}, True),
        (
            {
                ENV: USES,
                "app/db.py": "from .place import arguments\nengine = f(**arguments)\n",
                "app/place.py": "arguments = {'options': '-c lock_timeout=4s'}\n",
            },
            True,
        ),
        # What env.py does not reach is not its connection's.
        ({ENV: USES, "app/web.py": "f('-c lock_timeout=4s')\n"}, False),
        ({ENV: "current_app.engine\n", "app/db.py": "engine = f('-c lock_timeout=4s')\n"}, True),
        ({ENV: "", "alembic.ini": "[alembic]\nsqlalchemy.url = x?options=-clock_timeout=4s"}, True),
        ({ENV: "", "deploy/migrate.sh": "export PGOPTIONS='-c lock_timeout=4s'\n"}, True),
        ({ENV: "", "README.md": "lock_timeout"}, False),
        ({ENV: "", "celery.yml": "redis_lock_timeout: 9"}, False),
        (
            {ENV: USES, "app/db.py": "def lock(connection):\n    sql('SET LOCAL lock_timeout')\n"},
            False,
        ),
    ],
)
def test_what_else_sets_it(files: Files, is_set: bool, project: Project, run: Run) -> None:
    lay(project, {"plain": ADD})
    project.lay(files)
    assert found(run, ID) == ({} if is_set else {"plain": ORDERS})


def test_verdict_that_is_kept(project: Project, run: Run, cache: object) -> None:
    lay(project, {"plain": ADD})
    for text, expected in (("", {"plain": ORDERS}), ("lock_timeout", {}), ("", {"plain": ORDERS})):
        project.lay({ENV: "x = 1\n", "deploy.sh": text})
        assert found(run, ID) == expected


def test_other_database(project: Project, run: Run) -> None:
    lay(project, {"plain": ADD}, settings=TABLE.replace("postgresql", "mysql"))
    assert found(run, ID) == {}


def test_a_lock_that_queued_all_readers(project: Project, run: Run) -> None:
    """GoCardless, 2015: an ALTER TABLE waited for a long query, and the API for it."""
    upgrade = 'op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])'
    lay(project, {"merged < keys": "pass"})
    project.lay({path_of("keys"): migration("keys", f"{upgrade}\n{ADD}")})
    assert found(run, ID) == {"keys": ORDERS}

"""data-apart-from-schema: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

from tests.repository import Project, Run
from tests.rules.safety.deploys import FOLDER, found, helps, lay, migration, path_of

ID = "data-apart-from-schema"
UNDER = "rows of orders are {} under the {} lock of the {} before: {} orders wait until all are {}"
ALL = (
    "all rows of {} are updated at once: whoever writes one of them waits until the last is written"
)
ADD = 'op.add_column("orders", sa.Column("x", sa.Integer()))'
FILL = 'op.execute("UPDATE orders SET x = 1 WHERE x IS NULL")'
BLOCK = "with op.get_context().autocommit_block():\n    "
NOTE = 'orders = sa.table("orders", sa.column("note"))\n'
MODEL = """\
class Order(Base):
    __tablename__ = "orders"
---
"""
ENV = f"{FOLDER.rpartition('/')[0]}/env.py"


def under(verb: str = "updated", change: str = "add column") -> list[str]:
    return [UNDER.format(verb, "ACCESS EXCLUSIVE", change, "reads and writes of", verb)]


FOUND = {
    "behind_with": (
        f"{ADD}\nop.execute('WITH a AS (SELECT 1) UPDATE orders SET x = 1 WHERE id = 1')",
        under(),
    ),
    "inserted_behind_with": (
        f"{ADD}\nop.execute('WITH RECURSIVE a AS (SELECT 1) INSERT INTO orders SELECT 1')",
        under("inserted"),
    ),
    "merged": (
        f"{ADD}\nop.execute('MERGE INTO orders o USING users u ON o.user_id = u.id"
        " WHEN MATCHED THEN UPDATE SET x = 1')",
        under("merged"),
    ),
    "merged_behind_with": (
        f"{ADD}\nop.execute('WITH a AS (SELECT 1 AS id) MERGE INTO ONLY orders USING a"
        " ON a.id = orders.id WHEN MATCHED THEN DELETE')",
        under("merged"),
    ),
    "in_with": (
        f"{ADD}\nop.execute('WITH a AS (UPDATE orders SET x = 1 WHERE id = 1 RETURNING id)"
        " SELECT id FROM a')",
        under(),
    ),
    "moved": (
        f"{ADD}\nop.execute('WITH a AS (DELETE FROM orders WHERE id = 1 RETURNING id)"
        " INSERT INTO users SELECT id FROM a')",
        under("deleted"),
    ),
    "bound_in_a_text_alone": (
        "op.execute(\"UPDATE orders SET note = 'no where'\")",
        [ALL.format("orders")],
    ),
    "bound_in_a_subquery_alone": (
        'op.execute("UPDATE orders SET note = (SELECT id FROM users WHERE id = user_id)")',
        [ALL.format("orders")],
    ),
    "update": (f"{ADD}\n{FILL}", under()),
    "delete": (f'{ADD}\nop.execute("DELETE FROM orders WHERE id < 9")', under("deleted")),
    "insert": (f'{ADD}\nop.execute("INSERT INTO orders (id) VALUES (1)")', under("inserted")),
    "bulk_insert": (f"{ADD}\n{NOTE}op.bulk_insert(orders, [])", under("inserted")),
    "in_core": (
        f"{NOTE}{ADD}\nop.get_bind().execute(sa.update(orders).where(orders.c.id == 1))",
        under(),
    ),
    "in_core_of_the_table": (f"{NOTE}{ADD}\nop.execute(orders.update().values(note='x'))", under()),
    "in_a_session": (
        f"from sqlalchemy.orm import Session\n---\n{ADD}\n"
        "Session(op.get_bind()).execute(sa.text('UPDATE orders SET note = 1 WHERE id = 2'))",
        under(),
    ),
    "model_of_the_file": (
        f"{MODEL}{ADD}\nop.get_bind().execute(sa.update(Order).where(Order.id == 1))",
        under(),
    ),
    "query": (f"{MODEL}{ADD}\nSession().query(Order).filter(x).update({{}})", under()),
    "query_of_all": (f"{MODEL}Session().query(Order).update({{}})", [ALL.format("orders")]),
    "query_that_deletes": (
        f"{MODEL}{ADD}\nsession.query(Order).filter_by(id=1).delete()",
        under("deleted"),
    ),
    "batch": (
        'with op.batch_alter_table("orders") as batch:\n'
        f'    batch.alter_column("note", nullable=False)\n{FILL}',
        under(change="set not null"),
    ),
    "loop": (f'{ADD}\nfor n in (1, 2):\n    op.execute(f"UPDATE orders SET x = {{n}}")', under()),
    "helper": (f"def fill():\n    {FILL}\n---\n{ADD}\nfill()", under()),
    "beside_another": (f"{ADD}\n{FILL}\n{FILL}", under()),
    "index": (
        f'op.create_index("ix", "orders", ["name"])\n{FILL}',
        [UNDER.format("updated", "SHARE", "create index", "writes to", "updated")],
    ),
    "schema": (
        'op.drop_column("orders", "note", schema="public")\n'
        'op.execute("UPDATE public.orders SET x = 1 WHERE id = 1")',
        under(change="drop column"),
    ),
    "unbounded": ('op.execute("UPDATE orders SET state = note")', [ALL.format("orders")]),
    "unbounded_join": (
        'op.execute("UPDATE orders SET state = u.id FROM users u")',
        [ALL.format("orders")],
    ),
    "unbounded_in_core": (
        f"{NOTE}op.execute(orders.update().values(note='x'))",
        [ALL.format("orders")],
    ),
    "unbounded_in_a_block": (f'{BLOCK}op.execute("UPDATE users SET x = 1")', [ALL.format("users")]),
}
LEFT_ALONE = {
    "read_behind_with": f"{ADD}\nop.execute('WITH a AS (SELECT 1) SELECT 1 FROM a FOR UPDATE')",
    "bound_behind_a_subquery": "op.execute('UPDATE orders SET note = (SELECT 1) WHERE id = 1')",
    "perhaps_bound": 'op.execute(f"UPDATE orders SET note = (SELECT 1) {os.environ[0]}")',
    "rows_alone": FILL,
    "merged_alone": "op.execute('MERGE INTO orders USING u ON true WHEN MATCHED THEN DELETE')",
    "seed_alone": f"{NOTE}op.bulk_insert(orders, [])",
    "another_table": f'{ADD}\nop.execute("UPDATE users SET x = 1 WHERE id = 2")',
    # The lock comes after the rows, and lasts for an instant.
    "rows_before": f'op.execute("UPDATE orders SET note = 1 WHERE id = 2")\n{ADD}',
    "after_a_block": f"{BLOCK}{ADD}\n{FILL}",
    "in_a_block": f"{ADD}\n{BLOCK}{FILL}",
    "weak_lock": f'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_user")\n{FILL}',
    "new_table": 'op.create_table("t", sa.Column("x", sa.Integer()))\n'
    'op.execute("INSERT INTO t SELECT id FROM orders")\nop.execute("UPDATE t SET x = 1")',
    "in_batches": f"{BLOCK}while op.get_bind().execute(sa.text('UPDATE orders SET x = 1 WHERE id IN"
    " (SELECT id FROM orders WHERE x IS NULL LIMIT 999)')).rowcount:\n        pass",
    "computed": f'op.execute("UPDATE orders SET x = 1 " + os.environ[0])\n{ADD}',
    "computed_table": f'{ADD}\nop.execute(f"UPDATE {{os.environ[0]}} SET x = 1")',
    "select": f'{ADD}\nop.get_bind().execute(sa.text("SELECT id FROM orders FOR UPDATE"))',
    "delete_alone": 'op.execute("DELETE FROM orders")',
    "query_of_another": f"{MODEL}{ADD}\nsession.query(User).update({{}})\n{{}}.update({{}})",
    "in_a_string": f"{ADD}\nop.execute(\"COMMENT ON COLUMN orders.x IS 'UPDATE orders SET x'\")",
}


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    assert found(run, ID) == {name: messages for name, (_, messages) in FOUND.items()}


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


def test_migrations_that_share_a_transaction(project: Project, run: Run) -> None:
    lay(project, {"add": ADD, "fill < add": FILL})
    project.lay({ENV: "context.configure(connection=connection)"})
    assert found(run, ID) == {"fill": under()}
    shared = (
        "set transaction_per_migration=True in env.py: the migrations of a deploy share one"
        " transaction, and keep their locks to its end"
    )
    assert helps(run, ID) == {"fill": shared}
    project.lay({path_of("both"): migration("both", f"{ADD}\n{FILL}")})
    assert helps(run, ID)["both"] == f"change the rows in a migration of their own, and {shared}"
    project.lay({path_of("both"): None})
    for line in ("transaction_per_migration=True", "transactional_ddl=False"):
        project.lay({ENV: f"context.configure(connection=connection, {line})"})
        assert found(run, ID) == {}


def test_help(project: Project, run: Run) -> None:
    lay(project, {"under": f"{ADD}\n{FILL}", "whole": 'op.execute("UPDATE users SET x = 1")'})
    assert helps(run, ID) == {
        "under": "change the rows in a migration of their own",
        "whole": "change the rows in batches, each in a transaction of its own:\n"
        'batch = sa.text("UPDATE users SET ... WHERE id IN'
        ' (SELECT id FROM users WHERE ... LIMIT 999)")\n'
        "with op.get_context().autocommit_block():\n"
        "    while op.get_bind().execute(batch).rowcount:\n"
        "        pass",
    }

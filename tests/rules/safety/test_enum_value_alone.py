"""enum-value-alone: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import TABLE, found, helps, lay

ID = "enum-value-alone"
ADD = "op.execute(\"ALTER TYPE kind ADD VALUE IF NOT EXISTS 'c'\")"
BLOCK = f"with op.get_context().autocommit_block():\n    {ADD}"
USED = "value c is used in the transaction that adds it to enum kind, which PostgreSQL refuses"
REFUSED = (
    "value c is added to enum kind in a transaction, which PostgreSQL refuses before version 12"
)
USES = {
    "update": "op.execute(\"UPDATE orders SET kind = 'c' WHERE kind = 'b'\")",
    "insert": "op.execute(\"INSERT INTO orders (kind) VALUES ('c')\")",
    "default": 'op.alter_column("orders", "kind", server_default="c")',
    "new_column": 'op.add_column("orders", sa.Column("x", KIND, server_default="c"))',
    "index": "op.create_index('ix', 'orders', ['id'], postgresql_where=sa.text(\"kind = 'c'\"))",
    "check": "op.create_check_constraint('ck', 'orders', \"kind <> 'c'\")",
    "rows": 'orders = sa.table("orders", sa.column("kind"))\n'
    'op.bulk_insert(orders, [{"kind": "c"}])',
    "statement": 'orders = sa.table("orders", sa.column("kind"))\n'
    'op.get_bind().execute(orders.update().values(kind="c"))',
}
LEFT_ALONE = {
    "alone": ADD,
    "in_a_block": f"{BLOCK}\n{USES['update']}",
    "used_before": f"{USES['update']}\n{ADD}",
    "another_value": f"{ADD}\nop.execute(\"UPDATE orders SET kind = 'b'\")",
    "column_of_text": f"{ADD}\nop.execute(\"UPDATE orders SET state = 'c'\")",
    "default_of_text": f'{ADD}\nop.alter_column("orders", "state", server_default="c")',
    "comment": f'{ADD}\nop.create_table_comment("orders", "c")',
    "committed": f'op.execute("COMMIT")\n{ADD}\nop.execute("BEGIN")\n{USES["update"]}',
    "new_type": f"op.execute(\"CREATE TYPE kind AS ENUM ('a')\")\n{ADD}\n{USES['update']}",
    "on_sqlite": f'if op.get_bind().dialect.name == "sqlite":\n    {ADD}\n    {USES["update"]}',
    "renamed": "op.execute(\"ALTER TYPE kind RENAME VALUE 'a' TO 'c'\")\n" + USES["update"],
}


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: f"{ADD}\n{use}" for name, use in USES.items()})
    assert found(run, ID) == {name: [USED] for name in USES}


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


def test_help(project: Project, run: Run) -> None:
    lay(project, {"used": f"{ADD}\n{USES['update']}"})
    assert helps(run, ID) == {"used": BLOCK}


def test_before_version_12(project: Project, run: Run) -> None:
    lay(project, {"alone": ADD, "in_a_block": BLOCK}, f'{TABLE}database-version = "11"\n')
    assert found(run, ID) == {"alone": [REFUSED]}


@pytest.mark.parametrize(("version", "is_found"), [("16", True), ("17", False)])
def test_type_of_the_same_transaction(
    version: str, is_found: bool, project: Project, run: Run
) -> None:
    made = "op.execute(\"CREATE TYPE kind AS ENUM ('a')\")"
    body = f"{made}\n{ADD}\n{USES['update']}"
    lay(project, {"made": body}, f'{TABLE}database-version = "{version}"\n')
    assert found(run, ID) == ({"made": [USED]} if is_found else {})


def test_migrations_of_a_branch_share_a_transaction(project: Project, run: Run) -> None:
    lay(project, {"adds": ADD, "uses < adds": USES["update"]})
    assert found(run, ID) == {}
    project.lay({"alembic/env.py": "context.configure(connection=connection)\n"})
    assert found(run, ID) == {"uses": [USED]}

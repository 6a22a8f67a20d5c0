"""not-null-needs-default: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import FOLDER, TABLE, found, helps, lay

ID = "not-null-needs-default"
ADDED = (
    "column {0}.x is NOT NULL and has no server_default: PostgreSQL refuses it as soon as {0} has a"
    " row"
)
SET = (
    "column orders.{} is set NOT NULL without a validated check: all rows are read under an ACCESS"
    " EXCLUSIVE lock, so that reads and writes of orders wait"
)
COLUMN = 'op.add_column("orders", sa.Column("x", sa.Integer(), nullable=False{}))'
ALTER = 'op.alter_column("orders", "name", nullable=False)'
CHECK = 'op.create_check_constraint("{}", "orders", "{}", postgresql_not_valid=True)'
VALIDATE = 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT {}")'
FOUND = {
    "plain": (COLUMN.format(""), [ADDED.format("orders")]),
    "schema": (
        'op.add_column("orders", sa.Column("x", sa.Integer(), nullable=False), schema="shop")',
        [ADDED.format("shop.orders")],
    ),
    "default_of_python": (COLUMN.format(", default=0"), [ADDED.format("orders")]),
    "no_default": (COLUMN.format(", server_default=None"), [ADDED.format("orders")]),
    "batch": (
        'with op.batch_alter_table("orders") as batch:\n'
        '    batch.add_column(sa.Column("x", sa.Integer(), nullable=False))',
        [ADDED.format("orders")],
    ),
    "sql": ('op.execute("ALTER TABLE orders ADD x int NOT NULL")', [ADDED.format("orders")]),
    "by_a_name": (
        'column = sa.Column("x", sa.Integer(), nullable=False)\nop.add_column("orders", column)',
        [ADDED.format("orders")],
    ),
    "set": (ALTER, [SET.format("name")]),
    "set_in_sql": (
        'op.execute("ALTER TABLE orders ALTER COLUMN name SET NOT NULL")',
        [SET.format("name")],
    ),
    "filled_before": (f'op.execute("UPDATE orders SET name = id")\n{ALTER}', [SET.format("name")]),
    "not_validated": (
        f"{CHECK.format('ck_name', 'name IS NOT NULL')}\n{ALTER}",
        [SET.format("name")],
    ),
    "another_column": (
        f"{CHECK.format('ck_note', 'note IS NOT NULL')}\n{VALIDATE.format('ck_note')}\n{ALTER}",
        [SET.format("name")],
    ),
    "not_null_or": (
        f"{CHECK.format('ck_or', 'name IS NOT NULL OR id = 1')}\n{VALIDATE.format('ck_or')}\n"
        f"{ALTER}",
        [SET.format("name")],
    ),
}
FOUND["new_under_an_old_name"] = (
    'op.alter_column("orders", "state", new_column_name="old")\n'
    'op.add_column("orders", sa.Column("state", sa.Integer()))\n'
    'op.alter_column("orders", "state", nullable=False)',
    [SET.format("state")],
)
FOUND["default_of_null"] = (COLUMN.format(', server_default=sa.text("NULL")'), FOUND["plain"][1])
FOUND["null"] = (COLUMN.format(", server_default=sa.null()"), FOUND["plain"][1])
FOUND["null_in_sql"] = (
    'op.execute("ALTER TABLE orders ADD COLUMN x integer DEFAULT NULL NOT NULL")',
    FOUND["plain"][1],
)
FOUND["primary_key_of_a_text"] = (
    'op.add_column("orders", sa.Column("x", sa.Text(), primary_key=True))',
    FOUND["plain"][1],
)
LEFT_ALONE = {
    "perhaps_a_serial_one": 'op.add_column("orders", sa.Column("x", TYPE, primary_key=True))',
    "serial_by_the_key": 'op.add_column("orders", sa.Column("x", sa.Integer(), primary_key=True))',
    "identity_as_a_default": COLUMN.format(", server_default=sa.Identity()"),
    "default": COLUMN.format(', server_default="0"'),
    "default_of_sql": COLUMN.format(', server_default=sa.text("0")'),
    "computed_default": COLUMN.format(", server_default=DEFAULT"),
    "identity": COLUMN.format(", autoincrement=True").replace(
        "sa.Integer(),", "sa.Integer(), sa.Identity(),"
    ),
    "stored": COLUMN.format("").replace("sa.Integer(),", 'sa.Integer(), sa.Computed("id"),'),
    "nullable": 'op.add_column("orders", sa.Column("x", sa.Integer()))',
    "perhaps": 'op.add_column("orders", sa.Column("x", sa.Integer(), nullable=NULLABLE))',
    "spread": COLUMN.format(", **OPTIONS"),
    "serial": 'op.execute("ALTER TABLE orders ADD COLUMN x bigserial NOT NULL")',
    "default_in_sql": "op.execute(\"ALTER TABLE orders ADD x text DEFAULT 'not null' NOT NULL\")",
    "text_with_the_words": "op.execute(\"ALTER TABLE orders ADD x text DEFAULT 'not null'\")",
    "new_table": 'op.create_table("bills", sa.Column("id", sa.Integer()))\n'
    'op.add_column("bills", sa.Column("x", sa.Integer(), nullable=False))\n'
    'op.alter_column("bills", "x", nullable=False)',
    "emptied": f'op.execute("TRUNCATE orders")\n{COLUMN.format("")}',
    "emptied_by_delete": f'op.execute("DELETE FROM orders")\n{COLUMN.format("")}',
    "to_null": 'op.alter_column("orders", "state", nullable=True)',
    "as_it_is": 'op.alter_column("orders", "name", existing_nullable=False, nullable=False)',
    "not_null_already": 'op.alter_column("orders", "state", nullable=False)',
    "check_of_the_table": 'op.alter_column("orders", "user_id", nullable=False)',
    "primary_key": 'op.alter_column("orders", "id", nullable=False)',
    "nothing": "pass",
    "validated": f"{VALIDATE.format('ck_name_set')}\n{ALTER}",
}
BEFORE = f"{CHECK.format('ck_name_set', 'orders.name IS NOT NULL AND id > 0')}"


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    expected = {name: messages for name, (_, messages) in FOUND.items()}
    assert found(run, ID) == expected


def test_left_alone(project: Project, run: Run) -> None:
    bodies = {
        f"{name} < before" if name == "validated" else name: LEFT_ALONE[name] for name in LEFT_ALONE
    }
    lay(project, {**bodies, "before": BEFORE})
    assert found(run, ID) == {}


HIDDEN = "op.execute(f\"ALTER TABLE orders {os.environ['ACTION']}\")"


@pytest.mark.parametrize(
    ("before", "is_found"),
    [
        (HIDDEN, True),
        # A check of the column may be among what cannot be seen.
        (f'{HIDDEN}\nop.execute("ALTER TABLE orders ADD CHECK (name IS NOT NULL)")', False),
        (f'{HIDDEN}\nop.execute(f"ALTER TABLE orders ADD CHECK ({{x}} IS NOT NULL)")', False),
        (f'{HIDDEN}\nop.execute("DELETE FROM orders WHERE note IS NOT NULL")', True),
        ('op.create_check_constraint("ck", "orders", "name IS NOT NULL")', False),
        (
            'op.execute("DROP TABLE orders")\n'
            'op.execute("CREATE TABLE orders (name text, CHECK (name IS NOT NULL), x int)")',
            False,
        ),
        ('op.create_check_constraint("ck", "orders", sa.column("name").isnot(None))', False),
        ('op.create_check_constraint("ck", "orders", sa.column("note").is_not(None))', True),
        ('op.create_check_constraint("ck", "orders", sa.column("total") > 0)', True),
        # It may say so.
        ('op.create_check_constraint("ck", "orders", CONDITION)', False),
        ('op.create_check_constraint("ck", "orders", sa.column(NAME).isnot(None))', False),
        ('op.execute(f"ALTER TABLE orders ADD CHECK ({CONDITION})")', False),
        (
            'op.create_check_constraint("ck", "orders", CONDITION, postgresql_not_valid=True)',
            True,
        ),
        (
            'op.execute("ALTER TABLE orders ADD CONSTRAINT ck CHECK (\\"name\\" IS NOT NULL)")',
            False,
        ),
        ('op.alter_column("orders", "name", nullable=False)', False),
        ('op.alter_column("orders", "name", nullable=True)', True),
        ('op.execute("ALTER TABLE orders ADD PRIMARY KEY (name)")', False),
        (
            'op.drop_column("orders", "name")\n'
            'op.add_column("orders", sa.Column("name", sa.Text(), nullable=NULLABLE))',
            False,
        ),
        (
            'op.alter_column("orders", "name", new_column_name="title")\n'
            'op.alter_column("orders", "state", new_column_name="name")',
            False,
        ),
    ],
)
def test_history(before: str, is_found: bool, project: Project, run: Run) -> None:
    lay(project, {"before": before, "set < before": ALTER})
    assert ("set" in found(run, ID)) is is_found


INDEX = 'op.create_index("ux", "orders", {}, unique=True)'
KEY = 'op.execute("ALTER TABLE orders ADD PRIMARY KEY USING INDEX ux")'


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        (INDEX.format('["name"]'), ["name"]),
        (INDEX.format('["name", "state", "note"]'), ["name", "note"]),
        ('op.execute("CREATE UNIQUE INDEX CONCURRENTLY ux ON orders (name)")', ["name"]),
        (f"{INDEX.format(['name'])}\n{CHECK.format('ck', 'name IS NOT NULL')}", ["name"]),
        (INDEX.format('["state"]'), []),
        (INDEX.format('["user_id"]'), []),
        (f"{INDEX.format(['name'])}\n{ALTER}", []),
        (
            f"{INDEX.format(['name'])}\n{CHECK.format('ck', 'name IS NOT NULL')}\n"
            f"{VALIDATE.format('ck')}",
            [],
        ),
        # Its columns are not seen.
        ("pass", []),
        (INDEX.format("COLUMNS"), []),
    ],
)
def test_primary_key_of_an_index(
    before: str, columns: list[str], project: Project, run: Run
) -> None:
    lay(project, {"before": before, "key < before": KEY})
    told = found(run, ID).get("key", [])
    assert told == [
        SET.format(column).replace(" without", " by the primary key without") for column in columns
    ]


def test_parallel_ancestors(project: Project, run: Run) -> None:
    required = COLUMN.format(", server_default='0'")
    change = 'op.alter_column("orders", "x", nullable=False)'
    bodies = {
        **{"adds": 'op.add_column("orders", sa.Column("x", sa.Integer()))', "other": "pass"},
        **{"requires": required, "last < adds, other": change, "done < requires, other": change},
    }
    lay(project, bodies)
    assert found(run, ID) == {"last": [SET.format("x")]}


def test_a_broken_ancestor_leaves_it_open(project: Project, run: Run) -> None:
    lay(project, {"set": ALTER})
    project.lay({f"{FOLDER}/20260501_broken.py": 'revision = f"{x}"\ndef upgrade(:\n'})
    assert found(run, ID).keys() == {f"{FOLDER}/20260501_broken"}


def test_help(project: Project, run: Run) -> None:
    lay(project, {"added": COLUMN.format(""), "set": ALTER})
    sequence = (
        'op.create_check_constraint("ck_orders_{0}_not_null", "orders", "{0} IS NOT NULL",'
        " postgresql_not_valid=True)\n"
        "# in the next migration\n"
        'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_{0}_not_null")\n'
        'op.alter_column("orders", "{0}", nullable=False)\n'
        'op.drop_constraint("ck_orders_{0}_not_null", "orders")'
    )
    first = "give it a server_default; or add it with nullable=True, fill it in batches, and then:"
    assert helps(run, ID) == {
        "added": f"{first}\n{sequence.format('x')}",
        "set": f"set it in two migrations:\n{sequence.format('name')}",
    }


def test_before_version_12(project: Project, run: Run) -> None:
    lay(project, {"set": ALTER}, f'{TABLE}database-version = "11.4"\n')
    assert helps(run, ID)["set"].split("\n")[0] == "keep a check instead, in two migrations:"
    assert "alter_column" not in helps(run, ID)["set"]


def test_the_migration_itself_goes_before_what_an_ancestor_may_say(
    project: Project, run: Run
) -> None:
    hidden = 'op.execute(f"ALTER TABLE orders {os.environ[0]} CHECK (x IS NOT NULL)")'
    add = 'op.add_column("orders", sa.Column("x", sa.Integer()))\n'
    require = 'op.alter_column("orders", "x", nullable=False)'
    lay(project, {"a": hidden, "b < a": f"{add}{require}", "c < a": require})
    assert list(found(run, ID)) == ["b"]

"""constraint-not-valid: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import TABLE, found, helps, lay, migration, path_of

ID = "constraint-not-valid"
READ = "{} is added without NOT VALID: all rows are read under {} lock, so that {} wait"
BUILT = (
    "{} is added without USING INDEX: its index is built under an ACCESS EXCLUSIVE lock, so that"
    " reads and writes of orders wait"
)
KEY = READ.format("{}", "a SHARE ROW EXCLUSIVE", "writes to orders and users")
CHECK = READ.format("{}", "an ACCESS EXCLUSIVE", "reads and writes of orders")
TOGETHER = (
    "constraint {} is validated in the transaction that adds it: all rows are read under its {}"
    " lock, so that {} wait"
)
ADD_KEY = 'op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"]{})'
ADD_CHECK = 'op.create_check_constraint("ck", "orders", "total > 0"{})'
LATER = ", postgresql_not_valid=True"
VALIDATE = 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT {}")'
FOUND = {
    "key": (ADD_KEY.format(""), [KEY.format("foreign key fk")]),
    "exclusion": (
        'op.create_exclude_constraint("ex", "orders", ("id", "="), using="gist")',
        [BUILT.replace(" without USING INDEX", "").format("exclusion constraint ex")],
    ),
    "exclusion_in_sql": (
        'op.execute("ALTER TABLE orders ADD EXCLUDE USING gist (id WITH =)")',
        [BUILT.replace(" without USING INDEX", "").format("an exclusion constraint of orders")],
    ),
    "key_without_a_name": (
        ADD_KEY.replace('"fk"', "None").format(""),
        [KEY.format("a foreign key of orders")],
    ),
    "key_in_a_column": (
        'op.add_column("orders", sa.Column("x", sa.Integer(), sa.ForeignKey("users.id")))',
        [KEY.format("a foreign key of orders")],
    ),
    "key_in_sql": (
        'op.execute("ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id)'
        ' REFERENCES users (id)")',
        [KEY.format("foreign key fk")],
    ),
    "key_to_itself": (
        'op.create_foreign_key("fk", "orders", "orders", ["user_id"], ["id"])',
        [KEY.format("foreign key fk").replace(" and users", "")],
    ),
    "check": (ADD_CHECK.format(""), [CHECK.format("check ck")]),
    "check_in_a_batch": (
        'with op.batch_alter_table("orders") as batch:\n'
        '    batch.create_check_constraint("ck", "total > 0")',
        [CHECK.format("check ck")],
    ),
    "check_in_sql": (
        'op.execute("ALTER TABLE orders ADD CHECK (total > 0)")',
        [CHECK.format("a check of orders")],
    ),
    "unique": (
        'op.create_unique_constraint("uq", "orders", ["name"])',
        [BUILT.format("unique constraint uq")],
    ),
    "unique_column": (
        'op.add_column("orders", sa.Column("x", sa.Integer(), unique=True))',
        [BUILT.format("a unique constraint of orders")],
    ),
    "unique_in_sql": (
        'op.execute("ALTER TABLE orders ADD CONSTRAINT uq UNIQUE (name)")',
        [BUILT.format("unique constraint uq")],
    ),
    "primary": (
        'op.create_primary_key("pk", "orders", ["name"])',
        [BUILT.format("primary key pk")],
    ),
    "validated_at_once": (
        f"{ADD_CHECK.format(LATER)}\n{VALIDATE.format('ck')}",
        [TOGETHER.format("ck", "ACCESS EXCLUSIVE", "reads and writes of orders")],
    ),
    "key_validated_at_once": (
        f"{ADD_KEY.format(LATER)}\n{VALIDATE.format('fk')}",
        [TOGETHER.format("fk", "SHARE ROW EXCLUSIVE", "writes to orders and users")],
    ),
    "validated_under_another_lock": (
        f'op.add_column("orders", sa.Column("x", sa.Integer()))\n{VALIDATE.format("ck_old")}',
        [
            TOGETHER.format("ck_old", "ACCESS EXCLUSIVE", "reads and writes of orders").replace(
                "that adds it", "of the add column before"
            )
        ],
    ),
    "validated_beside_a_change": (
        'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_old, ALTER note SET NOT NULL")',
        [
            TOGETHER.format("ck_old", "ACCESS EXCLUSIVE", "reads and writes of orders").replace(
                "that adds it", "of the set not null beside it"
            )
        ],
    ),
    "primary_key_of_a_new_column": (
        'op.execute("ALTER TABLE orders ADD COLUMN x serial PRIMARY KEY")',
        [BUILT.format("a primary key of orders")],
    ),
    "enum_in_a_text": (
        'op.add_column("orders", sa.Column("x", sa.Enum("a", name="e", native_enum=False,'
        " create_constraint=True)))",
        [CHECK.format("a check of orders")],
    ),
}
LEFT_ALONE = {
    "enum_in_a_text": 'op.add_column("orders", sa.Column("x", sa.Enum("a", native_enum=False)))',
    "validated_before_another_lock": f"{VALIDATE.format('ck_old')}\n"
    'op.add_column("orders", sa.Column("x", sa.Integer()))',
    "validated_beside_the_lock_of_another": 'op.drop_column("users", "id")\n'
    f"{VALIDATE.format('ck_old')}",
    "two_validated": 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_old,'
    ' VALIDATE CONSTRAINT ck_user")',
    "not_valid": f"{ADD_KEY.format(LATER)}\n{ADD_CHECK.format(LATER)}",
    "not_valid_in_sql": 'op.execute("ALTER TABLE orders ADD CHECK (total > 0) NOT VALID")',
    "validated": VALIDATE.format("ck_old"),
    "validated_apart": f"{ADD_CHECK.format(LATER)}\nwith op.get_context().autocommit_block():\n"
    f"    {VALIDATE.format('ck')}",
    "by_index": 'op.execute("ALTER TABLE orders ADD CONSTRAINT uq UNIQUE USING INDEX uq")\n'
    'op.execute("ALTER TABLE orders ADD PRIMARY KEY USING INDEX pk")',
    "new_table": 'op.create_table("bills", sa.Column("id", sa.Integer()))\n'
    'op.create_foreign_key("fk", "bills", "users", ["id"], ["id"])\n'
    'op.create_unique_constraint("uq", "bills", ["id"])\n'
    'op.create_check_constraint("ck", "bills", "id > 0")',
    "empty_column_in_sql": 'op.execute("ALTER TABLE orders ADD x int REFERENCES users (id)")',
    "inline": 'op.add_column("orders", sa.Column("x", sa.Integer(), sa.ForeignKey("users.id")),'
    " inline_references=True)",
    "dropped": 'op.drop_constraint("fk", "orders", type_="foreignkey")',
    "perhaps": ADD_CHECK.format(", postgresql_not_valid=LATER"),
    "computed_table": 'op.create_unique_constraint("uq", TABLE, ["name"])',
    "nothing": "pass",
}


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    expected = {name: messages for name, (_, messages) in FOUND.items()}
    assert found(run, ID) == expected


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


def test_help(project: Project, run: Run) -> None:
    names = ("key", "key_in_a_column", "check_in_a_batch", "check_in_sql", "unique", "primary")
    several = (*names, "key_without_a_name", "validated_at_once")
    lay(project, {name: FOUND[name][0] for name in several})
    apart = "add it in two migrations:\n{}\n# in the next migration\n" + VALIDATE
    block = "with op.get_context().autocommit_block():\n    "
    index = (
        'op.create_index("{0}", "orders", ["name"], unique=True, postgresql_concurrently=True)\n'
    )
    index += 'op.execute("ALTER TABLE orders ADD CONSTRAINT {0} {1} USING INDEX {0}")'
    key = ADD_KEY.replace('"fk"', '"fk_orders_{0}"').replace("user_id", "{0}")
    key = key.replace('["id"]{}', f'["id"]{LATER}')
    sql = 'op.execute("ALTER TABLE orders ADD CHECK (total > 0) NOT VALID")'
    assert helps(run, ID) == {
        "key": apart.format(ADD_KEY.format(LATER), "fk"),
        "key_without_a_name": apart.format(key.format("user_id"), "fk_orders_user_id"),
        "key_in_a_column": apart.format(key.format("x"), "fk_orders_x"),
        "check_in_a_batch": apart.format(ADD_CHECK.format(LATER), "ck"),
        "check_in_sql": apart.format(sql, "ck_orders"),
        "unique": block + index.format("uq", "UNIQUE"),
        "primary": block + index.format("pk", "PRIMARY KEY"),
        "validated_at_once": block + VALIDATE.format("ck"),
    }


ENV = "context.configure(connection=connection, target_metadata=None{})\n"


@pytest.mark.parametrize(
    ("env", "is_one"),
    [
        (ENV.format(""), True),
        (ENV.format(", transaction_per_migration=False"), True),
        (ENV.format(", transaction_per_migration=True"), False),
        (ENV.format(", transaction_per_migration=per_migration()"), False),
        (ENV.format(", transactional_ddl=False"), False),
        (ENV.format(", **options"), False),
        (f'engine.connect().execution_options(isolation_level="AUTOCOMMIT")\n{ENV}', False),
        (None, False),
    ],
)
def test_migrations_of_a_branch_share_a_transaction(
    env: str | None, is_one: bool, project: Project, run: Run
) -> None:
    added = {"adds": ADD_CHECK.format(LATER), "between < adds": "pass"}
    lay(project, {**added, "validates < between": VALIDATE.format("ck")})
    if env:
        project.lay({"alembic/env.py": env.format("")})
    message = TOGETHER.format("ck", "ACCESS EXCLUSIVE", "reads and writes of orders")
    assert found(run, ID) == ({"validates": [message]} if is_one else {})


def test_a_block_between_ends_the_transaction(project: Project, run: Run) -> None:
    block = (
        'with op.get_context().autocommit_block():\n    op.execute("DROP INDEX CONCURRENTLY ix")'
    )
    added = {"adds": ADD_CHECK.format(LATER), "between < adds": block}
    lay(project, {**added, "validates < between": VALIDATE.format("ck")})
    project.lay({"alembic/env.py": ENV.format("")})
    assert found(run, ID) == {}


def test_what_the_base_has_is_deployed(project: Project, run: Run) -> None:
    lay(project, {"adds": ADD_CHECK.format(LATER)})
    project.git("commit", "--quiet", "--message=adds")
    project.git("checkout", "--quiet", "-b", "feature")
    project.lay({"alembic/env.py": ENV.format("")})
    from tests.rules.safety.deploys import migration, path_of

    project.lay({path_of("validates"): migration("validates", VALIDATE.format("ck"), "adds")})
    assert found(run, ID) == {}


EVENTS = 'op.execute("CREATE TABLE events (id int, day date) PARTITION BY RANGE (day)")'
KEY_OF_EVENTS = ADD_KEY.replace("orders", "events").replace("user_id", "id")
BY_INDEX = 'op.execute("ALTER TABLE events ADD CONSTRAINT uq UNIQUE USING INDEX uq")'
REFUSED = "{} is added {} to the partitioned table events, which PostgreSQL refuses"


@pytest.mark.parametrize(("version", "is_key_refused"), [("", False), ("17", True), ("18", False)])
def test_table_with_partitions(
    version: str, is_key_refused: bool, project: Project, run: Run
) -> None:
    settings = f'{TABLE}database-version = "{version}"\n' if version else TABLE
    unique = 'op.create_unique_constraint("uq", "events", ["id", "day"])'
    lay(project, {"events": EVENTS}, settings)
    project.git("commit", "-qm", "events")
    bodies = {
        "key": KEY_OF_EVENTS.format(""),
        "later": KEY_OF_EVENTS.format(LATER),
        "unique": unique,
        "by_index": BY_INDEX,
        "check": ADD_CHECK.replace("orders", "events").format(LATER),
    }
    for name, body in bodies.items():
        project.lay({path_of(name): migration(name, body, "events")})
    told = found(run, ID)
    key = KEY.replace("orders", "events").replace(" without NOT VALID", "")
    assert told.pop("later", []) == (
        [REFUSED.format("foreign key fk", "NOT VALID") + " before version 18"]
        if is_key_refused
        else []
    )
    assert told == {
        "key": [key.format("foreign key fk")],
        "unique": [
            BUILT.replace("orders", "events")
            .replace(" without USING INDEX", "")
            .format("unique constraint uq")
        ],
        "by_index": [REFUSED.format("unique constraint uq", "USING INDEX")],
    }
    advice = helps(run, ID)
    assert advice["key"] == (
        "add it NOT VALID to each partition, validate it there, and then add it to events, which"
        " takes over what is valid"
    )
    assert 'op.execute("CREATE UNIQUE INDEX uq ON ONLY events (id, day)")' in advice["unique"]

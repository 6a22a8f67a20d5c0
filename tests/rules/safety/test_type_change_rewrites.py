"""type-change-rewrites: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import TABLE, found, helps, lay, migration, path_of

ID = "type-change-rewrites"
REWRITES = (
    "PostgreSQL rewrites orders under an ACCESS EXCLUSIVE lock, so that reads and writes of orders"
    " wait"
)
NARROWS = ", and refuses a row that does not fit"
CHANGES = "column orders.{} changes from {} to {}: " + REWRITES
TYPE = 'op.alter_column("orders", "{}", type_={})'
COLUMN = 'op.add_column("orders", sa.Column("x", {}))'
FOUND = {
    "moved": (
        'op.execute("ALTER TABLE orders SET UNLOGGED")',
        ["table orders is written anew: " + REWRITES],
    ),
    "clustered": (
        'op.execute("CLUSTER VERBOSE orders USING ix")',
        ["table orders is written anew: " + REWRITES],
    ),
    "packed": (
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM FULL ANALYZE orders")',
        ["table orders is written anew: " + REWRITES],
    ),
    "copied": (
        'with op.batch_alter_table("orders", recreate="always") as batch:\n'
        '    batch.drop_column("note")',
        [
            "table orders is copied and dropped: a row that is written meanwhile is lost, and reads"
            " and writes of orders wait at the end"
        ],
    ),
    "wider_number": (
        TYPE.format("user_id", "sa.BigInteger()"),
        [CHANGES.format("user_id", "integer", "bigint")],
    ),
    "narrower_number": (
        TYPE.format("user_id", "sa.SmallInteger"),
        [CHANGES.format("user_id", "integer", "smallint") + NARROWS],
    ),
    "narrower_text": (
        TYPE.format("name", "sa.String(20)"),
        [CHANGES.format("name", "varchar(40)", "varchar(20)") + NARROWS],
    ),
    "bounded_text": (
        TYPE.format("note", "sa.String(length=20)"),
        [CHANGES.format("note", "text", "varchar(20)") + NARROWS],
    ),
    "another_scale": (
        TYPE.format("total", "sa.Numeric(12, 4)"),
        [CHANGES.format("total", "numeric(10, 2)", "numeric(12, 4)")],
    ),
    "in_sql": (
        'op.execute("ALTER TABLE orders ALTER user_id SET DATA TYPE bigint USING user_id::bigint")',
        [CHANGES.format("user_id", "integer", "bigint")],
    ),
    "from_a_short_float": (
        'op.alter_column("orders", "score", type_=sa.Float(53), existing_type=sa.REAL())',
        [CHANGES.format("score", "real", "double precision")],
    ),
    "to_a_short_float": (
        'op.alter_column("orders", "score", type_=sa.Float(precision=24),'
        " existing_type=sa.Float())",
        [CHANGES.format("score", "double precision", "real") + NARROWS],
    ),
    "shorter_interval": (
        'op.alter_column("orders", "span", type_=postgresql.INTERVAL(precision=3),'
        " existing_type=postgresql.INTERVAL())",
        [CHANGES.format("span", "interval", "interval(3)") + NARROWS],
    ),
    "shorter_interval_by_sqlalchemy": (
        'op.alter_column("orders", "span", type_=sa.Interval(second_precision=3),'
        " existing_type=sa.Interval())",
        [CHANGES.format("span", "interval", "interval(3)") + NARROWS],
    ),
    "shorter_time_by_its_place": (
        'op.alter_column("orders", "at", type_=postgresql.TIMESTAMP(True, 3),'
        " existing_type=postgresql.TIMESTAMP(True))",
        [CHANGES.format("at", "timestamptz", "timestamptz(3)") + NARROWS],
    ),
    "told": (
        'op.alter_column("orders", "unknown", type_=sa.BigInteger(), existing_type=sa.INTEGER())',
        [CHANGES.format("unknown", "integer", "bigint")],
    ),
    "told_wrongly": (
        'op.alter_column("orders", "name", type_=sa.String(30), existing_type=sa.String(20))',
        [CHANGES.format("name", "varchar(40)", "varchar(30)") + NARROWS],
    ),
    "in_a_batch": (
        'with op.batch_alter_table("orders") as batch:\n'
        '    batch.alter_column("user_id", type_=sa.BigInteger())',
        [CHANGES.format("user_id", "integer", "bigint")],
    ),
    "json": (
        'op.alter_column("orders", "data", existing_type=postgresql.JSON(),'
        " type_=postgresql.JSONB(), postgresql_using='data::jsonb')",
        [CHANGES.format("data", "json", "jsonb")],
    ),
    "another_enum": (
        'op.execute("ALTER TABLE orders ALTER kind TYPE kind_new USING kind::text::kind_new")',
        [f"column orders.kind is cast through text to another type: {REWRITES}"],
    ),
    "another_enum_by_alembic": (
        'op.alter_column("orders", "kind", type_=sa.Enum("a", name="kind_new"),'
        ' postgresql_using="(kind::VARCHAR)::kind_new")',
        [CHANGES.format("kind", "enum kind", "enum kind_new")],
    ),
    "another_enum_of_the_name": (
        'op.execute("ALTER TYPE kind RENAME TO kind_old")\n'
        'op.alter_column("orders", "kind", type_=sa.Enum("a", name="kind"),'
        ' postgresql_using="kind::text::kind")',
        [f"column orders.kind is cast through text to another type: {REWRITES}"],
    ),
    "from_an_enum": (
        TYPE.format("kind", "sa.String(20)"),
        [CHANGES.format("kind", "enum kind", "varchar(20)")],
    ),
    "to_an_enum_somehow": (
        'op.execute("ALTER TABLE orders ALTER kind TYPE kind_new USING f(kind)")',
        [f"column orders.kind is computed by USING: {REWRITES}"],
    ),
    # With a zone that is given, no time zone of the session makes it free.
    "a_zone": (
        TYPE.format(
            "made_at", "sa.DateTime(timezone=True), postgresql_using=\"made_at AT TIME ZONE 'UTC'\""
        ),
        [f"column orders.made_at is computed by USING: {REWRITES}"],
    ),
    "in_parentheses": (
        'op.execute("ALTER TABLE orders ALTER kind TYPE kind_new USING(f(kind))")',
        [f"column orders.kind is computed by USING: {REWRITES}"],
    ),
    "another_column": (
        TYPE.format("name", "sa.String(80), postgresql_using='note'"),
        [f"column orders.name is computed by USING: {REWRITES}"],
    ),
    "a_function_with_casts": (
        TYPE.format("name", "sa.String(20), postgresql_using='lower(name)::varchar(20)'"),
        [CHANGES.format("name", "varchar(40)", "varchar(20)") + NARROWS],
    ),
    "volatile": (
        COLUMN.format('sa.UUID(), server_default=sa.text("gen_random_uuid()")'),
        [f"column orders.x has a volatile default: {REWRITES}"],
    ),
    "volatile_function": (
        COLUMN.format("sa.DateTime(), server_default=sa.func.clock_timestamp()"),
        [f"column orders.x has a volatile default: {REWRITES}"],
    ),
    "volatile_in_sql": (
        'op.execute("ALTER TABLE orders ADD COLUMN x float DEFAULT random() NOT NULL")',
        [f"column orders.x has a volatile default: {REWRITES}"],
    ),
    "identity": (
        COLUMN.format("sa.Integer(), sa.Identity()"),
        [f"column orders.x numbers all rows: {REWRITES}"],
    ),
    "primary_key": (
        COLUMN.format("sa.BigInteger(), primary_key=True"),
        [f"column orders.x numbers all rows: {REWRITES}"],
    ),
    "serial": (
        'op.execute("ALTER TABLE orders ADD COLUMN x BIGSERIAL")',
        [f"column orders.x numbers all rows: {REWRITES}"],
    ),
    "stored": (
        COLUMN.format('sa.Integer(), sa.Computed("id * 2", persisted=True)'),
        [f"column orders.x is computed for all rows: {REWRITES}"],
    ),
    "identity_as_a_default": (
        COLUMN.format("sa.Integer(), server_default=sa.Identity()"),
        [f"column orders.x numbers all rows: {REWRITES}"],
    ),
    "stored_as_a_default": (
        COLUMN.format('sa.Integer(), server_default=sa.Computed("id * 2", persisted=True)'),
        [f"column orders.x is computed for all rows: {REWRITES}"],
    ),
    "next_of_a_sequence": (
        COLUMN.format('sa.Integer(), server_default=sa.Sequence("s").next_value()'),
        [f"column orders.x has a volatile default: {REWRITES}"],
    ),
    "variant_of_another_database": (
        TYPE.format("user_id", 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'),
        [CHANGES.format("user_id", "integer", "bigint")],
    ),
}
LEFT_ALONE = {
    "variant": TYPE.format("note", 'sa.Integer().with_variant(sa.Text(), "postgresql")'),
    "batch": 'with op.batch_alter_table("orders", recreate="auto") as batch:\n'
    '    batch.drop_column("note")',
    "vacuumed": 'op.execute("VACUUM (ANALYZE) orders")',
    "zone": TYPE.format("made_at", "sa.DateTime(timezone=True)"),
    "wider_text": TYPE.format("name", "sa.String(80)"),
    "unbounded_text": TYPE.format("name", "sa.String()"),
    "to_text": TYPE.format("name", "sa.Text()"),
    "from_text": TYPE.format("note", "sa.Unicode()"),
    "same": TYPE.format("name", "sa.VARCHAR(length=40)"),
    "more_digits": TYPE.format("total", "sa.Numeric(12, 2)"),
    "any_digits": TYPE.format("total", "sa.NUMERIC"),
    "time_zone": TYPE.format("made_at", "sa.DateTime(timezone=True)"),
    "as_short_a_float": 'op.alter_column("orders", "score", type_=sa.Float(24),'
    " existing_type=sa.REAL())",
    "same_interval": 'op.alter_column("orders", "span", type_=sa.Interval(True),'
    " existing_type=postgresql.INTERVAL())",
    "fields_of_an_interval": 'op.alter_column("orders", "span",'
    ' type_=postgresql.INTERVAL(fields="DAY"), existing_type=postgresql.INTERVAL())',
    "uuid_as_text": 'op.alter_column("orders", "u", type_=sa.Uuid(native_uuid=False),'
    " existing_type=sa.CHAR(32))",
    "own_type": TYPE.format("name", "EmailType()"),
    "unknown_column": TYPE.format("unknown", "sa.BigInteger()"),
    "unknown_size": TYPE.format("name", "sa.String(SIZE)"),
    "enum_of_varchar": TYPE.format("state", "sa.Enum('a', name='state', native_enum=False)"),
    "more_values_by_alembic": TYPE.format("kind", "sa.Enum('a', 'b', 'c', name='kind')"),
    "the_column_itself": TYPE.format("name", "sa.Text(), postgresql_using='name'"),
    "a_cast": TYPE.format("name", "sa.Text(), postgresql_using='(orders.\"name\")::text'"),
    "a_collation": TYPE.format("name", "sa.Text(), postgresql_using='name COLLATE \"C\"'"),
    "a_cast_in_sql": 'op.execute("ALTER TABLE orders ALTER name TYPE character varying(80)'
    ' USING CAST (name AS character varying(80))")',
    "a_computed_expression": TYPE.format(
        "name", "sa.Text(), postgresql_using=f'{SOMETHING}(name)'"
    ),
    "computed_table": 'op.alter_column(TABLE, "user_id", type_=sa.BigInteger())',
    "no_type": 'op.alter_column("orders", "name", existing_type=sa.String(40), comment="Name")',
    "now": COLUMN.format("sa.DateTime(), server_default=sa.func.now()"),
    "now_in_sql": COLUMN.format(
        "sa.DateTime(), server_default=sa.text(\"(now() AT TIME ZONE 'utc')\")"
    ),
    "constant": COLUMN.format('sa.Text(), server_default="random()"'),
    "cast": COLUMN.format("sa.Text(), server_default=sa.text(\"'{}'::jsonb\")"),
    "own_function": COLUMN.format('sa.Text(), server_default=sa.text("next_code()")'),
    "later_default": COLUMN.format("sa.UUID()")
    + '\nop.alter_column("orders", "x", server_default=sa.text("gen_random_uuid()"))',
    "primary_key_by_hand": COLUMN.format("sa.Integer(), primary_key=True, autoincrement=False"),
    "primary_key_of_another": COLUMN.format(
        'sa.Integer(), sa.ForeignKey("users.id"), primary_key=True'
    ),
    "stored_or_not": COLUMN.format('sa.Integer(), sa.Computed("id")'),
    "virtual": COLUMN.format('sa.Integer(), sa.Computed("id", persisted=False)'),
    "new_table": 'op.create_table("bills", sa.Column("id", sa.Integer()))\n'
    'op.alter_column("bills", "id", type_=sa.BigInteger())\n'
    'op.add_column("bills", sa.Column("x", sa.UUID(), server_default=sa.func.gen_random_uuid()))',
}


def test_found(project: Project, run: Run) -> None:
    lay(project, {name: body for name, (body, _) in FOUND.items()})
    expected = {name: messages for name, (_, messages) in FOUND.items()}
    assert found(run, ID) == expected


def test_left_alone(project: Project, run: Run) -> None:
    lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


@pytest.mark.parametrize(
    ("between", "rewrites"),
    [
        ({}, True),
        # The nearest ancestor counts, whatever the file says of the type.
        ({"a": TYPE.format("user_id", "sa.BigInteger()")}, False),
        ({"a": 'op.execute("ALTER TABLE orders ALTER COLUMN user_id TYPE bigint")'}, False),
        ({"a": TYPE.format("user_id", "sa.BigInteger()"), "b < a": "pass"}, False),
        ({"a": TYPE.format("name", "sa.BigInteger()")}, True),
        ({"a": 'op.alter_column("orders", "user_id", new_column_name="who")'}, False),
        # What it does cannot be seen.
        ({"a": 'op.execute(f"ALTER TABLE orders ALTER user_id TYPE {KIND}")'}, False),
    ],
)
def test_history(between: dict[str, str], rewrites: bool, project: Project, run: Run) -> None:
    last = [*between, "start"][len(between) - 1].partition(" < ")[0] if between else "start"
    lay(project, {**between, f"last < {last}": TYPE.format("user_id", "sa.BigInteger()")})
    assert ("last" in found(run, ID)) is rewrites


@pytest.mark.parametrize(
    ("left", "right", "old"),
    [
        (COLUMN.format("sa.Integer()"), "pass", "integer"),
        ("pass", COLUMN.format("sa.Integer()"), "integer"),
        (COLUMN.format("sa.Integer()"), TYPE.format("note", "sa.String()"), "integer"),
        # The later one is the type that it has, and nobody knows which that is.
        (
            COLUMN.format("sa.Integer()"),
            'op.execute("ALTER TABLE orders ADD COLUMN IF NOT EXISTS x text")',
            "",
        ),
    ],
)
def test_parallel_ancestors(left: str, right: str, old: str, project: Project, run: Run) -> None:
    last = TYPE.format("x", "sa.BigInteger()")
    merges = {"joins < left, right": "pass", "last < joins": last, "both < right, left": last}
    lay(project, {"left": left, "right": right, **merges})
    messages = [CHANGES.format("x", old, "bigint")] if old else []
    assert [found(run, ID).get(name, []) for name in ("last", "both")] == [messages, messages]


def test_a_dependency_is_an_ancestor(project: Project, run: Run) -> None:
    last = TYPE.format("x", "sa.BigInteger()") + "\n"
    lay(project, {"adds": COLUMN.format("sa.Integer()"), "last": last})
    path = path_of("last")
    project.lay({path: migration("last", last).replace("def", 'depends_on = "adds"\ndef')})
    assert found(run, ID) == {"last": [CHANGES.format("x", "integer", "bigint")]}


def test_the_migration_itself_counts_first(project: Project, run: Run) -> None:
    bodies = {
        "added": COLUMN.format("sa.Integer()") + "\n" + TYPE.format("x", "sa.BigInteger()"),
        "twice": TYPE.format("note", "sa.JSON()") + "\n" + TYPE.format("note", "sa.Text()"),
        "renamed": 'op.alter_column("orders", "user_id", new_column_name="who")\n'
        + TYPE.format("who", "sa.BigInteger()"),
    }
    lay(project, bodies)
    assert found(run, ID) == {
        "added": [CHANGES.format("x", "integer", "bigint")],
        "twice": [
            CHANGES.format("note", "text", "json"),
            CHANGES.format("note", "json", "text"),
        ],
        "renamed": [CHANGES.format("who", "integer", "bigint")],
    }


def test_history_follows_new_names(project: Project, run: Run) -> None:
    renamed = 'op.rename_table("orders", "sales")\n'
    renamed += 'op.alter_column("sales", "user_id", new_column_name="who")'
    change = 'op.alter_column("sales", "who", type_=sa.BigInteger())'
    lay(project, {"renames": renamed, "last < renames": change})
    message = CHANGES.replace("orders", "sales").format("who", "integer", "bigint")
    assert found(run, ID) == {"last": [message]}


def test_before_version_11_each_default_is_written(project: Project, run: Run) -> None:
    bodies = {
        "adds": COLUMN.format('sa.Text(), server_default="x"'),
        "plain": COLUMN.format("sa.Text()"),
    }
    lay(project, bodies, f'{TABLE}database-version = "10"\n')
    reason = "has a default, which PostgreSQL writes into each row before version 11"
    assert found(run, ID) == {"adds": [f"column orders.x {reason}: {REWRITES}"]}


def test_before_version_18_each_computed_column_is_stored(project: Project, run: Run) -> None:
    lay(
        project,
        {"adds": LEFT_ALONE["stored_or_not"], "virtual": LEFT_ALONE["virtual"]},
        f'{TABLE}database-version = "15"\n',
    )
    message = f"column orders.x is computed for all rows: {REWRITES}"
    assert found(run, ID) == {"adds": [message]}


def test_help(project: Project, run: Run) -> None:
    names = ("wider_number", "narrower_text", "volatile", "stored")
    lay(project, {name: FOUND[name][0] for name in names})
    assert helps(run, ID) == {
        "wider_number": "add a column of the new type, write both, fill it in batches, read it, and"
        " drop the old one in a later release:\n"
        'op.add_column("orders", sa.Column("user_id_new", ...))',
        "narrower_text": "keep the type and check the length:\n"
        'op.create_check_constraint("ck_orders_name_length", "orders", "char_length(name) <= 20",'
        " postgresql_not_valid=True)",
        "volatile": "add it without, give new rows the default, and fill the others in batches:\n"
        'op.add_column("orders", sa.Column("x", ..., nullable=True))\n'
        'op.alter_column("orders", "x", server_default=...)',
        "stored": "add a plain column, fill it in batches, and let the application write it",
    }

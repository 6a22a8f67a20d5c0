"""3.9, 3.11 and 3.12: one concern a file, and the indexes that a feature needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.facts import migration, told
from tests.contract.worlds import GROWN, NEW, Case, all_of

from definition_of_done.project.migrations.tables.concerns import concerns

ONE, ALONE = "migration-one-concern", "index-drop-alone"
# A new table that points to a table that is there.
NEW_TABLE = (
    "op.create_table('credits', sa.Column('id', sa.Integer()),"
    " sa.Column('vendor_id', sa.Integer(), sa.ForeignKey('vendors.id')),"
    " sa.Column('mood', sa.Enum('good', name='mood')){})"
)
BARE = NEW_TABLE.format("")
PHONE = "op.add_column('vendors', sa.Column('phone', sa.String()))"
TWO = "upgrade changes 2 groups of tables: credits; vendors"
APART = [
    (f"{BARE}\n{PHONE}", f"6:5: {TWO}"),
    (f"{PHONE}\n{BARE}", "6:5: upgrade changes 2 groups of tables: vendors; credits"),
    (f"{BARE}\nop.alter_column('vendors', 'title', nullable=False)", f"6:5: {TWO}"),
    (f"{BARE}\nop.drop_column('vendors', 'phone')", f"6:5: {TWO}"),
    (f"{BARE}\nop.create_index('ix', 'vendors', ['title'])", f"6:5: {TWO}"),
    (f"{BARE}\nop.create_table_comment('vendors', 'x')", f"6:5: {TWO}"),
    (
        f"{BARE}\nwith op.batch_alter_table('vendors') as b:\n    b.add_column(sa.Column('p', T))",
        f"7:9: {TWO}",
    ),
    (
        "op.create_table('credits', sa.Column('id', sa.Integer()))\n"
        "op.create_foreign_key('fk', 'credits', 'vendors', ['vendor_id'], ['id'])\n" + PHONE,
        f"7:5: {TWO}",
    ),
    (
        "op.create_table('credits', sa.Column('vendor_id', T),"
        " sa.ForeignKeyConstraint(['vendor_id'], ['vendors.id']))\n" + PHONE,
        f"6:5: {TWO}",
    ),
    # One of two.
    (
        f"{BARE}\n{PHONE}\n"
        "op.create_table('notes', sa.Column('credit_id', T, sa.ForeignKey('credits.id')))",
        "6:5: upgrade changes 2 groups of tables: credits, notes; vendors",
    ),
]
TIED = [
    BARE,
    # The change points back, makes the key that is pointed to, or hands a column over.
    f"{BARE}\nop.add_column('vendors', sa.Column('last', T, sa.ForeignKey('credits.id')))",
    f"{BARE}\nop.create_foreign_key('fk', 'vendors', 'credits', ['last'], ['id'])",
    "op.create_unique_constraint('uq', 'vendors', ['code'])\n"
    "op.create_table('credits', sa.Column('vendor', T, sa.ForeignKey('vendors.code')))",
    "op.add_column('vendors', sa.Column('code', T))\n"
    "op.create_table('credits', sa.Column('v', T),"
    " sa.ForeignKeyConstraint(['v'], ['vendors.code']))",
    "op.create_primary_key('pk', 'vendors', ['id'])\n" + BARE,
    "op.alter_column('vendors', 'id', type_=sa.BigInteger())\n" + BARE,
    f"{NEW_TABLE.format(', sa.Column(chr(112), T)')}\nop.drop_column('vendors', 'mood')",
    NEW_TABLE.format(", sa.Column('phone', T)") + "\nop.drop_column('vendors', 'phone')",
    NEW_TABLE.format(", sa.Column('phone', T)") + "\nop.drop_column('vendors', 'credit_phone')",
    # A type that both use.
    f"{BARE}\nop.add_column('vendors', sa.Column('state', sa.Enum('good', name='mood')))",
    f"{BARE}\nop.alter_column('vendors', 'state', type_=sa.Enum('good', name='mood'))",
    "mood = sa.Enum('good', name='mood')\n"
    "op.create_table('credits', sa.Column('m', mood),"
    " sa.Column('v', T, sa.ForeignKey('vendors.id')))"
    "\nop.add_column('vendors', sa.Column('state', mood))",
    # A name that says that it counts or shows the new rows.
    f"{BARE}\nop.add_column('vendors', sa.Column('credits_total', T))",
    f"{BARE}\nop.add_column('vendors', sa.Column('has_credit', T))",
    f"{BARE}\nop.add_column('vendors', sa.Column('latestcredit', T))",
    "op.create_table('VendorOIPC', sa.Column('v', T, sa.ForeignKey('vendors.id')))\n"
    "op.add_column('vendors', sa.Column('isoipcreview', T))",
    "op.create_table('vendornote', sa.Column('v', T, sa.ForeignKey('vendors.id')))\n"
    "op.drop_column('vendors', 'note')",
    # Rows that go from one to the other.
    f"{BARE}\nop.execute('INSERT INTO credits SELECT phone FROM vendors')\n"
    "op.drop_column('vendors', 'phone')",
    f"{BARE}\nop.get_bind().execute(sa.text('INSERT INTO credits SELECT phone FROM vendors'))\n"
    "op.drop_column('vendors', 'phone')",
    f"{BARE}\nmove_rows(op.get_bind())\nop.drop_column('vendors', 'phone')",
    # Nobody sees what the new table holds, or what is changed.
    "op.create_table('credits', *columns(), sa.ForeignKeyConstraint(['v'], ['vendors.id']))\n"
    + PHONE,
    f"{BARE}\nop.drop_column('vendors', name())",
    # Two new ones.
    "op.create_table('vendors', sa.Column('id', T))\n" + f"{BARE}\n{PHONE}",
]


@pytest.mark.parametrize(("up", "said"), APART)
def test_a_change_beside_a_new_table(up: str, said: str) -> None:
    assert told(ONE, concerns(migration(up))) == [said]


@pytest.mark.parametrize("up", TIED)
def test_a_change_that_belongs_to_the_new_table(up: str) -> None:
    assert told(ONE, concerns(migration(up))) == []


# index-drop-alone: upgrade, downgrade, what is said.
IX = "op.drop_index('ix', 'a')"
BACK = "op.create_index('ix', 'a', ['x'])"
ADDS = "op.add_column('a', sa.Column('y', T))"
BESIDE = [
    ("op.drop_column('a', 'y')", "6:5: index ix is dropped beside drop_column of a"),
    ("op.create_index('iy', 'a', ['y'])", "6:5: index ix is dropped beside create_index of a"),
    (
        "op.create_unique_constraint('uq', 'a', ['y', 'z'])",
        "6:5: index ix is dropped beside create_unique_constraint of a",
    ),
    ("op.alter_column('a', 'y', type_=T)", "6:5: index ix is dropped beside alter_column of a"),
    ("op.add_column('a', sa.Column('y', T))", "6:5: index ix is dropped beside add_column of a"),
    ("op.drop_column('b', 'x')", "6:5: index ix is dropped beside drop_column of b"),
    ("op.create_index('iy', 'b', ['x'])", "6:5: index ix is dropped beside create_index of b"),
]
EXCUSED = [
    ("op.drop_column('a', 'x')", BACK),
    ("op.create_index('ix', 'a', ['z'])", BACK),
    ("op.create_index('iy', 'a', ['x', 'y'])", BACK),
    ("op.create_unique_constraint('uq', 'a', ['x'])", BACK),
    ("op.create_primary_key('pk', 'a', ['x'])", BACK),
    ("op.alter_column('a', 'x', type_=sa.Text())", BACK),
    ("op.alter_column('a', 'x', new_column_name='y')", BACK),
    ("op.drop_table('a')", BACK),
    ("op.rename_table('a', 'b')", BACK),
    (
        "op.drop_constraint('fk', 'a')",
        f"op.create_foreign_key('fk', 'a', 'b', ['x'], ['id'])\n{BACK}",
    ),
    # Nobody knows the columns of either.
    ("op.drop_column('a', 'y')", "op.execute('CREATE INDEX ix ON a (lower(x))')"),
    ("op.drop_column('a', 'y')", "op.create_index('ix', 'a', [sa.text('lower(x)')])"),
    ("op.drop_column('a', name())", BACK),
    (
        "op.create_index('iy', 'a', ['id'], postgresql_where=sa.text('x > 0'))",
        BACK,
    ),
    (
        "op.execute('ALTER TABLE a RENAME COLUMN x TO y')\nop.create_index('iy', 'a', ['y'])",
        BACK,
    ),
    ("op.create_index('iy', 'a', [sa.text('lower(x)')])", BACK),
    ("op.drop_constraint('uq', 'a')", BACK),
    ("op.drop_index('iy', 'a')", f"{BACK}\nop.create_index('iy', 'a', ['y'])"),
]


@pytest.mark.parametrize(("beside", "said"), BESIDE)
def test_an_index_dropped_beside_another_change(beside: str, said: str) -> None:
    assert told(ALONE, migration(f"{beside}\n{IX}", BACK)) == [said]


@pytest.mark.parametrize("drop", ["DROP INDEX ix", "DROP INDEX CONCURRENTLY IF EXISTS s.ix"])
def test_an_index_dropped_by_sql_beside_another_change(drop: str) -> None:
    again = "op.execute('CREATE INDEX ix ON a (x)')"
    found = told(ALONE, migration(f"{ADDS}\nop.execute('{drop}')", again))
    assert found == ["6:5: index ix is dropped beside add_column of a"]


@pytest.mark.parametrize(
    ("beside", "again"),
    [
        ("op.drop_column('a', 'x')", "op.execute('CREATE INDEX ix ON a (x)')"),
        ("op.drop_column('a', 'y')", "op.execute('CREATE INDEX ix ON a (lower(x))')"),
        ("op.add_column('a', sa.Column('y', T))", "pass"),
        ("op.execute('CREATE INDEX iy ON a (y)')", "op.execute('CREATE INDEX ix ON a (x)')"),
    ],
)
def test_an_index_that_sql_may_drop_beside_another_change(beside: str, again: str) -> None:
    assert told(ALONE, migration(f"{beside}\nop.execute('DROP INDEX ix')", again)) == []


@pytest.mark.parametrize(("beside", "back"), EXCUSED)
def test_an_index_that_its_columns_take_along(beside: str, back: str) -> None:
    assert told(ALONE, migration(f"{beside}\n{IX}", back)) == []


# no-speculative-fk-index over a branch.
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
MODEL = "app/graphql/vendor_credits/models/vendor_credit.py"
FIRST = "alembic/versions/20260524_add_vendor_credits.py"
NEXT = "alembic/versions/20260525_index_vendor_credits.py"
LOG = "docs/changelog/1.2.0.md"
NEXT_TEXT = '''"""index vendor_credits

Revision ID: index_vendor_credits
Revises: add_vendor_credits
Create Date: 2026-05-25 00:00:00.000000
"""

from collections.abc import Sequence

from alembic import op

revision: str = "index_vendor_credits"
down_revision: str | None = "add_vendor_credits"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_vendor_credits_vendor_id", "vendor_credits", ["{}"])


def downgrade() -> None:
    op.drop_index("ix_vendor_credits_vendor_id", "vendor_credits")
'''


def next_text(columns: str) -> str:
    return NEXT_TEXT.replace("{}", columns)


DATA = "foreign key `vendor_id` to `vendors`."
NEEDED = (
    " the index `ix_vendor_credits_vendor_id` on `vendor_id`, which the query `vendorCredits`"
    " filters by."
)
NAMED = {
    PAGE: (
        "foreign key `vendor_id` to `vendors`.",
        "foreign key `vendor_id` to `vendors`; then `index_vendor_credits`.",
    ),
    LOG: ("- `add_vendor_credits`\n", "- `add_vendor_credits`\n- `index_vendor_credits`\n"),
}
# The page names the index, and no query.
LISTED = {
    **NAMED,
    PAGE: (DATA, f"{DATA[:-1]}; `index_vendor_credits` adds `ix_vendor_credits_vendor_id`."),
}
PLANNED = {**NAMED, PAGE: (DATA, f"{DATA[:-1]}; then `index_vendor_credits` adds{NEEDED}")}
SERVES = "serves the foreign key alone: no page plans its query"
VENDOR_ID = 'ForeignKey("vendors.id"), '
INDEXED = {MODEL: (VENDOR_ID, f"{VENDOR_ID}index=True, ")}
ID = "no-speculative-fk-index"
BROKEN = [
    Case(
        "3.11",
        "an index on the foreign key in the branch's next migration",
        NEW,
        {NEXT: next_text("vendor_id"), **NAMED},
        (
            f"{NEXT}:19:5: {ID}: index ix_vendor_credits_vendor_id on vendor_credits.vendor_id"
            f" {SERVES}",
        ),
    ),
    Case(
        "3.11",
        "an index on the foreign key in the migration that makes it",
        NEW,
        {FIRST: ('comment="Vendor who', 'index=True, comment="Vendor who')},
        (
            f"{FIRST}:23:9: {ID}: column vendor_credits.vendor_id is a foreign key with an index,"
            " and no page plans its query",
        ),
    ),
    Case(
        "3.11",
        "an index on the foreign key beside another one that the page plans",
        NEW,
        {
            FIRST: ('comment="Vendor who', 'index=True, comment="Vendor who'),
            PAGE: (DATA, f"{DATA[:-1]}; index `ix_amount` on `amount` for the query by `amount`"),
        },
        (
            f"{FIRST}:23:9: {ID}: column vendor_credits.vendor_id is a foreign key with an index,"
            " and no page plans its query",
        ),
    ),
    Case(
        "3.11",
        "an index on the foreign key by SQL",
        NEW,
        {
            FIRST: (
                "\n\ndef downgrade",
                '    op.execute("CREATE INDEX ix_vendor ON vendor_credits (vendor_id)")\n'
                "\n\ndef downgrade",
            )
        },
        (f"{FIRST}:32:5: {ID}: index ix_vendor on vendor_credits.vendor_id {SERVES}",),
    ),
    Case(
        "3.11",
        "an index on the foreign key in the model alone",
        NEW,
        INDEXED,
        (
            f"{MODEL}:13:16: {ID}: column vendor_credits.vendor_id is a foreign key with an index,"
            " and no page plans its query",
        ),
    ),
    Case(
        "3.11",
        "an index of the model's table arguments on the foreign key",
        NEW,
        {
            MODEL: [
                ("import ForeignKey\n", "import ForeignKey, Index\n"),
                (
                    '"vendor_credits"\n',
                    '"vendor_credits"\n    __table_args__ = (Index("ix_vendor", "vendor_id"),)\n',
                ),
            ]
        },
        (f"{MODEL}:11:23: {ID}: index ix_vendor on vendor_credits.vendor_id {SERVES}",),
    ),
    Case(
        "3.11",
        "the model of a table that grows",
        GROWN,
        {
            "app/graphql/vendor_credits/models/credit_approval.py": (
                'ForeignKey("vendor_credits.id"), ',
                'ForeignKey("vendor_credits.id"), index=True, ',
            )
        },
        (
            f"app/graphql/vendor_credits/models/credit_approval.py:13:16: {ID}: column"
            " credit_approvals.credit_id is a foreign key with an index, and no page plans its"
            " query",
        ),
    ),
]
HONEST = [
    Case(
        "3.11",
        "the branch's next migration adds an index that the page plans with its query",
        NEW,
        {NEXT: next_text("vendor_id"), **PLANNED},
    ),
    Case(
        "3.11",
        "an index on another column in the branch's next migration",
        NEW,
        {NEXT: next_text("amount"), **LISTED},
    ),
    Case(
        "3.11",
        "an index over the key and another column in the next migration",
        NEW,
        {NEXT: next_text('vendor_id", "amount'), **LISTED},
    ),
    Case(
        "3.11",
        "an index of the model that the page plans with its query",
        NEW,
        {
            **INDEXED,
            FIRST: [
                (
                    'comment="Open credit in cents"),\n    )\n',
                    'comment="Open credit in cents"),\n    )\n'
                    '    op.create_index("ix_vendor_credits_vendor_id", "vendor_credits",'
                    ' ["vendor_id"])\n',
                )
            ],
            PAGE: (DATA, f"{DATA[:-1]}, with{NEEDED}"),
        },
    ),
    Case(
        "3.11",
        "an index on a key that main has",
        GROWN,
        {
            "alembic/versions/20260702_add_approved_on.py": [
                (
                    'batch_op.create_index("ix_vendor_credits_approved_on", ["approved_on"])',
                    'batch_op.create_index("ix_vendor_credits_approved_on", ["approved_on"])\n'
                    '        batch_op.create_index("ix_vendor", ["vendor_id"])',
                ),
                (
                    'batch_op.drop_index("ix_vendor_credits_approved_on")',
                    'batch_op.drop_index("ix_vendor")\n'
                    '        batch_op.drop_index("ix_vendor_credits_approved_on")',
                ),
            ],
            "docs/feature/2026-07-01-approve-vendor-credits.md": (
                "`ix_vendor_credits_approved_on` that",
                "`ix_vendor_credits_approved_on` (and `ix_vendor`) that",
            ),
        },
    ),
    Case(
        "3.11",
        "an index of the model that main has",
        GROWN,
        {MODEL: (VENDOR_ID, f"{VENDOR_ID}index=True, ")},
        earlier={MODEL: (VENDOR_ID, f"{VENDOR_ID}index=True, ")},
    ),
    Case(
        "3.11",
        "a unique key of the model",
        NEW,
        {
            MODEL: (VENDOR_ID, f"{VENDOR_ID}unique=True, "),
            FIRST: (
                "            nullable=False,\n",
                "            nullable=False,\n            unique=True,\n",
            ),
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_indexes(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

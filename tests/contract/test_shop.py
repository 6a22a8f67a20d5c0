"""A feature of another shape, in a backend of another layout, and what breaks it.

It is on PostgreSQL and has a mixin, an enum, a JSON column, a composite key and a table of its own
for an association.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.pages import case as shown
from tests.contract.worlds import Case, World, all_of
from tests.sample import SHOP_BASE, SHOP_FEATURE

SHOP = World("shop", SHOP_BASE, SHOP_FEATURE)
SHIPMENTS = "db/versions/20260801_add_shipments.py"
SHIPPED_AT = "db/versions/20260803_add_shipped_at.py"
ORDERS = "db/versions/20260105_add_orders.py"
SHIPMENT = "src/shop/api/shipments/models/shipment.py"
PARCEL = "src/shop/api/shipments/models/parcel.py"
ORDER = "src/shop/api/orders/models/order.py"
PAGE = "handbook/feature/2026-08-01-shipments.md"
BLOB = "https://github.com/shop/shop/blob/main/"
LOG = "handbook/changelog/3.5.0.md"
BROKEN = [
    shown(
        SHOP,
        "1.4",
        "an enum that is out of scope",
        {PAGE: ("- The table `carriers`", "- The enum `ShipmentState`")},
        (
            PAGE,
            "- The enum `",
            "deltas-enumerated: 'The enum ShipmentState' is out of scope, and the "
            "branch adds the enum ShipmentState",
        ),
    ),
    shown(
        SHOP,
        "1.4",
        "the file of a task that is out of scope",
        {PAGE: ("- The table `carriers`", "- `src/shop/api/shipments/tasks/labels.py`")},
        (
            PAGE,
            "- `src/shop/",
            "deltas-enumerated: 'src/shop/api/shipments/tasks/labels.py' is out of "
            "scope, and the branch adds the file "
            "src/shop/api/shipments/tasks/labels.py",
        ),
    ),
    shown(
        SHOP,
        "1.4",
        "a row of a table that is out of scope",
        {
            PAGE: (
                "- Returns\n- The table `carriers`",
                "| What | Why |\n|---|---|\n| `print_labels` | later |\n| Returns | later |",
            )
        },
        (
            PAGE,
            "`print_label",
            "deltas-enumerated: 'print_labels' is out of scope, and the branch adds "
            "the task print_labels",
        ),
    ),
    shown(
        SHOP,
        "1.5",
        "a JSON column that is not named",
        {PAGE: ("`address` (JSONB), ", "")},
        (
            PAGE,
            "## Data mode",
            "plan-names-revisions: Data model changes does not name column "
            "shipments.address of revision 'add_shipments'",
        ),
    ),
    shown(
        SHOP,
        "1.7",
        "other members than those of the code",
        {PAGE: ("`Path.SHIPMENTS`, `Resource.SHIPMENTS`", "`Path.PARCELS`, `Resource.PARCELS`")},
        (
            PAGE,
            "`Path.PARCEL",
            "rbac-backfill-present: RBAC names Path.PARCELS and Resource.PARCELS, "
            "which the code does not have",
        ),
    ),
    shown(
        SHOP,
        "1.9",
        "n/a while the surface grew",
        {
            PAGE: ("A tab of shipments below each order, with their state.", "n/a"),
            LOG: ("A tab of shipments below each order, with their state.", "n/a"),
        },
        (
            PAGE,
            "## Frontend ",
            "graphql-surface-documented: Frontend contract says None, and the branch "
            "adds enum ShipmentState and 6 more",
        ),
    ),
    shown(
        SHOP,
        "1.10",
        "a question that is unclear",
        {
            PAGE: (
                "- [x] Who prints the labels? The warehouse.",
                "- Who prints the labels? Unclear.",
            )
        },
        (
            PAGE,
            "- Who prints",
            "open-questions-answered: question 'Who prints the labels? Unclear.' is "
            "open, and the branch changes api/shop.graphql and 26 more",
        ),
    ),
    shown(
        SHOP,
        "2.2",
        "a link to a file that no branch has",
        {
            PAGE: (
                "https://github.com/shop/shop/blob/main/src/shop/api/shipments/enums.py",
                "https://github.com/shop/shop/blob/main/src/shop/api/shipments/states.py",
            )
        },
        (
            PAGE,
            "[src/shop/api/shipments/enum",
            "docs-links-resolve: link to https://github.com/shop/shop/blob/main"
            "/src/shop/api/shipments/states.py: there is no "
            "src/shop/api/shipments/states.py on main",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "mixin default left out",
        {SHIPMENTS: ("server_default=sa.func.now(), ", "")},
        (
            "src/shop/db/base.py",
            "Mapped[datet",
            "model-needs-migration: server default of column shipments.created_at "
            "differs from the branch's migrations",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "enum as string",
        {SHIPMENTS: ('"state", STATE', '"state", sa.String(10)')},
        (
            SHIPMENT,
            "Mapped[Shipm",
            "model-needs-migration: type of column shipments.state differs from the "
            "branch's migrations",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "composite key lacks number",
        {
            SHIPMENTS: (
                "sa.Integer(), primary_key=True, autoincrement=False",
                "sa.Integer(), nullable=False",
            )
        },
        (
            PARCEL,
            "Mapped[int] = mapped_column(Inte",
            "model-needs-migration: primary key of column parcels.number differs "
            "from the branch's migrations",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "assoc ondelete",
        {SHIPMENTS: ('["shipments.id"], ondelete="CASCADE"', '["shipments.id"]')},
        (
            SHIPMENT,
            'Column("ship',
            "model-needs-migration: foreign key of column shipment_tags.shipment_id "
            "differs from the branch's migrations",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "index other columns",
        {SHIPMENTS: ('["state", "carrier"]', '["carrier", "state"]')},
        (
            SHIPMENT,
            'Index("ix_sh',
            "model-needs-migration: index ix_shipments_state_carrier of shipments is "
            "new, and no migration of the branch brings it",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "declared_attr table args",
        {
            SHIPMENT: [
                (
                    '    __table_args__ = (Index("ix_shipments_state_carrier", "state", '
                    '"carrier"),)\n',
                    "    @declared_attr.directive\n"
                    "    def __table_args__(cls):\n"
                    '        return (Index("ix_shipments_state_carrier", "state", '
                    '"carrier"), Index("ix_carrier", "carrier"))\n',
                ),
                (
                    "import Mapped, mapped_column, relationship",
                    "import Mapped, declared_attr, mapped_column, relationship",
                ),
            ]
        },
        (
            SHIPMENT,
            'Index("ix_ca',
            "model-needs-migration: index ix_carrier of shipments is new, and no "
            "migration of the branch brings it",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "subclass single table inheritance",
        {
            SHIPMENT: (
                "    tags: Mapped[list[Tag]] = relationship(secondary=shipment_tags)\n",
                "    tags: Mapped[list[Tag]] = relationship(secondary=shipment_tags"
                ")\n"
                "\n"
                "\n"
                "class ExpressShipment(Shipment):\n"
                "    courier: Mapped[str | None] = mapped_column(String(20), "
                'comment="Who rides")\n',
            )
        },
        (
            SHIPMENT,
            "Mapped[str | None] = mapped_column(String(20",
            "model-needs-migration: column shipments.courier is new, and no "
            "migration of the branch brings it",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "old table: fk gains ondelete",
        {ORDER: ('ForeignKey("orders.id")', 'ForeignKey("orders.id", ondelete="CASCADE")')},
        (
            ORDER,
            "Mapped[int] = mapped_column(Fore",
            "model-needs-migration: foreign key of column tags.order_id changed, and "
            "no migration of the branch brings it",
        ),
    ),
    shown(
        SHOP,
        "3.1",
        "an index that an earlier migration made and dropped",
        {ORDER: ("String(20), comment", "String(20), index=True, comment")},
        (
            ORDER,
            "Mapped[str] ",
            "model-needs-migration: index of column orders.number changed, and no "
            "migration of the branch brings it",
        ),
        earlier={
            ORDERS: (
                '    op.create_table(\n        "tags"',
                '    op.create_index("ix_orders_number", "orders", ["number"])\n'
                '    op.drop_index("ix_orders_number")\n'
                "    op.create_table(\n"
                '        "tags"',
            )
        },
    ),
    shown(
        SHOP,
        "3.8",
        "a downgrade below a false condition",
        {
            SHIPPED_AT: (
                '    op.drop_column("orders", "shipped_at")\n',
                '    if False:\n        op.drop_column("orders", "shipped_at")\n',
            )
        },
        (SHIPPED_AT, "def downgrad", "downgrade-not-pass: downgrade does nothing"),
    ),
    shown(
        SHOP,
        "3.8",
        "a downgrade behind a return",
        {
            SHIPPED_AT: (
                '    op.drop_column("orders", "shipped_at")\n',
                '    return\n    op.drop_column("orders", "shipped_at")\n',
            )
        },
        (SHIPPED_AT, "def downgrad", "downgrade-not-pass: downgrade does nothing"),
    ),
    shown(
        SHOP,
        "3.8",
        "an enum type that stays",
        {SHIPMENTS: ("    STATE.drop(op.get_bind())\n", "")},
        (
            SHIPMENTS,
            "STATE.create",
            "downgrade-mirrors-upgrade: upgrade creates enum type shipment_state, "
            "downgrade never drops it",
        ),
    ),
    shown(
        SHOP,
        "3.10",
        "mixin other comment",
        {SHIPMENTS: ('comment="When the row was written"', 'comment="Time of writing"')},
        (
            SHIPMENTS,
            'sa.Column("creat',
            "column-comment-required: the comment of column shipments.created_at is "
            "another in its model: 'When the row was written'",
        ),
    ),
    shown(
        SHOP,
        "3.10",
        "assoc table no comment in model",
        {SHIPMENT: ('primary_key=True, comment="Tag that it bears"', "primary_key=True")},
        (
            SHIPMENTS,
            'sa.Column("t',
            "column-comment-required: column shipment_tags.tag_id has no comment in its model",
        ),
    ),
    shown(
        SHOP,
        "3.11",
        "fk index in create",
        {
            SHIPMENTS: [
                (
                    '    op.create_index("ix_shipments_state_carrier"',
                    '    op.create_index("ix_shipments_order_id", "shipments", '
                    '["order_id"])\n'
                    '    op.create_index("ix_shipments_state_carrier"',
                ),
                (
                    '    op.drop_index("ix_sh',
                    '    op.drop_index("ix_shipments_order_id", "shipments")\n'
                    '    op.drop_index("ix_sh',
                ),
            ]
        },
        (
            SHIPMENTS,
            "op.create_in",
            "no-speculative-fk-index: index ix_shipments_order_id on "
            "shipments.order_id serves the foreign key alone: no page plans its "
            "query",
        ),
    ),
    shown(
        SHOP,
        "4.6",
        "pattern only track",
        {"Taskfile.yaml": ("**/tasks/*.py", "**/tasks/track.py")},
        (
            "src/shop/api/shipments/tasks/labels.py",
            "async def pr",
            "worker-tasks-registered: task print_labels is in a module that no worker imports",
        ),
    ),
    shown(
        SHOP,
        "6.2",
        "future later only",
        {
            PAGE: (
                "| What | Why later |\n"
                "|---|---|\n"
                "| Returns | wait for the contract with the carriers |",
                "- Returns: later",
            )
        },
        (PAGE, "- Returns: l", "feature-page-final: 'Returns: later' does not say why it waits"),
    ),
]
BROKEN += [
    shown(
        SHOP,
        "2.1",
        "a script in a folder of the team's",
        {PAGE: (f"[ops/ship_old_orders.py]({BLOB}ops/ship_old_orders.py) and ", "")},
        (
            PAGE,
            "## What's being",
            "deltas-enumerated: ops/ship_old_orders.py is a script that the branch adds, and"
            " What's being implemented does not name it",
        ),
    ),
    shown(
        SHOP,
        "2.2",
        "a link that says another file",
        {PAGE: (f"({BLOB}src/shop/api/shipments/queries.py)", f"({BLOB}src/shop/api/schema.py)")},
        (
            PAGE,
            "[src/shop/api/shipments/queries.py",
            "deltas-enumerated: the link says src/shop/api/shipments/queries.py, and leads to"
            " src/shop/api/schema.py",
        ),
    ),
    shown(
        SHOP,
        "1.8",
        "another schedule in the other section",
        {PAGE: ("every 15 minutes", "hourly")},
        (
            PAGE,
            "## Background",
            "worker-tasks-documented: task track_shipments at"
            " src/shop/api/shipments/tasks/track.py:7 runs at `*/15 * * * *`, and the page says"
            " hourly",
        ),
    ),
    shown(
        SHOP,
        "5.4",
        "a script of the team's without its test",
        {"tests/ops/test_ship_old_orders.py": None},
        (
            "ops/ship_old_orders.py",
            "def ship",
            "tests-with-code: the branch adds ship_old_orders, and no test imports"
            " ops/ship_old_orders.py",
        ),
    ),
    shown(
        SHOP,
        "7.5",
        "a script of the team's that the changelog lacks",
        {LOG: ("4. `ops/ship_old_orders.py`\n", "")},
        (
            "ops/ship_old_orders.py",
            "",
            f"changelog-migrations-order: the branch adds ops/ship_old_orders.py, which {LOG}"
            " does not name under Migrations",
        ),
    ),
]
HONEST = [
    shown(SHOP, "", "as it is", {}),
    shown(
        SHOP,
        "3.1",
        "model catches up with an index of before",
        {
            ORDER: ("String(20), comment", "String(20), index=True, comment"),
            ORDERS: (
                '    op.create_table(\n        "tags"',
                '    op.create_index("ix_orders_number", "orders", ["number"])\n'
                "    op.create_table(\n"
                '        "tags"',
            ),
        },
        earlier={
            ORDERS: [
                (
                    '    op.create_table(\n        "tags"',
                    '    op.create_index("ix_orders_number", "orders", ["number"])\n'
                    "    op.create_table(\n"
                    '        "tags"',
                ),
                (
                    '    op.drop_table("orders")',
                    '    op.drop_index("ix_orders_number")\n    op.drop_table("orders")',
                ),
            ]
        },
    ),
    shown(
        SHOP,
        "3.1",
        "enum not native",
        {
            SHIPMENT: (
                'Enum(ShipmentState, name="shipment_state")',
                'Enum(ShipmentState, name="shipment_state", native_enum=False, length=10)',
            ),
            SHIPMENTS: ('"state", STATE', '"state", sa.String(10)'),
        },
    ),
    shown(
        SHOP,
        "3.1",
        "fk action by op",
        {
            SHIPMENTS: [
                (
                    '        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], '
                    'ondelete="CASCADE"),\n',
                    "",
                ),
                (
                    "\n\n\ndef downgrade",
                    "\n"
                    '    op.create_foreign_key("fk_tag", "shipment_tags", "shipments", '
                    '["shipment_id"], ["id"], ondelete="cascade")\n'
                    "\n"
                    "\n"
                    "def downgrade",
                ),
            ]
        },
    ),
    shown(
        SHOP,
        "3.1",
        "fk action in a constant",
        {
            SHIPMENTS: [
                ('["shipments.id"], ondelete="CASCADE"', '["shipments.id"], ondelete=GOES'),
                ("STATE = ", 'GOES = "CASCADE"\nSTATE = '),
            ]
        },
    ),
    shown(
        SHOP,
        "3.1",
        "no action",
        {SHIPMENT: ('ForeignKey("tags.id")', 'ForeignKey("tags.id", ondelete="NO ACTION")')},
    ),
    shown(
        SHOP,
        "3.1",
        "more actions in the database",
        {SHIPMENTS: ('["tag_id"], ["tags.id"]', '["tag_id"], ["tags.id"], ondelete="RESTRICT"')},
    ),
]


@all_of(BROKEN + HONEST)
def test_shop(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

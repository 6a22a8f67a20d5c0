"""3.1: every schema change of the models ships with a migration that brings it."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.pages import BLOB
from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of

ID = "model-needs-migration"
FOLDER = "app/graphql/vendor_credits/models"
CREDIT = f"{FOLDER}/vendor_credit.py"
APPROVAL = f"{FOLDER}/credit_approval.py"
ADDS = "alembic/versions/20260524_add_vendor_credits.py"
APPROVALS = "alembic/versions/20260701_add_credit_approvals.py"
APPROVED_ON = "alembic/versions/20260702_add_approved_on.py"
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
GROWN_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"
CREDIT_TABLE = '    __tablename__ = "vendor_credits"\n'
AMOUNT = '    amount: Mapped[int] = mapped_column(comment="Open credit in cents")\n'
AMOUNT_IN_DATABASE = (
    '        sa.Column("amount", sa.Integer(), nullable=False, comment="Open credit in cents"),\n'
)
NOTE = '    note: Mapped[str | None] = mapped_column(comment="Reason in words")\n'
NOTE_IN_DATABASE = '        sa.Column("note", sa.String(), comment="Reason in words"),\n'
NOTE_ON_PAGE = ("with `amount`", "with `amount`, `note`")
STAMPED = '''\
"""What every table may have."""

import datetime

from sqlalchemy.orm import Mapped, mapped_column


class Stamped:
    stamped_on: Mapped[datetime.date] = mapped_column(comment="Day on which it was written")
'''
MIXED = [
    (
        "from app.database import Base\n",
        "from app.database import Base\nfrom app.stamped import Stamped\n",
    ),
    ("class VendorCredit(Base):", "class VendorCredit(Stamped, Base):"),
]
STAMP_IN_DATABASE = (
    '        sa.Column("stamped_on", sa.Date(), nullable=False, '
    'comment="Day on which it was written"),\n'
)
STAMP_ON_PAGE = ("with `amount`", "with `amount`, `stamped_on`")
MISSING = "and no migration of the branch brings it"
DIFFERS = "differs from the branch's migrations"


def found(place: str, what: str, path: str = CREDIT) -> tuple[str, ...]:
    return (f"{path}:{place}: {ID}: {what}",)


BROKEN = [
    Case(
        "3.1",
        "a column that no migration adds",
        NEW,
        {CREDIT: (AMOUNT, AMOUNT + NOTE)},
        found("15:11", f"column vendor_credits.note is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "the migration leaves a column out of its table",
        NEW,
        {ADDS: (AMOUNT_IN_DATABASE, "")},
        found("14:13", f"column vendor_credits.amount is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "another type",
        NEW,
        {ADDS: ('"amount", sa.Integer()', '"amount", sa.Date()')},
        found("14:13", f"type of column vendor_credits.amount {DIFFERS}"),
    ),
    Case(
        "3.1",
        "another length",
        GROWN,
        {APPROVALS: ("sa.String(40)", "sa.String()")},
        found("14:15", f"type of column credit_approvals.approver {DIFFERS}", APPROVAL),
    ),
    Case(
        "3.1",
        "NULL where the model has none",
        NEW,
        {ADDS: ('"amount", sa.Integer(), nullable=False', '"amount", sa.Integer()')},
        found("14:13", f"nullable of column vendor_credits.amount {DIFFERS}"),
    ),
    Case(
        "3.1",
        "no NULL where the model has one",
        GROWN,
        {APPROVALS: ("sa.String(200), nullable=True", "sa.String(200), nullable=False")},
        found("15:11", f"nullable of column credit_approvals.note {DIFFERS}", APPROVAL),
    ),
    Case(
        "3.1",
        "no foreign key",
        NEW,
        {ADDS: ('            sa.ForeignKey("vendors.id"),\n', "")},
        found("13:16", f"foreign key of column vendor_credits.vendor_id {DIFFERS}"),
    ),
    Case(
        "3.1",
        "a foreign key to another table",
        GROWN,
        {APPROVALS: ('["vendor_credits.id"]', '["vendors.id"]')},
        found("13:16", f"foreign key of column credit_approvals.credit_id {DIFFERS}", APPROVAL),
    ),
    Case(
        "3.1",
        "no primary key",
        NEW,
        {ADDS: ("sa.Integer(), primary_key=True", "sa.Integer(), nullable=False")},
        found("12:9", f"primary key of column vendor_credits.id {DIFFERS}"),
    ),
    Case(
        "3.1",
        "an index that the model's column has",
        NEW,
        {CREDIT: ('mapped_column(comment="Open', 'mapped_column(index=True, comment="Open')},
        found("14:13", f"index of column vendor_credits.amount {DIFFERS}"),
    ),
    Case(
        "3.1",
        "an index of a column that is new on an old table",
        GROWN,
        {
            APPROVED_ON: [
                (
                    '        batch_op.create_index("ix_vendor_credits_approved_on",'
                    ' ["approved_on"])\n',
                    "",
                ),
                ('        batch_op.drop_index("ix_vendor_credits_approved_on")\n', ""),
            ]
        },
        found("17:18", f"index of column vendor_credits.approved_on {DIFFERS}"),
    ),
    Case(
        "3.1",
        "a unique column",
        GROWN,
        {APPROVAL: ('String(40), comment="Login', 'String(40), unique=True, comment="Login')},
        found("14:15", f"unique of column credit_approvals.approver {DIFFERS}", APPROVAL),
    ),
    Case(
        "3.1",
        "an index of the table",
        GROWN,
        {
            CREDIT: [
                ("import ForeignKey\n", "import ForeignKey, Index\n"),
                (
                    CREDIT_TABLE,
                    f'{CREDIT_TABLE}    __table_args__ = (Index("ix_open", "vendor_id",'
                    ' "amount"),)\n',
                ),
            ]
        },
        found("13:23", f"index ix_open of vendor_credits is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "a unique constraint",
        NEW,
        {
            CREDIT: [
                ("import ForeignKey\n", "import ForeignKey, UniqueConstraint\n"),
                (
                    CREDIT_TABLE,
                    f'{CREDIT_TABLE}    __table_args__ = (UniqueConstraint("vendor_id",'
                    ' "amount"),)\n',
                ),
            ]
        },
        found(
            "11:23",
            "constraint UniqueConstraint('vendor_id', 'amount') of vendor_credits is new, "
            + MISSING,
        ),
    ),
    Case(
        "3.1",
        "a check",
        NEW,
        {
            CREDIT: [
                ("import ForeignKey\n", "import CheckConstraint, ForeignKey\n"),
                (
                    CREDIT_TABLE,
                    f"{CREDIT_TABLE}    __table_args__ = "
                    '(CheckConstraint("amount > 0", name="positive"),)\n',
                ),
            ]
        },
        found("11:23", f"constraint positive of vendor_credits is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "a server default",
        NEW,
        {CREDIT: ('(comment="Open', '(server_default="0", comment="Open')},
        found("14:13", f"server default of column vendor_credits.amount {DIFFERS}"),
    ),
    Case(
        "3.1",
        "a column of a mixin in another file",
        NEW,
        {CREDIT: MIXED},
        found("9:17", f"column vendor_credits.stamped_on is new, {MISSING}", "app/stamped.py"),
        earlier={"app/stamped.py": STAMPED},
    ),
    Case(
        "3.1",
        "a mixin on a table that is there",
        GROWN,
        {CREDIT: MIXED},
        found("9:17", f"column vendor_credits.stamped_on is new, {MISSING}", "app/stamped.py"),
        earlier={"app/stamped.py": STAMPED},
    ),
    Case(
        "3.1",
        "the declarative base of another file",
        NEW,
        {
            "app/database.py": [
                ("import DeclarativeBase\n", "import DeclarativeBase, Mapped, mapped_column\n"),
                (
                    "    pass\n",
                    '    tenant: Mapped[int] = mapped_column(comment="Whose row it is")\n',
                ),
            ]
        },
        (
            f"app/database.py:7:13: {ID}: column Base.tenant is new, {MISSING}"
            " to vendor_credits and vendors",
        ),
    ),
    Case(
        "3.1",
        "mapped_column under another name",
        NEW,
        {
            CREDIT: [
                ("import ForeignKey\n", "import ForeignKey, String\n"),
                (
                    "Mapped, mapped_column\n",
                    "Mapped, mapped_column\nfrom sqlalchemy.orm import mapped_column as _Column\n",
                ),
                (AMOUNT, AMOUNT + '    note = _Column(String(40), comment="Reason in words")\n'),
            ]
        },
        found("16:12", f"column vendor_credits.note is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "Column by an assignment",
        GROWN,
        {
            CREDIT: [
                ("import ForeignKey\n", "import Column, ForeignKey, String\n"),
                ("import Base\n", "import Base\n\nfield = Column\n"),
                (AMOUNT, AMOUNT + '    note = field(String(40), comment="Reason in words")\n'),
            ]
        },
        found("19:12", f"column vendor_credits.note is new, {MISSING}"),
    ),
    Case(
        "3.1",
        "the comment of a column that is there",
        GROWN,
        {CREDIT: ("Open credit in cents", "Open credit in euros")},
        found("16:13", f"comment of column vendor_credits.amount changed, {MISSING}"),
    ),
    Case(
        "3.1",
        "the type of a column that is there",
        GROWN,
        {CREDIT: ("amount: Mapped[int]", "amount: Mapped[str]")},
        found("16:13", f"type of column vendor_credits.amount changed, {MISSING}"),
    ),
    Case(
        "3.1",
        "the nullability of a column that is there",
        GROWN,
        {CREDIT: ("amount: Mapped[int]", "amount: Mapped[int | None]")},
        found("16:13", f"nullable of column vendor_credits.amount changed, {MISSING}"),
    ),
    Case(
        "3.1",
        "a table beside the one that the migration creates",
        GROWN,
        {
            APPROVAL: (
                'comment="Reason given by the approver")\n',
                'comment="Reason given by the approver")\n\n\n'
                'class CreditLog(Base):\n    __tablename__ = "credit_logs"\n\n'
                '    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")\n',
            )
        },
        (
            "app/graphql/vendor_credits:1:1: resource-full-chain: resource vendor_credits has no"
            " migration that creates the table credit_logs",
        ),
    ),
    Case(
        "3.1",
        "the column on another table",
        GROWN,
        {
            APPROVED_ON: [
                ('batch_alter_table("vendor_credits")', 'batch_alter_table("vendors")'),
                ("ix_vendor_credits_approved_on", "ix_vendors_approved_on"),
                ("add approved_on to vendor_credits", "add approved_on to vendors"),
            ]
        },
        found("17:18", f"column vendor_credits.approved_on is new, {MISSING}"),
    ),
]
MORE = '    op.create_index("ix_vendors_title", "vendors", ["title"])\n'
FIRST = "alembic/versions/20260410_add_vendors.py"
VENDOR = "app/graphql/vendors/models/vendor.py"
TITLE_INDEXED: dict[str, Edit] = {
    VENDOR: ('(comment="Name on', '(index=True, comment="Name on'),
    GROWN_PAGE: ("- Task: ", f"- Vendors: [vendor.py]({BLOB}{VENDOR})\n- Task: "),
}
BROKEN.append(
    Case(
        "3.1",
        "an index that an earlier migration made and dropped",
        GROWN,
        TITLE_INDEXED,
        found("12:12", f"index of column vendors.title changed, {MISSING}", VENDOR),
        earlier={
            FIRST: (
                "\n\ndef downgrade",
                f'{MORE}    op.drop_index("ix_vendors_title")\n\n\ndef downgrade',
            )
        },
    )
)
HONEST = [
    Case(
        "3.1",
        "an index that an earlier migration made",
        GROWN,
        TITLE_INDEXED,
        earlier={FIRST: ("\n\ndef downgrade", f"{MORE}\n\ndef downgrade")},
    ),
    Case(
        "3.1",
        "a script that declares a table of before",
        GROWN,
        {
            "scripts/approve_old_credits.py": (
                "import Connection, text\n",
                "import Column, Connection, Integer, MetaData, String, Table, text\n\nVENDORS ="
                ' Table("vendors", MetaData(), Column("id", Integer, primary_key=True,'
                ' comment="Surrogate key"), Column("title", String, nullable=False,'
                ' comment="Name on the invoices"))\n',
            )
        },
    ),
    Case(
        "3.1",
        "more in the database than in the model",
        NEW,
        {ADDS: (AMOUNT_IN_DATABASE, AMOUNT_IN_DATABASE + NOTE_IN_DATABASE), PAGE: NOTE_ON_PAGE},
    ),
    Case(
        "3.1",
        "types in other words",
        NEW,
        {
            ADDS: ('"amount", sa.Integer(), nullable=False', '"amount", sa.BIGINT, nullable=False'),
        },
    ),
    Case(
        "3.1",
        "the key as a constraint",
        NEW,
        {
            ADDS: [
                ("sa.Integer(), primary_key=True, comment", "sa.Integer(), comment"),
                (
                    AMOUNT_IN_DATABASE,
                    f'{AMOUNT_IN_DATABASE}        sa.PrimaryKeyConstraint("id"),\n',
                ),
            ]
        },
    ),
    Case(
        "3.1",
        "the foreign key by itself",
        NEW,
        {
            ADDS: [
                ('            sa.ForeignKey("vendors.id"),\n', ""),
                (
                    "\n\ndef downgrade() -> None:\n",
                    '    op.create_foreign_key("fk_vendor", "vendor_credits", "vendors",'
                    ' ["vendor_id"], ["id"])\n'
                    '\n\ndef downgrade() -> None:\n    op.drop_constraint("fk_vendor",'
                    ' "vendor_credits")\n',
                ),
            ]
        },
    ),
    Case(
        "3.1",
        "an index under a name of its own",
        GROWN,
        {
            APPROVED_ON: ("ix_vendor_credits_approved_on", "credits_by_approval"),
            GROWN_PAGE: ("ix_vendor_credits_approved_on", "credits_by_approval"),
        },
    ),
    Case(
        "3.1",
        "a unique column by a unique index",
        GROWN,
        {
            APPROVAL: ('String(40), comment="Login', 'String(40), unique=True, comment="Login'),
            APPROVALS: [
                (
                    "\n\ndef downgrade() -> None:\n",
                    '    op.create_index("uq_approver", "credit_approvals", ["approver"],'
                    " unique=True)\n"
                    '\n\ndef downgrade() -> None:\n    op.drop_index("uq_approver",'
                    ' "credit_approvals")\n',
                )
            ],
            GROWN_PAGE: ("`approver`, `note`", "`approver` (index `uq_approver`), `note`"),
        },
    ),
    Case(
        "3.1",
        "a column that only the model loses",
        GROWN,
        {CREDIT: (AMOUNT, "")},
    ),
    Case(
        "3.1",
        "columns in a loop",
        NEW,
        {
            ADDS: [
                (
                    AMOUNT_IN_DATABASE,
                    "        *[\n            sa.Column(name, sa.Integer(), nullable=False,"
                    " comment=text)\n            for name, text in COLUMNS\n        ],\n",
                ),
                (
                    "\n\ndef upgrade",
                    '\nCOLUMNS = [("amount", "Open credit in cents")]\n\n\ndef upgrade',
                ),
            ]
        },
    ),
    Case(
        "3.1",
        "what is no schema",
        GROWN,
        {
            CREDIT: [
                ("import Mapped, mapped_column\n", "import Mapped, mapped_column, relationship\n"),
                (
                    AMOUNT,
                    '    amount: Mapped[int] = mapped_column(default=0, comment="Open credit'
                    ' in cents")\n'
                    '    approvals: Mapped[list["CreditApproval"]] = relationship()\n',
                ),
            ]
        },
    ),
    Case(
        "3.1",
        "a mixin of another file",
        NEW,
        {
            CREDIT: MIXED,
            ADDS: (AMOUNT_IN_DATABASE, AMOUNT_IN_DATABASE + STAMP_IN_DATABASE),
            PAGE: STAMP_ON_PAGE,
        },
        earlier={"app/stamped.py": STAMPED},
    ),
    Case(
        "3.1",
        "a default that only fills what is there",
        NEW,
        {
            ADDS: (
                '"amount", sa.Integer(), nullable=False',
                '"amount", sa.Integer(), server_default="0", nullable=False',
            )
        },
    ),
    Case(
        "3.1",
        "the column in two steps",
        NEW,
        {
            ADDS: [
                ('"amount", sa.Integer(), nullable=False', '"amount", sa.Integer(), nullable=True'),
                (
                    "\n\ndef downgrade() -> None:\n",
                    '    op.alter_column("vendor_credits", "amount", nullable=False)\n\n\ndef'
                    " downgrade() -> None:\n",
                ),
            ]
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_models(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

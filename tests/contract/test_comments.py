"""3.10: every new column says what it holds, in the migration and in its model."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of

ID = "column-comment-required"
FOLDER = "app/graphql/vendor_credits/models"
CREDIT = f"{FOLDER}/vendor_credit.py"
APPROVAL = f"{FOLDER}/credit_approval.py"
ADDS = "alembic/versions/20260524_add_vendor_credits.py"
APPROVALS = "alembic/versions/20260701_add_credit_approvals.py"
APPROVED_ON = "alembic/versions/20260702_add_approved_on.py"
CENTS = "Open credit in cents"
COMMENT = f', comment="{CENTS}"'


def amount(what: str) -> tuple[str, ...]:
    return (f"{ADDS}:30:9: {ID}: {what}",)


def says_nothing(comment: str, what: str) -> Case:
    """A comment that says nothing, in the migration and in the model."""
    edits: dict[str, Edit] = dict.fromkeys((ADDS, CREDIT), (CENTS, comment))
    return Case("3.10", f"the comment {comment!r}", NEW, edits, amount(what))


def says_something(comment: str) -> Case:
    edits: dict[str, Edit] = dict.fromkeys((ADDS, CREDIT), (CENTS, comment))
    return Case("3.10", f"the comment {comment!r}", NEW, edits)


NOTHING = "the comment of column vendor_credits.amount says nothing: "
REPEATS = "the comment of column vendor_credits.amount only repeats its "
STAMPED = """\
import datetime

from sqlalchemy.orm import Mapped, mapped_column


class Stamped:
    stamped_on: Mapped[datetime.date] = mapped_column({})
"""
MIXED: dict[str, Edit] = {
    CREDIT: [
        ("import Base\n", "import Base\nfrom app.stamped import Stamped\n"),
        ("VendorCredit(Base)", "VendorCredit(Stamped, Base)"),
    ],
    ADDS: (
        '        sa.Column("amount"',
        '        sa.Column("stamped_on", sa.Date(), nullable=False, comment="Day of writing"),\n'
        '        sa.Column("amount"',
    ),
    "docs/feature/2026-05-24-vendor-credits.md": ("with `amount`", "with `amount`, `stamped_on`"),
}
BROKEN = [
    Case(
        "3.10",
        "another comment in a mixin of another file",
        NEW,
        MIXED,
        (
            f"{ADDS}:30:9: {ID}: the comment of column vendor_credits.stamped_on is another in its"
            " model: 'Day of the entry'",
        ),
        earlier={"app/stamped.py": STAMPED.format('comment="Day of the entry"')},
    ),
    Case(
        "3.10",
        "no comment in the migration",
        NEW,
        {ADDS: (COMMENT, "")},
        amount("column vendor_credits.amount has no comment"),
    ),
    Case(
        "3.10",
        "no comment on either side",
        NEW,
        {ADDS: (COMMENT, ""), CREDIT: (f'comment="{CENTS}"', "")},
        amount("column vendor_credits.amount has no comment"),
    ),
    Case(
        "3.10",
        "an empty comment",
        NEW,
        {ADDS: (CENTS, " ")},
        amount("the comment of column vendor_credits.amount is empty"),
    ),
    says_nothing("TODO", f"{NOTHING}'TODO'"),
    says_nothing("FIXME: say what it is", f"{NOTHING}'FIXME: say what it is'"),
    says_nothing("...", f"{NOTHING}'...'"),
    says_nothing("tbd", f"{NOTHING}'tbd'"),
    says_nothing("column", f"{NOTHING}'column'"),
    says_nothing("Amount", f"{REPEATS}name"),
    says_nothing("the amount column", f"{REPEATS}name"),
    says_nothing("Value of the amount.", f"{REPEATS}name"),
    says_nothing("Integer", f"{REPEATS}type"),
    says_nothing("An integer value", f"{REPEATS}type"),
    says_nothing("vendor credits", f"{REPEATS}table"),
    says_nothing("The vendor credit", f"{REPEATS}table"),
    says_nothing("vendor_credits.amount", f"{REPEATS}name"),
    Case(
        "3.10",
        "the type of a column that is added",
        GROWN,
        dict.fromkeys((APPROVED_ON, CREDIT), ("Day of the approval", "date")),
        (
            f"{APPROVED_ON}:21:29: {ID}: the comment of column"
            " vendor_credits.approved_on only repeats its type",
        ),
    ),
    Case(
        "3.10",
        "a column that is added without one",
        GROWN,
        {APPROVED_ON: (', comment="Day of the approval"', "")},
        (f"{APPROVED_ON}:21:29: {ID}: column vendor_credits.approved_on has no comment",),
    ),
    Case(
        "3.10",
        "no comment in the model",
        NEW,
        {CREDIT: (f'mapped_column(comment="{CENTS}")', "mapped_column()")},
        amount("column vendor_credits.amount has no comment in its model"),
    ),
    Case(
        "3.10",
        "no comment in the model of a column that is added",
        GROWN,
        {CREDIT: ('index=True, comment="Day of the approval"', "index=True")},
        (
            f"{APPROVED_ON}:21:29: {ID}: column vendor_credits.approved_on has no"
            " comment in its model",
        ),
    ),
    Case(
        "3.10",
        "another comment in the model",
        NEW,
        {CREDIT: ("in cents", "in euros")},
        amount(
            "the comment of column vendor_credits.amount is another in its model:"
            " 'Open credit in euros'"
        ),
    ),
    Case(
        "3.10",
        "another comment in the model of a new table",
        GROWN,
        {APPROVAL: ("given by the approver", "for it")},
        (
            f"{APPROVALS}:25:9: {ID}: the comment of column credit_approvals.note is another"
            " in its model: 'Reason for it'",
        ),
    ),
]
HONEST = [
    Case(
        "3.10",
        "a mixin of before without a comment",
        NEW,
        MIXED,
        earlier={"app/stamped.py": STAMPED.format("")},
    ),
    says_something("Amount in cents"),
    says_something("Amount of the credit"),
    says_something("Todos that are left"),
    says_something("Integer cents"),
    says_something("Open"),
    says_something("金额"),
    says_something("Column of the ledger that it goes to"),
    Case(
        "3.10",
        "the same comment in pieces",
        NEW,
        {CREDIT: (f'"{CENTS}"', '"Open credit"\n        " in cents"')},
    ),
    Case(
        "3.10",
        "a comment in a constant",
        NEW,
        {
            CREDIT: [
                (f'"{CENTS}"', "CENTS"),
                ("import Base\n", f'import Base\n\nCENTS = "{CENTS}"\n'),
            ]
        },
    ),
    Case(
        "3.10",
        "a comment of another file",
        NEW,
        {
            CREDIT: [
                (f'"{CENTS}"', "CENTS"),
                ("import Base\n", "import Base\nfrom app.words import CENTS\n"),
            ]
        },
        earlier={"app/words.py": f'"""Words."""\n\nCENTS = "{CENTS}"\n'},
    ),
    Case(
        "3.10",
        "a column of the database alone",
        GROWN,
        {
            APPROVAL: (
                "    note: Mapped[str | None] = mapped_column(String(200),"
                ' comment="Reason given by the approver")\n',
                "",
            )
        },
    ),
    Case(
        "3.10",
        "options that may hold it",
        NEW,
        {
            CREDIT: [
                (f'comment="{CENTS}"', "**CENTS"),
                ("import Base\n", f'import Base\n\nCENTS = {{"comment": "{CENTS}"}}\n'),
            ]
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_comments(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

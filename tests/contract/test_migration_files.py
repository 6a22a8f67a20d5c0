"""3.4 to 3.7, 3.9, 3.11, 3.13: names, identifiers, docstrings and concerns of migrations."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of

FOLDER = "alembic/versions"
ADDS = "alembic/versions/20260524_add_vendor_credits.py"
APPROVALS = "alembic/versions/20260701_add_credit_approvals.py"
APPROVED_ON = "alembic/versions/20260702_add_approved_on.py"
TEXT = NEW.whole[ADDS]
RBAC = "app/graphql/rbac/models/models.py"


def renamed(name: str) -> dict[str, Edit]:
    return {ADDS: None, f"alembic/versions/{name}.py": TEXT}


def revision(name: str) -> dict[str, Edit]:
    """The last migration of GROWN under another revision, wherever it is named."""
    words = ("add_approved_on", name)
    page = "docs/feature/2026-07-01-approve-vendor-credits.md"
    return dict.fromkeys((APPROVED_ON, page, "docs/changelog/1.3.0.md"), words)


BROKEN: list[Case] = [
    Case(
        "3.4",
        "no date",
        NEW,
        renamed("add_vendor_credits"),
        (
            f"{FOLDER}/add_vendor_credits.py:1:1: alembic-filename: filename"
            " 'add_vendor_credits.py' is not YYYYMMDD_<snake_case>.py",
        ),
    ),
    Case(
        "3.4",
        "a date that does not exist",
        NEW,
        renamed("20260231_add_vendor_credits"),
        (
            f"{FOLDER}/20260231_add_vendor_credits.py:1:1: alembic-filename: filename"
            " '20260231_add_vendor_credits.py' starts with 20260231, a date that does not exist",
        ),
    ),
    Case(
        "3.4",
        "dashes in the date",
        NEW,
        renamed("2026_05_24_add_vendor_credits"),
        (
            f"{FOLDER}/2026_05_24_add_vendor_credits.py:1:1: alembic-filename:"
            " filename '2026_05_24_add_vendor_credits.py' is not YYYYMMDD_<snake_case>.py",
        ),
    ),
    Case(
        "3.4",
        "capitals",
        NEW,
        renamed("20260524_AddVendorCredits"),
        (
            f"{FOLDER}/20260524_AddVendorCredits.py:1:1: alembic-filename: filename"
            " '20260524_AddVendorCredits.py' is not YYYYMMDD_<snake_case>.py",
        ),
    ),
    Case(
        "3.5",
        "a hash",
        GROWN,
        revision("3f2a91bc04de"),
        (
            f"{APPROVED_ON}:13:17: alembic-revision-slug: revision '3f2a91bc04de' is a"
            " hash, not a slug",
        ),
    ),
    Case(
        "3.5",
        "capitals",
        GROWN,
        revision("AddApprovedOn"),
        (
            f"{APPROVED_ON}:13:17: alembic-revision-slug: revision 'AddApprovedOn' is"
            " not snake_case starting with a letter",
        ),
    ),
    Case(
        "3.5",
        "longer than the version column",
        GROWN,
        revision("add_approved_on_to_the_vendor_credits"),
        (
            f"{APPROVED_ON}:13:17: alembic-revision-slug: revision"
            " 'add_approved_on_to_the_vendor_credits' has 37 characters, at most 32 fit:"
            " PostgreSQL's alembic_version.version_num is VARCHAR(32)",
        ),
    ),
    Case(
        "3.7",
        "no docstring",
        NEW,
        {ADDS: TEXT.partition('"""\n\n')[2]},
        (f"{ADDS}:1:1: alembic-header-sync: the migration has no docstring",),
    ),
    Case(
        "3.7",
        "no Create Date",
        NEW,
        {ADDS: ("Create Date: 2026-05-24 00:00:00.000000\n", "")},
        (f"{ADDS}:1:1: alembic-header-sync: the docstring has no Create Date",),
    ),
    Case(
        "3.7",
        "another date than the filename's",
        NEW,
        {ADDS: ("Date: 2026-05-24", "Date: 2026-05-23")},
        (
            f"{ADDS}:5:14: alembic-header-sync: Create Date is 2026-05-23, the"
            " filename's date is 2026-05-24",
        ),
    ),
    Case(
        "3.7",
        "another parent than the variable's",
        NEW,
        {ADDS: ("Revises: add_vendors", "Revises: add_tenants")},
        (
            f"{ADDS}:4:10: alembic-header-sync: Revises says 'add_tenants',"
            " down_revision is 'add_vendors'",
        ),
    ),
    Case(
        "3.7",
        "another revision than the variable's",
        NEW,
        {ADDS: ("ID: add_vendor_credits", "ID: add_credits")},
        (
            f"{ADDS}:3:14: alembic-header-sync: Revision ID says 'add_credits',"
            " revision is 'add_vendor_credits'",
        ),
    ),
    Case(
        "3.7",
        "no annotation",
        NEW,
        {ADDS: ("revision: str =", "revision =")},
        (f"{ADDS}:13:1: alembic-header-sync: revision is not annotated",),
    ),
    Case(
        "3.7",
        "no title",
        NEW,
        {ADDS: ('"""add vendor_credits\n\n', '"""\n')},
        (f"{ADDS}:1:1: alembic-header-sync: the docstring has no title",),
    ),
    Case(
        "3.9",
        "two tables that have nothing to do with each other",
        GROWN,
        {
            APPROVED_ON: (
                "\n\ndef downgrade() -> None:\n",
                '    op.add_column("vendors", sa.Column("iban", sa.String(34),'
                ' comment="Account to pay to"))\n'
                '\n\ndef downgrade() -> None:\n    op.drop_column("vendors", "iban")\n',
            ),
            "docs/feature/2026-07-01-approve-vendor-credits.md": (
                "needs | `add_approved_on` |\n",
                "needs | `add_approved_on` |\n| `vendors` | `iban` | `add_approved_on` |\n",
            ),
        },
        (
            f"{APPROVED_ON}:23:5: migration-one-concern: upgrade changes 2 groups of"
            " tables: vendor_credits; vendors",
        ),
    ),
    Case(
        "3.11",
        "an index on a foreign key",
        GROWN,
        {
            APPROVALS: (
                "\n\ndef downgrade() -> None:\n",
                '    op.create_index("ix_credit", "credit_approvals", ["credit_id"])\n'
                '\n\ndef downgrade() -> None:\n    op.drop_index("ix_credit",'
                ' "credit_approvals")\n',
            )
        },
        (
            f"{APPROVALS}:29:5: no-speculative-fk-index: index ix_credit on"
            " credit_approvals.credit_id serves the foreign key alone: no page plans its query",
        ),
    ),
    Case(
        "3.13",
        "a path without its resource",
        NEW,
        {RBAC: [('    VENDOR_CREDITS = "vendor-credits"\n\n\nclass', "\n\nclass")]},
        (
            f"{RBAC}:6:1: rbac-enums-in-sync: Path lacks VENDOR_CREDITS, which Resource has at"
            f" {RBAC}:12",
        ),
    ),
]
HONEST: list[Case] = [
    Case("3.4", "a longer description", NEW, renamed("20260524_add_vendor_credits_for_refunds")),
    Case("3.5", "32 characters", GROWN, revision("add_approved_on_to_vendorcredits")),
    Case("3.5", "a number in it", GROWN, revision("add_approved_on_v2")),
    Case(
        "3.7", "the time of day", NEW, {ADDS: ("2026-05-24 00:00:00.000000", "2026-05-24 13:45:10")}
    ),
    Case("3.7", "the date alone", NEW, {ADDS: ("2026-05-24 00:00:00.000000", "2026-05-24")}),
    Case(
        "3.7", "more words", NEW, {ADDS: ("\n\nRevision ID", "\n\nVendors owe us.\n\nRevision ID")}
    ),
    Case(
        "3.7",
        "Union",
        NEW,
        {
            ADDS: [
                ("import sqlalchemy", "from typing import Union\n\nimport sqlalchemy"),
                ("revision: str | None", "revision: Union[str, None]"),
            ]
        },
    ),
    Case(
        "3.9",
        "a column and its index",
        GROWN,
        {APPROVED_ON: ('nullable=True, comment="Day', 'comment="Day')},
    ),
]


@all_of(BROKEN + HONEST)
def test_migration_files(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

"""3.6: one head, on the tree that the merge would give."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of

ID = "alembic-single-head"
VENDORS = "alembic/versions/20260410_add_vendors.py"
ADDS = "alembic/versions/20260524_add_vendor_credits.py"
APPROVALS = "alembic/versions/20260701_add_credit_approvals.py"
APPROVED_ON = "alembic/versions/20260702_add_approved_on.py"
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
TENANTS = "alembic/versions/20260520_add_tenants.py"


def migration(revision: str, parent: str | None, more: str = "", labels: str = "None") -> str:
    """A migration of somebody else, which creates or drops nothing that ours knows."""
    down = repr(parent).replace("'", '"')
    return f'''\
"""{revision.replace("_", " ")}

Revision ID: {revision}
Revises: {parent or ""}
Create Date: 2026-05-20 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: str | None = {down}
branch_labels: str | Sequence[str] | None = {labels}
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "{revision[4:]}", sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key")
    )
{more}

def downgrade() -> None:
    op.drop_table("{revision[4:]}")
'''.replace("Revises: \n", "Revises:\n")


def known(*names: str) -> dict[str, Edit]:
    """What the pages say of migrations that main has besides."""
    lines = "".join(f"- `{name}`\n" for name in names)
    return {
        "docs/changelog/1.2.0.md": ("- `add_vendor_credits`\n", f"{lines}- `add_vendor_credits`\n"),
        PAGE: ("- `add_vendor_credits` creates", f"{lines}- `add_vendor_credits` creates"),
    }


MERGE = '''\
"""merge tenants and teams

Revision ID: merge_tenants
Revises: add_teams, add_tenants
Create Date: 2026-05-21 00:00:00.000000
"""

from collections.abc import Sequence

revision: str = "merge_tenants"
down_revision: str | Sequence[str] | None = ("add_teams", "add_tenants")
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''
ONE = f"'add_tenants' ({TENANTS})"
OURS = f"'add_vendor_credits' ({ADDS})"
ON_TENANTS: dict[str, Edit] = {
    ADDS: [
        ("Revises: add_vendors", "Revises: add_tenants"),
        ('= "add_vendors"', '= "add_tenants"'),
    ]
}
BROKEN = [
    Case(
        "3.6",
        "a sibling landed on main",
        NEW,
        {},
        (
            f"{ADDS}:14:29: {ID}: 2 heads after the merge: {ONE} and {OURS}, both"
            " after 'add_vendors'",
        ),
        landed={TENANTS: migration("add_tenants", "add_vendors")},
    ),
    Case(
        "3.6",
        "a sibling of the first of two landed on main",
        GROWN,
        {},
        (
            f"{APPROVED_ON}:14:29: {ID}: 2 heads after the merge: {ONE} and "
            f"'add_approved_on' ({APPROVED_ON}), both after 'add_vendor_credits'",
        ),
        landed={TENANTS: migration("add_tenants", "add_vendor_credits")},
    ),
    Case(
        "3.6",
        "a chain landed on main",
        NEW,
        {},
        (
            f"{ADDS}:14:29: {ID}: 2 heads after the merge: 'add_teams'"
            f" (alembic/versions/20260521_add_teams.py) and {OURS}, both after 'add_vendors'",
        ),
        landed={
            TENANTS: migration("add_tenants", "add_vendors"),
            "alembic/versions/20260521_add_teams.py": migration("add_teams", "add_tenants"),
        },
    ),
    Case(
        "3.6",
        "another with its revision landed on main",
        NEW,
        {},
        (
            f"{ADDS}:13:17: {ID}: revision 'add_vendor_credits' is also that of"
            " alembic/versions/20260520_add_vendor_credits.py",
        ),
        landed={
            "alembic/versions/20260520_add_vendor_credits.py": migration(
                "add_vendor_credits", "add_vendors"
            )
        },
    ),
    Case(
        "3.6",
        "its parent was taken off main",
        NEW,
        {**ON_TENANTS, **known("add_tenants")},
        (f"{ADDS}:14:29: {ID}: 'add_tenants' is no revision of this project",),
        earlier={TENANTS: migration("add_tenants", "add_vendors")},
        landed={TENANTS: None},
    ),
    Case(
        "3.6",
        "two heads of its own",
        GROWN,
        {
            APPROVED_ON: [
                ("Revises: add_credit_approvals", "Revises: add_vendor_credits"),
                ('= "add_credit_approvals"', '= "add_vendor_credits"'),
            ]
        },
        (
            f"{APPROVED_ON}:13:17: {ID}: 2 heads: 'add_credit_approvals' ({APPROVALS}) and"
            f" 'add_approved_on' ({APPROVED_ON}), both after 'add_vendor_credits'",
        ),
    ),
    Case(
        "3.6",
        "no parent",
        NEW,
        {
            ADDS: [
                ("Revises: add_vendors", "Revises:"),
                ('down_revision: str | None = "add_vendors"', "down_revision: str | None = None"),
            ]
        },
        (f"{ADDS}:14:29: {ID}: 2 heads: 'add_vendors' ({VENDORS}) and {OURS}",),
    ),
    Case(
        "3.6",
        "a parent that does not exist",
        GROWN,
        {
            APPROVALS: [
                ("Revises: add_vendor_credits", "Revises: add_credits"),
                (
                    'down_revision: str | None = "add_vendor_credits"',
                    'down_revision: str | None = "add_credits"',
                ),
            ]
        },
        (f"{APPROVALS}:14:29: {ID}: 'add_credits' is no revision of this project",),
    ),
    Case(
        "3.6",
        "parents that run in a circle",
        GROWN,
        {
            APPROVALS: [
                ("Revises: add_vendor_credits", "Revises: add_approved_on"),
                (
                    'down_revision: str | None = "add_vendor_credits"',
                    'down_revision: str | None = "add_approved_on"',
                ),
            ]
        },
        (
            f"{APPROVALS}:14:29: {ID}: the parents run in a circle: 'add_credit_approvals' ->"
            " 'add_approved_on' -> 'add_credit_approvals'",
        ),
    ),
]
HONEST = [
    Case("3.6", "code landed on main", NEW, {}, landed={"app/billing.py": '"""Bills."""\n'}),
    Case(
        "3.6",
        "main moved on before the branch left it",
        NEW,
        {**ON_TENANTS, **known("add_tenants")},
        earlier={TENANTS: migration("add_tenants", "add_vendors")},
    ),
    Case(
        "3.6",
        "put after what landed, and not yet rebased",
        NEW,
        ON_TENANTS,
        landed={TENANTS: migration("add_tenants", "add_vendors")},
    ),
    Case(
        "3.6",
        "a part of the branch landed already",
        GROWN,
        {},
        landed={APPROVALS: GROWN.whole[APPROVALS]},
    ),
    Case("3.6", "all of the branch landed already", NEW, {}, landed={ADDS: NEW.whole[ADDS]}),
    Case(
        "3.6",
        "what landed is a branch of its own",
        NEW,
        {},
        landed={TENANTS: migration("add_tenants", None, labels='("tenants",)')},
    ),
    Case(
        "3.6",
        "two heads of main were merged since",
        NEW,
        {
            ADDS: [
                ("Revises: add_vendors", "Revises: merge_tenants"),
                (
                    'down_revision: str | None = "add_vendors"',
                    'down_revision: str | None = "merge_tenants"',
                ),
            ],
            **known("add_tenants", "add_teams"),
        },
        earlier={
            TENANTS: migration("add_tenants", "add_vendors"),
            "alembic/versions/20260521_add_teams.py": migration("add_teams", "add_vendors"),
        },
        landed={"alembic/versions/20260521_merge_tenants.py": MERGE},
    ),
]


@all_of(BROKEN + HONEST)
def test_heads(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

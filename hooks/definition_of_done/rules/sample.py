"""The sample backend's own files, with parts replaced, for examples of several families."""

from __future__ import annotations

MIGRATION = "alembic/versions/20260601_add_credit_limit.py"
PLAN = "docs/feature/2026-06-01-credit-limit.md"
CHANGELOG = "docs/changelog/1.2.0.md"
NEXT = "1.3.0"
_BASE_MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
SHIPPED = "docs/feature/2026-05-24-vendor-credits.md"
_OWES = "Vendor who owes the credit"
_FOLDER = "app/graphql/vendor_credits"


def link(path: str) -> str:
    """A link to a file of the sample's resource, as its pages have it."""
    return f"[{_FOLDER}/{path}](https://example.com/sample/blob/main/{_FOLDER}/{path})"


_DELTAS = f"""\
- Model: {link("models/vendor_credit.py")}
- Repository: {link("repositories/vendor_credit_repository.py")}
- Service: {link("services/vendor_credit_service.py")} with `list_vendor_credits`,
  `create_vendor_credit`, `update_vendor_credit` and `delete_vendor_credit`
- Types and inputs: {link("types.py")}, {link("inputs.py")}
- Resolvers: {link("queries.py")}, {link("mutations.py")}
- Task: {link("tasks/expire_credits.py")}, `expire_credits` at `0 3 * * *`
- After the deploy: `scripts/backfill_new_path_permissions.py`
"""
_SHIPPED_PAGE = f"""\
# Vendor credits

Date: 2026-05-24

## Problem / motivation

Vendors send credit notes, and accounting keeps them in a spreadsheet that nobody else sees.

## In scope

- Record, change and delete the credits of a vendor

## Out of scope

- Applying a credit to a bill

## Data model changes

- `add_vendor_credits` creates the table `vendor_credits` with `amount` and the foreign key
  `vendor_id` to `vendors`.

## GraphQL surface

- Query: `vendorCredits`
- Mutations: `createVendorCredit`, `updateVendorCredit`, `deleteVendorCredit`
- Type: `VendorCreditType`
- Input: `VendorCreditInput`

## RBAC

- `Path.VENDOR_CREDITS` and `Resource.VENDOR_CREDITS`, in the menu under Accounting
- Backfill: `scripts/backfill_new_path_permissions.py`

## Background tasks / cron

- `expire_credits` in `{_FOLDER}/tasks/expire_credits.py`, every night at `0 3 * * *`

## Frontend contract

The vendor page lists the open credits.

## Open questions

None

## What's being implemented

{_DELTAS}
## What shipped

{_DELTAS}
## Future additions

- Applying a credit to a bill: waits for the payment run
"""
_PLAN_PAGE = """\
# Credit limit

Date: 2026-06-01

## Problem / motivation

A vendor may owe any amount, and accounting learns of it at the end of the month.

## In scope

- Record the highest open credit of a vendor

## Out of scope

- Refusing a credit above it

## Data model changes

- `add_credit_limit` adds the column `credit_limit` to `vendor_credits`.

## GraphQL surface

None

## RBAC

None

## Background tasks / cron

None

## Frontend contract

None

## Open questions

None

## What's being implemented

- Model: [app/graphql/vendor_credits/models/vendor_credit.py](https://example.com/sample/blob/main/app/graphql/vendor_credits/models/vendor_credit.py)
"""
_CHANGELOG_PAGE = """\
# 1.2.0

## Highlights

- Vendor credits can be recorded and applied to a bill.

## Added

- [Vendor credits](../feature/2026-05-24-vendor-credits.md)

## Changed

None

## Fixed

None

## Migrations

- `add_vendor_credits`

## Frontend impact

The vendor page lists the open credits.

## Versioning notes

Bumped with `scripts/bump_version.py minor`; deploy the API before the frontend.
"""


def example(
    *,
    path: str = MIGRATION,
    title: str = "add credit_limit to vendor_credits",
    created: str = "2026-06-01",
    revises: str = "add_vendor_credits",
    down_revision: str = "add_vendor_credits",
    revision: str = "add_credit_limit",
    comment: str = 'comment="Highest open credit in cents"',
    more: str = "",
    upgrade: str = "",
    downgrade: str = 'op.drop_column("vendor_credits", "credit_limit")',
) -> dict[str, str | None]:
    """A migration in the template's shape, on top of the sample's head, with parts replaced.

    The next release's changelog page names it, unless it is the sample's own one.
    """
    extra = f", {comment}" if comment else ""
    upgrade = (
        upgrade
        or f"""op.add_column(
        "vendor_credits",
        sa.Column("credit_limit", sa.Integer(), nullable=True{extra}),
    )"""
    )
    lists = (
        {}
        if path == _BASE_MIGRATION
        else release(old="None\n\n## Front", new=f"- `{revision}`\n\n## Front")
    )
    return {
        path: f'''"""{title}

Revision ID: {revision}
Revises: {revises}
Create Date: {created} 00:00:00.000000
"""
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: str | None = "{down_revision}"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    {upgrade}{more and chr(10) + "    " + more}


def downgrade() -> None:
    {downgrade}
''',
        **lists,
    }


def base_example(
    parent: str = "add_vendors",
    *,
    more: str = "",
    downgrade: str = 'op.drop_table("vendor_credits")',
) -> dict[str, str | None]:
    """The sample's own second migration, which the base has, with parts replaced."""
    return example(
        path=_BASE_MIGRATION,
        created="2026-05-24",
        revision="add_vendor_credits",
        revises=parent,
        down_revision=parent,
        upgrade="op.create_table(\n"
        '        "vendor_credits",\n'
        '        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),\n'
        f'        sa.Column("vendor_id", sa.ForeignKey("vendors.id"), comment="{_OWES}"),\n'
        '        sa.Column("amount", sa.Integer(), comment="Open credit in cents"),\n'
        "    )",
        more=more,
        downgrade=downgrade,
    )


def model(column: str = "") -> dict[str, str | None]:
    """The sample's own model, with another column."""
    path = "app/graphql/vendor_credits/models/vendor_credit.py"
    return {
        path: f'''"""The table vendor_credits."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class VendorCredit(Base):
    """What a vendor owes."""

    __tablename__ = "vendor_credits"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), comment="{_OWES}")
    amount: Mapped[int] = mapped_column(comment="Open credit in cents")
    {column or "# What stands here is no schema."}
'''
    }


def plan(old: str = "", new: str = "", path: str = PLAN) -> dict[str, str | None]:
    """The sample's own plan with one part replaced, perhaps under another name."""
    assert old in _PLAN_PAGE
    return {path: _PLAN_PAGE.replace(old, new) if old else _PLAN_PAGE}


def shipped_page(old: str = "", new: str = "") -> dict[str, str | None]:
    """The sample's own page with one part replaced, where it stands first."""
    assert old in _SHIPPED_PAGE
    return {SHIPPED: _SHIPPED_PAGE.replace(old, new, 1) if old else _SHIPPED_PAGE}


def nav(*paths: str, title: str = "Credit limit") -> dict[str, str | None]:
    """The sample's nav, with these pages instead of its plan."""
    entries = "".join(f"      - {title}: {path.removeprefix('docs/')}\n" for path in paths)
    return {
        "mkdocs.yml": f"""\
site_name: Sample backend
site_url: !ENV [SITE_URL, "https://example.com"]
nav:
  - Home: index.md
  - Accounting Features:
      - Vendors: feature/2026-04-10-vendors.md
      - Vendor credits: feature/2026-05-24-vendor-credits.md
{entries}  - Roadmap:
      - Roadmap: roadmap/index.md
  - Changelog:
      - 1.2.0: changelog/1.2.0.md
      - 1.1.0: changelog/1.1.0.md
"""
    }


def changelog_page(old: str = "", new: str = "") -> dict[str, str]:
    """The sample's changelog page with one part replaced."""
    assert old in _CHANGELOG_PAGE
    return {CHANGELOG: _CHANGELOG_PAGE.replace(old, new) if old else _CHANGELOG_PAGE}


def release(version: str = NEXT, old: str = "", new: str = "") -> dict[str, str | None]:
    """A release on top of the sample's last one, of the same feature and without a migration.

    One part of its changelog page is replaced.
    """
    entry = "      - {0}: changelog/{0}.md\n"
    last = entry.format("1.2.0")
    page = _CHANGELOG_PAGE.replace("1.2.0", version).replace("- `add_vendor_credits`", "None")
    return {
        **versions(version),
        "app/version.py": f'__version__ = "{version}"\n',
        f"docs/changelog/{version}.md": page.replace(old, new, 1) if old else page,
        "mkdocs.yml": str(nav(PLAN)["mkdocs.yml"]).replace(last, entry.format(version) + last),
    }


def versions(pyproject: str = "1.2.0") -> dict[str, str]:
    """Two files that name the version; pyproject.toml may name another one."""
    return {
        "app/version.py": '__version__ = "1.2.0"\n',
        "pyproject.toml": f'[project]\nname = "sample-backend"\nversion = "{pyproject}"\n',
    }


def releases_apart() -> dict[str, str]:
    """The sample's pyproject.toml of a team whose branches carry no release."""
    text = versions()["pyproject.toml"]
    return {"pyproject.toml": f'{text}\n[tool.definition-of-done]\nrelease = "separate"\n'}

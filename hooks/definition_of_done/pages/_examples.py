"""The plan, the nav and the page with a link that the examples of this family are made of."""

from definition_of_done.migrations._examples import example, model, standing

PATH = "docs/feature/2026-06-01-credit-limit.md"
_PAGE = """\
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


def plan(old: str = "", new: str = "", path: str = PATH) -> dict[str, str | None]:
    """The sample's own plan with one part replaced, perhaps under another name."""
    return {path: _PAGE.replace(old, new) if old else _PAGE}


def nav(*paths: str) -> dict[str, str | None]:
    """The sample's nav with these pages in the place of its plan."""
    entries = "".join(f"      - Credit limit: {path.removeprefix('docs/')}\n" for path in paths)
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


def home(target: str) -> dict[str, str | None]:
    """The first page of the sample's site, with a link."""
    return {"docs/index.md": f"# Sample backend\n\nWhat comes next: the [roadmap]({target}).\n"}


def with_migration() -> dict[str, str | None]:
    """The migration that the plan names."""
    return example()


def with_table(old: str = "", new: str = "") -> dict[str, str | None]:
    """A new table, the sample's last migration with it, and the plan with one part replaced."""
    return {
        **model(
            "# What is paid back is another table.\n\n\nclass Refund(Base):\n"
            '    """Money that a vendor sent back."""\n\n    __tablename__ = "refunds"\n\n'
            '    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")\n'
            '    credit_id: Mapped[int] = mapped_column(ForeignKey("vendor_credits.id"))'
        ),
        **standing(
            more="op.create_table(\n"
            '        "refunds",\n'
            '        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),\n'
            '        sa.Column("credit_id", sa.ForeignKey("vendor_credits.id"), comment="For"),\n'
            "    )",
            downgrade='op.drop_table("refunds")\n    op.drop_table("vendor_credits")',
        ),
        **plan(old, new),
    }

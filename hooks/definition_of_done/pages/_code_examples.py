"""The page that shipped, and the code that a branch adds to it, for the examples of this family."""

PAGE = "docs/feature/2026-05-24-vendor-credits.md"
_FOLDER = "app/graphql/vendor_credits"
_LINK = "[{0}](https://example.com/sample/blob/main/{0})"
_DELTAS = """\
- Model: @models/vendor_credit.py
- Repository: @repositories/vendor_credit_repository.py
- Service: @services/vendor_credit_service.py with `list_vendor_credits`,
  `create_vendor_credit`, `update_vendor_credit` and `delete_vendor_credit`
- Types and inputs: @types.py, @inputs.py
- Resolvers: @queries.py, @mutations.py
- Task: @tasks/expire_credits.py, `expire_credits` at `0 3 * * *`
- After the deploy: `scripts/backfill_new_path_permissions.py`
"""
_PAGE = f"""\
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


def page(old: str = "", new: str = "", *, everywhere: bool = False) -> dict[str, str | None]:
    """The sample's own page with one part replaced, where it stands first or everywhere."""
    assert old in _PAGE
    text = _PAGE.replace(old, new, -1 if everywhere else 1) if old else _PAGE
    lines = []
    for line in text.split("\n"):
        words = [
            _LINK.format(f"{_FOLDER}/{word[1:].rstrip(',')}") + "," * word.endswith(",")
            if word.startswith("@")
            else word
            for word in line.split(" ")
        ]
        lines.append(" ".join(words))
    return {PAGE: "\n".join(lines)}


def task(more: str = "") -> dict[str, str | None]:
    """The sample's own task with another one below it."""
    return {
        f"{_FOLDER}/tasks/expire_credits.py": f'''"""Credits that nobody used."""

from app.worker import broker


@broker.task(schedule=[{{"cron": "0 3 * * *"}}])
async def expire_credits() -> None:
    print("no credit expires yet")
{more}'''
    }


def query(name: str = "vendor_credit_count") -> dict[str, str | None]:
    """The sample's own queries with another one, its test, and the schemas exported of them."""
    first, *rest = name.split("_")
    shown = first + "".join(part.capitalize() for part in rest)
    schema = f"""\
type Mutation {{
  createVendor(input: VendorInput!): VendorType!
  updateVendor(id: Int!, input: VendorInput!): VendorType!
  deleteVendor(id: Int!): Boolean!
  createVendorCredit(input: VendorCreditInput!): VendorCreditType!
  updateVendorCredit(id: Int!, input: VendorCreditInput!): VendorCreditType!
  deleteVendorCredit(id: Int!): Boolean!
}}

type Query {{
  vendors: [VendorType!]!
  vendorCredits: [VendorCreditType!]!
  {shown}: Int!
}}

input VendorCreditInput {{
  vendorId: Int!
  amount: Int!
}}

type VendorCreditType {{
  id: Int!
  vendorId: Int!
  amount: Int!
}}

input VendorInput {{
  title: String!
}}

type VendorType {{
  id: Int!
  title: String!
}}
"""
    return {
        f"{_FOLDER}/queries.py": f'''"""Queries of vendor credits."""

import strawberry

from app.graphql.vendor_credits.types import VendorCreditType


@strawberry.type
class VendorCreditQueries:
    @strawberry.field
    def vendor_credits(self, info: strawberry.Info) -> list[VendorCreditType]:
        service = info.context["vendor_credits"]
        return [
            VendorCreditType(id=row.id, vendor_id=row.vendor_id, amount=row.amount)
            for row in service.list_vendor_credits()
        ]

    @strawberry.field
    def {name}(self, info: strawberry.Info) -> int:
        return len(info.context["vendor_credits"].list_vendor_credits())
''',
        f"tests/graphql/vendor_credits/test_{name}.py": f'''"""The query {shown}."""

from app.graphql.schema import schema


class Service:
    def list_vendor_credits(self) -> list[object]:
        return [object()]


def test_counts() -> None:
    context = {{"vendor_credits": Service()}}
    result = schema.execute_sync("{{ {shown} }}", context_value=context)
    assert result.data == {{"{shown}": 1}}
''',
        "schema.graphql": schema,
        "schema-admin.graphql": schema,
    }

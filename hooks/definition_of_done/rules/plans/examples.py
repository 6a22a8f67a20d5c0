"""The branches that the examples of this family add to the sample backend."""

from __future__ import annotations

from definition_of_done.rules.sample import base_example, model, plan

_FOLDER = "app/graphql/vendor_credits"


def with_table(old: str = "", new: str = "") -> dict[str, str | None]:
    """Add a table to the models and the last migration, and replace one part of the plan."""
    return {
        **model(
            "# What is paid back is another table.\n\n\nclass Refund(Base):\n"
            '    """Money that a vendor sent back."""\n\n    __tablename__ = "refunds"\n\n'
            '    id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate key")\n'
            "    credit_id: Mapped[int | None] = mapped_column(\n"
            '        ForeignKey("vendor_credits.id"), comment="Credit that it is for"\n    )'
        ),
        **base_example(
            more="op.create_table(\n"
            '        "refunds",\n'
            '        sa.Column("id", sa.Integer(), primary_key=True, comment="Surrogate key"),\n'
            '        sa.Column("credit_id", sa.ForeignKey("vendor_credits.id"), '
            'comment="Credit that it is for"),\n'
            "    )",
            downgrade='op.drop_table("refunds")\n    op.drop_table("vendor_credits")',
        ),
        **plan(old, new),
    }


def task(more: str = "") -> dict[str, str | None]:
    """Change the sample's own task; add another one below it, if there is one, and its test."""
    files: dict[str, str | None] = {
        f"{_FOLDER}/tasks/expire_credits.py": f'''"""Credits that nobody used."""

from app.worker import broker


@broker.task(schedule=[{{"cron": "0 3 * * *"}}])
async def expire_credits() -> None:
    print("no credit expires yet")
{more}''',
    }
    if more:
        files["tests/graphql/vendor_credits/test_remind_of_credits.py"] = _TEST_OF_TASK
    return files


_TEST_OF_TASK = '''"""The reminder."""

import asyncio

from app.graphql.vendor_credits.tasks.expire_credits import remind_of_credits


def test_reminds_nobody() -> None:
    assert asyncio.run(remind_of_credits()) is None
'''


def query() -> dict[str, str | None]:
    """Write the sample's own queries with another one, its test, and the exported schemas."""
    return {
        f"{_FOLDER}/queries.py": '''"""Queries of vendor credits."""

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
    def vendor_credit_count(self, info: strawberry.Info) -> int:
        return len(info.context["vendor_credits"].list_vendor_credits())
''',
        "tests/graphql/vendor_credits/test_vendor_credit_count.py": _TEST_OF_QUERY,
        "schema.graphql": _SCHEMA,
        "schema-admin.graphql": _SCHEMA,
    }


_SCHEMA = """\
type Mutation {
  createVendor(input: VendorInput!): VendorType!
  updateVendor(id: Int!, input: VendorInput!): VendorType!
  deleteVendor(id: Int!): Boolean!
  createVendorCredit(input: VendorCreditInput!): VendorCreditType!
  updateVendorCredit(id: Int!, input: VendorCreditInput!): VendorCreditType!
  deleteVendorCredit(id: Int!): Boolean!
}

type Query {
  vendors: [VendorType!]!
  vendorCredits: [VendorCreditType!]!
  vendorCreditCount: Int!
}

input VendorCreditInput {
  vendorId: Int!
  amount: Int!
}

type VendorCreditType {
  id: Int!
  vendorId: Int!
  amount: Int!
}

input VendorInput {
  title: String!
}

type VendorType {
  id: Int!
  title: String!
}
"""
_TEST_OF_QUERY = '''"""The query vendorCreditCount."""

from app.graphql.schema import schema


class Service:
    def list_vendor_credits(self) -> list[object]:
        return [object()]


def test_counts() -> None:
    context = {"vendor_credits": Service()}
    result = schema.execute_sync("{ vendorCreditCount }", context_value=context)
    assert result.data == {"vendorCreditCount": 1}
'''

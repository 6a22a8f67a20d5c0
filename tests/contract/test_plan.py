"""1.1 and 1.2: the plan comes first."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.pages import HOME, PAGE, case
from tests.contract.worlds import NEW, Case, Edit, World, all_of
from tests.sample import SAMPLE

from definition_of_done.rules.plans.examples import query
from definition_of_done.rules.sample import release

VENDORS = "docs/feature/2026-04-10-vendors.md"
RULE = "plan-before-code: the branch adds {}, and no feature page plans it"
# A resource that is there, and a release that says nothing of a feature.
STILL = World("still", SAMPLE, release())
QUERY: dict[str, Edit] = dict(query())
COUNT = f"{HOME}/queries.py"
TASK = f"{HOME}/tasks/remind.py"
REMIND: dict[str, Edit] = {
    TASK: '"""Reminders."""\n\nfrom app.worker import broker\n\n\n'
    '@broker.task(schedule=[{"cron": "0 8 * * 1"}])\nasync def remind_vendors() -> None:\n'
    '    print("nobody is reminded")\n',
    "tests/graphql/vendor_credits/test_remind.py": '"""Reminders."""\n\nimport asyncio\n\n'
    f"from {HOME.replace('/', '.')}.tasks.remind import remind_vendors\n\n\n"
    "def test_reminds_nobody() -> None:\n    assert asyncio.run(remind_vendors()) is None\n",
}
SERVICE_TEST = "tests/graphql/vendor_credits/test_vendor_credit_service.py"
UPDATED = """

def test_updated_row_has_its_amount(session: Session) -> None:
    service = VendorCreditService(VendorCreditRepository(session))
    row = service.create_vendor_credit(1, 500)
    assert service.update_vendor_credit(row.id, 1, 0).amount == 500
"""
MODELS = "app/graphql/rbac/models/models.py"
BACKFILL = "scripts/backfill_new_path_permissions.py"
LAST = '    VENDOR_CREDITS = "vendor-credits"\n'
MEMBER: dict[str, Edit] = {
    MODELS: (LAST, f'{LAST}    REFUNDS = "refunds"\n'),
    BACKFILL: (
        "Resource.VENDOR_CREDITS),\n",
        "Resource.VENDOR_CREDITS),\n    (Path.REFUNDS, Resource.REFUNDS),\n",
    ),
    "docs/changelog/1.3.0.md": (
        "## Migrations\n\nNone",
        f"## Migrations\n\n- `{BACKFILL}` after the deploy",
    ),
}
MUTATIONS = f"{HOME}/mutations.py"
MUTATION: dict[str, Edit] = {
    MUTATIONS: SAMPLE[MUTATIONS]
    + "\n    @strawberry.mutation\n    def settle_vendor_credit(self, id: int) -> bool:\n"
    "        return True\n",
    **dict.fromkeys(
        ("schema.graphql", "schema-admin.graphql"),
        (
            "type Query {",
            "extend type Mutation {\n  settleVendorCredit(id: Int!): Boolean!\n}\n\ntype Query {",
        ),
    ),
    "tests/graphql/vendor_credits/test_settle.py": '"""Settling."""\n\n'
    "from app.graphql.schema import schema\n\n\ndef test_settles() -> None:\n"
    '    result = schema.execute_sync("mutation { settleVendorCredit(id: 1) }")\n'
    '    assert result.data == {"settleVendorCredit": True}\n',
}


def _planned(section: str, text: str) -> dict[str, Edit]:
    """The older page of the vendors with a text in one of its sections, before the branch."""
    item = {
        "In scope": "- List, create, rename and delete vendors\n",
        "Out of scope": "- Merging vendors that were recorded twice\n",
        "Future additions": "## Future additions\n\n",
        "What shipped": "## What shipped\n\n",
    }[section]
    return {VENDORS: (item, f"{item}{text}\n")}


BROKEN = [
    Case(
        "1.2",
        "the date is another than the filename's",
        NEW,
        {PAGE: ("Date: 2026-05-24", "Date: 2026-05-23")},
        (f"{PAGE}:3:7: feature-plan-shape: the page is dated 2026-05-23, its filename 2026-05-24",),
    ),
    case(
        STILL,
        "1.1",
        "a query without a page",
        QUERY,
        (COUNT, "def vendor_credit_count", RULE.format("query 'vendorCreditCount'")),
    ),
    case(
        STILL,
        "1.1",
        "a mutation without a page",
        MUTATION,
        (MUTATIONS, "def settle_vendor", RULE.format("mutation 'settleVendorCredit'")),
    ),
    case(
        STILL,
        "1.1",
        "a task without a page",
        REMIND,
        (TASK, "async def", RULE.format("task 'remind_vendors'")),
    ),
    case(
        STILL,
        "1.1",
        "RBAC members without a page",
        MEMBER,
        (MODELS, 'REFUNDS = "', RULE.format("RBAC member 'REFUNDS'")),
    ),
    case(
        STILL,
        "1.1",
        "a query that waits on another page",
        QUERY,
        (COUNT, "def vendor_credit_count", RULE.format("query 'vendorCreditCount'")),
        earlier=_planned("Future additions", "- `vendorCreditCount`: nobody counts yet"),
    ),
    case(
        STILL,
        "1.1",
        "a task that another page leaves out",
        REMIND,
        (TASK, "async def", RULE.format("task 'remind_vendors'")),
        earlier=_planned("Out of scope", "- The task `remind_vendors`"),
    ),
]
HONEST = [
    Case("1.2", "the date in words", NEW, {PAGE: ("Date: 2026-05-24", "24 May 2026")}),
    case(STILL, "1.1", "nothing but a release", {}),
    case(
        STILL,
        "1.1",
        "a bug fix",
        {
            f"{HOME}/services/vendor_credit_service.py": ("row.amount = amount", "row.amount += 0"),
            SERVICE_TEST: f"{SAMPLE[SERVICE_TEST]}{UPDATED}",
        },
    ),
    case(
        STILL,
        "1.1",
        "a query that stands on a page already",
        QUERY,
        earlier=_planned("In scope", "- `vendorCreditCount` counts them"),
    ),
    case(
        STILL,
        "1.1",
        "a task that stands on a page already",
        REMIND,
        earlier=_planned("What shipped", "- `remind_vendors` follows in a branch of its own"),
    ),
    case(
        STILL,
        "1.1",
        "a task moves to another file",
        {
            f"{HOME}/tasks/expire_credits.py": None,
            f"{HOME}/tasks/nightly.py": SAMPLE[f"{HOME}/tasks/expire_credits.py"],
            "tests/graphql/vendor_credits/test_expire_credits.py": (
                "expire_credits import",
                "nightly import",
            ),
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_plan(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

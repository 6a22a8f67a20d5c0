"""1.4: what is out of scope does not land, and what is in scope is there in the end."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.pages import (
    GROWTH_PAGE,
    HOME,
    PAGE,
    grown,
    new,
    on_growth_page,
    on_page,
)
from tests.contract.worlds import Case, Edit, all_of

BILL = "- Applying a credit to a bill\n\n## Data"
RECORD = "- Record, change and delete the credits of a vendor\n"
SEVERAL = "- Approving several credits at once\n"
LISTS = "- `pendingVendorCredits` lists the credits that wait for it\n"
FENCE = "deltas-enumerated: {!r} is out of scope, and the branch adds the {}"
BOTH = "deltas-enumerated: {!r} is both in scope and out of scope"
GONE = "deltas-enumerated: In scope names {}, which does not exist"
GHOST = "deltas-enumerated: In scope names {}, which neither code nor schema has"


def _out(item: str) -> dict[str, Edit]:
    """Put an item under Out of scope of the new resource's page."""
    return on_page((BILL, BILL.replace("\n\n", f"\n- {item}\n\n", 1)))


def _in(item: str) -> dict[str, Edit]:
    return on_page((RECORD, f"{RECORD}- {item}\n"))


def _later(item: str) -> dict[str, Edit]:
    """Put an item under Out of scope of the growing resource's page."""
    return on_growth_page((SEVERAL, f"{SEVERAL}- {item}\n"))


def _now(item: str) -> dict[str, Edit]:
    return on_growth_page((LISTS, f"{LISTS}- {item}\n"))


# What the new resource's page forbids, and what of it the branch adds.
FORBIDDEN = {
    "`vendor_credits`": "table vendor_credits",
    "the table `vendor_credits`": "table vendor_credits",
    "The table `vendor_credits`.": "table vendor_credits",
    "Table: `vendor_credits`": "table vendor_credits",
    "**Table** `vendor_credits`": "table vendor_credits",
    "vendor_credits": "table vendor_credits",
    "A new table `vendor_credits`": "table vendor_credits",
    "The column `vendor_credits.amount`": "column vendor_credits.amount",
    "The task `expire_credits`": "task expire_credits",
    "`expire_credits`": "task expire_credits",
    "Taskiq task `expire_credits`": "task expire_credits",
    "The `expire_credits` task": "task expire_credits",
    "The mutation `deleteVendorCredit`": "mutation deleteVendorCredit",
    "`delete_vendor_credit`": "mutation deleteVendorCredit",
    "The query `vendorCredits`": "query vendorCredits",
    "The type `VendorCreditType`": "type VendorCreditType",
    "Resource `vendor_credits`": "resource vendor_credits",
    "The tasks `expire_credits` and `remind_vendors`": "task expire_credits",
    "`expire_credits` (later)": "task expire_credits",
}
LEFT_OUT = {
    "The script `approve_old_credits`": "script scripts/approve_old_credits.py",
    "`scripts/approve_old_credits.py`": "script scripts/approve_old_credits.py",
    "`approve_vendor_credit`": "mutation approveVendorCredit",
    "The column `note`": "column credit_approvals.note",
    "`credit_approvals.note`": "column credit_approvals.note",
    "`VendorCreditType.approvedOn`": "field VendorCreditType.approvedOn",
    "The field `approvedOn`": "field VendorCreditType.approvedOn",
    "`remind_approvers`": "task remind_approvers",
}
# A name inside another item, a name of another kind, and names of what the branch does not add.
ALLOWED = [
    "Exporting `vendor_credits`",
    "Merging `vendor_credits` that were recorded twice",
    "`vendor_credits`: more than one currency",
    "The table `vendor_credit_lines`",
    "The query `expire_credits`",
    "A task `vendor_credits`",
    "The table `expire_credits`",
    "`vendor_credits.note`",
    "`bills.amount`",
    "`vendors`",
    "`issue_invoices`",
    "The page of vendor credits in the shop",
    "A task besides `expire_credits`",
    "No task but `expire_credits`",
    "~~`expire_credits`~~",
    "Showing `amount` in euros",
    "`app/graphql/vendor_credits/exports.py`",
    "Tests of `expire_credits`",
    "Every task that `VendorCreditType` needs",
]


def _plain(item: str) -> str:
    return item.replace("`", "").replace("*", "")


def _fence(item: str, added: str) -> Case:
    told = FENCE.format(_plain(item), added)
    return new("1.4", f"out of scope: {item}", _out(item), (PAGE, f"- {item}\n\n## Data", told))


def _growth_fence(item: str, added: str) -> Case:
    told = FENCE.format(_plain(item), added)
    place = (GROWTH_PAGE, f"- {item}\n- `reject", told)
    return grown("1.4", f"out of scope: {item}", _later(item), place)


BROKEN = [
    *(_fence(item, added) for item, added in FORBIDDEN.items()),
    *(_growth_fence(item, added) for item, added in LEFT_OUT.items()),
    *(
        grown(
            "1.4",
            f"out of scope: {label}",
            _later(text),
            (GROWTH_PAGE, where, FENCE.format(item, added)),
        )
        for label, text, where, item, added in (
            (
                "the file of a task",
                f"`{HOME}/tasks/remind_approvers.py`",
                f"- `{HOME}/tasks/remind_approvers.py`\n- `reject",
                f"{HOME}/tasks/remind_approvers.py",
                f"file {HOME}/tasks/remind_approvers.py",
            ),
            (
                "a row of a table",
                "\n| What | Why |\n|---|---|\n| `remind_approvers` | next year |\n",
                "`remind_approvers` | next",
                "remind_approvers",
                "task remind_approvers",
            ),
        )
    ),
    new(
        "1.4",
        "an item on both lists",
        _out("Record, change and delete the credits of a vendor."),
        (
            PAGE,
            "- Record, change and delete the credits of a vendor.",
            BOTH.format(RECORD[2:-1] + "."),
        ),
    ),
    grown(
        "1.4",
        "a name on both lists, once behind its kind",
        on_growth_page(
            (SEVERAL, f"{SEVERAL}- The query `pendingBills`\n"),
            (LISTS, f"{LISTS}- `pendingBills`\n"),
            (
                "## Future additions\n\n",
                "## Future additions\n\n- `pendingBills`: waits for the bills\n",
            ),
        ),
        (GROWTH_PAGE, "- The query `pendingBills`", BOTH.format("The query pendingBills")),
    ),
    grown(
        "1.4",
        "the same words on both lists",
        _later("a weekly **reminder**"),
        (GROWTH_PAGE, "- a weekly **reminder**", BOTH.format("a weekly reminder")),
    ),
    new(
        "1.4",
        "a path in scope that is nowhere",
        _in(f"The export in `{HOME}/exports.py`"),
        (PAGE, f"`{HOME}/exports.py", GONE.format(f"{HOME}/exports.py")),
    ),
    new(
        "1.4",
        "a mutation in scope that is nowhere",
        _in("`exportVendorCredits` for the auditors"),
        (PAGE, "`exportVendorCredits`", GHOST.format("exportVendorCredits")),
    ),
    grown(
        "1.4",
        "a script in scope that is nowhere",
        _now("scripts/remind_old_approvers.py runs once"),
        (
            GROWTH_PAGE,
            "scripts/remind_old_approvers.py",
            GONE.format("scripts/remind_old_approvers.py"),
        ),
    ),
    grown(
        "1.4",
        "a type in scope that is nowhere",
        _now("The type `ApprovalLimitType`"),
        (GROWTH_PAGE, "`ApprovalLimitType`", GHOST.format("ApprovalLimitType")),
    ),
    grown(
        "1.4",
        "a query of one word in scope that is nowhere",
        _now("The query `auditors`"),
        (GROWTH_PAGE, "`auditors`", GHOST.format("auditors")),
    ),
]
HONEST = [
    *(
        new("1.4", f"allowed: {', '.join(ALLOWED[at::4])}", _out("\n- ".join(ALLOWED[at::4])))
        for at in range(4)
    ),
    grown(
        "1.4", "allowed: Approving by `credit_approvals`", _later("Approving by `credit_approvals`")
    ),
    grown("1.4", "a thing of an earlier feature is left out", _later("The task `expire_credits`")),
    new(
        "1.4",
        "an older page left it out",
        {
            "docs/feature/2026-04-10-vendors.md": (
                "- Merging vendors that were recorded twice\n\n## Data",
                "- `vendor_credits`\n- Merging vendors that were recorded twice\n\n## Data",
            )
        },
    ),
    new("1.4", "a name beside its own exception", _in("`deleteVendorCredit`, `vendorCredits`")),
    new("1.4", "the code's own spelling", _in("`create_vendor_credit` and `VendorCredit.amount`")),
    new(
        "1.4",
        "a mutation in scope that is put off",
        on_page(
            (RECORD, f"{RECORD}- `exportVendorCredits` for the auditors\n"),
            (
                "the payment run\n",
                "the payment run\n- `exportVendorCredits`: no auditor asked yet\n",
            ),
        ),
    ),
    grown(
        "1.4",
        "a path in scope that is put off",
        on_growth_page(
            (LISTS, f"{LISTS}- `scripts/remind_old_approvers.py`\n"),
            ("next year\n", "next year\n- `scripts/remind_old_approvers.py`: nobody is old yet\n"),
        ),
    ),
    new("1.4", "other words in code", _in("Amounts in `EUR`, as `CSV` and for `GitHub`")),
    new("1.4", "a path outside of the project", _in("Files such as `exports/credits.csv`")),
    grown(
        "1.4",
        "a field that the branch takes away",
        _now("`legacyAmount` goes"),
        earlier={
            f"{HOME}/types.py": (
                "    amount: int\n",
                "    amount: int\n    legacy_amount: int = 0\n",
            ),
        },
    ),
    grown(
        "1.4",
        "a script that the branch takes away",
        {**_now("`scripts/old.py` goes"), "scripts/old.py": None},
        earlier={"scripts/old.py": "print(1)\n"},
    ),
]


@all_of(BROKEN + HONEST)
def test_scope(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

"""1.5 and 1.7 to 1.10: what the sections of a plan say of the code."""

from __future__ import annotations

from collections.abc import Callable

from tests.branch import BEFORE
from tests.contract.pages import (
    BLOB,
    GROWTH_PAGE,
    HOME,
    PAGE,
    Find,
    case,
    grown,
    new,
    on_growth_page,
    on_page,
)
from tests.contract.worlds import Case, World, all_of
from tests.sample import SAMPLE
from tests.test_replay import STEPS

from definition_of_done.rules.sample import example

# A branch that brings the plan alone.
PLANNED = World("planned", BEFORE, STEPS["plan"])
# A branch whose plan stands on main.
LANDED = World("landed", SAMPLE, example())
# Data model changes.
MODEL = (
    "- `add_vendor_credits` creates the table `vendor_credits` with `amount` and the foreign key"
    " `vendor_id` to `vendors`.\n"
)
ROWS = (
    "| `credit_approvals` | new: `credit_id` (foreign key to `vendor_credits`), `approver`, `note`"
    " | `add_credit_approvals` |\n"
)
LAST = (
    "| `vendor_credits` | `approved_on`, with the index `ix_vendor_credits_approved_on` that"
    " `pendingVendorCredits` needs | `add_approved_on` |\n"
)
UNNAMED = "plan-names-revisions: Data model changes does not name {}"
OF_NEW = UNNAMED + " of revision 'add_vendor_credits'"
NEVER = "plan-names-revisions: Data model changes names revision {!r}, which does not exist"
# RBAC.
MEMBERS = "- `Path.VENDOR_CREDITS` and `Resource.VENDOR_CREDITS`, in the menu under Accounting\n"
BACKFILL = "- Backfill: `scripts/backfill_new_path_permissions.py`\n"
RBAC = "rbac-backfill-present: the branch adds VENDOR_CREDITS, and RBAC "
# Background tasks.
TASK = (
    f"- `expire_credits` in `{HOME}/tasks/expire_credits.py`, every night at `0 3 * *"
    " *`\n\n## Front"
)
REMINDER = (
    f"| `remind_approvers` | `{HOME}/tasks/remind_approvers.py` | every Monday at 07:30 UTC |\n"
)
TASKS = "worker-tasks-documented: task {} at {} "
EXPIRE = TASKS.format("expire_credits", f"{HOME}/tasks/expire_credits.py:7")
REMIND = TASKS.format("remind_approvers", f"{HOME}/tasks/remind_approvers.py:7")
NO_TASK = "worker-tasks-documented: Background tasks / cron names {}, which no code has"
# Frontend.
LISTS = "## Frontend contract\n\nThe vendor page lists the open credits.\n"
TAB = "The list of credits has a tab for those that wait, with a button to approve.\n"
FRONTEND = "graphql-surface-documented: Frontend contract "
# Open questions.
NONE = "## Open questions\n\nNone\n"
ASKED = "- Does a credit below 10 EUR need approval? Yes, all do.\n"
OPEN = "open-questions-answered: question {!r} is open, and the branch changes {} and {} more"


def _model(name: str, text: str, *told: str) -> Case:
    """The new resource's data model in other words."""
    finds = ((PAGE, "## Data model changes", line) for line in told)
    return new("1.5", name, on_page((MODEL, f"{text}\n")), *finds)


def _rows(name: str, rows: str, *told: str) -> Case:
    finds = ((GROWTH_PAGE, "## Data model", line) for line in told)
    return grown("1.5", name, on_growth_page((ROWS + LAST, rows)), *finds)


def _rbac(name: str, text: str, *told: str) -> Case:
    finds = ((PAGE, "## RBAC", RBAC + line) for line in told)
    return new("1.7", name, on_page((MEMBERS + BACKFILL, f"{text}\n")), *finds)


def _tasks(name: str, text: str, *told: str) -> Case:
    finds = ((PAGE, "## Background tasks / cron", EXPIRE + line) for line in told)
    return new("1.8", name, on_page((TASK, f"{text}\n\n## Front")), *finds)


def _reminder(name: str, text: str, *finds: Find) -> Case:
    return grown("1.8", name, on_growth_page((REMINDER, f"{text}\n")), *finds)


def _frontend(name: str, text: str, *finds: Find) -> Case:
    contract = f"## Frontend contract\n\n{text}\n"
    impact = {"docs/changelog/1.2.0.md": (LISTS[22:], text + "\n")}
    return new("1.9", name, {**on_page((LISTS, contract)), **impact}, *finds)


def _tab(name: str, text: str, *finds: Find) -> Case:
    impact = {"docs/changelog/1.3.0.md": (TAB, f"{text}\n")}
    return grown("1.9", name, {**on_growth_page((TAB, f"{text}\n")), **impact}, *finds)


def _question(name: str, text: str, at: str = "", question: str = "") -> Case:
    told = OPEN.format(question or at, "alembic/versions/20260524_add_vendor_credits.py", 19)
    finds = [(PAGE, at, told)] if at else []
    return new("1.10", name, on_page((NONE, f"## Open questions\n\n{text}\n")), *finds)


def _point(name: str, text: str, at: str = "", question: str = "") -> Case:
    told = OPEN.format(question or at, "alembic/versions/20260701_add_credit_approvals.py", 19)
    finds = [(GROWTH_PAGE, at, told)] if at else []
    return grown("1.10", name, on_growth_page((ASKED, f"{text}\n")), *finds)


BROKEN_MODEL = [
    _model(
        "no table",
        "- `add_vendor_credits`: `amount`, and the foreign key `vendor_id` to `vendors`",
        OF_NEW.format("table vendor_credits"),
    ),
    _model(
        "no column",
        "- `add_vendor_credits` creates `vendor_credits` with the foreign key `vendor_id` to"
        " `vendors`",
        OF_NEW.format("column vendor_credits.amount"),
    ),
    _model(
        "no foreign key",
        "- `add_vendor_credits` creates `vendor_credits` with `amount` and `vendor_id`",
        OF_NEW.format("foreign key vendor_credits.vendor_id"),
    ),
    _model(
        "the column is part of a longer name",
        "- `add_vendor_credits` creates `vendor_credits` with `amount_open` and the foreign key"
        " `vendor_id` to `vendors`",
        OF_NEW.format("column vendor_credits.amount"),
    ),
    _model(
        "two columns are not there",
        "- `add_vendor_credits` creates the table `vendor_credits`",
        OF_NEW.format("columns vendor_credits.vendor_id and vendor_credits.amount"),
    ),
    new(
        "1.5",
        "the revision stands in another section",
        on_page(
            (MODEL, MODEL.replace("`add_vendor_credits` creates the", "The")),
            ("- Types and", "- Revision `add_vendor_credits`\n- Types and"),
        ),
        (PAGE, "## Data model changes", UNNAMED.format("revision 'add_vendor_credits'")),
    ),
    _rows(
        "a column has no name",
        ROWS.replace(", `note`", "") + LAST,
        UNNAMED.format("column credit_approvals.note of revision 'add_credit_approvals'"),
    ),
    _rows(
        "an index has no name",
        ROWS + LAST.replace(", with the index `ix_vendor_credits_approved_on` that", ", as"),
        UNNAMED.format("index ix_vendor_credits_approved_on of revision 'add_approved_on'"),
    ),
    _rows(
        "a column of an older table has no name",
        ROWS + LAST.replace("`approved_on`, with the index", "the index"),
        UNNAMED.format("column vendor_credits.approved_on of revision 'add_approved_on'"),
    ),
    _rows(
        "a foreign key is only a column",
        ROWS.replace(" (foreign key to `vendor_credits`)", "") + LAST,
        UNNAMED.format("foreign key credit_approvals.credit_id of revision 'add_credit_approvals'"),
    ),
    grown(
        "1.5",
        "one of two revisions stands in another section",
        on_growth_page(
            ("| `add_approved_on` |", "| the second one |"),
            ("- Task: ", "- Revision `add_approved_on`\n- Task: "),
        ),
        (GROWTH_PAGE, "## Data model", UNNAMED.format("revision 'add_approved_on'")),
    ),
    new(
        "1.5",
        "a revision that never landed",
        on_page((MODEL, f"{MODEL}- `add_credit_currency` adds nothing to another table.\n")),
        (PAGE, "`add_credit_currency`", NEVER.format("add_credit_currency")),
    ),
    grown(
        "1.5",
        "a revision of the table that never landed",
        on_growth_page(
            (LAST, f"{LAST}| `vendor_credits` | a default | `approvals_by_default` |\n")
        ),
        (GROWTH_PAGE, "`approvals_by_default`", NEVER.format("approvals_by_default")),
    ),
]
HONEST_MODEL = [
    _model(
        "other words",
        "Revision `add_vendor_credits`: the new table Vendor credits. Its columns are amount, in"
        " cents, and `vendor_id`, which references `vendors.id`.",
    ),
    _model(
        "a table",
        "| Revision | Table | Column |\n|---|---|---|\n"
        "| `add_vendor_credits` | `vendor_credits` | `id` |\n"
        "| | | `amount` |\n| | | `vendor_id` (FK) |",
    ),
    _model(
        "nested lists",
        "- `add_vendor_credits`\n  - `vendor_credits`\n    - `amount`: cents\n"
        "    - `vendor_id` \u2192 `vendors`",
    ),
    _model(
        "code",
        "`add_vendor_credits`, foreign keys included:\n\n"
        "```sql\nCREATE TABLE vendor_credits (id, vendor_id, amount)\n```",
    ),
    _model(
        "its class",
        "- `add_vendor_credits`: the model `VendorCredit` with `amount` and a `ForeignKey` in"
        " `vendorId`",
    ),
    _model(
        "a parent in other words",
        "- `add_vendor_credits`, after `add_vendors`, creates `vendor_credits` with `amount`"
        " and the"
        " FK `vendor_id`; nothing is `set_null`",
    ),
    _rows(
        "an index in words",
        ROWS + "| `vendor_credits` | `approved_on`, indexed | `add_approved_on` |\n",
    ),
    _rows(
        "in another order",
        LAST + ROWS,
    ),
    new(
        "1.5",
        "the columns of a mixin",
        {
            "app/mixins.py": "import datetime\n\nfrom sqlalchemy.orm import Mapped,"
            " mapped_column\n\n\n"
            "class Stamped:\n    created_at: Mapped[datetime.datetime] ="
            ' mapped_column(comment="Moment of the first save")\n',
            f"{HOME}/models/vendor_credit.py": [
                ("import Base\n", "import Base\nfrom app.mixins import Stamped\n"),
                ("VendorCredit(Base)", "VendorCredit(Stamped, Base)"),
            ],
            "alembic/versions/20260524_add_vendor_credits.py": (
                '        sa.Column("amount"',
                '        sa.Column("created_at", sa.DateTime(), nullable=False,'
                ' comment="Moment of the first save"),\n        sa.Column("amount"',
            ),
            **on_page(
                (
                    "- Model: ",
                    f"- Mixin: [mixins.py]({BLOB}app/mixins.py)\n- Model: ",
                )
            ),
        },
    ),
    grown(
        "1.5",
        "a revision that is put off",
        on_growth_page(
            (LAST, f"{LAST}| `vendor_credits` | a default | `add_default_approver` |\n"),
            ("next year\n", "next year\n- `add_default_approver`: nobody stands in for all\n"),
        ),
    ),
    case(
        LANDED,
        "1.5",
        "a plan that landed before, while another page is mended",
        {"docs/feature/2026-04-10-vendors.md": ("in three ways", "in four ways")},
    ),
    case(PLANNED, "1.5", "a plan whose code is still to come", {}),
    case(
        PLANNED,
        "1.8",
        "a plan with a path and a task that are still to come",
        on_page(("- Record, change", f"- `{HOME}/exports.py`, `exportCredits`\n- Record, change")),
    ),
]
BROKEN_RBAC = [
    _rbac("none beside new members", "None", "says None"),
    _rbac(
        "members without names",
        "- A path of its own, in the menu under Accounting\n" + BACKFILL,
        "does not name it",
    ),
    new(
        "1.7",
        "another member than the code's",
        on_page(
            (MEMBERS, MEMBERS.replace("VENDOR_CREDITS", "CREDITS")),
        ),
        (
            PAGE,
            "`Path.CREDITS`",
            "rbac-backfill-present: RBAC names Path.CREDITS and Resource.CREDITS, which the"
            " code does not have",
        ),
    ),
    new(
        "1.7",
        "one member more than the code's",
        on_page(
            (MEMBERS, MEMBERS.replace(", in", ", `Path.CREDIT_LINES`, in")),
        ),
        (
            PAGE,
            "`Path.CREDIT_LINES`",
            "rbac-backfill-present: RBAC names Path.CREDIT_LINES, which the code does not have",
        ),
    ),
    _rbac(
        "no menu",
        MEMBERS.replace(", in the menu under Accounting", "") + BACKFILL,
        "says nothing of the menu",
    ),
    _rbac("no backfill", MEMBERS.rstrip(), "says nothing of the backfill"),
    _rbac(
        "neither menu nor backfill",
        MEMBERS.replace(", in the menu under Accounting\n", ""),
        "says nothing of the menu and the backfill",
    ),
    new(
        "1.7",
        "no backfill on the whole page",
        on_page(
            (BACKFILL, ""),
            (
                "- After the deploy: [scripts/backfill_new_path_permissions.py](https://example.com/sample/blob/main/scripts/backfill_new_path_permissions.py)",
                "- It is run once",
            ),
        ),
        (
            PAGE,
            "## What's being",
            "deltas-enumerated: scripts/backfill_new_path_permissions.py is a script that"
            " the branch changes, and What's being implemented does not name it",
        ),
    ),
    grown(
        "1.7",
        "a member that no code has",
        on_growth_page(("## RBAC\n\nNone", "## RBAC\n\n`Path.APPROVALS` in the menu, no backfill")),
        (
            GROWTH_PAGE,
            "`Path.APPROVALS`",
            "rbac-backfill-present: RBAC names Path.APPROVALS, which the code does not have",
        ),
    ),
]
HONEST_RBAC = [
    _rbac(
        "other words",
        "The menu entry Vendor credits gets `VENDOR_CREDITS`; the back-fill gives it to all.",
    ),
    _rbac(
        "a table",
        "| Member | Menu | Existing tenants |\n|---|---|---|\n| `Path.VENDOR_CREDITS` |"
        " below Accounting | `scripts/backfill_new_path_permissions.py` |",
    ),
    _rbac(
        "its value", "`vendor-credits` in Path and Resource; the sidebar shows it.\n\n" + BACKFILL
    ),
    _rbac(
        "no entry in the menu",
        MEMBERS.replace("in the menu under Accounting", "without an entry in the navigation")
        + BACKFILL,
    ),
    _rbac("members that are there", MEMBERS + "- Beside `Path.VENDORS`\n" + BACKFILL),
    grown(
        "1.7",
        "a member that is there",
        on_growth_page(("## RBAC\n\nNone", "## RBAC\n\nThat of `Path.VENDOR_CREDITS`")),
    ),
    grown(
        "1.7",
        "other words for nothing",
        on_growth_page(
            ("## RBAC\n\nNone", "## RBAC\n\nNo new members; whoever sees the credits approves.")
        ),
    ),
    grown(
        "1.7",
        "a member that is put off",
        on_growth_page(
            ("## RBAC\n\nNone", "## RBAC\n\n`Path.APPROVALS` comes later"),
            ("next year\n", "next year\n- `Path.APPROVALS`: approvers are few\n"),
        ),
    ),
]
BROKEN_TASKS = [
    _tasks(
        "no place",
        "- `expire_credits`, every night at `0 3 * * *`",
        "is new, and Background tasks / cron does not say where it lives",
    ),
    _tasks(
        "another place",
        f"- `expire_credits` in `{HOME}/tasks/expire_all.py`, every night at `0 3 * * *`",
        "is new, and Background tasks / cron does not say where it lives",
    ),
    new(
        "1.8",
        "no schedule in either section",
        on_page((", every night at `0 3 * * *`", ""), (" at `0 3 * * *`", "")),
        (
            PAGE,
            "## Background tasks / cron",
            EXPIRE + "runs at `0 3 * * *`, and Background tasks / cron does not show it",
        ),
    ),
    new(
        "1.8",
        "another schedule in both",
        on_page(("`0 3 * * *`", "`0 4 * * *`")),
        (
            PAGE,
            "## Background tasks / cron",
            EXPIRE + "runs at `0 3 * * *`, and Background tasks / cron does not show it",
        ),
    ),
    new(
        "1.8",
        "a task that does not exist",
        on_page(
            (
                TASK,
                TASK.replace(
                    "\n\n", f"\n- `warn_vendors` in `{HOME}/tasks/expire_credits.py`\n\n", 1
                ),
            )
        ),
        (PAGE, "`warn_vendors`", NO_TASK.format("warn_vendors")),
    ),
    _reminder(
        "a task of the table that does not exist",
        REMINDER + f"| `remind_auditors` | `{HOME}/tasks/remind_approvers.py` | weekly |",
        (GROWTH_PAGE, "`remind_auditors`", NO_TASK.format("remind_auditors")),
    ),
    _reminder(
        "no place in the table",
        "| `remind_approvers` | a module of its own | every Monday at 07:30 UTC |",
        (
            GROWTH_PAGE,
            "## Background tasks",
            REMIND + "is new, and Background tasks / cron does not say where it lives",
        ),
    ),
    _reminder(
        "another day",
        REMINDER.replace("Monday", "Tuesday").rstrip(),
        (
            GROWTH_PAGE,
            "## Background tasks",
            REMIND + "runs at `30 7 * * 1`, and Background tasks / cron does not show it",
        ),
    ),
]
HONEST_TASKS = [
    _tasks("its folder", f"- `expire_credits` (`{HOME}/tasks/`), at `0 3 * * *`"),
    _tasks(
        "its module", f"- `{HOME.replace('/', '.')}.tasks.expire_credits`, at 03:00 every night"
    ),
    _tasks(
        "a link",
        f"- [`expire_credits`]({BLOB}{HOME}/tasks/expire_credits.py), daily at 3 am",
    ),
    _tasks("the end of its path", "- `expire_credits` in `tasks/expire_credits.py`, daily at 3 am"),
    _tasks(
        "the schedule stands in the other section",
        f"- `expire_credits` in `{HOME}/tasks/expire_credits.py`",
    ),
    _tasks(
        "a queue and an option",
        f"- `expire_credits` in `{HOME}/tasks/expire_credits.py`, on the queue `slow_queue`,"
        " with `retry_on_error`",
    ),
    new(
        "1.8",
        "a task that is put off",
        on_page(
            (TASK, TASK.replace("\n\n", "\n- `warn_vendors`, weekly\n\n", 1)),
            ("the payment run\n", "the payment run\n- `warn_vendors`: no vendor asked\n"),
        ),
    ),
    new(
        "1.8",
        "the schedule stands in the plan alone",
        on_page((TASK, TASK.replace("`0 3 * * *`", "3 am")), (" at `0 3 * * *`", "")),
    ),
    _reminder(
        "as cron",
        "| `remind_approvers` |"
        f" [here](https://example.com/sample/blob/main/{HOME}/tasks/remind_approvers.py) |"
        " `30 7 * * 1` |",
    ),
    _reminder(
        "an older task",
        REMINDER + f"| `expire_credits` | `{HOME}/tasks/expire_credits.py` | as it was |",
    ),
]
BROKEN_FRONTEND = [
    new(
        "1.9",
        "none while the surface grew",
        {
            **on_page((LISTS, "## Frontend contract\n\nNone\n")),
            "docs/changelog/1.2.0.md": (LISTS[22:], "None\n"),
        },
        (
            PAGE,
            "## Frontend contract",
            FRONTEND + "says None, and the branch adds input VendorCreditInput and 5 more",
        ),
    ),
    grown(
        "1.9",
        "none while the surface of a resource grew",
        {**on_growth_page((TAB, "None\n")), "docs/changelog/1.3.0.md": (TAB, "None\n")},
        (
            GROWTH_PAGE,
            "## Frontend\n",
            FRONTEND + "says None, and the branch adds type CreditApprovalType and 2 more",
        ),
    ),
    *(
        grown(
            "1.9",
            f"{text} while the surface grew",
            {**on_growth_page((TAB, f"{text}\n")), "docs/changelog/1.3.0.md": (TAB, f"{text}\n")},
            (
                GROWTH_PAGE,
                "## Frontend\n",
                FRONTEND + "says None, and the branch adds type CreditApprovalType and 2 more",
            ),
        )
        for text in ("n/a", "No changes.")
    ),
    _frontend(
        "a query that does not exist",
        "The vendor page lists the open credits by `openVendorCredits`.",
        (
            PAGE,
            "`openVendorCredits`",
            FRONTEND + "names openVendorCredits, which neither code nor schema has",
        ),
    ),
    _tab(
        "a mutation that does not exist",
        "The list of credits has a tab, whose button calls the mutation `approveCredits`.",
        (
            GROWTH_PAGE,
            "`approveCredits`",
            FRONTEND + "names approveCredits, which neither code nor schema has",
        ),
    ),
    _tab(
        "a type that does not exist",
        "The list of credits has a tab; the type `ApprovalType` fills it.",
        (
            GROWTH_PAGE,
            "`ApprovalType`",
            FRONTEND + "names ApprovalType, which neither code nor schema has",
        ),
    ),
    _tab(
        "a field that does not exist",
        "The list of credits has a tab; `VendorCreditType.approvedBy` says by whom.",
        (
            GROWTH_PAGE,
            "`VendorCreditType.approvedBy`",
            FRONTEND + "names approvedBy, which neither code nor schema has",
        ),
    ),
]
HONEST_FRONTEND = [
    _tab("a change beside none", "No changes to the list; a tab holds those that wait."),
    _frontend(
        "names that exist",
        "The vendor page lists `vendorCredits` with `VendorCreditType.amount` and `vendorId`.",
    ),
    _frontend(
        "components of the frontend",
        "The component `VendorCreditTable` and the hook `useVendorCredits` list the open"
        " credits on `/vendors`.",
    ),
    _tab(
        "a handler",
        "The tab `CreditTab` calls `onApprove`, and the store `pendingStore` keeps `isPending`.",
    ),
    _tab("arguments", 'The tab calls `approveVendorCredit(id: 1, approver: "me")`.'),
    _tab("no code", "A tab for those that wait, from pendingCreditsQuery in the web client."),
]
BROKEN_QUESTIONS = [
    _question(
        "a row without an answer",
        "| Question | Answer |\n|---|---|\n| In cents? | Yes |\n| Who expires? | |",
        "Who expires?",
    ),
    _question(
        "a row with open",
        "| # | Question | Status |\n|---|---|---|\n| 1 | In cents? | open |",
        "In cents?",
    ),
    _question(
        "a heading that nobody answers",
        "### In cents?\n\nWe do not know yet.",
        "### In cents?",
        "In cents?",
    ),
    _question(
        "a heading among others",
        "### In cents?\n\nYes.\n\n### Who expires?\n\nNobody knows.\n\n### When?\n\nAt night.",
        "### Who expires?",
        "Who expires?",
    ),
    _question(
        "a box without a body",
        '!!! question "Who expires?"',
        '!!! question "Who expires?"',
        "Who expires?",
    ),
    _question(
        "a box that says that it is open",
        '!!! question "Who expires?"\n\n    We do not know yet.',
        '!!! question "Who expires?"',
        "Who expires?",
    ),
    _point(
        "a row whose answer is still to come",
        "| Question | Owner | Answer |\n|---|---|---|\n| Below 10 EUR? | Ann | to be decided |",
        "Below 10 EUR?",
    ),
    _point(
        "a row with a mark",
        "| Point | Decision |\n|---|---|\n| Below 10 EUR? | ? |",
        "Below 10 EUR?",
    ),
    _point(
        "a box behind one with an answer",
        '!!! question "Below 10 EUR?"\n\n    Yes, all do.\n\n??? question "Who?"',
        '??? question "Who?"',
        "Who?",
    ),
    _point("rows of one column", "| Question |\n|---|\n| Below 10 EUR? |", "Below 10 EUR?"),
]
HONEST_QUESTIONS = [
    _question(
        "rows with answers",
        "| Question | Answer |\n|---|---|\n| In cents? | Yes |\n| Who expires? | A task |",
    ),
    _question(
        "rows that are closed",
        "| # | Question | Status |\n|---|---|---|\n| 1 | In cents? | answered: yes |\n| 2 |"
        " Who? | Closed |",
    ),
    _question(
        "a row with an owner and an answer",
        "| Question | Owner | Answer |\n|---|---|---|\n| In cents? | | Yes |",
    ),
    _question(
        "a heading with an answer",
        "### In cents?\n\nYes, as all amounts are.\n\n### Who expires?\n\n- A task, at night",
    ),
    _question("a box with an answer", '!!! question "In cents?"\n\n    Yes, as all amounts are.'),
    _question(
        "a box with an answer right below", '!!! question "In cents?"\n    Yes, as all amounts are.'
    ),
    _question("another box", '!!! note "Asked on Monday"\n\nNone'),
    _point("a struck row", "| Question | Answer |\n|---|---|\n| ~~Below 10 EUR?~~ | |"),
    _point("no row", "| Question | Answer |\n|---|---|\n| None | |"),
    _point(
        "answers with dashes", "| Question | Answer |\n|---|---|\n| Below 10 EUR? | Yes - all do |"
    ),
    _point(
        "an open door",
        "| Question | Answer |\n|---|---|\n| What of the door? | Open it, as before |",
    ),
]
BROKEN = [*BROKEN_MODEL, *BROKEN_RBAC, *BROKEN_TASKS, *BROKEN_FRONTEND, *BROKEN_QUESTIONS]
HONEST = [*HONEST_MODEL, *HONEST_RBAC, *HONEST_TASKS, *HONEST_FRONTEND, *HONEST_QUESTIONS]


@all_of(BROKEN + HONEST)
def test_words_of_a_plan(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

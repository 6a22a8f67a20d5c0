"""7.3 and 7.5 to 7.7: what a page of the changelog says of its release."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.releases import (
    CHANGED,
    CHANGELOGS,
    HIGHLIGHT,
    NOTES,
    PAGES,
    changelog,
    released_as,
)
from tests.contract.worlds import GROWN, NEW, Case, Edit, World, all_of

BACKFILL = "scripts/backfill_new_path_permissions.py"
APPROVE = "scripts/approve_old_credits.py"
IMPACT = {
    NEW: "The vendor page lists the open credits.",
    GROWN: "The list of credits has a tab for those that wait, with a button to approve.",
}
# What a branch says of a release that the frontend has to coordinate on.
COORDINATED = ("Date: 2026-05-24", "Date: 2026-05-24\n\nCoordinated: yes")
MAJOR = (NOTES, "`scripts/bump_version.py major`")
# A mutation asks for more, in the code and in both exported schemas.
BREAK: dict[str, Edit] = {
    **dict.fromkeys(
        ("schema.graphql", "schema-admin.graphql"),
        ("deleteVendorCredit(id: Int!)", "deleteVendorCredit(id: Int!, reason: String!)"),
    ),
    "app/graphql/vendor_credits/mutations.py": (
        "id: int) -> bool",
        "id: int, reason: str) -> bool",
    ),
}
BREAKS = "Mutation.deleteVendorCredit(reason:) was added and is required (schema.graphql)"


def found(world: World, line: int, rule: str, message: str, column: int = 1) -> tuple[str, ...]:
    """The one finding about a page of the changelog."""
    return (f"{CHANGELOGS[world]}:{line}:{column}: {rule}: {message}",)


def told(world: World, text: str, name: str, column: int) -> Case:
    """A highlight that holds what only an engineer knows."""
    message = f"a highlight names {name}, which only an engineer knows"
    return Case(
        "7.3",
        text,
        world,
        changelog(world, (HIGHLIGHT[world], text)),
        found(world, 5, "changelog-shape", message, column),
    )


def read(world: World, text: str) -> Case:
    """A highlight that anybody can read."""
    return Case("7.3", text, world, changelog(world, (HIGHLIGHT[world], text)))


def shape(world: World, name: str, piece: tuple[str, str], line: int, message: str) -> Case:
    return Case(
        "7.3", name, world, changelog(world, piece), found(world, line, "changelog-shape", message)
    )


def noted(world: World, text: str, message: str, column: int) -> Case:
    """Versioning notes that contradict the page."""
    line = {NEW: 30, GROWN: 33}[world]
    return Case(
        "7.7",
        text,
        world,
        changelog(world, (f"Bumped with {NOTES}", text)),
        found(world, line, "changelog-shape", message, column),
    )


def agrees(world: World, text: str) -> Case:
    """Versioning notes that fit the page."""
    return Case("7.7", text, world, changelog(world, (f"Bumped with {NOTES}", text)))


def other_version(named: str, own: str) -> str:
    return f"section Versioning notes names version {named}, the page is of {own}"


def other_level(named: str, own: str, level: str, last: str) -> str:
    return f"section Versioning notes names a {named} step, {own} is a {level} one from {last}"


BROKEN = [
    # 7.3: one to three bullets that a non-engineer can read.
    told(NEW, "The table `vendor_credits` holds credits.", "'vendor_credits'", 13),
    told(NEW, "Credits are kept with `POST`.", "'POST'", 25),
    told(
        NEW, "Credits live in app/graphql/vendor_credits now.", "'app/graphql/vendor_credits'", 19
    ),
    told(NEW, "Run scripts/backfill_new_path_permissions.py once.", f"'{BACKFILL}'", 7),
    told(NEW, "The page vendor_credits lists credits.", "'vendor_credits'", 12),
    told(NEW, "VendorCredit can be recorded.", "'VendorCredit'", 3),
    told(NEW, "createVendorCredit records a credit.", "'createVendorCredit'", 3),
    told(NEW, "VENDOR_CREDITS is a path of its own.", "'VENDOR_CREDITS'", 3),
    told(GROWN, "approved_on says when a credit counts.", "'approved_on'", 3),
    told(GROWN, "The query pendingVendorCredits is new.", "'pendingVendorCredits'", 13),
    told(GROWN, "A CreditApproval is kept for each credit.", "'CreditApproval'", 5),
    told(GROWN, "See approve_old_credits.py for the rest.", "'approve_old_credits.py'", 7),
    told(
        GROWN,
        "The task remind_approvers mails CreditApproval rows.",
        "'remind_approvers' and 'CreditApproval'",
        12,
    ),
    shape(
        NEW,
        "highlights that are prose",
        (f"- {HIGHLIGHT[NEW]}", HIGHLIGHT[NEW]),
        3,
        "section Highlights is not a list of bullets",
    ),
    shape(
        NEW,
        "four highlights",
        (f"- {HIGHLIGHT[NEW]}", "- A\n- B\n- C\n- D"),
        3,
        "section Highlights has 4 bullets, at most 3 are read",
    ),
    shape(
        GROWN,
        "no highlights",
        (f"- {HIGHLIGHT[GROWN]}", "None"),
        3,
        "section Highlights is not a list of bullets",
    ),
    shape(GROWN, "no section Fixed", ("## Fixed\n\nNone\n\n", ""), 1, "section Fixed is missing"),
    shape(NEW, "an empty section", ("## Fixed\n\nNone", "## Fixed"), 15, "section Fixed is empty"),
    shape(
        NEW,
        "a stub",
        ("## Fixed\n\nNone", "## Fixed\n\nTODO"),
        17,
        "section Fixed holds the stub 'TODO'",
    ),
    shape(
        NEW,
        "another version in the title",
        ("# 1.2.0", "# 1.2.1"),
        1,
        "the title '1.2.1' does not name version 1.2.0",
    ),
    # 7.2 and 7.3: what breaks is told.
    Case(
        "7.3",
        "a break beside Changed: None",
        GROWN,
        {
            **released_as(GROWN, "2.0.0", MAJOR),
            **BREAK,
        },
        (f"docs/changelog/2.0.0.md:13:1: semver-level: Changed says None, but {BREAKS}",),
    ),
    Case(
        "7.3",
        "a coordinated migration beside Changed: None",
        NEW,
        {**released_as(NEW, "2.0.0", MAJOR), PAGES[NEW]: COORDINATED},
        (
            "docs/changelog/2.0.0.md:11:1: semver-level: Changed says None, but"
            f" {PAGES[NEW]} says 'Coordinated: yes'",
        ),
    ),
    Case(
        "7.2",
        "a coordinated migration with a minor step",
        NEW,
        {
            PAGES[NEW]: COORDINATED,
            **changelog(NEW, (CHANGED, "## Changed\n\n- Credits are recorded by hand no more")),
        },
        (
            "app/version.py:1:15: semver-level: version 1.2.0 is a minor step from 1.1.0, but"
            f" {PAGES[NEW]} says 'Coordinated: yes'",
        ),
    ),
    # 7.5: every revision in order, and the scripts with their paths.
    Case(
        "7.5",
        "a script without its path",
        NEW,
        changelog(NEW, (f"`{BACKFILL}`", "`backfill_new_path_permissions.py`")),
        found(
            NEW,
            22,
            "changelog-migrations-order",
            f"'backfill_new_path_permissions.py' is named without its path, {BACKFILL}",
            3,
        ),
    ),
    Case(
        "7.5",
        "a script in words without its path",
        NEW,
        changelog(NEW, (f"`{BACKFILL}` after", "Run backfill_new_path_permissions.py after")),
        found(
            NEW,
            22,
            "changelog-migrations-order",
            f"'backfill_new_path_permissions.py' is named without its path, {BACKFILL}",
            7,
        ),
    ),
    Case(
        "7.5",
        "a script by its module",
        NEW,
        changelog(NEW, (f"`{BACKFILL}`", "`python -m scripts.backfill_new_path_permissions`")),
        found(
            NEW,
            22,
            "changelog-migrations-order",
            f"'scripts.backfill_new_path_permissions' is named without its path, {BACKFILL}",
            3,
        ),
    ),
    Case(
        "7.5",
        "a new script without its path",
        GROWN,
        changelog(GROWN, (f"`{APPROVE}`", "`approve_old_credits.py`")),
        found(
            GROWN,
            25,
            "changelog-migrations-order",
            f"'approve_old_credits.py' is named without its path, {APPROVE}",
            4,
        ),
    ),
    Case(
        "7.5",
        "a new script that the page does not name",
        GROWN,
        changelog(GROWN, (f"\n3. `{APPROVE}` after the deploy", "")),
        (
            f"{APPROVE}:1:1: changelog-migrations-order: the branch adds {APPROVE},"
            " which docs/changelog/1.3.0.md does not name under Migrations",
        ),
    ),
    Case(
        "7.5",
        "a script of before that the plan says must run",
        GROWN,
        {
            PAGES[GROWN]: (
                "- Run after the deploy:",
                f"- Run once more after the deploy: `{BACKFILL}`\n- Run after the deploy:",
            )
        },
        found(
            GROWN,
            21,
            "changelog-migrations-order",
            f"{PAGES[GROWN]} has {BACKFILL} run, which this section does not name",
        ),
    ),
    Case(
        "7.5",
        "a script of before that the RBAC section has run",
        GROWN,
        {
            PAGES[GROWN]: (
                "## RBAC\n\nNone",
                f"## RBAC\n\nNo new members; run the backfill once more: `{BACKFILL}`",
            )
        },
        found(
            GROWN,
            21,
            "changelog-migrations-order",
            f"{PAGES[GROWN]} has {BACKFILL} run, which this section does not name",
        ),
    ),
    Case(
        "7.5",
        "a backfill that the page does not name",
        NEW,
        changelog(NEW, (f"\n- `{BACKFILL}` after the deploy", "")),
        found(
            NEW,
            19,
            "rbac-backfill-present",
            f"the branch adds VENDOR_CREDITS, and the section Migrations does not name {BACKFILL}",
        ),
    ),
    Case(
        "7.5",
        "a revision that the page does not list",
        GROWN,
        changelog(GROWN, ("2. `add_approved_on`\n3.", "2.")),
        (
            "alembic/versions/20260702_add_approved_on.py:13:17: changelog-migrations-order:"
            " revision 'add_approved_on' is not listed on docs/changelog/1.3.0.md",
        ),
    ),
    Case(
        "7.5",
        "revisions in another order",
        GROWN,
        changelog(
            GROWN,
            (
                "1. `add_credit_approvals`\n2. `add_approved_on`",
                "1. `add_approved_on`\n2. `add_credit_approvals`",
            ),
        ),
        found(
            GROWN,
            24,
            "changelog-migrations-order",
            "revision 'add_credit_approvals' is listed behind 'add_approved_on', which runs after"
            " it",
        ),
    ),
    # 7.6: the contract is repeated.
    Case(
        "7.6",
        "the frontend contract is another",
        GROWN,
        changelog(GROWN, (IMPACT[GROWN], "The list of credits has a tab.")),
        found(
            GROWN,
            27,
            "frontend-impact-repeated",
            f"Frontend impact lacks what {PAGES[GROWN]}:49 says: {IMPACT[GROWN]!r}",
        ),
    ),
    Case(
        "7.6",
        "the frontend contract is not repeated",
        NEW,
        changelog(NEW, (IMPACT[NEW], "None")),
        found(
            NEW,
            24,
            "frontend-impact-repeated",
            f"Frontend impact lacks what {PAGES[NEW]}:39 says: {IMPACT[NEW]!r}",
        ),
    ),
    # 7.7: the bump command that was used.
    shape(
        NEW,
        "no bump command",
        (f"Bumped with {NOTES}; the", "The"),
        28,
        "section Versioning notes does not name the bump command 'scripts/bump_version.py'",
    ),
    noted(
        NEW,
        "Bumped with `scripts/bump_version.py patch`",
        other_level("patch", "1.2.0", "minor", "1.1.0"),
        13,
    ),
    noted(
        NEW,
        "Bumped with `definition-of-done bump major`",
        other_level("major", "1.2.0", "minor", "1.1.0"),
        13,
    ),
    noted(
        NEW,
        "Bumped with `scripts/bump_version.py 1.2.1 --changelog-stub`",
        other_version("1.2.1", "1.2.0"),
        13,
    ),
    noted(
        GROWN, "Bumped with `definition-of-done bump 1.2.0`", other_version("1.2.0", "1.3.0"), 13
    ),
    noted(
        GROWN,
        "Bumped with `uv version --bump patch`",
        other_level("patch", "1.3.0", "minor", "1.2.0"),
        13,
    ),
    noted(
        GROWN, "Bumped with `scripts/bump_version.py v1.4.0`", other_version("1.4.0", "1.3.0"), 13
    ),
    noted(
        GROWN,
        f"Bumped with {NOTES} as a patch release",
        other_level("patch", "1.3.0", "minor", "1.2.0"),
        50,
    ),
    noted(
        GROWN,
        f"This is a major release. Bumped with {NOTES}",
        other_level("major", "1.3.0", "minor", "1.2.0"),
        11,
    ),
    noted(GROWN, f"Bumped from 1.2.0 to 1.4.0 with {NOTES}", other_version("1.4.0", "1.3.0"), 1),
    noted(GROWN, f"Released as 1.2.1. Bumped with {NOTES}", other_version("1.2.1", "1.3.0"), 1),
]
HONEST = [
    *(
        read(world, text)
        for world in (NEW, GROWN)
        for text in ("Vendors can be recorded, as on GitHub.", "Credits and/or bills, 24/7.")
    ),
    *(
        read(GROWN, text)
        for text in (
            "Import credits from QuickBooks and PayPal.",
            "The iPhone app and the macOS client show what waits.",
            "JavaScript is no longer needed; PDFs open in the browser.",
            "Send invoice.pdf to vendors@example.com.",
            "Read more at https://example.com/help/credits.html.",
            "[Approval](../feature/2026-07-01-approve-vendor-credits.md) by a second person.",
            "Vendor credits, vendors and approvals stand on one page.",
            "**Approval** of credits, with notes (up to 1/2 page).",
            "Credits in EUR/USD/GBP, for vendors in the UK/EU.",
            "McDonald and OpenAI are vendors like any other.",
            "snake_case_that_nothing_has is what a vendor wrote on a bill.",
        )
    ),
    Case(
        "7.3",
        "a highlight of before with code that the branch leaves alone",
        GROWN,
        {},
        earlier={CHANGELOGS[NEW]: (HIGHLIGHT[NEW], "The table `vendor_credits` is new.")},
    ),
    Case(
        "7.3",
        "code in the other sections",
        GROWN,
        changelog(GROWN, ("## Fixed\n\nNone", "## Fixed\n\n- `approved_on` is shown")),
    ),
    Case(
        "7.3",
        "a break that Changed tells",
        GROWN,
        {
            **released_as(
                GROWN, "2.0.0", MAJOR, (CHANGED, "## Changed\n\n- Who deletes a credit says why")
            ),
            **BREAK,
        },
    ),
    Case(
        "7.3",
        "a break that a section of the team's own tells",
        GROWN,
        {
            **released_as(
                GROWN,
                "2.0.0",
                MAJOR,
                (
                    "## Changed\n\nNone",
                    "## Changed\n\nNone\n\n## Removed\n\n- Deleting credits without a reason",
                ),
            ),
            **BREAK,
            "pyproject.toml": str(GROWN.whole["pyproject.toml"]).replace("1.3.0", "2.0.0")
            + '\n[tool.definition-of-done]\nchangelog-extra-sections = ["Removed"]\n',
        },
    ),
    Case(
        "7.3",
        "a coordinated migration that Changed tells",
        NEW,
        {
            **released_as(
                NEW, "2.0.0", MAJOR, (CHANGED, "## Changed\n\n- The old page of credits is gone")
            ),
            PAGES[NEW]: COORDINATED,
        },
    ),
    Case(
        "7.3",
        "nothing is coordinated",
        NEW,
        {PAGES[NEW]: ("Date: 2026-05-24", "Date: 2026-05-24\n\nCoordinated: no")},
    ),
    Case(
        "7.5",
        "a script by a link",
        GROWN,
        changelog(
            GROWN,
            (
                f"`{APPROVE}`",
                f"[approve old credits](https://example.com/sample/blob/main/{APPROVE})",
            ),
        ),
    ),
    Case(
        "7.5",
        "a script by a command",
        GROWN,
        changelog(GROWN, (f"`{APPROVE}`", f"`uv run python {APPROVE} --all`")),
    ),
    Case(
        "7.5",
        "a script with its path, and again by its name",
        NEW,
        changelog(
            NEW,
            (
                "after the deploy",
                "after the deploy; `backfill_new_path_permissions.py` takes a minute",
            ),
        ),
    ),
    Case(
        "7.5",
        "a script of another place",
        NEW,
        changelog(
            NEW, ("after the deploy", "after the deploy, and `check.py` of the operations team")
        ),
    ),
    Case(
        "7.5",
        "the plan says that a script need not run",
        GROWN,
        {
            PAGES[GROWN]: (
                "- Run after the deploy:",
                f"- `{BACKFILL}` does not have to run again\n- Run after the deploy:",
            )
        },
    ),
    Case(
        "7.5",
        "the plan changes a script that is not run once",
        GROWN,
        {
            PAGES[GROWN]: (
                "- Run after the deploy:",
                "- `scripts/bump_version.py` stays as it is\n- Run after the deploy:",
            )
        },
    ),
    Case(
        "7.5",
        "revisions by their files",
        GROWN,
        changelog(GROWN, ("1. `add_credit_approvals`", "1. `20260701_add_credit_approvals.py`")),
    ),
    Case(
        "7.5",
        "revisions with what they do",
        NEW,
        changelog(
            NEW, ("- `add_vendor_credits`", "- `add_vendor_credits`: the table of the credits")
        ),
    ),
    Case(
        "7.6",
        "the contract below a heading of its own, in another layout",
        GROWN,
        changelog(GROWN, (IMPACT[GROWN], f"### Approvals\n\n- {IMPACT[GROWN]}")),
    ),
    *(
        agrees(GROWN, text)
        for text in (
            "Bumped with `definition-of-done bump minor`",
            "Bumped with `scripts/bump_version.py 1.3.0 --changelog-stub`",
            "Bumped with `scripts/bump_version.py v1.3.0`",
            "Bumped from 1.2.0 to 1.3.0 with `scripts/bump_version.py minor`",
            "Bumped with `bump-my-version bump --current-version 1.2.0 --new-version 1.3.0`",
            "Bumped with `uv version --bump minor`",
            "Bumped with `cz bump --increment MINOR`",
            "Bumped with `make bump`",
            "A minor release, no patch. Bumped with `scripts/bump_version.py minor`",
            "Not a major release. Bumped with `scripts/bump_version.py minor`",
            "The last patch release was 1.2.0. Bumped with `scripts/bump_version.py minor`",
            "Needs the frontend of 2.0.0 and Alembic 1.13.0. Bumped with `task bump`",
            "A major change for accounting. Bumped with `scripts/bump_version.py minor`",
            "Replaces 1.2.9. Bumped with `scripts/bump_version.py minor`",
        )
    ),
    Case(
        "7.7",
        "a pre-release by its version",
        GROWN,
        released_as(GROWN, "1.3.0-rc.1", (NOTES, "`definition-of-done bump 1.3.0-rc.1`")),
    ),
    Case(
        "7.7",
        "notes of before that the branch leaves alone",
        GROWN,
        {},
        earlier={CHANGELOGS[NEW]: (NOTES, "`scripts/bump_version.py patch`")},
    ),
]


@all_of(BROKEN + HONEST)
def test_changelog(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

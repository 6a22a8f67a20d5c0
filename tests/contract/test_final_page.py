"""6.x: the page in its final form, its place on the site, and its links."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.releases import FUTURE, PAGES, future
from tests.contract.worlds import GROWN, NEW, Case, Edit, World, all_of

# The line of the heading Future additions on each page.
LINES = {NEW: 67, GROWN: 69}
BLOB = "https://example.com/sample/blob/main"
ROADMAP = "docs/roadmap/approval-by-amount.md"
BARE = "- Approval by amount: small credits wait for the limits that finance sets next year"
NAV_LINE = "      - Approval by amount: roadmap/approval-by-amount.md\n"
SHIPPED = {NEW: "## What shipped", GROWN: "## What shipped\n\nEverything above shipped as planned."}
TASK = "app/graphql/vendor_credits/tasks/expire_credits.py"
_HEAD, _END, _TAIL = str(NEW.whole[PAGES[NEW]]).partition("## What shipped")
UNCLOSED = f"{_HEAD}{_END}{''.join(line for line in _TAIL.splitlines(True) if TASK not in line)}"
BILL: dict[str, Edit] = {
    "docs/roadmap/applying-credits.md": "# Applying a credit to a bill\n\nBills meet credits.\n",
    "mkdocs.yml": (
        "roadmap/index.md\n",
        "roadmap/index.md\n      - Applying a credit to a bill: roadmap/applying-credits.md\n",
    ),
}


def found(world: World, line: int, message: str, column: int = 1) -> tuple[str, ...]:
    """The one finding about the final form of a page."""
    return (f"{PAGES[world]}:{line}:{column}: feature-page-final: {message}",)


def prose(world: World, text: str) -> Case:
    """A section Future additions that names no follow-up."""
    message = "section Future additions is not a list"
    return Case("6.2", text, world, future(world, text), found(world, LINES[world], message))


def waits(world: World, name: str, text: str, item: str, line: int = 2) -> Case:
    """A follow-up without a reason."""
    message = f"{item!r} does not say why it waits"
    place, column = LINES[world] + line, 3 if "|" in text else 1
    return Case("6.2", name, world, future(world, text), found(world, place, message, column))


def kept(world: World, name: str, text: str) -> Case:
    """A section Future additions in another layout."""
    return Case("6.2", name, world, future(world, text))


def nav(name: str, edit: tuple[str, str], target: str) -> Case:
    message = f"mkdocs.yml:3:1: mkdocs-nav-entry: the nav has no entry for {target}"
    return Case("6.4", name, GROWN, {"mkdocs.yml": edit}, (message,))


def gone(href: str, name: str) -> Case:
    """A link into the roadmap that leads nowhere."""
    text = f"- [Approval by day]({href}): waits for the calendar"
    message = f"the link to {href} leads to no page of the roadmap"
    return Case("6.2", name, GROWN, future(GROWN, text), found(GROWN, LINES[GROWN] + 2, message, 3))


BROKEN = [
    # 6.2: named follow-ups, each with one line on why it is deferred.
    prose(NEW, "We may apply credits to bills at some point."),
    prose(GROWN, "Approvals by amount and by day are left for later."),
    prose(GROWN, "Nothing is perfect, so approval by amount comes at some point."),
    prose(NEW, "There is more to do with credits.\n\nWe will see what accounting asks for."),
    prose(NEW, "> Applying a credit to a bill"),
    waits(
        NEW,
        "an item without a reason",
        "- Applying a credit to a bill",
        "Applying a credit to a bill",
    ),
    waits(
        NEW, "a table of names", "| Follow-up |\n|---|\n| Applying credits |", "Applying credits", 4
    ),
    waits(
        NEW,
        "a table with owners and no reasons",
        "| Follow-up | Owner |\n|---|---|\n| Applying credits | Accounting |",
        "Applying credits",
        4,
    ),
    waits(
        GROWN,
        "a table with an empty reason",
        "| Follow-up | Why deferred |\n|---|---|\n| By amount | limits |\n| By day | |",
        "By day",
        5,
    ),
    waits(
        GROWN,
        "a table with a dash for a reason",
        "| Follow-up | Reason |\n|---|---|\n| Approval by day | - |",
        "Approval by day",
        4,
    ),
    waits(
        NEW,
        "an item that only waits",
        "- Applying a credit to a bill: later",
        "Applying a credit to a bill: later",
    ),
    waits(
        GROWN,
        "a row that only waits",
        "| Follow-up | Reason |\n|---|---|\n| Approval by day | Deferred |",
        "Approval by day",
        4,
    ),
    waits(
        NEW,
        "a heading without a text",
        "### Applying credits\n\n### Exports\n\nAfter the audit.",
        "Applying credits",
    ),
    waits(
        NEW,
        "a strong name without a reason",
        "**Applying credits**\n\n**Exports**: after the audit.",
        "Applying credits",
    ),
    waits(
        GROWN,
        "one of two items without a reason",
        "- Approval by day: finance has no calendar yet\n- Approval by vendor",
        "Approval by vendor",
        3,
    ),
    # 6.2: what is concrete enough links to the roadmap.
    Case(
        "6.2",
        "an item has a page on the roadmap, and no link to it",
        GROWN,
        future(GROWN, BARE),
        found(
            GROWN,
            LINES[GROWN] + 2,
            f"'Approval by amount' has a page of its own, {ROADMAP}, and does not link to it",
        ),
    ),
    Case(
        "6.2",
        "an item has a page on the roadmap by its title, and no link to it",
        NEW,
        BILL,
        found(
            NEW,
            LINES[NEW] + 2,
            "'Applying a credit to a bill' has a page of its own,"
            " docs/roadmap/applying-credits.md, and does not link to it",
        ),
    ),
    Case(
        "6.2",
        "a row of a table has a page on the roadmap, and no link to it",
        GROWN,
        future(
            GROWN,
            "| What | Why deferred |\n|---|---|\n| Approval by amount | finance sets limits |",
        ),
        found(
            GROWN,
            LINES[GROWN] + 4,
            f"'Approval by amount' has a page of its own, {ROADMAP}, and does not link to it",
            3,
        ),
    ),
    Case(
        "6.2",
        "a relative link into the roadmap that leads nowhere",
        GROWN,
        future(GROWN, "- [Approval by day](../roadmap/by-day.md): waits for the calendar"),
        (
            f"{PAGES[GROWN]}:71:3: docs-links-resolve: link to ../roadmap/by-day.md:"
            " there is no roadmap/by-day.md",
        ),
    ),
    gone(f"{BLOB}/docs/roadmap/approval-by-day.md", "an absolute link to a file of the roadmap"),
    gone("/roadmap/approval-by-day.md", "a link into the roadmap from the top of the site"),
    gone("/docs/roadmap/approval-by-day.md", "a link into the roadmap from the top of all"),
    gone(f"{BLOB}/docs/roadmap/2027/by-day.md", "an absolute link to a file below the roadmap"),
    # 6.1 and 6.3: what shipped, and the final sections.
    Case(
        "6.1",
        "no section What shipped",
        GROWN,
        {PAGES[GROWN]: (SHIPPED[GROWN] + "\n\n", "")},
        found(
            GROWN,
            1,
            "section What shipped is missing, and docs/changelog/1.3.0.md links to the page",
        ),
    ),
    Case(
        "6.1",
        "an empty section What shipped",
        GROWN,
        {PAGES[GROWN]: ("Everything above shipped as planned.\n\n", "")},
        (f"{PAGES[GROWN]}:65:1: feature-plan-shape: section What shipped is empty",),
    ),
    Case(
        "6.1",
        "a planned task is in neither section",
        NEW,
        {PAGES[NEW]: UNCLOSED},
        found(
            *(NEW, 53),
            f"neither What shipped nor Future additions names {TASK}, expire_credits or 0 3 * * *",
            9,
        ),
    ),
    Case(
        "6.2",
        "no section Future additions",
        NEW,
        {PAGES[NEW]: ("\n## Future additions\n\n" + FUTURE[NEW] + "\n", "")},
        found(
            NEW,
            1,
            "section Future additions is missing, and docs/changelog/1.2.0.md links to the page",
        ),
    ),
    # 6.4: the page is in the nav.
    nav(
        "the feature page is not in the nav",
        ("      - Approve vendor credits: feature/2026-07-01-approve-vendor-credits.md\n", ""),
        "feature/2026-07-01-approve-vendor-credits.md",
    ),
    nav(
        "a new page of the roadmap is not in the nav",
        (NAV_LINE, ""),
        "roadmap/approval-by-amount.md",
    ),
    Case(
        "6.4",
        "a page below the roadmap is not in the nav",
        NEW,
        {"docs/roadmap/2027/limits.md": "# Limits\n"},
        ("mkdocs.yml:3:1: mkdocs-nav-entry: the nav has no entry for roadmap/2027/limits.md",),
    ),
    Case(
        "6.4",
        "the page has another title in the nav",
        NEW,
        {"mkdocs.yml": ("- Vendor credits: feature", "- Credits: feature")},
        (
            "mkdocs.yml:7:18: mkdocs-nav-entry: feature/2026-05-24-vendor-credits.md is in the nav"
            " as 'Credits', its page is titled 'Vendor credits'",
        ),
    ),
    Case(
        "6.5",
        "a link to a page that is not there",
        GROWN,
        {ROADMAP: ("need no second person", "need [no second person](../limits.md)")},
        (f"{ROADMAP}:3:28: docs-links-resolve: link to ../limits.md: there is no limits.md",),
    ),
]

_LINKED = "[Approval by amount](../roadmap/approval-by-amount.md)"
HONEST = [
    *(
        Case("6.1", text, GROWN, {PAGES[GROWN]: ("Everything above shipped as planned.", text)})
        for text in (
            "All of the above.",
            "Everything listed above.",
            "Same as above.",
            "All of it.",
        )
    ),
    *(
        kept(world, text, text)
        for world in (NEW, GROWN)
        for text in (
            "None",
            "None.",
            "Nothing was deferred.",
        )
    ),
    *(
        kept(GROWN, text, text)
        for text in (
            "*None*",
            "- None",
            "Nothing is left.",
            "Nothing has been deferred from the plan.",
            "No follow-ups.",
            "There is nothing to add.",
            "N/A",
            "Nothing was deferred; everything that was planned shipped.",
        )
    ),
    kept(GROWN, "a sentence above the list", f"These wait:\n\n{FUTURE[GROWN]}"),
    kept(GROWN, "a sentence below the list", f"{FUTURE[GROWN]}\n\nNothing else was left out."),
    kept(GROWN, "a heading and a list", f"### Later\n\n{FUTURE[GROWN]}"),
    kept(
        GROWN,
        "a heading for each",
        f"### {_LINKED}\n\nFinance sets the limits next year.\n\n### By day\n\nAfter the audit.",
    ),
    kept(
        GROWN,
        "strong names",
        f"**{_LINKED}**: finance sets limits.\n\n**By day**: after the audit.",
    ),
    kept(NEW, "a name and a reason below it", "**Applying credits**\n\nWaits for the payment run."),
    kept(
        GROWN,
        "a table with reasons",
        f"| Follow-up | Why deferred |\n|---|---|\n| {_LINKED} | finance sets limits next year |",
    ),
    kept(
        GROWN,
        "a table in other words",
        f"| What | Blocked by | Owner |\n|---|---|---|\n| {_LINKED} | limits | finance |",
    ),
    kept(
        NEW,
        "a table whose notes say why",
        "| Item | Notes |\n|---|---|\n| Applying credits | the payment run comes first |",
    ),
    kept(
        NEW,
        "a table whose reasons are one word, and code",
        "| Item | Why |\n|---|---|\n| `apply_credit` | effort |\n| Exports | `pandas` |",
    ),
    kept(NEW, "a reason behind a dash", "- Applying a credit \u2014 the payment run comes first"),
    kept(
        NEW, "a reason on a line of its own", "- Applying a credit\n  Why deferred: no payment run"
    ),
    kept(
        NEW, "a reason in a nested item", "- Applying a credit\n    - the payment run comes first"
    ),
    kept(NEW, "a follow-up that is struck out", "- ~~Applying a credit~~"),
    kept(NEW, "numbers", "1. Applying a credit: waits for the payment run"),
    kept(
        GROWN, "a link behind the reason", BARE + " ([roadmap](../roadmap/approval-by-amount.md))"
    ),
    kept(
        GROWN, "an absolute link", f"- [Approval by amount]({BLOB}/{ROADMAP}): finance sets limits"
    ),
    kept(
        GROWN, "a link from the top", "- [Approval by amount](/roadmap/approval-by-amount/): limits"
    ),
    kept(
        GROWN,
        "a link to the roadmap of another repository",
        f"- {_LINKED}: waits for [theirs](https://example.com/other/blob/main/docs/roadmap/x.md)",
    ),
    kept(
        GROWN,
        "a link to a tag, a site and an issue",
        f"- {_LINKED}: see https://example.com/issues/12 and"
        " [the site](https://docs.example.org/roadmap/approval/)",
    ),
    kept(
        GROWN, "a name that a page of the roadmap only starts with", "- Approval: waits for finance"
    ),
    kept(GROWN, "a name within another", "- Reports on approval by amount: after the audit"),
    Case(
        "6.2",
        "an item that only the overview of the roadmap lists",
        NEW,
        {"docs/roadmap/index.md": "# Roadmap\n\n- Applying a credit to a bill\n"},
    ),
    Case(
        "6.2",
        "a plan that has not shipped says in prose what comes later",
        GROWN,
        {
            "docs/feature/2026-06-01-credit-limit.md": str(
                GROWN.base["docs/feature/2026-06-01-credit-limit.md"]
            )
            + "\n## Future additions\n\nWe will see.\n"
        },
    ),
    Case(
        "6.2",
        "a page of before, in prose, that the branch leaves alone",
        GROWN,
        {},
        earlier={PAGES[NEW]: (FUTURE[NEW], "We may apply credits to bills at some point.")},
    ),
    Case(
        "6.4",
        "a page of the roadmap that was never in the nav",
        GROWN,
        {},
        earlier={"docs/roadmap/exports.md": "# Exports\n"},
    ),
    Case(
        "6.4",
        "a page of the roadmap that the site leaves out",
        NEW,
        {
            "docs/roadmap/drafts.md": "# Drafts\n",
            "mkdocs.yml": ("nav:\n", "not_in_nav: /roadmap/drafts.md\nnav:\n"),
        },
    ),
    Case(
        "6.4",
        "no nav",
        GROWN,
        {"mkdocs.yml": "site_name: Sample backend\n"},
    ),
    Case(
        "6.4",
        "a picture of the roadmap",
        NEW,
        {"docs/roadmap/limits.svg": "<svg/>\n"},
    ),
    Case(
        "6.1",
        "what shipped in other words",
        GROWN,
        {PAGES[GROWN]: ("Everything above shipped as planned.", "All of it shipped.")},
    ),
    Case(
        "6.1",
        "the final sections under other headings",
        GROWN,
        {
            PAGES[GROWN]: [
                ("## What shipped", "## Shipped"),
                ("## Future additions", "## Follow-ups"),
            ]
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_final_page(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

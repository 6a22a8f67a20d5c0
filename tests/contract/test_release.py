"""7.1, 7.2 and 7.4: a branch whose code a page plans carries its bump and its changelog entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.contract.releases import (
    ADDED,
    CHANGED,
    CHANGELOGS,
    FUTURE,
    LISTED,
    NOTES,
    PAGES,
    SETTINGS,
    changelog,
    changelog_with,
    released_as,
    settings,
    unreleased,
)
from tests.contract.worlds import GROWN, NEW, Case, Edit, World, all_of, edited

EXPORTS = ("schema.graphql", "schema-admin.graphql")
PLAN = str(NEW.whole[PAGES[NEW]]).partition("## What shipped")[0].rstrip() + "\n"
NAVS = {world: str(world.whole["mkdocs.yml"]) for world in (NEW, GROWN)}
BLOB = "https://example.com/sample/blob/main"
GROWTH_PLAN = str(GROWN.whole[PAGES[GROWN]]).partition("## What shipped")[0].rstrip() + "\n"
GROWTH_NAV = (
    NAVS[GROWN]
    .replace("      - 1.3.0: changelog/1.3.0.md\n", "")
    .replace("      - Approval by amount: roadmap/approval-by-amount.md\n", "")
)
NEXT_PLAN = "docs/feature/2026-06-15-credit-export.md"
PLANNED = (
    (PLAN.replace("# Vendor credits", "# Credit export"))
    .replace("2026-05-24", "2026-06-15")
    .replace("Record, change and delete the credits of a vendor", "Export `vendor_credits`")
)
ENTRY = "      - 1.2.0: changelog/1.2.0.md\n"
_TASK = "app/graphql/vendor_credits/tasks/expire_credits.py"
TASK_LINE = (
    f"- Task: [{_TASK}](https://example.com/sample/blob/main/{_TASK}),"
    " `expire_credits` at `0 3 * * *`\n"
)
CRON_LINE = f"- `expire_credits` in `{_TASK}`, every night at `0 3 * * *`"


def still(world: World, old: str) -> str:
    """The one finding about a feature that carries no bump."""
    return (
        f"app/version.py:1:15: semver-level: version is still {old},"
        f" but the branch brings what {PAGES[world]} plans"
    )


def left_out(world: World, line: int) -> str:
    """The one finding about a page that the changelog does not add."""
    return (
        f"{CHANGELOGS[world]}:{line}:1: changelog-added-links: {PAGES[world]} does not stand under"
        " Added, and the branch brings what it plans"
    )


def only(world: World, *prefixes: str) -> dict[str, Edit]:
    """Take all but these files out of a feature."""
    return {
        path: world.base.get(path)  # type: ignore[misc]  # the worlds hold no bytes
        for path in world.feature
        if not path.startswith(prefixes) and world.base.get(path) != world.feature[path]
    }


def later_plan(world: World, text: str = PLANNED) -> dict[str, Edit]:
    """Plan another feature beside this one."""
    entry = f"      - Credit export: {NEXT_PLAN.removeprefix('docs/')}\n  - Roadmap:\n"
    return {NEXT_PLAN: text, "mkdocs.yml": ("  - Roadmap:\n", entry)}


# Main as it is, and a branch that only shows a field of a vendor more.
FIELD_CODE = "app/graphql/vendors/types.py"
ONE_FIELD = {
    FIELD_CODE: ("    title: str\n", "    title: str\n    email: str | None = None\n"),
    **dict.fromkeys(EXPORTS, ("type VendorType {\n", "type VendorType {\n  email: String\n")),
}
GROWS = "VendorType.email was added (schema.graphql)"


def branch(world: World, *edits: Mapping[str, Edit]) -> dict[str, Edit]:
    """A branch off the world's main that makes these edits and nothing else."""
    files: dict[str, Edit] = only(world)
    for path, edit in (item for more in edits for item in more.items()):
        if isinstance(edit, str) or edit is None:
            files[path] = edit
        else:
            files |= edited({path: str(world.base[path])}, {path: edit})
    return files


def small_release(*pieces: tuple[str, str]) -> dict[str, Edit]:
    """The release of the field: a minor step whose page says so under Changed."""
    page = changelog_with(
        GROWN,
        (ADDED[GROWN], "None"),
        (CHANGED, "## Changed\n\n- Vendors show an e-mail address"),
        (LISTED[GROWN], "None"),
        *pieces,
    )
    old = str(GROWN.base["mkdocs.yml"])
    entry = "      - 1.2.0: changelog/1.2.0.md\n"
    return {
        CHANGELOGS[GROWN]: page,
        "app/version.py": '__version__ = "1.3.0"\n',
        "pyproject.toml": GROWN.whole["pyproject.toml"],
        "mkdocs.yml": old.replace(entry, entry.replace("1.2.0", "1.3.0") + entry),
    }


THE_PLAN: dict[str, Edit] = {PAGES[NEW]: PLAN, "mkdocs.yml": NAVS[NEW].replace(ENTRY, "")}
BUG_FIX: dict[str, Edit] = {"app/database.py": ("class Base", "LIMIT = 100\n\n\nclass Base")}
NO_TASK: dict[str, Edit] = {
    _TASK: None,
    "tests/graphql/vendor_credits/test_expire_credits.py": None,
}
# The page of a branch that leaves the task to a later one.
_HEAD, _END, _TAIL = str(NEW.whole[PAGES[NEW]]).partition("## What shipped")
WAITING = f"{_HEAD}{_END}{_TAIL.replace(TASK_LINE, '')}- `expire_credits`: waits for the worker\n"


# The page of another feature that the cases put under Added.
UNREPEATED = (
    "docs/changelog/1.3.0.md:25:1: frontend-impact-repeated: Frontend impact lacks what"
    " docs/feature/2026-04-10-vendors.md:39 says:"
    " 'The page Vendors lists, creates, renames and deletes vendors.'"
)


def apart(world: World) -> dict[str, Edit]:
    """Say that the team makes its releases apart, on a branch that carries no bump."""
    text = str(world.base["pyproject.toml"])
    return {"pyproject.toml": f'{text}{SETTINGS}release = "separate"\n'}


BROKEN = [
    Case(
        "7.1",
        "a plan that landed before is finished without a bump",
        GROWN,
        unreleased(GROWN),
        (still(GROWN, "1.2.0"),),
        earlier={PAGES[GROWN]: GROWTH_PLAN, "mkdocs.yml": GROWTH_NAV},
    ),
    Case("7.1", "no bump and no entry", NEW, unreleased(NEW), (still(NEW, "1.1.0"),)),
    Case("7.1", "no bump and no entry", GROWN, unreleased(GROWN), (still(GROWN, "1.2.0"),)),
    Case(
        "7.1",
        "a plan that landed before, whose code comes without a bump",
        NEW,
        {**unreleased(NEW), PAGES[NEW]: PLAN},
        (still(NEW, "1.1.0"),),
        earlier={PAGES[NEW]: PLAN, "mkdocs.yml": NAVS[NEW].replace(ENTRY, "")},
    ),
    Case(
        "7.1",
        "a part lands, and nothing says that the rest comes later",
        NEW,
        {
            **unreleased(NEW),
            **NO_TASK,
            PAGES[NEW]: [(TASK_LINE, ""), (CRON_LINE, "None")],
        },
        (still(NEW, "1.1.0"),),
    ),
    Case(
        "7.1",
        "another page of the changelog is touched",
        NEW,
        {**unreleased(NEW), "docs/changelog/1.1.0.md": ("can be recorded", "can be kept")},
        (still(NEW, "1.1.0"),),
    ),
    Case(
        "7.2",
        "a field more, no page and no bump",
        GROWN,
        branch(GROWN, ONE_FIELD),
        (f"app/version.py:1:15: semver-level: version is still 1.2.0, but {GROWS}",),
    ),
    Case(
        "7.2",
        "a field less, no page and no bump",
        GROWN,
        branch(
            GROWN,
            {
                FIELD_CODE: ("    title: str\n", ""),
                **dict.fromkeys(EXPORTS, ("  id: Int!\n  title: String!\n", "  id: Int!\n")),
            },
        ),
        (
            "app/version.py:1:15: semver-level: version is still 1.2.0,"
            " but VendorType.title was removed (schema.graphql)",
        ),
    ),
    Case(
        "7.3",
        "a field more that no section tells",
        GROWN,
        branch(GROWN, ONE_FIELD, small_release(("- Vendors show an e-mail address", "None"))),
        (
            "docs/changelog/1.3.0.md:7:1: semver-level:"
            f" Added, Changed and Fixed say None, but {GROWS}",
        ),
    ),
    Case("7.4", "Added says None", NEW, changelog(NEW, (ADDED[NEW], "None")), (left_out(NEW, 7),)),
    Case(
        "7.4",
        "Added says None",
        GROWN,
        changelog(GROWN, (ADDED[GROWN], "None")),
        (left_out(GROWN, 7),),
    ),
    Case(
        "7.4",
        "another feature stands under Added",
        GROWN,
        changelog(GROWN, (ADDED[GROWN], "- [Vendors](../feature/2026-04-10-vendors.md)")),
        (left_out(GROWN, 7), UNREPEATED),
    ),
    Case(
        "7.4",
        "the page stands under Changed",
        GROWN,
        changelog(
            GROWN,
            (
                CHANGED,
                "## Changed\n\n- [Approval](../feature/2026-07-01-approve-vendor-credits.md)",
            ),
            (ADDED[GROWN], "None"),
        ),
        (left_out(GROWN, 7),),
    ),
    Case(
        "7.4",
        "the page is only linked beside another feature",
        GROWN,
        changelog(
            GROWN,
            (
                ADDED[GROWN],
                "- [Vendors](../feature/2026-04-10-vendors.md), see"
                " [approval](../feature/2026-07-01-approve-vendor-credits.md)",
            ),
        ),
        (left_out(GROWN, 7), UNREPEATED),
    ),
    Case(
        "7.4",
        "a bullet without a link",
        NEW,
        changelog(NEW, (ADDED[NEW], "- Vendor credits")),
        (
            f"{CHANGELOGS[NEW]}:9:1: changelog-added-links:"
            " 'Vendor credits' links to no feature page",
        ),
    ),
    Case(
        "7.4",
        "a plan that landed before, whose code is added nowhere",
        NEW,
        {**changelog(NEW, (ADDED[NEW], "None")), PAGES[NEW]: PLAN},
        (left_out(NEW, 7),),
        earlier={PAGES[NEW]: PLAN, "mkdocs.yml": NAVS[NEW].replace(ENTRY, "")},
    ),
    Case(
        "7.1",
        "a bump without a page",
        NEW,
        {CHANGELOGS[NEW]: None, "mkdocs.yml": (ENTRY, "")},
        (
            "app/version.py:1:15: version-sync: version 1.2.0 has no changelog page"
            " docs/changelog/1.2.0.md",
            "mkdocs.yml:3:1: version-sync: the nav has no entry for changelog/1.2.0.md,"
            " but app/version.py says 1.2.0",
        ),
    ),
    Case(
        "7.1",
        "a page without a bump",
        NEW,
        {"app/version.py": ("1.2.0", "1.1.0"), "pyproject.toml": ("1.2.0", "1.1.0")},
        (
            "docs/changelog/1.2.0.md:1:1: version-sync: the page is of version 1.2.0,"
            " but app/version.py says 1.1.0",
        ),
    ),
    Case(
        "7.1",
        "pyproject.toml keeps the old version",
        GROWN,
        {"pyproject.toml": ("1.3.0", "1.2.0")},
        ("pyproject.toml:3:11: version-sync: version is 1.2.0, but app/version.py says 1.3.0",),
    ),
    Case(
        "7.2",
        "a patch step for a feature",
        NEW,
        released_as(NEW, "1.1.1", (NOTES, "`scripts/bump_version.py patch`")),
        (
            "app/version.py:1:15: semver-level: version 1.1.1 is a patch step from 1.1.0,"
            " but Mutation.createVendorCredit was added (schema.graphql),"
            " Mutation.updateVendorCredit was added (schema.graphql),"
            " Mutation.deleteVendorCredit was added (schema.graphql) and 4 more",
        ),
    ),
    Case(
        "7.2",
        "a step that leaves a version out",
        GROWN,
        released_as(GROWN, "1.4.0"),
        ("app/version.py:1:15: semver-level: version 1.4.0 is not one step from 1.2.0",),
    ),
]
HONEST = [
    Case("7.1", "the plan alone", NEW, branch(NEW, THE_PLAN)),
    Case("7.1", "the plan alone, with a bug fix elsewhere", NEW, branch(NEW, THE_PLAN, BUG_FIX)),
    Case("7.1", "a bug fix without a page", GROWN, branch(GROWN, BUG_FIX)),
    Case(
        "7.1",
        "a bug fix, and a word on a page that has shipped and lists the file",
        GROWN,
        branch(
            GROWN,
            BUG_FIX,
            {"docs/feature/2026-04-10-vendors.md": ("in three ways", "in three different ways")},
        ),
    ),
    Case(
        "7.1",
        "a bug fix in a file that a plan of main lists",
        GROWN,
        branch(
            GROWN,
            {
                "app/graphql/vendor_credits/models/vendor_credit.py": (
                    "class VendorCredit(Base):\n",
                    "class VendorCredit(Base):\n    # One a note.\n",
                )
            },
        ),
    ),
    Case(
        "7.1",
        "a part lands, and the rest comes with the next branch",
        NEW,
        {
            **unreleased(NEW),
            **NO_TASK,
            PAGES[NEW]: [
                (TASK_LINE, ""),
                (CRON_LINE, "None"),
                (FUTURE[NEW], "- Expiring credits at night: comes with the next branch"),
            ],
        },
    ),
    Case(
        "7.1",
        "a part lands, and a task of the plan waits under Future additions",
        NEW,
        {**unreleased(NEW), **NO_TASK, PAGES[NEW]: WAITING},
    ),
    Case(
        "7.1",
        "a part lands with its release, and a task of the plan waits under Future additions",
        NEW,
        {**NO_TASK, PAGES[NEW]: WAITING},
    ),
    Case("7.1", "releases are made apart", NEW, {**unreleased(NEW), **apart(NEW)}),
    Case("7.1", "releases are made apart", GROWN, {**unreleased(GROWN), **apart(GROWN)}),
    Case("7.1", "the setting by its default", GROWN, settings(GROWN, 'release = "per-feature"')),
    Case("7.1", "the plan of the next feature beside this one", GROWN, later_plan(GROWN)),
    Case("7.1", "the plan of the next feature beside this one", NEW, later_plan(NEW)),
    Case(
        "7.1",
        "the entry on a page that an earlier branch of the release began",
        GROWN,
        {
            "docs/changelog/1.2.0.md": (
                "- [Vendor credits](../feature/2026-05-24-vendor-credits.md)",
                "- [Vendor credits](../feature/2026-05-24-vendor-credits.md)\n"
                "- [Approval](../feature/2026-07-01-approve-vendor-credits.md)",
            ),
        },
    ),
    Case("7.2", "a field more with its release", GROWN, branch(GROWN, ONE_FIELD, small_release())),
    Case(
        "7.2",
        "a field more where releases are made apart",
        GROWN,
        branch(GROWN, ONE_FIELD, apart(GROWN)),
    ),
    Case(
        "7.2",
        "a description more in the schema",
        GROWN,
        branch(
            GROWN,
            dict.fromkeys(EXPORTS, ("type VendorType {", '"""A vendor."""\ntype VendorType {')),
        ),
    ),
    Case(
        "7.2",
        "a major step for a feature",
        GROWN,
        released_as(GROWN, "2.0.0", (NOTES, "`scripts/bump_version.py major`")),
    ),
    Case(
        "7.2",
        "a release candidate",
        GROWN,
        released_as(GROWN, "1.3.0-rc.1"),
    ),
    Case(
        "7.4",
        "the page stands under Added in a sentence with another",
        GROWN,
        changelog(
            GROWN,
            (
                ADDED[GROWN],
                "Credits wait for [approval](../feature/2026-07-01-approve-vendor-credits.md).",
            ),
        ),
    ),
    Case(
        "7.4",
        "the page stands under Added by its address on the site",
        GROWN,
        changelog(
            GROWN,
            (
                "../feature/2026-07-01-approve-vendor-credits.md",
                "/feature/2026-07-01-approve-vendor-credits.md",
            ),
        ),
    ),
    Case(
        "7.4",
        "the page stands under Added, and a page of before is touched",
        GROWN,
        {"docs/feature/2026-05-24-vendor-credits.md": ("nobody else sees", "no one else sees")},
    ),
    *(
        Case(
            "7.4", f"the page stands under Added as {name}", NEW, changelog(NEW, (ADDED[NEW], text))
        )
        for name, text in (
            ("a URL of the forge", f"- [Vendor credits]({BLOB}/{PAGES[NEW]})"),
            ("a reference", f"- [Vendor credits][page]\n\n[page]: ../{PAGES[NEW][5:]}"),
            ("a heading", f"### [Vendor credits](../{PAGES[NEW][5:]})\n\nThey can be recorded."),
            ("a row", f"| What | Page |\n|---|---|\n| Credits | [page](../{PAGES[NEW][5:]}) |"),
            ("a theme", f"- Accounting\n    - [Vendor credits](../{PAGES[NEW][5:]})"),
        )
    ),
    Case(
        "7.1",
        "a plan that landed before is finished with its release",
        GROWN,
        {},
        earlier={PAGES[GROWN]: GROWTH_PLAN, "mkdocs.yml": GROWTH_NAV},
    ),
    Case(
        "7.1",
        "a part lands, and something In scope waits by its name",
        GROWN,
        {
            **unreleased(GROWN),
            PAGES[GROWN]: (FUTURE[GROWN], f"{FUTURE[GROWN]}\n- A weekly reminder: no calendar yet"),
        },
    ),
    Case(
        "7.1",
        "main has moved on",
        NEW,
        {},
        landed={"docs/index.md": "# Sample backend\n\nNews.\n"},
    ),
]


@all_of(BROKEN + HONEST)
def test_release(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

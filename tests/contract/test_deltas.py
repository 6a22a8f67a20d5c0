"""2.1 and 2.2: the list of deltas, and its links."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.pages import (
    BLOB,
    GROWTH_PAGE,
    HOME,
    PAGE,
    grown,
    new,
    on_growth_page,
    on_page,
)
from tests.contract.worlds import Case, Edit, all_of

HEADING = "## What's being implemented"
DETAIL = "## Detail of what is getting done"
UNLISTED = (
    "deltas-enumerated: {} is a {} that the branch {},"
    " and What's being implemented does not name it"
)
BARE = "deltas-enumerated: What's being implemented names {} without a link"
GHOST = "deltas-enumerated: What's being implemented names"
NOWHERE = "which neither code nor schema has"
ABSENT = "docs-links-resolve: link to {}: there is no {} on {}"
REPOSITORY = f"{HOME}/repositories/vendor_credit_repository.py"
MODEL = f"{HOME}/models/vendor_credit.py"
SCRIPT = "scripts/approve_old_credits.py"
SITE: dict[str, Edit] = {
    "mkdocs.yml": (
        "site_name: Sample backend\n",
        "site_name: Sample backend\nrepo_url: https://example.com/sample\n",
    )
}
NEW_FILE = (
    '"""What several files need."""\n\n\ndef double(amount: int) -> int:\n    return 2 * amount\n'
)
OLD_TEST = (
    "from app.old import double\n\n\ndef test_doubles() -> None:\n    assert double(2) == 4\n"
)


def _link(path: str) -> str:
    return f"[{path}]({BLOB}{path})"


def _without(*lines: str) -> dict[str, Edit]:
    """The new resource's page without these lines of its deltas."""
    return on_page(*((line, "") for line in lines))


def _tested(path: str) -> dict[str, Edit]:
    """A file of code that the branch adds, and its test."""
    module, name = path.removesuffix(".py").replace("/", "."), path.rpartition("/")[2]
    return {
        path: NEW_FILE,
        f"tests/test_{name}": f'"""Doubled amounts."""\n\nfrom {module} import double\n\n\n'
        "def test_doubles() -> None:\n    assert double(2) == 4\n",
    }


def _added(path: str) -> Case:
    told = UNLISTED.format(path, "file", "adds")
    return new("2.1", f"unlisted: {path}", _tested(path), (PAGE, HEADING, told))


def _method(named: str, told: str = "") -> Case:
    """The service of the new resource with one name more than its methods."""
    finds = [(PAGE, f"`{named}`", f"{GHOST} {told}, {NOWHERE}")] if told else []
    listed = "`create_vendor_credit`,"
    return new("2.1", f"a service with {named}", on_page((listed, f"{listed} `{named}`,")), *finds)


BROKEN = [
    new(
        "2.2",
        "an address of another file on a forge that is not known",
        on_page((f"({BLOB}{HOME}/types.py)", f"({BLOB}{HOME}/kinds.py)")),
        (
            PAGE,
            f"[{HOME}/types.py",
            f"deltas-enumerated: the link says {HOME}/types.py, and leads to {HOME}/kinds.py",
        ),
    ),
    _method("void_vendor_credit", "void_vendor_credit"),
    _method("void_vendor_credit(id)", "void_vendor_credit"),
    _method("VendorCreditService.void_vendor_credit", "void_vendor_credit"),
    grown(
        "2.1",
        "a method that the service of the growing resource has not",
        on_growth_page(
            ("and `approve_vendor_credit`", "and the new method `refuse_vendor_credit`"),
            (
                "`list_pending_vendor_credits`",
                "`list_pending_vendor_credits`, `approve_vendor_credit`",
            ),
        ),
        (GROWTH_PAGE, "`refuse_vendor_credit`", f"{GHOST} refuse_vendor_credit, {NOWHERE}"),
    ),
    _added(f"{HOME}/amounts.py"),
    _added("app/amounts.py"),
    _added("app/core/amounts.py"),
    _added("scripts/lib/amounts.py"),
    new(
        "2.1",
        "an unlisted repository",
        _without(f"- Repository: {_link(REPOSITORY)}\n"),
        (PAGE, HEADING, UNLISTED.format(REPOSITORY, "repository", "adds")),
    ),
    grown(
        "2.1",
        "an unlisted repository that changes",
        on_growth_page(
            (f"- Repository: [vendor_credit_repository.py]({BLOB}{REPOSITORY}) finds", "- It finds")
        ),
        (GROWTH_PAGE, DETAIL, UNLISTED.format(REPOSITORY, "repository", "changes")),
    ),
    grown(
        "2.1",
        "an unlisted model that changes",
        on_growth_page((f" and the new column in\n  [vendor_credit.py]({BLOB}{MODEL})", "")),
        (GROWTH_PAGE, DETAIL, UNLISTED.format(MODEL, "model", "changes")),
    ),
    grown(
        "2.1",
        "an unlisted script",
        on_growth_page(
            (f"- Run after the deploy: {_link(SCRIPT)}\n", "- One thing after the deploy\n")
        ),
        (GROWTH_PAGE, DETAIL, UNLISTED.format(SCRIPT, "script", "adds")),
    ),
    new(
        "2.1",
        "an unlisted template of a mail",
        {"app/templates/credit.html": "<p>A credit.</p>\n"},
        (PAGE, HEADING, UNLISTED.format("app/templates/credit.html", "file", "adds")),
    ),
    new(
        "2.1",
        "an unlisted package that holds something",
        {
            **_tested("app/amounts/__init__.py"),
            "tests/test___init__.py": None,
            "tests/test_amounts.py": OLD_TEST.replace("app.old", "app.amounts"),
        },
        (PAGE, HEADING, UNLISTED.format("app/amounts/__init__.py", "file", "adds")),
    ),
    new(
        "2.2",
        "a path in code instead of a link",
        on_page((_link(MODEL), f"`{MODEL}`")),
        (PAGE, f"`{MODEL}", BARE.format(MODEL)),
    ),
    new(
        "2.2",
        "a path in plain words instead of a link",
        on_page((_link(REPOSITORY), REPOSITORY)),
        (PAGE, REPOSITORY, BARE.format(REPOSITORY)),
    ),
    grown(
        "2.2",
        "a script in code instead of a link",
        on_growth_page((_link(SCRIPT), f"`{SCRIPT}`")),
        (GROWTH_PAGE, f"`{SCRIPT}`\n", BARE.format(SCRIPT)),
    ),
    grown(
        "2.2",
        "a table of paths instead of links",
        on_growth_page(
            (
                f"- Run after the deploy: {_link(SCRIPT)}\n",
                f"\n| After the deploy |\n|---|\n| {SCRIPT} |\n",
            )
        ),
        (GROWTH_PAGE, SCRIPT, BARE.format(SCRIPT)),
    ),
    new(
        "2.2",
        "a link to a file that no branch has",
        {
            **SITE,
            **on_page(("- Backfill: `", f"- Backfill: [rows]({BLOB}scripts/rows.py), that is `")),
        },
        (PAGE, "[rows]", ABSENT.format(f"{BLOB}scripts/rows.py", "scripts/rows.py", "main")),
    ),
    grown(
        "2.2",
        "a link to a file of another name",
        {
            "mkdocs.yml": SITE["mkdocs.yml"],
            **on_growth_page(("Accounting |", f"[Accounting]({BLOB}docs/teams/accounting.md) |")),
        },
        (
            GROWTH_PAGE,
            "[Accounting]",
            ABSENT.format(f"{BLOB}docs/teams/accounting.md", "docs/teams/accounting.md", "main"),
        ),
    ),
    new(
        "2.2",
        "a roadmap page that no branch has",
        {
            **SITE,
            **on_page(
                (
                    "waits for the payment run",
                    f"waits for the [payment run]({BLOB}docs/roadmap/payments.md)",
                )
            ),
        },
        (
            PAGE,
            "[payment run]",
            ABSENT.format(f"{BLOB}docs/roadmap/payments.md", "docs/roadmap/payments.md", "main"),
        ),
    ),
]
HONEST = [
    # One of the repository, and a class.
    _method("remove"),
    _method("VendorCredit"),
    new(
        "2.1",
        "a method that is put off",
        on_page(
            ("`create_vendor_credit`,", "`create_vendor_credit`, `void_vendor_credit`,"),
            ("- Applying a", "- `void_vendor_credit`: nobody asks for it yet\n- Applying a"),
        ),
    ),
    new(
        "2.1",
        "a name behind other words",
        on_page(
            (
                "and `delete_vendor_credit`",
                "and `delete_vendor_credit`, behind the flag `void_credits`",
            )
        ),
    ),
    new("2.1", "an empty package", {"app/amounts/__init__.py": ""}),
    new("2.1", "a test", {"tests/test_more.py": "def test_more() -> None:\n    assert 1\n"}),
    new("2.1", "a file beside the code", {"compose.yml": "services: {}\n"}),
    new("2.1", "a file of the docs", {"docs/notes.txt": "Nothing.\n"}),
    new("2.1", "a mark in a package", {"app/py.typed": "", "app/static/.gitkeep": ""}),
    grown(
        "2.1",
        "a helper that is listed",
        {
            **_tested("app/amounts.py"),
            **on_growth_page(
                ("- Repository:", f"- Helper: [amounts.py]({BLOB}app/amounts.py)\n- Repository:")
            ),
        },
    ),
    new(
        "2.1",
        "a template that is listed",
        {
            "app/templates/credit.html": "<p>A credit.</p>\n",
            **on_page(("- Task: ", f"- Mail: {_link('app/templates/credit.html')}\n- Task: ")),
        },
    ),
    new(
        "2.1",
        "templates whose folder is listed",
        {
            "app/templates/credit.html": "<p>A credit.</p>\n",
            "app/templates/debit.html": "<p>A debit.</p>\n",
            **on_page(("- Task: ", f"- Mails: [templates]({BLOB}app/templates)\n- Task: ")),
        },
    ),
    grown(
        "2.1",
        "a helper that moves",
        {
            "app/old.py": None,
            "app/amounts.py": NEW_FILE,
            "tests/test_old.py": OLD_TEST.replace("app.old", "app.amounts"),
        },
        earlier={"app/old.py": NEW_FILE, "tests/test_old.py": OLD_TEST},
    ),
    grown(
        "2.1",
        "a helper that changes",
        {
            "app/old.py": NEW_FILE.replace("2 * amount", "amount * 2"),
            "tests/test_old.py": OLD_TEST.replace("(2)", "(1 + 1)"),
        },
        earlier={"app/old.py": NEW_FILE, "tests/test_old.py": OLD_TEST},
    ),
    new("2.2", "links with a line", on_page((f"{BLOB}{MODEL}", f"{BLOB}{MODEL}#L5"))),
    new("2.2", "a path in code inside of a link", on_page((f"[{MODEL}]", f"[`{MODEL}`]"))),
    new(
        "2.2",
        "a path beside its link",
        on_page((f"({BLOB}{MODEL})", f"({BLOB}{MODEL}), that is `{MODEL}`")),
    ),
    new(
        "2.2",
        "a path of another file",
        on_page(("- Task: ", "- As in `app/graphql/vendors/types.py`\n- Task: ")),
    ),
    new(
        "2.2",
        "reference links",
        on_page(
            (_link(MODEL), f"[{MODEL}][model]"),
            ("the payment run\n", f"the payment run\n\n[model]: {BLOB}{MODEL}\n"),
        ),
    ),
    new("2.2", "an address alone", on_page((_link(MODEL), f"<{BLOB}{MODEL}>"))),
    new(
        "2.2",
        "links of another forge",
        on_page((BLOB, "https://gitlab.com/acme/sample/-/blob/main/")),
    ),
    new("2.2", "links to files that the branch brings", SITE),
    new(
        "2.2",
        "links to another branch and to a commit",
        {
            **SITE,
            **on_page(
                (
                    "waits for the payment run",
                    "waits for [that](https://example.com/sample/blob/payments/docs/x.md), and for"
                    " [this](https://example.com/sample/blob/0a1b2c3/docs/x.md)",
                )
            ),
        },
    ),
    new(
        "2.2",
        "a link to another repository",
        {
            **SITE,
            **on_page(("the payment run", "the [run](https://example.com/web/blob/main/src/x.ts)")),
        },
    ),
    new(
        "2.2",
        "a link to a folder",
        {
            **SITE,
            **on_page(
                ("the payment run", f"the [run](https://example.com/sample/tree/main/{HOME})")
            ),
        },
    ),
    new(
        "2.2",
        "a link to the page of an issue",
        {**SITE, **on_page(("the payment run", "the [run](https://example.com/sample/issues/12)"))},
    ),
    new(
        "2.2",
        "an older page with a dead link",
        SITE,
        earlier={
            "docs/feature/2026-04-10-vendors.md": (
                "see the [roadmap]",
                f"see [it]({BLOB}docs/x.md), the [roadmap]",
            )
        },
    ),
    new(
        "2.2",
        "a dead link of a repository that nobody names",
        on_page(("the payment run", f"the [payment run]({BLOB}docs/payments.md)")),
    ),
    new(
        "2.2",
        "a file that the branch takes away",
        {
            **SITE,
            "app/old.py": None,
            **on_page(("- Task: ", f"- Gone: {_link('app/old.py')}\n- Task: ")),
        },
        earlier={"app/old.py": "VALUE = 1\n"},
    ),
]


@all_of(BROKEN + HONEST)
def test_deltas(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

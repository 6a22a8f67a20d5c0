"""feature-page-final: exact findings on a page that shipped, and what it must leave alone."""

from __future__ import annotations

import re

import pytest
from tests.repository import Project, Run

ID = "feature-page-final"
PAGE = "docs/feature/2026-06-01-refunds.md"
LOG = "docs/changelog/1.3.0.md"
LINK = "# 1.3.0\n\n## Added\n\n- [Refunds](../feature/2026-06-01-refunds.md)\n"
BODY = """\
# Refunds

## Frontend contract

A button.

## What's being implemented

- `app/x.py` with `pay_back` at `0 3 * * *`
- [app/y.py](https://example.com/blob/main/app/y.py)

## What shipped

- `app/x.py` with `pay_back` at `0 3 * * *`
- [app/y.py](https://example.com/blob/main/app/y.py)

## Future additions

- Letters: the post is slow
"""
CLEAN = (0, "no findings (2 files judged)\n", "")
LATER = "list each follow-up with the reason why it waits, or say None"
MOVE = "move it to one of them; under Future additions with a reason"
WHY = "add one line on why it is deferred, after a colon"
SINCE = f"{LOG} links to the page"


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help"),
    [
        (
            "## Frontend contract\n\nA button.\n\n",
            "",
            "1:1",
            f"section Frontend contract is missing, and {SINCE}",
            'add "## Frontend contract"; say what the frontend has to wire up, or None',
        ),
        (
            "## Future additions\n\n- Letters: the post is slow\n",
            "",
            "1:1",
            f"section Future additions is missing, and {SINCE}",
            f'add "## Future additions"; {LATER}',
        ),
        (
            "## What shipped\n",
            "## What we did\n",
            "1:1",
            f"section What shipped is missing, and {SINCE}",
            'add "## What shipped"; list what came of What\'s being implemented',
        ),
        (
            "- Letters: the post is slow\n",
            "<!-- nothing -->\n",
            "17:1",
            f"section Future additions is empty, and {SINCE}",
            LATER,
        ),
        (
            "A button.\n",
            "",
            "3:1",
            f"section Frontend contract is empty, and {SINCE}",
            "say what the frontend has to wire up, or None",
        ),
        (
            "- `app/x.py` with `pay_back`",
            "- `app/x.py` with `pay_back` and `Service.undo(id)`",
            "9:34",
            "Service.undo(id) is in neither What shipped nor Future additions",
            MOVE,
        ),
        (
            "- `app/x.py` with",
            "- `app/gone.py` with `app/x.py` and",
            "9:3",
            "app/gone.py is in neither What shipped nor Future additions",
            MOVE,
        ),
        (
            "`0 3 * * *`\n",
            "`0 4 * * *`\n",
            "9:33",
            "0 4 * * * is in neither What shipped nor Future additions",
            MOVE,
        ),
        (
            "- [app/y.py](https://example.com/blob/main/app/y.py)\n\n## What shipped",
            "- [app/z.py](https://example.com/blob/main/app/z.py)\n\n## What shipped",
            "10:3",
            "app/z.py is in neither What shipped nor Future additions",
            MOVE,
        ),
        (
            "- Letters: the post is slow",
            "- Letters",
            "19:1",
            "'Letters' does not say why it waits",
            WHY,
        ),
        (
            "- Letters: the post is slow",
            "- Letters: the post is slow\n- **Letters of** `kind`:",
            "20:1",
            "'Letters of kind:' does not say why it waits",
            WHY,
        ),
        (
            "the post is slow",
            "see [the plan](../roadmap/letters.md)",
            "19:16",
            "the link to ../roadmap/letters.md leads to no page of the roadmap",
            "correct it, or write the page",
        ),
        (
            "the post is slow",
            "see [the plan](../roadmap/letters/#soon)",
            "19:16",
            "the link to ../roadmap/letters/#soon leads to no page of the roadmap",
            "correct it, or write the page",
        ),
    ],
)
def test_finding(
    old: str, new: str, place: str, message: str, help: str, project: Project, run: Run
) -> None:
    assert old in BODY
    # The first that stands there is the planned one.
    project.lay({PAGE: BODY.replace(old, new, 1), LOG: LINK})
    assert run(ID) == (
        1,
        f"{PAGE}:{place}: {ID}: {message}\n    help: {help}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("## Frontend contract", "## Frontend impact"),
        ("- Letters: the post is slow", "None"),
        ("- Letters: the post is slow", "Nothing that anybody asked for."),
        ("- Letters: the post is slow", "- None"),
        ("- Letters: the post is slow", "- Letters - the post is slow"),
        ("- Letters: the post is slow", "- Letters \u2014 the post is slow"),
        ("- Letters: the post is slow", "- Letters. The post is slow"),
        ("- Letters: the post is slow", "- Letters, because the post is slow"),
        ("- Letters: the post is slow", "- Letters wait until the post is fast"),
        ("- Letters: the post is slow", "- Letters\n  - the post is slow"),
        ("- Letters: the post is slow", "- Letters\n  the post is slow"),
        ("- Letters: the post is slow", "- ~~Letters~~"),
        ("the post is slow", "see [the plan](../roadmap/index.md#letters)"),
        ("the post is slow", "see [the plan](../roadmap/)"),
        ("the post is slow", "see [the plan](../roadmap/index/)"),
        ("the post is slow", "see [the plan](../elsewhere/gone.md), it is not of the roadmap"),
        # What did not ship is put off, under its name.
        ("- Letters:", "- `undo`, `app/gone.py`:"),
        ("with `pay_back`", "with `RefundService.pay_back()` and `pay_back(id: int)`"),
        ("- `app/x.py` with", "- plain words and"),
        ("shipped\n\n- `app/x.py`", "shipped\n\n- `x.py`"),
        (
            "implemented\n\n- `app/x.py` with `pay_back`",
            "implemented\n\n- `pay_back(id) -> Refund`",
        ),
        ("- `app/x.py` with", "```python\nundo()\n```\n- `app/x.py` with"),
        ("- [app/y.py](https://example.com/blob/main/app/y.py)", "- `app/y.py`"),
        ("## Future additions", "## Future work"),
        ("## Future additions", "## Follow-ups"),
        ("## What shipped", "## What was implemented"),
        ("## Frontend contract", "## Frontend handoff"),
        ("- [app/y.py](https://example.com/blob/main/app/y.py)", "- [app/y.py](../../app/y.py)"),
        (
            "- [app/y.py](https://example.com/blob/main/app/y.py)",
            "- [the service](https://example.com/blob/main/app/y.py#L7)",
        ),
    ],
)
def test_left_alone(old: str, new: str, project: Project, run: Run) -> None:
    assert old in BODY
    body = BODY.replace(old, new, 1)
    if "`undo`" in new:
        body = body.replace("with `pay_back`", "with `pay_back`, `undo`, `app/gone.py`", 1)
    project.lay({PAGE: body, LOG: LINK, "docs/roadmap/index.md": "# Roadmap\n"})
    assert run(ID) == CLEAN


@pytest.mark.parametrize(
    "log",
    [
        "# 1.3.0\n",
        "# 1.3.0\n\n`../feature/2026-06-01-refunds.md`\n",
        "# 1.3.0\n\n<!-- [x](../feature/2026-06-01-refunds.md) -->\n",
        "# 1.3.0\n\n[x](../feature/2026-06-01-refunds-more.md)\n",
    ],
)
def test_a_page_that_has_not_shipped(log: str, project: Project, run: Run) -> None:
    project.lay({PAGE: "# Refunds\n", LOG: log})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "href",
    [
        "../feature/2026-06-01-refunds.md#what-shipped",
        "/feature/2026-06-01-refunds/",
        "https://docs.example.com/feature/2026-06-01-refunds/",
    ],
)
def test_a_link_may_lead_to_the_site(href: str, project: Project, run: Run) -> None:
    project.lay({PAGE: "# Refunds\n", LOG: f"# 1.3.0\n\n[x]({href})\n"})
    assert run(ID)[1].endswith("3 findings in 1 file\n")


NAME = PAGE.rpartition("/")[2]
OTHER = "2026-05-01-letters.md"


@pytest.mark.parametrize(
    ("log", "is_final"),
    [
        (f"## Added\n\n- [Refunds](../feature/{NAME})\n", True),
        (f"## Added\n\n- Money comes back ([page](../feature/{NAME}))\n", True),
        (f"## Added\n\n- Money\n  - [Refunds](../feature/{NAME})\n", True),
        (f"## Added\n\n[Refunds](../feature/{NAME}) came.\n", True),
        (f"## Added\n\n- [L](../feature/{OTHER}) and [R](../feature/{NAME})\n", True),
        (f"## Added\n\n- On top of [L](../feature/{OTHER}): [R](../feature/{NAME})\n", True),
        (f"## What is new\n\n- [Refunds](../feature/{NAME})\n", True),
        (f"## Changed\n\n- [Refunds](../feature/{NAME}) will need it\n", False),
        (f"## Highlights\n\n- Soon: [Refunds](../feature/{NAME})\n", False),
        (f"## Fixed\n\n- See [Refunds](../feature/{NAME})\n", False),
        (f"## Frontend impact\n\nSee [Refunds](../feature/{NAME}).\n", False),
        (f"## Added\n\n- [L](../feature/{OTHER}), before [R](../feature/{NAME})\n", False),
        (f"## Added\n\n- [L](../feature/{OTHER})\n  - prepares [R](../feature/{NAME})\n", False),
        (f"## Added\n\n- Before [R](../feature/{NAME}) come [L](../feature/{OTHER})\n", False),
    ],
)
def test_what_the_changelog_says_has_shipped(
    log: str, is_final: bool, project: Project, run: Run
) -> None:
    letters = BODY.replace("Refunds", "Letters")
    project.lay({PAGE: "# Refunds\n", f"docs/feature/{OTHER}": letters, LOG: f"# 1.3.0\n\n{log}"})
    assert run(ID)[0] == is_final
    assert not is_final or f"{PAGE}:1:1: " in run(ID)[1]


SHIPPED_LIST = BODY[BODY.index("## What shipped") : BODY.index("## Future")]


@pytest.mark.parametrize(
    ("says", "is_lost"),
    [
        ("Everything above shipped as planned.", False),
        ("- Everything above shipped as planned.", False),
        ("Everything under [What's being implemented](#whats-being-implemented) shipped.", False),
        ("All of the above shipped.", False),
        ("All of it, as planned.", False),
        ("Shipped as planned.", False),
        ("The complete list above shipped.", False),
        ("The whole list above, on 2026-06-12.", False),
        ("Same as What\u2019s being implemented.", False),
        ("Same as last year.", True),
        ("Identical to the plan.", False),
        ("The plan, in full.", False),
        ("No deviations from the plan.", False),
        ("Nothing changed: all of it shipped.", False),
        ("Every item above has landed.", False),
        ("Each of the nine files above is merged.", False),
        ("All planned items shipped.", False),
        ("What was planned is what shipped.", False),
        ("What we planned changed.", True),
        ("Waits: everything above.", True),
        ("All of the above will be shipped later.", True),
        ("All resolvers above shipped.", True),
        ("It waits for the list above the fold.", True),
        ("As planned.", False),
        ("Shipped in full.", False),
        ("Everything listed above.", False),
        ("Complete: all of the list above.", False),
        ("Shipped in 1.3.0: everything listed under What's being implemented.", False),
        ("See the list above: all shipped.", False),
        ("Not shipped: everything above.", True),
        ("Everything above waits.", True),
        ("The whole list above shipped in 1.3.0.", False),
        ("We shipped everything. It went well.", False),
        ("Everything shipped, except letters.", False),
        ("Not everything above shipped.", True),
        ("Almost everything shipped.", True),
        ("Much shipped as planned.", True),
        ("- `app/x.py`: all queries shipped", True),
        ("Everything is still to be written.", True),
        ("<!-- all -->", None),
        ("TODO", None),
    ],
)
def test_a_sentence_closes_the_list(
    says: str, is_lost: bool | None, project: Project, run: Run
) -> None:
    body = BODY.replace(SHIPPED_LIST, f"## What shipped\n\n{says}\n\n")
    project.lay({PAGE: body, LOG: LINK})
    code, out, _ = run(ID)
    assert (" in neither " in out or "neither What shipped nor" in out) is bool(is_lost)
    # An empty section is one finding.
    fault = "a stub" if says == "TODO" else "empty"
    assert out.count(f"section What shipped is {fault}, and {SINCE}") == (is_lost is None)
    assert code == (is_lost is not False)


PLANNED = """\
- Service: [services/refund.py](https://example.com/blob/main/app/refunds/services/refund.py) with
  `create_refund` and `cancel_refund`
- Task: [tasks/send_letters.py](https://example.com/blob/main/app/refunds/tasks/send_letters.py)
- After the deploy: `scripts/backfill.py`
"""
LETTERS, BANK = "- Letters: the post is slow", "- Paying by bank: it has no API"
WHOLE, TASK = "Everything above shipped", "tasks/send_letters.py"


@pytest.mark.parametrize(
    ("says", "future", "lost"),
    [
        (f"{WHOLE}, except the nightly task.", BANK, [TASK]),
        (f"{WHOLE}, except the nightly task.", LETTERS, []),
        (f"{WHOLE}, except the nightly task.", "- Nightly runs: no scheduler", []),
        (f"{WHOLE} except one thing: the letters.", BANK, [TASK]),
        (f"{WHOLE}, except letters.", "None", [TASK]),
        (f"{WHOLE}, minus the backfill and the letters.", BANK, [TASK, "scripts/backfill.py"]),
        (f"{WHOLE}, minus the backfill and the letters.", LETTERS, ["scripts/backfill.py"]),
        ("All but the letters.", BANK, [TASK]),
        ("All but the letters.", LETTERS, []),
        ("Everything but `cancel_refund` shipped.", BANK, ["cancel_refund"]),
        ("Everything but `cancel_refund` shipped.", "- Cancelling: nobody asked", []),
        ("With the exception of the letters, all of it shipped.", BANK, [TASK]),
        (f"{WHOLE}, but not the letters.", LETTERS, []),
        (f"{WHOLE}, but the letters did not.", BANK, [TASK]),
        (f"{WHOLE}, but the letters did not.", LETTERS, []),
        (f"{WHOLE}, only the letters are missing.", BANK, [TASK]),
        (f"{WHOLE}. The letters were left out for now.", BANK, [TASK]),
        (f"{WHOLE}, the letters will follow in 1.4.", BANK, [TASK]),
        (f"{WHOLE} and the letters will follow.", LETTERS, []),
        (f"- {WHOLE}\n- Later: the letters", BANK, [TASK]),
        (f"{WHOLE}. The letters come later.", LETTERS, []),
        (f"{PLANNED}- The letters come later", BANK, [TASK]),
        # A clause is no exception, and what the plan does not know is not judged.
        (f"{WHOLE}, but later than planned.", "None", []),
        (f"{WHOLE} without incident.", "None", []),
        (f"{WHOLE}, except that amounts are in cents.", "None", []),
        (f"{WHOLE}, except as noted below.", BANK, []),
        (f"{WHOLE}, except refunds of gifts.", BANK, []),
        (f"{WHOLE}. The task now runs at four.", BANK, []),
        (f"{WHOLE}. Letters are sent to all but the blocked.", BANK, []),
        (f"{WHOLE}. The letters task was dropped in 1.2.", BANK, []),
        (PLANNED.replace("- Task", "- Task for deferred bills"), BANK, []),
        (f"{PLANNED}- The service shows what was left out", BANK, []),
    ],
)
def test_what_is_left_out_is_put_off(
    says: str, future: str, lost: list[str], project: Project, run: Run
) -> None:
    planned = BODY[BODY.index("- `app/x.py`") : BODY.index("\n## What shipped")]
    body = BODY.replace(SHIPPED_LIST, f"## What shipped\n\n{says}\n\n").replace(planned, PLANNED)
    project.lay({PAGE: body.replace(LETTERS, future), LOG: LINK})
    message = f": {ID}: (.+) is in neither What shipped nor Future additions\n"
    assert re.findall(message, run(ID)[1]) == lost


def test_an_exception_that_nothing_names(project: Project, run: Run) -> None:
    body = BODY.replace(SHIPPED_LIST, "## What shipped\n\nEverything shipped except the fax.\n\n")
    project.lay({PAGE: body, LOG: LINK})
    assert run(ID) == CLEAN
    project.lay({PAGE: body.replace(LETTERS, "None")})
    assert run(ID)[1].endswith("2 findings in 1 file\n")


def test_what_else_the_changelog_links_to(project: Project, run: Run) -> None:
    other = PAGE.replace("refunds", "gone")
    more = f"- [Guide](../guide.md)\n- [Gone](../feature/{other.rpartition('/')[2]})\n"
    project.lay({PAGE: BODY, LOG: LINK + more, "docs/guide.md": "# Guide\n", other: "# Gone\n"})
    # From the work tree alone: git still tracks it.
    (project.root / other).unlink()
    assert run(ID) == CLEAN


def test_a_changelog_page_makes_a_page_final(project: Project, run: Run) -> None:
    project.lay({PAGE: "# Refunds\n"})
    project.git("commit", "-qm", "plan")
    assert run(ID)[0] == 0
    project.lay({LOG: LINK})
    assert run(ID)[1].endswith("3 findings in 1 file\n")


@pytest.mark.parametrize(
    ("section", "code", "is_final"),
    [
        ("Changed", "app/y.py", True),
        ("Fixed", "app/y.py", True),
        # The page plans what the branch does not bring.
        ("Changed", "app/z.py", False),
        ("Highlights", "app/y.py", False),
    ],
)
def test_what_adds_nothing_stands_under_changed_or_fixed(
    section: str, code: str, is_final: bool, project: Project, run: Run
) -> None:
    project.lay({"README.md": "# Shop\n"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    body = BODY.partition("## What shipped")[0] + "## Future additions\n\nNone\n"
    project.lay({PAGE: body, LOG: LINK.replace("Added", section), code: "X = 1\n"})
    found = f"{PAGE}:1:1: {ID}: section What shipped is missing, and {SINCE}\n"
    assert (run(ID)[1].startswith(found)) is is_final


def test_what_changed_is_about_a_page_of_before(project: Project, run: Run) -> None:
    project.lay({PAGE: "# Refunds\n"})
    project.git("commit", "-qm", "plan")
    project.git("checkout", "-qb", "feature")
    project.lay({PAGE: "# Refunds\n\nSoon.\n", LOG: LINK.replace("Added", "Changed")})
    assert run(ID)[0] == 0


def test_what_is_staged_elsewhere_does_not_concern_it(project: Project, run: Run) -> None:
    project.lay({PAGE: "# Refunds\n", LOG: LINK})
    project.git("commit", "-qm", "shipped")
    assert run(ID)[0] == 1
    project.lay({"app/x.py": "X = 1\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")


def test_no_changelog_is_kept(project: Project, run: Run) -> None:
    project.lay(
        {PAGE: "# Refunds\n", "pyproject.toml": '[tool.definition-of-done]\nchangelog=""\n'}
    )
    assert run(ID) == (0, "no findings (0 files judged)\n", "")

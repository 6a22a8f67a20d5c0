"""frontend-impact-repeated: exact findings, what it must leave alone, and the fix."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repository import Project, Run

from definition_of_done.rules.sample import CHANGELOG as PATH
from definition_of_done.rules.sample import changelog_page as page

ID = "frontend-impact-repeated"
FEATURE = "docs/feature/2026-05-24-vendor-credits.md"
IMPACT = "The vendor page lists the open credits."


def files(contract: str, impact: str) -> dict[str, str]:
    """A feature page with this contract, and a changelog page with this impact."""
    body = f"## Problem\n\nx\n\n## Frontend contract\n\n{contract}\n\n## Open questions\n\nNone\n"
    return {FEATURE: f"# Vendor credits\n\n{body}", **page(IMPACT, impact)}


@pytest.mark.parametrize(
    ("contract", "impact", "line", "shown", "fixes"),
    [
        ("It lists credits.", "None", 9, "It lists credits.", True),
        ("It lists credits.", "It lists bills.", 9, "It lists credits.", True),
        ("- It lists\n- It sorts `x`", "- It lists", 10, "- It sorts `x`", False),
        ("It lists.\n\n### Sorting\n\nBy date", "It lists.\n\nBy date", 11, "### Sorting", False),
        ("```graphql\nquery { a }\n```", "```graphql\nquery { b }\n```", 10, "query { a }", False),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "| a | b |\n|--|--|\n| 1 | 3 |",
            11,
            "| 1 | 2 |",
            False,
        ),
    ],
)
def test_finding(
    contract: str, impact: str, line: int, shown: str, fixes: bool, project: Project, run: Run
) -> None:
    project.lay(files(contract, impact))
    unfixed = "; --fix cannot, as a part stands there, or a link would break"
    fix = ", or run with --fix" if fixes else unfixed
    assert run(ID) == (
        1,
        f"{PATH}:23:1: {ID}: Frontend impact lacks what {FEATURE}:{line} says: {shown!r}\n"
        f"    help: repeat the section Frontend contract of the feature page{fix}\n"
        f"1 finding in 1 file{' (1 fixable with --fix)' if fixes else ''}\n",
        "",
    )


@pytest.mark.parametrize(
    ("contract", "impact"),
    [
        ("It lists.", "It lists."),
        ("None", "It lists."),
        # What the version asks for is no contract.
        ("**Coordinated:** yes\n\n- It lists.", "It lists."),
        ("- Coordinated: true", "None"),
        ("<!-- later -->", "None"),
        ("It lists\nall credits.", "First.\n\n### Credits\n\nIt  lists all\ncredits. And more."),
        ("### Sorting\n\n* By _date_", "#### Sorting ##\n\n  - By *date*"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "|a|b|\n|:-|-:|\n|1|2|"),
        ("See [it](other.md#x).", "See [it](../feature/other.md#x)."),
        ("It <!-- not yet -->lists.", "It lists."),
        ("It lists. It sorts.", "- It lists. It sorts"),
        ("It\u2019s \u201cnew\u201d \u2013 it lists\u2026", 'It\'s "new" - it lists...'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_left_alone(contract: str, impact: str, newline: str, project: Project, run: Run) -> None:
    laid = files(contract, impact)
    project.lay({path: text.replace("\n", newline) for path, text in laid.items()})
    assert run(ID) == (0, "no findings (2 files judged)\n", "")


def test_what_adds_nothing_stands_under_changed(project: Project, run: Run) -> None:
    project.lay({"README.md": "# Shop\n"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    laid = files("It lists credits.", "It lists bills.")
    laid[FEATURE] += "\n## What's being implemented\n\n- [a](../../app/a.py)\n"
    link = "- [Vendor credits](../feature/2026-05-24-vendor-credits.md)"
    assert link in laid[PATH]
    laid[PATH] = laid[PATH].replace(link, "None").replace("Changed\n\nNone", f"Changed\n\n{link}")
    project.lay({**laid, "app/a.py": "X = 1\n"})
    found = f"{PATH}:23:1: {ID}: Frontend impact lacks what {FEATURE}:9 says: 'It lists credits.'\n"
    assert run(ID)[1].startswith(found)


def test_only_the_newest_page_is_judged(project: Project, run: Run) -> None:
    newer = {PATH.replace("1.2.0", "1.10.0"): page("- [Vendor", "- [No](x)[Vendor")[PATH]}
    project.lay({**files("It lists.", "None"), **newer})
    assert "docs/changelog/1.10.0.md:23:1: " in run(ID)[1]
    assert run(ID)[1].endswith("1 finding in 1 file (1 fixable with --fix)\n")


@pytest.mark.parametrize("other", ["", "# X\n\n## Frontend contract\n\nNone\n"])
def test_a_page_with_nothing_to_repeat_is_passed_over(
    other: str, project: Project, run: Run
) -> None:
    laid = files("It lists.", "None")
    laid[PATH] = laid[PATH].replace("- [Vendor", "- [X](../feature/2026-05-01-x.md)\n- [Vendor")
    project.lay({**laid, "docs/feature/2026-05-01-x.md": other})
    if not other:
        (project.root / "docs/feature/2026-05-01-x.md").unlink()
    assert f": {ID}: Frontend impact lacks what {FEATURE}:9 says" in run(ID)[1]


@pytest.mark.parametrize(
    ("bullet", "lacks"),
    [
        ("[Credits](F), which prepares [X](../feature/2026-05-01-x.md)", False),
        ("[Credits](F) (see also [X](../feature/2026-05-01-x.md))", False),
        ("[Credits](F)\n  - like [X](../feature/2026-05-01-x.md)", False),
        ("On top of [X](../feature/2026-05-01-x.md): [Credits](F)", False),
        ("[Credits](F), [X](../feature/2026-05-01-x.md)", True),
        ("[Credits](F) and\n  **[X](../feature/2026-05-01-x.md)**", True),
        ("[Credits](F)\n- [X](../feature/2026-05-01-x.md)", True),
    ],
)
def test_only_what_a_bullet_is_about(bullet: str, lacks: bool, project: Project, run: Run) -> None:
    laid = files("It lists.", "It lists.")
    link = "- [Vendor credits](../feature/2026-05-24-vendor-credits.md)"
    assert link in laid[PATH]
    new = bullet.replace("(F)", "(../feature/2026-05-24-vendor-credits.md)")
    laid[PATH] = laid[PATH].replace(link, f"- {new}")
    project.lay({**laid, "docs/feature/2026-05-01-x.md": "# X\n\n## Frontend contract\n\nMore.\n"})
    assert run(ID)[0] == lacks
    assert (" says: 'More.'" in run(ID)[1]) == lacks


@pytest.mark.parametrize(
    ("impact", "code"), [("It lists.", 0), ("It sorts.", 0), ("It draws.", 1), ("None", 1)]
)
def test_the_plans_contract_or_the_final_one(
    impact: str, code: int, project: Project, run: Run
) -> None:
    laid = files("It lists.", impact)
    laid[FEATURE] += "\n## Frontend impact\n\nIt sorts.\n"
    project.lay(laid)
    assert run(ID)[0] == code
    assert not code or "says: 'It sorts.'" in run(ID)[1]


def test_fix_without_a_blank_line_below_the_heading(project: Project, run: Run) -> None:
    laid = files("It lists.", "None")
    laid[FEATURE] = laid[FEATURE].replace("contract\n\n", "contract\n")
    project.lay(laid)
    assert run(ID, "--fix")[0] == 1
    after = "### Vendor credits\n\nIt lists."
    assert (project.root / PATH).read_text() == page(IMPACT, after)[PATH]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("contract", "impact", "after"),
    [
        ("It lists.", "None", "### Vendor credits\n\nIt lists."),
        (
            "##### Sorting\n\nIt sorts.\n\n###### Deep\n\nIt lists.",
            "None",
            "### Vendor credits\n\n###### Sorting\n\nIt sorts.\n\n###### Deep\n\nIt lists.",
        ),
        ("It lists.", "Bills.", "Bills.\n\n### Vendor credits\n\nIt lists."),
        ("It lists.", "<!-- x -->", "<!-- x -->\n\n### Vendor credits\n\nIt lists."),
        (
            "It lists. <!-- dod: ignore[no-inline-ddl] x -->\n\nAnd <!-- plain --> sorts.",
            "None",
            "### Vendor credits\n\nIt lists.\n\nAnd <!-- plain --> sorts.",
        ),
        (
            "### Sorting\n\n[e](https://e.org): see [a](a.md), [b](../roadmap/b.md#c), [d](#d).\n"
            "```md\n### no [x](x.md)\n```",
            "None",
            "### Vendor credits\n\n#### Sorting\n\n[e](https://e.org): see [a](../feature/a.md),"
            " [b](../roadmap/b.md#c), [d](../feature/2026-05-24-vendor-credits.md#d).\n"
            "```md\n### no [x](x.md)\n```",
        ),
    ],
)
def test_fix(
    contract: str, impact: str, after: str, newline: str, project: Project, run: Run
) -> None:
    laid = files(contract, impact)
    project.lay({path: text.replace("\n", newline) for path, text in laid.items()})
    assert run(ID, "--fix")[0] == 1
    fixed = (project.root / PATH).read_bytes().decode()
    assert fixed == page(IMPACT, after)[PATH].replace("\n", newline)
    assert run(ID, "--fix")[0] == 0


@pytest.mark.parametrize(
    ("contract", "impact"),
    [
        ("See [a].\n\n[a]: a.md", "None"),
        ('<a href="x.md">x</a>', "None"),
        ("```\nnever closed", "None"),
        ("It lists.", "### Vendor credits\n\nIt sorts."),
        ("It lists.", "None <!-- so far -->"),
    ],
)
def test_fix_refuses_what_is_not_certain(
    contract: str, impact: str, project: Project, run: Run
) -> None:
    laid = files(contract, impact)
    project.lay(laid)
    assert "; --fix cannot, as" in run(ID, "--fix")[1]
    assert (project.root / PATH).read_text() == laid[PATH]


LINES = st.sampled_from(
    ["It lists.", "- a `b`", "  - c", "### Sub", "", "> q", "[x](y.md)", "```", "1. d", "| a | b |"]
)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(contract=st.lists(LINES, min_size=1, max_size=8), impact=st.lists(LINES, max_size=3))
def test_fix_twice_is_fix_once(
    contract: list[str], impact: list[str], project: Project, run: Run
) -> None:
    laid = files("\n".join(contract), "\n".join(impact) or "None")
    project.lay(laid)
    run(ID, "--fix")
    fixed = (project.root / PATH).read_text()
    before, after = (text.partition("## Frontend impact") for text in (laid[PATH], fixed))
    assert before[0] == after[0]
    assert after[2].endswith(before[2][before[2].index("\n\n## Versioning") :])
    run(ID, "--fix")
    assert (project.root / PATH).read_text() == fixed


@pytest.mark.parametrize("tag", ["", "v1.2.0"])
def test_a_released_page_repeats_nothing_new(tag: str, project: Project, run: Run) -> None:
    project.lay(files("It lists.", "It lists."))
    project.git("commit", "-qm", "released")
    if tag:
        project.git("tag", tag)
    project.git("checkout", "-qb", "feature")
    project.lay(files("It lists and sorts.", "It lists."))
    for argv in ((), ("--base", "main")):
        assert run(ID, *argv)[::2] == (0, "")
    # Without tags, the branch that changes the page is still at work on it.
    project.lay(files("It lists and sorts.", "It lists all."))
    assert run(ID)[0] == (0 if tag else 1)


def test_without_a_base_nothing_is_edited(project: Project, run: Run) -> None:
    laid = files("It lists.", "None")
    project.lay(laid)
    project.git("commit", "-qm", "x")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-D", "main")
    assert "; --fix leaves the page, as it may be released\n" in run(ID, "--fix")[1]
    assert (project.root / PATH).read_text() == laid[PATH]

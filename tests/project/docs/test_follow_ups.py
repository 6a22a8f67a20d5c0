"""What Future additions names, and which of it says why it waits."""

from __future__ import annotations

import pytest

from definition_of_done.project.docs.feature_page import FeaturePage, feature_page
from definition_of_done.project.docs.follow_ups import follow_ups, is_prose
from definition_of_done.readers.markdown import read_page

PATH = "docs/feature/2026-06-01-refunds.md"


def _page(text: str) -> FeaturePage:
    data = f"# Refunds\n\n## Future additions\n\n{text}\n".encode()
    return feature_page(PATH, read_page(PATH, data), {})


@pytest.mark.parametrize(
    "text",
    [
        "We may do more.",
        "Exports wait for finance.",
        "Nothing, but exports will come.",
        "None of the exports shipped.",
        "Nothing was deferred except the exports.",
        "No exports: finance has no time.",
        "```\nexports\n```",
        "> Exports",
    ],
)
def test_prose(text: str) -> None:
    page = _page(text)
    assert is_prose(page, page.sections[0])


@pytest.mark.parametrize(
    "text",
    [
        "None",
        "_None_",
        "none.",
        "N/A",
        "Not applicable.",
        "Nothing.",
        "Nothing was deferred.",
        "Nothing was deferred so far.",
        "Nothing is planned at the moment.",
        "No follow-ups are planned.",
        "No.",
        "There are no follow-ups.",
        "There is nothing left to do.",
        "Nothing was deferred. The exports are another feature's.",
        "- None",
        "- Exports: later",
        "| What | Why |\n|---|---|\n| Exports | later |",
        "### Exports\n\nFinance has no time.",
        "**Exports**: finance has no time.",
        "These wait:\n\n- Exports: finance has no time",
        "",
        "TODO",
        "<!-- nothing -->",
    ],
)
def test_no_prose(text: str) -> None:
    page = _page(text)
    assert not is_prose(page, page.sections[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Exports", [("Exports", False)]),
        ("- Exports: no time\n- Imports", [("Exports: no time", True), ("Imports", False)]),
        ("- [ ] Exports\n- ~~Imports~~", [("Exports", False), ("Imports", True)]),
        (
            "- Exports, pending the audit\n- Imports",
            [("Exports, pending the audit", True), ("Imports", False)],
        ),
        ("- Exports, in 2027", [("Exports, in 2027", True)]),
        ("- Exports, nobody asked", [("Exports, nobody asked", True)]),
        ("- Due dates", [("Due dates", False)]),
        ("- **Exports when asked**", [("Exports when asked", True)]),
        ("- **Exports when asked** in full", [("Exports when asked in full", False)]),
        ("- Pending credits", [("Pending credits", False)]),
        ("- Exports of CSV, XML", [("Exports of CSV, XML", False)]),
        ("> - Exports: no time", [("Exports: no time", True)]),
        ("| Exports |\n|---|\n| Imports |", [("Imports", False)]),
        ("| What | Why |\n|---|---|\n| A | |\n| B | x |", [("A", False), ("B", True)]),
        ("| What | Why |\n|---|---|\n| A | TBD |\n| B | n/a |", [("A", False), ("B", False)]),
        (
            "| # | What | Reason |\n|---|---|---|\n| 1 | A | x |\n| 2 | B | |",
            [("A", True), ("B", False)],
        ),
        ("| What | Why | Until |\n|---|---|---|\n| A | | May |", [("A", True)]),
        ("| What | Size |\n|---|---|\n| A | big |", [("A", False)]),
        ("| What | Notes |\n|---|---|\n| A | after the audit |", [("A", True)]),
        (
            "| What | Size |\n|---|---|\n| A: after the audit | big |",
            [("A: after the audit", True)],
        ),
        ("| What | Size |\n|---|---|\n| [A](x.md) | big |", [("A", False)]),
        ("| What | Why |\n|---|---|\n| None | |", []),
        ("| a \\| b | Why |\n|---|---|\n| A \\| B | x |", [("A | B", True)]),
        ("### Exports\n\n### Imports\n\nNo time.", [("Exports", False), ("Imports", True)]),
        ("### Later\n\n- Exports: no time", [("Exports: no time", True)]),
        ("**Exports**\n\n**Imports**: no time", [("Exports", False), ("Imports", True)]),
        ("**Exports**\n\nNo time.", [("Exports", True)]),
        ("**Exports**.", [("Exports", False)]),
    ],
)
def test_follow_ups(text: str, expected: list[tuple[str, bool]]) -> None:
    page = _page(text)
    found = follow_ups(page, page.sections[0])
    assert [(follow_up.name, follow_up.says_why) for follow_up in found] == expected

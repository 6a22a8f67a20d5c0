"""The words of highlights that may name something of a project, and those that do."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.project.releases.changelog import read_changelog_page
from definition_of_done.project.releases.plain_words import jargon, named_in, words_to_ask
from definition_of_done.project.settings import open_project

PATH = "docs/changelog/1.3.0.md"
FILES = {
    "app/credits/models.py": "class VendorCredit:\n    paid_on: int\n    def pay_now(self): ...\n",
    "schema.graphql": "type Query {\n  openCredits: [Credit!]!\n  payFor(id: ID!): Credit\n}\n",
    "app/github.py": "# GitHub and PayPal are products.\nNAME = 'PayPal'\n",
}


def _highlights(text: str) -> bytes:
    return f"# 1.3.0\n\n## Highlights\n\n{text}\n\n## Added\n\nNone\n".encode()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("- Credits can be paid", []),
        ("- VendorCredit, paid_on and openCredits", ["VendorCredit", "paid_on", "openCredits"]),
        ("- GitHub, iPhone and macOS", ["GitHub", "iPhone", "macOS"]),
        ("- See app/credits for more", ["app/credits"]),
        ("- and/or", ["and/or"]),
        ("- 24/7, 1/2 and 10.5.2026", ["24/7", "1/2"]),
        ("- https://example.com/a_b/VendorCredit and me@vendor_credit.com", []),
        ("- PDF, API and JSON", []),
        ("- `vendor_credit` alone", []),
        ("- scripts/x.py is certain", []),
        ("- O'Brien, e-mail, C++ and vendors'", []),
    ],
)
def test_what_is_asked(text: str, asked: list[str]) -> None:
    assert words_to_ask(read_changelog_page(PATH, _highlights(text))) == asked


def test_what_names_something(project: Project) -> None:
    project.lay(FILES)
    session = open_project(str(project.root))
    words = [
        *("VendorCredit", "paid_on", "openCredits", "payFor", "payNow", "app/credits", "paidOn"),
        *("GitHub", "PayPal", "iPhone", "and/or", "24/7", "paid_by", "Credit_", "OpenCredits"),
    ]
    assert sorted(named_in(session, words)) == sorted(words[:7])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- `a` and `b`", [(5, 3, ["a", "b"])]),
        ("- Fine\n- The `a`", [(6, 7, ["a"])]),
        ("- Run fix.py or docs/x.md", [(5, 7, ["fix.py", "docs/x.md"])]),
        ("- paid_on twice: paid_on", [(5, 3, ["paid_on"])]),
        ("- Fine\n    - nested `a`", [(6, 14, ["a"])]),
        ("- Node.js and invoice.pdf", []),
    ],
)
def test_jargon(text: str, expected: list[tuple[int, int, list[str]]]) -> None:
    page = read_changelog_page(PATH, _highlights(text))
    page = page._replace(naming=frozenset(("paid_on",)))
    found = [(spot.line, spot.column, names) for spot, names in jargon(page)]
    assert found == expected

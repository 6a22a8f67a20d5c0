"""Feature pages as they are read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.feature_page import FeaturePage, dates_in, feature_page
from definition_of_done.project.docs.mentions import Mentions, Words, named_paths, path_or_url
from definition_of_done.project.docs.plans import read_unplanned
from definition_of_done.project.docs.site_files import _without_shadowed
from definition_of_done.project.page_names import filename_slug
from definition_of_done.project.releases.nav import _neighbour
from definition_of_done.readers.markdown import read_page

PATH = "docs/feature/2026-05-24-vendor-credits.md"


def _page(source: str, extra: dict[str, list[str]] | None = None) -> FeaturePage:
    return feature_page(PATH, read_page(PATH, source.encode()), extra or {})


def _names(source: str, extra: dict[str, list[str]] | None = None) -> list[str | None]:
    return [section.name for section in _page(source, extra).sections]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Problem / motivation", "Problem / motivation"),
        ("PROBLEM/MOTIVATION", "Problem / motivation"),
        ("Problem and motivation", "Problem / motivation"),
        ("Motivation", "Problem / motivation"),
        ("1. Problem", "Problem / motivation"),
        ("In scope:", "In scope"),
        ("Cron", "Background tasks / cron"),
        ("Frontend impact", "Frontend contract"),
        ("What\u2019s being implemented", "What's being implemented"),
        ("*What's* being implemented", "What's being implemented"),
        ("what shipped", "What shipped"),
        ("Problem / users story", "Problem / motivation"),
        ("Problems", None),
    ],
)
def test_names(heading: str, name: str | None) -> None:
    assert _names(f"## {heading}\n\nx\n") == [name]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("24/5/2026", ["2026-05-24"]),
        ("5/24/2026", ["2026-05-24"]),
        ("5/6/2026", ["2026-06-05", "2026-05-06"]),
        ("5/5/2026", ["2026-05-05"]),
    ],
)
def test_dates_in_digits(text: str, dates: list[str]) -> None:
    assert dates_in(text) == dates


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("docs/feature/2026-05-24-vendor-credits.md", "vendor-credits"),
        ("2026-05-24-from-2026-01-01-on.md", "from-2026-01-01-on"),
        ("vendor-credits-2026-05-24.md", "vendor-credits"),
        ("vendor-credits.md", "vendor-credits"),
    ],
)
def test_what_a_filename_says_besides_its_date(path: str, slug: str) -> None:
    assert filename_slug(path) == slug


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("vendors", True),
        ("Vendors", True),
        ("credit", False),
        ("vendor-credit", False),
        ("vendor-credits", True),
        ("app.vendors", True),
        ("app.vendor", False),
    ],
)
def test_a_name_stands_as_a_whole_word(name: str, stands: bool) -> None:
    assert Words("The vendors of `app.vendors`, vendor-credits.").has_word(name) == stands


@pytest.mark.parametrize(
    ("text", "name", "speaks"),
    [
        ("refunds", "Refunds", True),
        ("refund", "refunds", False),
        ("the vendor\n credits of", "vendor_credits", True),
        ("the vendor-credits of", "vendor_credits", True),
        ("the vendor\\_credits of", "vendor_credits", True),
        ("the vendor, credits of", "vendor_credits", False),
        ("the vendor creditsx of", "vendor_credits", False),
    ],
)
def test_what_a_page_speaks_of(text: str, name: str, speaks: bool) -> None:
    assert Words(text).has_phrase(name) == speaks


@pytest.mark.parametrize(
    ("items", "names"),
    [
        (
            "- **In scope**\n    - a\n- **Out of scope**\n    - b",
            [None, "In scope", "Out of scope"],
        ),
        ("- **In scope** a\n- **Out of scope** b", [None, "In scope", "Out of scope"]),
        ("- In scope\n    - a\n- Out of scope\n    - b", [None, "In scope", "Out of scope"]),
    ],
)
def test_both_scopes_in_one_list(items: str, names: list[str | None]) -> None:
    assert _names(f"## Scope\n\n{items}\n") == names


def test_names_of_the_settings() -> None:
    extra = {"rbac": ["Permissions"], "Rollout": ["Deploy"]}
    source = "## Permissions\n\n## deploy\n\n## Rollout\n\n## RBAC\n"
    assert _names(source, extra) == ["RBAC", "Rollout", "Rollout", "RBAC"]


@pytest.mark.parametrize(
    "source",
    [
        "## Scope\n\n### In scope\n\n- a\n\n### Out of scope\n\n- b\n",
        "## In scope / out of scope\n\n**In scope:**\n\n- a\n\n**Out of scope:**\n- b\n",
        "## In scope and out of scope\n\n- **In scope**\n  - a\n- **Out of scope**\n  - b\n",
        "## In scope\n\n- a\n\n## Out of scope\n\n- b\n",
    ],
)
def test_scopes(source: str) -> None:
    page = _page(source)
    level = 2 if source.startswith("## In scope\n") else 3
    for name, text in (("In scope", "a"), ("Out of scope", "b")):
        section = page.section(name)
        assert section is not None
        assert section.heading.level == level
        assert [item.text for item in section.items] == [text]


@pytest.mark.parametrize(
    ("source", "date"),
    [
        ("# T\n\nDate: 2026-05-24\n", ("2026-05-24", 3, 7)),
        ("# T\n\nStatus: x\n**Date:** 2026-05-24\n", ("2026-05-24", 4, 9)),
        ("# T\n\n- Date: May 24\n", ("May 24", 3, 9)),
        ("date : x\n\n# T\n", ("x", 1, 8)),
        ("---\ndate: '2026-05-24'  # day\n---\n# T\n\nDate: 2025-01-01\n", ("2026-05-24", 2, 8)),
        ("---\ndate:\n---\n# T\n", None),
        ("# T\n\n## Date: 2026-05-24\n\nDate: 2026-05-24\n", None),
        ("# T\n\nUpdate: 2026-05-24\n", None),
    ],
)
def test_date(source: str, date: tuple[str, int, int] | None) -> None:
    found = _page(source).date
    assert (found and (found.text, *found.spot.key[1:])) == date


def test_paths_that_a_section_names() -> None:
    source = "## Other\n\nSee `https://a.org/b/c.py`, `./app/a.py`,\n`x/y z`, tests/b_test.py.\n"
    source += "`https://a.org?at=app/c.py`\n\n```\napp/d.py\napp/e.py\n```\n"
    (section,) = _page(source).sections
    assert [(path, spot.key) for path, spot in named_paths(section)] == [
        ("app/a.py", (PATH, 3, 29)),
        ("tests/b_test.py", (PATH, 4, 10)),
    ]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("../../app/a%20b.py?plain=1#L3", "app/a b.py"),
        ("other.md", "docs/feature/other.md"),
        ("/app/x.py", "/app/x.py"),
        ("https://a.org/x/../app/x.py#L3", "https://a.org/x/../app/x.py"),
        ("#below", ""),
    ],
)
def test_where_a_link_leads(href: str, expected: str) -> None:
    assert path_or_url(PATH, href) == expected


@pytest.mark.parametrize(
    ("body", "is_there"),
    [
        ("`scripts/backfill_x.py`", True),
        ("run backfill_x.py", True),
        ("`python -m scripts.backfill_x`", True),
        ("[it](../../scripts/backfill_x.py)", True),
        ("[it](https://a.org/blob/main/scripts/backfill_x.py)", True),
        ("[it](../../scripts/other.py)", False),
        ("[it](../../old-scripts/backfill_x.py.txt)", False),
        ("backfill_x", False),
        ("scripts.backfill_xy", False),
    ],
)
def test_a_file_that_stands_there(body: str, is_there: bool) -> None:
    sections = _page(f"## Other\n\n{body}\n").sections
    assert Mentions(sections).has_file("scripts/backfill_x.py") == is_there


def test_pages_of_a_branch_are_a_list_where_there_are_none() -> None:
    session: Any = SimpleNamespace(
        tree=SimpleNamespace(tracked=["app/x.py", "docs/feature/index.md"]),
        config={"features": "docs/feature"},
        cache=SimpleNamespace(kept={}, keep=lambda _, make, **__: make()),
    )
    assert branch_pages(session) == []


@pytest.mark.parametrize("features", ["", "docs/feature"])
def test_what_is_unplanned_is_a_list_where_nothing_is(features: str) -> None:
    session: Any = SimpleNamespace(
        config={"features": features},
        branch=SimpleNamespace(changed_or_nothing=lambda: {PATH: "A"}),
    )
    assert read_unplanned(session) == []


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ({"README.md", "index.md"}, {"index.md"}),
        ({"a/README.md", "a/index.md", "README.md"}, {"a/index.md", "README.md"}),
        ({"aREADME.md", "aindex.md"}, {"aREADME.md", "aindex.md"}),
        ({"README.md", "a/index.md"}, {"README.md", "a/index.md"}),
    ],
)
def test_a_readme_beside_an_index(names: set[str], left: set[str]) -> None:
    assert _without_shadowed(names) == left


@pytest.mark.parametrize(
    ("beside", "name", "expected"),
    [
        ("a c", "b", ("a", True)),
        ("b c", "a", ("b", False)),
        ("a b", "c", ("b", True)),
        ("c a", "b", ("a", False)),
        ("c b", "a", ("b", True)),
        ("b a", "c", ("b", False)),
        ("b", "a", ("b", True)),
        ("a c b", "d", ("b", True)),
    ],
)
def test_the_neighbour_in_a_nav(beside: str, name: str, expected: tuple[str, bool]) -> None:
    entries: list[Any] = [SimpleNamespace(path=path) for path in beside.split()]
    entry, is_after = _neighbour(name, entries)
    assert (entry.path, is_after) == expected


@pytest.mark.parametrize(
    ("text", "name", "stands"),
    [
        ("`{create,update}Credit`", "createCredit", True),
        ("`create/update/dropCredit(id)`", "updateCredit", True),
        ("add/drop_credit.", "add_credit", True),
        ("`app/drop_credit.py`", "app_credit", False),
        ("`app/drop_credit/x`", "app_credit", False),
        ("`create/Credit`", "createCredit", False),
        ("app/{queries, mutations}.py", "app/mutations.py", True),
        ("{ create, update }", "create", True),
        ("`{create}Credit`", "createCredit", False),
        ("`f{x.y,z}`", "fz", False),
    ],
)
def test_names_that_braces_stand_for(text: str, name: str, stands: bool) -> None:
    page = _page(f"## RBAC\n\n{text}\n")
    assert Mentions(page.sections).has_word(name) == stands

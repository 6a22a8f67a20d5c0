"""1.x and 2.x: the plan, and what lands."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.worlds import NEW, Case, all_of

PAGE = "docs/feature/2026-05-24-vendor-credits.md"

BROKEN = [
    Case(
        "1.2",
        "the date is another than the filename's",
        NEW,
        {PAGE: ("Date: 2026-05-24", "Date: 2026-05-23")},
        (f"{PAGE}:3:7: feature-plan-shape: the page is dated 2026-05-23, its filename 2026-05-24",),
    ),
]
HONEST = [
    Case("1.2", "the date in words", NEW, {PAGE: ("Date: 2026-05-24", "24 May 2026")}),
]


@all_of(BROKEN + HONEST)
def test_plan(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds

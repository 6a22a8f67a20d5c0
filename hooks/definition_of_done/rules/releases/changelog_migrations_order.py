"""changelog-migrations-order: a page lists the release's revisions in order. Contract 7.5."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.releases.subjects import MIGRATIONS
from definition_of_done.rules.sample import example, release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.migrations import PageMigrations


@rule(
    id="changelog-migrations-order",
    contract="7.5",
    summary="the changelog lists every revision of the release in the order in which they run",
    why="Whoever deploys reads there what will run on the database; one that is not listed runs"
    " all the same, and a script that nobody names does not.",
    subject=MIGRATIONS,
    box=boxes.CHANGELOG,
    due=DONE,
    fixes=True,
    good=example(),
    bad={**example(), **release()},
)
def check(pages: list[PageMigrations]) -> Iterator[Finding]:
    from definition_of_done.project.releases.order import (
        order_faults,
        release_faults,
        script_faults,
    )

    for page in pages:
        yield from release_faults(page)
        yield from order_faults(page)
        yield from script_faults(page)

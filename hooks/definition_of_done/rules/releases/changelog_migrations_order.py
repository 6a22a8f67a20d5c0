"""changelog-migrations-order: a page lists the release's revisions in order. Contract 7.5."""

from __future__ import annotations

from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.releases.subjects import MIGRATIONS
from definition_of_done.rules.sample import example, release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.migrations import PageMigrations

_BUMP = "write the page of the next version: definition-of-done bump"


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
    for page in pages:
        yield from _release_faults(page)
        yield from _order_faults(page)
        yield from _script_faults(page)


def _release_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding for each missing revision, and for each one of an earlier release."""
    for name, spot, after in page.missing:
        message = f"revision {name!r} is not listed on {page.path}"
        where = f"behind {after!r}" if after else "first"
        advice = f"list it there, {where}{_fix(page)}"
        if page.is_released:
            message, advice = f"revision {name!r} is listed on no changelog page", _BUMP
        elif page.is_released is None:
            advice += f"; if that version is out, {_BUMP}"
        begun = Begun(spot.path)
        yield Finding(
            *(spot, message, advice),
            symbol=name,
            edits=page.edits,
            begun=begun,
            follows=_told(page),
        )
    for entry, revision, path in page.foreign:
        message = f"revision {entry.name!r} is listed on {path}, too"
        if revision != entry.name:
            message = f"revision {entry.name!r} runs before {revision!r}, which {path} lists"
        edits = page.edits if entry.is_bare else ()
        advice = "take it off this page"
        advice += _fix(page) if entry.is_bare else "; --fix leaves it, as text stands beside it"
        begun = Begun(page.path)
        yield Finding(entry.spot, message, advice, symbol=entry.name, edits=edits, begun=begun)


def _order_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding where the graph forbids the order, and for each entry that is no revision."""
    if page.misplaced:
        entry, after = page.misplaced
        message = f"revision {entry.name!r} is listed behind {after!r}, which runs after it"
        advice = f"list the revisions in the order in which they run{_fix(page)}"
        symbol, begun = f"order {entry.name}", Begun(page.path)
        yield Finding(entry.spot, message, advice, symbol=symbol, edits=page.edits, begun=begun)
    for entry, hint in page.unknown:
        message = f"{entry.name!r} is no revision of this project{hint}"
        advice = "name the revision of a migration that exists"
        begun = Begun(page.path, entry.name)
        follows = [("revision-immutable", "", entry.name), ("model-needs-migration", "", "")]
        yield Finding(entry.spot, message, advice, symbol=entry.name, begun=begun, follows=follows)


def _script_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding for each script that does not exist, and for each new one without a name."""
    for line in page.gone:
        message, begun = f"{line.text} is no file of this project", Begun(page.path, line.text)
        advice = "name the script that is to be run"
        follows = [("rbac-backfill-present", "", line.text)]
        yield Finding(line.spot, message, advice, symbol=line.text, begun=begun, follows=follows)
    for path in page.unnamed:
        message = f"the branch adds {path}, which {page.path} does not name under Migrations"
        advice = "name it there with its path, and say when it is to be run"
        if page.is_released:
            message, advice = f"the branch adds {path}, which no changelog page names", _BUMP
        yield Finding(Spot(path), message, advice, symbol=path, follows=_told(page))
    for spot, name, path in page.pathless:
        message = f"{name!r} is named without its path, {path}"
        yield Finding(spot, message, "write the path", symbol=path, begun=Begun(page.path, name))
    for spot, path, plan in page.planned:
        message = f"{plan} has {path} run, which this section does not name"
        advice = "name it here with its path, and say when it is to be run"
        yield Finding(spot, message, advice, symbol=path, begun=Begun(page.path, path))


def _told(page: PageMigrations) -> list[tuple[str, str, str]]:
    """The findings that say as much: the section is missing, or the page that is due."""
    found = [("changelog-shape", page.path, "Migrations")]
    return [*found, ("version-sync", "", page.due)] if page.due else found


def _fix(page: PageMigrations) -> str:
    """The end of a help: how to fix what a page lists, or why nothing does."""
    from definition_of_done.project.releases.changelog import no_fix

    fault = "they stand in several lists, or in none that it could keep"
    return ", or run with --fix" if page.edits else no_fix(page.is_released, fault)

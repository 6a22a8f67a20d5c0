"""The parts of changelog-migrations-order: what the release holds, its order, its scripts."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Finding
from definition_of_done.project.releases.migrations import PageMigrations

_SEVERAL = "; --fix cannot, as they stand in several lists, or in none that it could keep"


def release_faults(page: PageMigrations) -> Iterator[Finding]:
    """The newest page lists each revision of the release, and none of an earlier one."""
    fix = ", or run with --fix" if page.edits else _SEVERAL
    for name, path, after in page.missing:
        message = f"revision {name!r} of {path} is not listed"
        where = f"behind {after!r}" if after else "first"
        advice = f"list it {where}{fix}; if {page.version} is out, write the next version's page"
        yield Finding(page.spot, message, advice, symbol=name, edits=page.edits)
    for entry, other, path in page.foreign:
        message = f"revision {entry.name!r} is listed on {path}, too"
        if other != entry.name:
            message = f"revision {entry.name!r} runs before {other!r}, which {path} lists"
        edits = page.edits if entry.is_bare else ()
        advice = "take it off this page"
        advice += fix if entry.is_bare else "; --fix leaves it, as text stands beside it"
        yield Finding(entry.spot, message, advice, symbol=entry.name, edits=edits)


def order_faults(page: PageMigrations) -> Iterator[Finding]:
    """The entries stand in an order that the graph allows, and are revisions."""
    if page.misplaced:
        entry, after = page.misplaced
        message = f"revision {entry.name!r} is listed behind {after!r}, which runs after it"
        advice = "list the revisions in the order in which they run"
        advice += ", or run with --fix" if page.edits else _SEVERAL
        symbol = f"order {entry.name}"
        yield Finding(entry.spot, message, advice, symbol=symbol, edits=page.edits)
    for entry, hint in page.unknown:
        message = f"{entry.name!r} is no revision of this project{hint}"
        advice = "name the revision of a migration that exists"
        yield Finding(entry.spot, message, advice, symbol=entry.name)


def script_faults(page: PageMigrations) -> Iterator[Finding]:
    """The scripts are there, and those that the branch adds are named."""
    for line in page.gone:
        message = f"{line.text} is no file of this project"
        yield Finding(line.spot, message, "name the script that is to be run", symbol=line.text)
    for path in page.unnamed:
        message = f"the branch adds {path}, which the section does not name"
        advice = "name it with its path, and say when it is to be run"
        yield Finding(page.spot, message, advice, symbol=path)

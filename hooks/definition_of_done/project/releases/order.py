"""The checks of changelog-migrations-order: the revisions, their order, and the scripts."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.project.releases.migrations import PageMigrations

_NO_FIX = "; --fix cannot, as they stand in several lists, or in none that it could keep"


def release_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding for each missing revision, and for each one of an earlier release."""
    fix = ", or run with --fix" if page.edits else _NO_FIX
    for name, path, after in page.missing:
        message = f"revision {name!r} of {path} is not listed"
        where = f"behind {after!r}" if after else "first"
        advice = f"list it {where}{fix}; if {page.version} is out, write the next version's page"
        begun = Begun(path)
        yield Finding(page.spot, message, advice, symbol=name, edits=page.edits, begun=begun)
    for entry, revision, path in page.foreign:
        message = f"revision {entry.name!r} is listed on {path}, too"
        if revision != entry.name:
            message = f"revision {entry.name!r} runs before {revision!r}, which {path} lists"
        edits = page.edits if entry.is_bare else ()
        advice = "take it off this page"
        advice += fix if entry.is_bare else "; --fix leaves it, as text stands beside it"
        begun = Begun(page.spot.path)
        yield Finding(entry.spot, message, advice, symbol=entry.name, edits=edits, begun=begun)


def order_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding where the graph forbids the order, and for each entry that is no revision."""
    if page.misplaced:
        entry, after = page.misplaced
        message = f"revision {entry.name!r} is listed behind {after!r}, which runs after it"
        advice = "list the revisions in the order in which they run"
        advice += ", or run with --fix" if page.edits else _NO_FIX
        symbol, begun = f"order {entry.name}", Begun(page.spot.path)
        yield Finding(entry.spot, message, advice, symbol=symbol, edits=page.edits, begun=begun)
    for entry, hint in page.unknown:
        message = f"{entry.name!r} is no revision of this project{hint}"
        advice = "name the revision of a migration that exists"
        begun = Begun(page.spot.path, entry.name)
        yield Finding(entry.spot, message, advice, symbol=entry.name, begun=begun)


def script_faults(page: PageMigrations) -> Iterator[Finding]:
    """Yield a finding for each script that does not exist, and for each new one without a name."""
    for line in page.gone:
        message, begun = f"{line.text} is no file of this project", Begun(page.spot.path, line.text)
        advice = "name the script that is to be run"
        yield Finding(line.spot, message, advice, symbol=line.text, begun=begun)
    for path in page.unnamed:
        message = f"the branch adds {path}, which the section does not name"
        advice = "name it with its path, and say when it is to be run"
        yield Finding(page.spot, message, advice, symbol=path)

"""mkdocs-nav-entry: each feature and changelog page is in the nav, once. Contract 6.4."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.docs.subjects import NAV
from definition_of_done.rules.sample import PLAN, nav

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.nav import Wiring


@rule(
    id="mkdocs-nav-entry",
    contract="6.4",
    summary="each feature and changelog page is in the nav once, under its section and title",
    why="A page that the nav does not show is found by nobody who was not told of it,"
    " and an entry without a page is a dead link on every page of the site.",
    subject=NAV,
    box=boxes.NAV,
    proves=True,
    fixes=True,
    good=nav(PLAN),
    bad=nav(),
)
def check(wiring: Wiring | None) -> Iterator[Finding]:
    if wiring is None:
        return
    where = ", ".join(wiring.sections)
    for page in wiring.unlisted:
        message = f"the nav has no entry for {page.target}"
        advice = f"add {wiring.entry(page.title, page.target)}"
        if page.is_feature and where:
            advice += f" under one of {where}"
        advice += ", or run with --fix" if page.edits else f"; --fix cannot: {page.refusal}"
        spot, begun = wiring.nav.spot, Begun(page.path)
        yield Finding(spot, message, advice, symbol=page.target, edits=page.edits, begun=begun)
    for entry in wiring.misplaced:
        top = f"under {entry.trail[0]!r}" if entry.trail else "at the top of the nav"
        message = f"the feature page {entry.path} stands {top}"
        yield Finding(entry.spot, message, f"move it to one of {where}", symbol=entry.path)
    for entry, title, edits in wiring.mistitled:
        found = f"as {entry.title!r}" if entry.title else "without a title"
        message = f"{entry.path} is in the nav {found}, its page is titled {title!r}"
        advice = f"write {wiring.entry(title, entry.target)}" + (
            ", or run with --fix" if edits else ""
        )
        yield Finding(entry.spot, message, advice, symbol=entry.path, edits=edits)
    for entry, is_untracked, nearest in wiring.dangling:
        fault = "git does not track it" if is_untracked else f"{wiring.docs_dir} has no such file"
        message = f"the nav names {entry.target}, but {fault}"
        advice = f"did you mean {nearest}? Else write the page, or remove the entry"
        if is_untracked:
            advice = "git add it"
        elif not nearest:
            advice = "write the page, or remove the entry"
        path = f"{wiring.docs_dir}/{entry.path}"
        follows = [("version-sync", "", path), ("plan-never-deleted", path, "")]
        yield Finding(entry.spot, message, advice, symbol=entry.target, follows=follows)
    for entry, first in wiring.repeated:
        message = f"{entry.path} is in the nav twice, first on line {first.spot.line}"
        yield Finding(entry.spot, message, "remove one of the two", symbol=entry.path)

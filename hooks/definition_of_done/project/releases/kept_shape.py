"""The checks of changelog-shape on one file: versions, dates, kinds of changes and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import nearest
from definition_of_done.engine.finding import Finding
from definition_of_done.project.docs.kept_changelog import UNRELEASED, Entry, KeptChangelog
from definition_of_done.project.docs.version_headings import (
    is_pre_release,
    line_of,
    precedence,
)
from definition_of_done.project.releases.changelog import SECTIONS
from definition_of_done.readers.page import Section

KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
# The headings that tools write: release-please, commitizen, semantic-release, git-cliff,
# changesets, towncrier and GitHub.
_WRITTEN_BY_TOOLS = frozenset(
    (
        "features/bug fixes/performance improvements/reverts/breaking changes/documentation/styles"
        "/code refactoring/tests/build system/dependencies/continuous integration"
        "/miscellaneous chores/miscellaneous/feat/fix/refactor/perf/breaking change/feature/chores"
        "/refactoring/performance/testing/code style/unknown/styling/miscellaneous tasks/revert"
        "/major changes/minor changes/patch changes/bugfixes/improved documentation"
        "/deprecations and removals/misc/what's changed/new contributors"
    ).split("/")
)
# So many names that one entry alone has may be slips of the pen.
_MOST_ALONE = 3
_DEFINITION = regex(r"^ {0,3}\[([^\]\n]+)\]:[ \t]*\S", re.M)


def kept_faults(kept: KeptChangelog, extra: list[str]) -> Iterator[Finding]:
    """Yield the faults of the file; those of what the branch leaves alone are marked so."""
    for finding in _faults(kept, extra):
        finding.is_legacy = finding.is_legacy and not kept.is_whole
        yield finding


def _faults(kept: KeptChangelog, extra: list[str]) -> Iterator[Finding]:
    if not (kept.entries or kept.unclear):
        message = "no heading names a version or Unreleased"
        advice = 'write "## [Unreleased]" above what is new'
        yield Finding(Spot(kept.path), message, advice, symbol="entries")
    for heading in kept.unclear:
        message = f"the heading {heading.text!r} names no version that can be read"
        advice = 'write it as "## [1.2.0] - 2026-05-24"'
        is_old = heading.text in kept.old
        yield Finding(heading.spot, message, advice, symbol=heading.text, is_legacy=is_old)
    yield from _heading_faults(kept)
    yield from _empty_faults(kept)
    yield from _order_faults(kept)
    yield from _kind_faults(kept, extra)
    yield from _link_faults(kept)


def _fault(entry: Entry, message: str, advice: str, symbol: str) -> Finding:
    return Finding(entry.heading.spot, message, advice, symbol=symbol, is_legacy=entry.is_old)


def _heading_faults(kept: KeptChangelog) -> Iterator[Finding]:
    """Yield a finding for each name that stands twice, and each date that is none."""
    first: dict[object, Entry] = {}
    has_short_dates = sum(entry.named.has_short_date for entry in kept.entries) > 1
    for entry in kept.entries:
        key = precedence(entry.version) if entry.version else entry.named.version
        earlier = first.setdefault(key, entry)
        if earlier is not entry:
            what = f"version {entry.version}" if entry.version else entry.name
            message = f"{what} stands twice, first on line {earlier.heading.spot.line}"
            advice = "merge the two, or correct the one that is wrong"
            found = _fault(entry, message, advice, f"twice {entry.name}")
            # An Unreleased that was forgotten below a version is not the branch's.
            is_forgotten = not entry.version and kept.entries[1] is not entry
            found.is_legacy = entry.is_old and (earlier.is_old or is_forgotten)
            yield found
        is_team_form = has_short_dates and entry.named.has_short_date
        if entry.named.date and not (entry.named.has_real_date or is_team_form):
            message = f"the date of version {entry.name} is no date: {entry.named.date!r}"
            yield _fault(entry, message, "write it as YYYY-MM-DD", f"date {entry.name}")


def _empty_faults(kept: KeptChangelog) -> Iterator[Finding]:
    """Yield a finding for each version right above the next entry."""
    text = kept.page.text
    for entry, following in pairwise(kept.entries):
        start, end = entry.heading.spot.line + 1, following.heading.spot.line
        is_blank = not text.text[text.offset(start) : text.offset(end)].strip()
        if entry.version and is_blank:
            message = f"version {entry.version} says nothing"
            yield _fault(entry, message, "say what it changes", f"empty {entry.version}")


def _order_faults(kept: KeptChangelog) -> Iterator[Finding]:
    """Yield a finding where Unreleased is not at the top, and where neither order nor dates fit."""
    pending = kept.unreleased
    if pending and not pending.named.version and kept.entries[0].version:
        message = f"Unreleased stands below version {kept.entries[0].version}"
        yield _fault(pending, message, "move it to the top", "order Unreleased")
    pairs = list(pairwise(kept.versions))
    rising = sum(precedence(upper.version) < precedence(lower.version) for upper, lower in pairs)
    if rising > max(1, len(pairs) - rising) and kept.entries[0].version:
        # The oldest stands first in this file.
        return
    for upper, lower in pairs:
        found = _pair_fault(upper, lower)
        if found:
            found.is_legacy = upper.is_old and lower.is_old
            yield found


def _pair_fault(upper: Entry, lower: Entry) -> Finding | None:
    """The fault of two versions that follow one another.

    A file may be sorted by versions or by dates, which differ where one line is kept beside
    another.
    """
    above, below = precedence(upper.version), precedence(lower.version)
    dates = (upper.named.date, lower.named.date)
    is_dated = upper.named.has_real_date and lower.named.has_real_date
    is_same_line = line_of(upper.version) == line_of(lower.version)
    is_rising = is_dated and str(dates[0]) < str(dates[1])
    if above < below and (is_same_line or is_rising or not is_dated):
        message = f"version {lower.version} stands below {upper.version}, which is older"
        advice = "put the versions in falling order"
        return _fault(lower, message, advice, f"order {lower.version}")
    # The next minor version comes after the first one of the minor before.
    is_same_major = line_of(upper.version)[:1] == line_of(lower.version)[:1]
    is_first = is_same_major and lower.version.count(".") > 1 and lower.version.endswith(".0")
    if above > below and is_rising and (is_same_line or is_first):
        if is_pre_release(upper.version) or is_pre_release(lower.version):
            return None
        message = (
            f"version {upper.version} is dated {dates[0]}, before {lower.version} of {dates[1]}"
        )
        return _fault(upper, message, "correct one of the dates", f"dates {upper.version}")
    return None


def _kind_faults(kept: KeptChangelog, extra: list[str]) -> Iterator[Finding]:
    used = Counter(
        name for entry in kept.entries for name in {_plain(kind) for kind in entry.kinds}
    )
    # The sections of the contract's own pages say nothing wrong in another style.
    named = {name.casefold() for name in (*KINDS, *SECTIONS, *_WRITTEN_BY_TOOLS, *extra)}
    alone = [name for name, number in used.items() if number == 1 and name not in named]
    # Notes of a release may have headings of their own: such a file keeps no kinds.
    in_kinds = sum(used[name] for name in named)
    keeps_kinds = len(alone) <= _MOST_ALONE and (2 * in_kinds >= used.total() or len(used) <= 2)
    known = named | {name for name, number in used.items() if number > 1}
    for entry in kept.entries:
        lines: dict[str, int] = {}
        for kind in entry.kinds:
            name = _plain(kind)
            if found := _kind_fault(entry, kind, lines, known if keeps_kinds else None):
                yield found
            lines.setdefault(name, kind.heading.spot.line)


def _kind_fault(
    entry: Entry, kind: Section, lines: dict[str, int], known: Collection[str] | None
) -> Finding | None:
    """The fault of a kind of changes; `lines` has those above it in the entry."""
    text, name = kind.heading.text, _plain(kind)
    symbol = f"{entry.name} {text}"
    if known is not None and name not in known:
        message = f"unknown section {text!r} in {entry.name}{nearest(text, KINDS)}"
        advice = "rename it, or name it in changelog-extra-sections"
    elif text in KINDS and name in lines:
        message = f"section {text} of {entry.name} stands twice, first on line {lines[name]}"
        advice = "merge the two"
    elif entry.version and text in KINDS and kind.is_empty:
        message = f"section {text} of {entry.name} is empty"
        advice = "write it, or take it away"
    else:
        return None
    return Finding(kind.heading.spot, message, advice, symbol=symbol, is_legacy=entry.is_old)


def _plain(kind: Section) -> str:
    """The name of a kind without signs around it, in small letters."""
    return re.sub(r"^[^\w]+|[^\w]+$", "", kind.heading.text).casefold()


def _link_faults(kept: KeptChangelog) -> Iterator[Finding]:
    """Yield a finding for each version in brackets without a link, above one that has its link."""
    defined = {found[1].casefold() for found in _DEFINITION.finditer(kept.page.text.text)}
    below = ""
    for entry in reversed(kept.entries):
        if not entry.is_bracketed:
            continue
        name = entry.named.version or UNRELEASED
        if entry.is_linked:
            below = entry.name if name.casefold() in defined else below
        elif below:
            message = f"[{name}] has no link at the end of the file, as [{below}] has"
            advice = f'write "[{name}]: " with its address there'
            yield _fault(entry, message, advice, f"link {name}")

"""The edits by which a bump releases what one changelog file holds under Unreleased."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import splice
from definition_of_done.project.docs.kept_changelog import Entry, KeptChangelog, kept_of
from definition_of_done.project.docs.version_headings import precedence
from definition_of_done.readers.markdown import read_page

# What GitHub, GitLab, Gitea and Bitbucket compare: the older side first.
_COMPARED = regex(r"(.*/compare/)([^/\s]+?)(\.\.\.?)([^/\s]+)")
_DEFINITION = regex(r"^ {0,3}\[([^\]\n]+)\]:[ \t]*(\S+)[ \t]*(?=\r?$)", re.M)
_KEEP = "keep it with --no-changelog-stub"


class _Definition(NamedTuple):
    """The definition of a link, at [start, end) of the text, without its newline."""

    label: str
    href: str
    start: int
    end: int


def release_edits(kept: KeptChangelog, version: str, day: str | None) -> tuple[Edit, ...]:
    """The edits that make Unreleased the entry of a version, below a fresh one.

    Where a version stands at the top, the new one gets an empty entry above it. `day` is the date
    of the entry, today where it is None. Raises UsageError with the reason where the right text is
    not certain.
    """
    entry = _first(kept, version)
    text, line = kept.page.text, entry.heading.spot.line
    start = text.offset(line)
    old = text.line(line)
    heading = _heading(kept, old, version, day or str(date.today()))
    new = f"{heading}\n\n{old}" if entry.version else f"{old}\n\n{heading}"
    edits = (Edit(kept.path, start, start + len(old), new), *_definitions(kept, version))
    _prove(kept, version, edits)
    return edits


def _first(kept: KeptChangelog, version: str) -> Entry:
    """The entry at the top: Unreleased with what is released, else the newest version."""
    key = precedence(version)
    if any(precedence(entry.version) == key for entry in kept.versions):
        raise UsageError(f"{kept.path} has an entry of version {version}: {_KEEP}")
    entry = kept.entries[0] if kept.entries else None
    is_newest = entry is not None and entry is kept.newest and not _has_more_above(kept, entry)
    if entry is None or (entry.named.version and not is_newest):
        raise UsageError(f'{kept.path} does not start with "## [Unreleased]": write it there')
    if entry.is_empty and not entry.version:
        raise UsageError(f"{kept.path} has nothing under Unreleased: say there what is released")
    return entry


def _has_more_above(kept: KeptChangelog, entry: Entry) -> bool:
    """True where a heading like that of an entry stands above it, and names no version."""
    level, line = entry.heading.level, entry.heading.spot.line
    headings = (section.heading for section in kept.page.sections)
    return any(heading.level == level and heading.spot.line < line for heading in headings)


def _heading(kept: KeptChangelog, unreleased: str, version: str, day: str) -> str:
    """The heading of the version in the form of the newest one that is plain."""
    for entry in kept.versions:
        line = kept.page.text.line(entry.heading.spot.line)
        known, dated = re.escape(entry.version), re.escape(entry.named.date or "")
        form = re.fullmatch(
            rf"(#+[ \t]+(?:\w[\w.-]*[ \t]+)?\[?v?){known}(\]?)(\([^()\s]+\))?(\W*){dated}(\W*)",
            line,
        )
        if form is None or (entry.named.date is None and form[4].strip()):
            continue
        link = f"({_next(form[3][1:-1], entry.version, version, kept.path)})" if form[3] else ""
        when = day if entry.named.date else ""
        return f"{form[1]}{version}{form[2]}{link}{form[4]}{when}{form[5]}".rstrip()
    if kept.versions:
        raise UsageError(
            f"{kept.path} writes its headings in a form of its own: write that of {version} by"
            " hand, and bump with --no-changelog-stub"
        )
    return re.sub(r"unreleased", version, unreleased, count=1, flags=re.I) + f" - {day}"


def _next(href: str, known: str, version: str, path: str) -> str:
    """The address of the version that follows a known one, from the address of that one."""
    compared = _COMPARED.fullmatch(href)
    if compared and compared[4].endswith(known):
        start, _, dots, tag = compared.groups()
        return f"{start}{tag}{dots}{tag.removesuffix(known)}{version}"
    if not compared and len(re.findall(rf"(?<![0-9.]){re.escape(known)}(?![0-9.])", href)) == 1:
        return href.replace(known, version)
    raise UsageError(f"{path}: the link of {known} does not name its version: mend {href}")


def _definitions(kept: KeptChangelog, version: str) -> Iterator[Edit]:
    """Yield the edits of the links at the end: Unreleased counts from the version, which has one.

    There are none in a file that keeps no such links.
    """
    text = kept.page.text.text
    found = {
        match[1].casefold().removeprefix("v"): _Definition(match[1], match[2], *match.span())
        for match in _DEFINITION.finditer(text)
    }
    newest = kept.versions[0].version if kept.versions else ""
    pending, last = found.get("unreleased"), found.get(newest.casefold())
    if pending and (compared := _COMPARED.fullmatch(pending.href)) and newest:
        start, tag, dots, head = compared.groups()
        if not tag.endswith(newest):
            raise UsageError(
                f"{kept.path}: the link [{pending.label}] compares with {tag}, and the newest"
                f" version is {newest}: mend it"
            )
        href = f"{start}{tag.removesuffix(newest)}{version}{dots}{head}"
        at = text.index(pending.href, pending.start)
        yield Edit(kept.path, at, at + len(pending.href), href)
    if last is None:
        return
    label = last.label.replace(newest, version)
    line = f"[{label}]: {_next(last.href, newest, version, kept.path)}"
    # Beside the newest one, on the side where the older ones are not.
    older = [known.start for known in found.values() if known not in (pending, last)]
    is_rising = bool(older) and max(older) < last.start
    if is_rising or (not older and pending and pending.start > last.end):
        yield Edit(kept.path, last.end, last.end, f"\n{line}")
    else:
        yield Edit(kept.path, last.start, last.start, f"{line}\n")


def _prove(kept: KeptChangelog, version: str, edits: tuple[Edit, ...]) -> None:
    """Raise UsageError where the file, read again, is not what it was with a new version."""
    data = splice(kept.page.text, edits).encode("utf-8", "surrogatepass")
    after = kept_of(kept.path, read_page(kept.path, data)).entries
    before = kept.entries
    at = 0 if before[0].version else 1
    others = [*after[:at], *after[at + 1 :]]
    is_proven = (
        [entry.lines for entry in after[1:]] == [entry.lines for entry in before]
        and [(entry.name, entry.is_linked) for entry in others]
        == [(entry.name, entry.is_linked) for entry in before]
        and after[at].name == version
        and after[0].is_empty
        and (len(before) <= at or after[at].is_linked == before[at].is_linked)
    )
    if not is_proven:
        raise UsageError(
            f"{kept.path} cannot be edited with certainty: write the entry of {version} by hand,"
            " and bump with --no-changelog-stub"
        )

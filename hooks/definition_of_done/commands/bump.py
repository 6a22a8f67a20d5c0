"""`definition-of-done bump`: write the version, the page and its nav entry in one go."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from definition_of_done.base.errors import Refused, Unreadable, UsageError
from definition_of_done.base.spots import Edit
from definition_of_done.base.words import nearest, printable, write
from definition_of_done.commands.options import add_base
from definition_of_done.engine.fixing import edited, made_edits
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session
from definition_of_done.engine.writing import diff, say_written, write_all
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.page_names import is_date
from definition_of_done.project.releases.keep_a_changelog import release_edits
from definition_of_done.project.releases.levels import level_fault, step_fault
from definition_of_done.project.releases.release import (
    Evidence,
    Release,
    bump_evidence,
    capped,
    last_version,
)
from definition_of_done.project.releases.steps import LEVELS, NAMES, counted_from, stepped
from definition_of_done.project.releases.stub import write_stub
from definition_of_done.project.releases.version_files import Place
from definition_of_done.project.releases.version_sources import newest_tag
from definition_of_done.project.releases.versions import Versions, read_versions
from definition_of_done.project.schemes import other_scheme
from definition_of_done.project.settings import open_project

_COMMAND = "definition-of-done bump"
DESCRIPTION = (
    "Write the next version to every file that names it and to lock files' own entries, a"
    " changelog page with what the feature pages and the migrations tell, and its nav entry: all"
    " of it, or nothing. Where the version comes from tags, say which tag to set. Without VERSION,"
    " say which step the change asks for, and write nothing. Exit code 0: done; 2: refused, in one"
    " line."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "version", nargs="?", metavar="VERSION", help="a version, or major, minor or patch"
    )
    parser.add_argument(
        "--changelog-stub",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="write the changelog page and its nav entry, the default where there is a changelog;"
        " with --no-... the page is yours to write, or stands already",
    )
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        help="the day in the page's title; default: today, where the newest page has one",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change as a diff, write nothing"
    )
    add_base(parser, "the main branch")


def run(options: argparse.Namespace) -> int:
    """Bump as parsed options say; their `words`, the command line, go into the Versioning notes."""
    session = open_project(os.getcwd(), options)
    try:
        return _bump(session, options)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it, and bump again") from None


def _bump(session: Session, options: argparse.Namespace) -> int:
    versions = read_versions(session)
    if options.changelog_stub and not versions.changelog:
        versions = versions._replace(changelog=session.config["changelog"])
    if versions.unjudged and not versions.tool:
        raise UsageError(versions.unjudged)
    if versions.source.version is None and not versions.tool:
        raise UsageError(f"{versions.source.path} {versions.source.fault}: name the version there")
    evidence = bump_evidence(session)
    if options.version is None:
        return _propose(session, versions, evidence)
    after = versions.at(_next(versions, options.version))
    files = _files(session, after, options)
    _refuse_dirty(session, files)
    doubts = _doubts(after, evidence)
    if options.dry_run:
        write("".join(diff(session, files)))
    else:
        write_all(session, files)
        if files:
            say_written(files, f"bumped from {versions.source.version} to {after.source.version}")
        left = (*_left(session, after, files), *_tag(session, after))
        write("".join(f"{printable(line)}\n" for line in left))
    for doubt in doubts:
        sys.stderr.write(f"semver-level will say: {printable(doubt)}\n")
    return 0


def _left(session: Session, after: Versions, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is left to write, in the order in which it stands on the page."""
    if fragments_folder(session):
        yield f"left to do: towncrier build --version {after.source.version}"
    if not after.changelog:
        return
    if after.kept and after.page in files:
        if after.kept.entries[0].version:
            yield f"left to write: {after.page}: what {after.source.version} changes"
        return
    if after.page not in files:
        yield f"left to write: {after.page}, unless it stands already"
        return
    yield "left to write, in order:"
    section = ""
    for number, line in enumerate(files[after.page].decode().splitlines(), 1):
        section = line[3:] if line.startswith("## ") else section
        if "TODO" in line:
            words = line.partition("TODO: ")[2]
            yield f"  {after.page}:{number}: {section}: {words}"


def _tag(session: Session, after: Versions) -> Iterator[str]:
    """Yield the line that says which tag makes the version, where it comes from tags."""
    if not after.tool:
        return

    tag = newest_tag(session, after.scheme)
    name = f"{tag.prefix if tag else 'v'}{after.source.version}"
    yield f"{after.from_tags}: when this has landed, git tag {name}"


def _propose(session: Session, versions: Versions, evidence: Evidence) -> int:
    """Say which step the evidence asks for, and why."""
    scheme, current = versions.scheme, versions.source.version
    if current is None or not scheme.is_version(current) or not scheme.has_levels:
        raise _unstepped(versions)
    last = last_version(session, versions)
    level = capped(evidence.level, last)
    fit = stepped(scheme, last, level)
    lines = [f"{NAMES[level]}: {last} -> {fit}"]
    lines += [f"  {printable(reason)}" for reason in evidence.decisive]
    if not evidence.found:
        lines.append("  nothing was found that asks for more")
    if evidence.unjudged:
        lines.append(f"  not judged: {printable(evidence.unjudged)}")
    if last != current and scheme.order(current)[0] >= scheme.order(fit)[0]:
        lines.append(f"{versions.source.path} says {current} already")
    else:
        lines.append(f"to write it: {_COMMAND} {NAMES[level] if last == current else fit}")
    write("\n".join(lines) + "\n")
    return 0


def _next(versions: Versions, word: str) -> str:
    """The version that a word of the command line means, which is above the current one."""
    scheme, current = versions.scheme, versions.source.version
    is_known = current is not None and scheme.is_version(current)
    if word in LEVELS:
        if not is_known or not scheme.has_levels:
            raise _unstepped(versions)
        version = stepped(scheme, str(current), LEVELS[word])
    elif scheme.is_version(word):
        version = word
    else:
        steps = "neither major, minor or patch nor" if scheme.has_levels else "not"
        hint = nearest(word, LEVELS) if scheme.has_levels else ""
        raise UsageError(f"{word!r} is {steps} {scheme.noun} such as {scheme.example}{hint}")
    if is_known and scheme.order(version) <= scheme.order(str(current)):
        where = "the newest tag" if versions.tool else versions.source.path
        steps = ", or major, minor or patch" if scheme.has_levels else ""
        raise UsageError(
            f"{version} is not above {current} of {where}: name a higher version{steps}"
        )
    return version


def _unstepped(versions: Versions) -> UsageError:
    """The refusal to step from a version, with the reason."""
    current, scheme = versions.source.version, versions.scheme
    if current is None:
        return UsageError(f"no tag names {scheme.noun}: name the first in full")
    if not scheme.has_levels:
        return UsageError(f"{scheme.name} has no levels: name the version after {current} in full")

    noun = scheme.noun.removeprefix("a ").removesuffix(" version")
    other = other_scheme(scheme, current)
    hint = f', or set version-scheme = "{other}"' if other else ""
    return UsageError(f"the version {current!r} is not a {noun} one: name the next in full{hint}")


def _files(session: Session, after: Versions, options: argparse.Namespace) -> dict[str, bytes]:
    """The new content of each file that a bump to the source's version changes, by path."""
    with_page = options.changelog_stub is not False
    edits: dict[str, list[Edit]] = {}
    for edit in (
        *_place_edits(session, after),
        *_nav_edits(session, after, with_page),
        *(_changelog_edits(after, options.date) if with_page else ()),
    ):
        edits.setdefault(edit.path, []).append(edit)
    files = {path: edited(session, path, found) for path, found in edits.items()}
    _verify(session, after, files)
    if after.changelog and with_page and not after.kept:
        if os.path.lexists(session.tree.full(after.page)):
            raise UsageError(f"{after.page} exists: delete it, or keep it with --no-changelog-stub")
        files[after.page] = _page(session, after, options.date, options.words)
    return files


def _place_edits(session: Session, after: Versions) -> Iterator[Edit]:
    version = str(after.source.version)
    for place in _written(after):
        try:
            edits = (*place.edits(version), *made_edits(session, place.rewrite(version)))
        except Refused as refused:
            raise UsageError(f"{place.path} is not written: {refused}") from None
        if place.version is None or not edits:
            fault = place.fault or "writes it in a way that cannot be edited with certainty"
            raise UsageError(f"{place.path} {fault}: write the version there as a plain string")
        yield from edits


def _written(versions: Versions) -> Sequence[Place]:
    """The places that a bump writes."""
    return versions.places if versions.tool else (versions.source, *versions.places)


def _verify(session: Session, after: Versions, files: Mapping[str, bytes]) -> None:
    """Raise UsageError unless each file, read again, names the version in each of its places."""
    bumped = session.with_values()
    for path, data in files.items():
        bumped.tree.hand_over(path, data)
    version = str(after.source.version)
    wanted = [place.path for place in _written(after)]
    written = [place for place in _written(read_versions(bumped)) if place.agrees(version)]
    missed = set(wanted) - {place.path for place in written}
    if missed or len(wanted) != len(written):
        named = ", ".join(sorted(missed)) or "a file"
        raise UsageError(f"{named} would not name {version} afterwards: write the version there")


def _nav_edits(session: Session, after: Versions, with_page: bool) -> Sequence[Edit]:
    is_there = with_page or session.tree.exists(after.page)
    if not after.changelog or not is_there or not after.lacks_entry:
        return ()
    edits = after.nav_edits()
    if not edits:
        raise UsageError(
            f"{after.mkdocs} has no entry of an earlier version to put"
            f" {after.nav_target(after.page)} beside: add it to the nav and commit that, then"
            " bump again"
        )
    return edits


def _changelog_edits(after: Versions, day: str | None) -> Sequence[Edit]:
    if not after.kept:
        return ()

    _refuse_date(day)
    return release_edits(after.kept, str(after.source.version), day)


def _refuse_date(day: str | None) -> None:
    if day is not None and not is_date(day):
        raise UsageError(f"--date is no date: {day!r}; write it as YYYY-MM-DD")


def _page(session: Session, after: Versions, day: str | None, words: Sequence[str]) -> bytes:
    _refuse_date(day)
    command = f"{_COMMAND} {shlex.join(word for word in words if word != '--dry-run')}"
    text = write_stub(session, after.page, str(after.source.version), command, day)
    newest = max(after.pages, key=after.scheme.order, default=None)
    newline = session.tree.text(after.pages[newest]).newline if newest else "\n"
    return text.replace("\n", newline).encode()


def _refuse_dirty(session: Session, paths: Iterable[str]) -> None:
    for path in paths:
        if git(session.root, "status", "--porcelain", "-z", "--", path):
            raise UsageError(f"{path} has changes that are not committed: commit or stash them")


def _doubts(after: Versions, evidence: Evidence) -> list[str]:
    """The messages of semver-level's findings in the next version."""
    if after.tool:
        return []
    last = counted_from(after.scheme, str(after.source.version), after.pages)
    release = Release(after.source, last, evidence, scheme=after.scheme)
    return [finding.message for finding in step_fault(release) or level_fault(release)]

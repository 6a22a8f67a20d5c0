"""`definition-of-done bump`: write the version, the page and its nav entry in one go."""

from __future__ import annotations

import os
import sys

from definition_of_done.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from definition_of_done.base.spots import Edit
    from definition_of_done.engine.session import Session
    from definition_of_done.project.releases.release import Evidence
    from definition_of_done.project.releases.versions import Versions

_COMMAND = "definition-of-done bump"
HELP = "write the next version everywhere, with its changelog page"
DESCRIPTION = (
    "Write the next version to the version file, pyproject.toml and uv.lock's own entry, a"
    " changelog page with what the feature pages and the migrations tell, and its nav entry: all"
    " of it, or nothing. Without VERSION, say which step the change asks for, and write nothing."
    " Exit code 0: done; 2: refused, in one line."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    import argparse

    from definition_of_done.commands.options import add_base

    parser.add_argument(
        "version", nargs="?", metavar="VERSION", help="a version, or major, minor or patch"
    )
    parser.add_argument(
        "--changelog-stub",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="write the changelog page and its nav entry, the default; with --no-... the page is"
        " yours to write, or stands already",
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
    """Bump as parsed options say; the command line, their `words`, goes into the Versioning notes.

    Raises UsageError for what is refused.
    """
    from definition_of_done.base.errors import Unreadable
    from definition_of_done.project.settings import open_project

    session = open_project(os.getcwd(), options)
    try:
        return _bump(session, options)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it, and bump again") from None


def _bump(session: Session, options: argparse.Namespace) -> int:
    from definition_of_done.base.printing import printable, write
    from definition_of_done.engine.writing import diff, say_written, write_all
    from definition_of_done.project.releases.versions import read_versions

    versions = read_versions(session)
    if versions.source.version is None:
        raise UsageError(f"{versions.source.path} {versions.source.fault}: name the version there")
    evidence = _evidence(session)
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
        say_written(files, f"bumped from {versions.source.version} to {after.source.version}")
        write("".join(f"{printable(line)}\n" for line in _left(session, after, files)))
    for doubt in doubts:
        sys.stderr.write(f"semver-level will say: {printable(doubt)}\n")
    return 0


def _left(session: Session, after: Versions, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is left to write, in the order in which it stands on the page."""
    from definition_of_done.project.changelog_style import fragments_folder

    if fragments_folder(session):
        yield f"left to do: towncrier build --version {after.source.version}"
    if not after.changelog or (after.kept and after.page in files):
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


def _evidence(session: Session) -> Evidence:
    from definition_of_done.project.releases.release import (
        Evidence,
        compared_with,
        feature_changes,
        schema_changes,
    )
    from definition_of_done.project.releases.stub import release_features
    from definition_of_done.readers.graphql import MINOR, Change

    before, unjudged = compared_with(session)
    schema = schema_changes(session, before) if before else Evidence((), unjudged)
    features = [feature.path for feature in release_features(session)]
    new = [Change(MINOR, f"{path} is a feature of the release") for path in features]
    found = (*schema.found, *feature_changes(session, features, ()), *new)
    return Evidence(found, schema.unjudged)


def _propose(session: Session, versions: Versions, evidence: Evidence) -> int:
    """Say which step the evidence asks for, and why."""
    from definition_of_done.base.printing import printable, write
    from definition_of_done.project.releases.release import capped
    from definition_of_done.project.releases.steps import NAMES, stepped
    from definition_of_done.project.semver import is_version, order

    current = str(versions.source.version)
    if not is_version(current):
        raise UsageError(f"the version {current!r} is not a semantic one: name the next in full")
    last = _last(session, versions)
    level = capped(evidence.level, last)
    fit = stepped(last, level)
    lines = [f"{NAMES[level]}: {last} -> {fit}"]
    lines += [f"  {printable(reason)}" for reason in evidence.decisive]
    if not evidence.found:
        lines.append("  nothing was found that asks for more")
    if evidence.unjudged:
        lines.append(f"  not judged: {printable(evidence.unjudged)}")
    if last != current and order(current)[0] >= order(fit)[0]:
        lines.append(f"{versions.source.path} says {current} already")
    else:
        lines.append(f"to write it: {_COMMAND} {NAMES[level] if last == current else fit}")
    write("\n".join(lines) + "\n")
    return 0


def _last(session: Session, versions: Versions) -> str:
    """The version that the branch started from: the one before, where it was bumped already."""
    from definition_of_done.project.releases.release import compared_with
    from definition_of_done.project.releases.steps import counted_from

    current = str(versions.source.version)
    before, _ = compared_with(session)
    try:
        old = session.branch.read_at(before, versions.source.path) if before else b""
    except FileNotFoundError:
        old = b""
    if not old or current.encode() in old:
        return current
    return counted_from(current, versions.pages) or current


def _next(versions: Versions, word: str) -> str:
    """The version that a word of the command line means, which is above the current one."""
    from definition_of_done.project.releases.steps import LEVELS, stepped
    from definition_of_done.project.semver import is_version, order

    current = str(versions.source.version)
    if word not in LEVELS and not is_version(word):
        raise UsageError(
            f"{word!r} is neither major, minor or patch nor a semantic version such as 1.2.0"
        )
    if not is_version(current):
        if word in LEVELS:
            raise UsageError(
                f"the version {current!r} is not a semantic one: name the next in full"
            )
        return word
    version = stepped(current, LEVELS[word]) if word in LEVELS else word
    if order(version) <= order(current):
        raise UsageError(
            f"{version} is not above {current} of {versions.source.path}: name a higher version,"
            " or major, minor or patch"
        )
    return version


def _files(session: Session, after: Versions, options: argparse.Namespace) -> dict[str, bytes]:
    """The new content of each file that a bump to the source's version changes, by path."""
    from definition_of_done.engine.fixing import edited

    edits: dict[str, list[Edit]] = {}
    for edit in (
        *_place_edits(session, after),
        *_nav_edits(session, after, options.changelog_stub),
        *_changelog_edits(after, options),
    ):
        edits.setdefault(edit.path, []).append(edit)
    files = {path: edited(session, path, found) for path, found in edits.items()}
    if after.changelog and options.changelog_stub and not after.kept:
        if os.path.lexists(session.tree.full(after.page)):
            raise UsageError(f"{after.page} exists: delete it, or keep it with --no-changelog-stub")
        files[after.page] = _page(session, after, options.date, options.words)
    return files


def _place_edits(session: Session, after: Versions) -> Iterator[Edit]:
    from definition_of_done.engine.fixing import made_edits
    from definition_of_done.project.semver import pep440

    version = str(after.source.version)
    for place in (after.source, *after.places):
        # uv normalizes what it locks, and takes another spelling for a change.
        written = pep440(version) if place.path == "uv.lock" else version
        edits = (*place.edits(written), *made_edits(session, place.rewrite(written)))
        if place.version is None or not edits:
            fault = place.fault or "writes it in a way that cannot be edited with certainty"
            raise UsageError(f"{place.path} {fault}: write the version there as a plain string")
        yield from edits


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


def _changelog_edits(after: Versions, options: argparse.Namespace) -> Sequence[Edit]:
    if not after.kept or not options.changelog_stub:
        return ()
    from definition_of_done.project.releases.keep_a_changelog import release_edits

    _refuse_date(options.date)
    return release_edits(after.kept, str(after.source.version), options.date)


def _refuse_date(day: str | None) -> None:
    from definition_of_done.project.page_names import is_date

    if day is not None and not is_date(day):
        raise UsageError(f"--date is no date: {day!r}; write it as YYYY-MM-DD")


def _page(session: Session, after: Versions, day: str | None, words: Sequence[str]) -> bytes:
    import shlex

    from definition_of_done.project.releases.stub import write_stub
    from definition_of_done.project.semver import order

    _refuse_date(day)
    command = f"{_COMMAND} {shlex.join(word for word in words if word != '--dry-run')}"
    text = write_stub(session, after.page, str(after.source.version), command, day)
    newest = max(after.pages, key=order, default=None)
    newline = session.tree.text(after.pages[newest]).newline if newest else "\n"
    return text.replace("\n", newline).encode()


def _refuse_dirty(session: Session, paths: Iterable[str]) -> None:
    from definition_of_done.engine.git import git

    for path in paths:
        if git(session.root, "status", "--porcelain", "-z", "--", path):
            raise UsageError(f"{path} has changes that are not committed: commit or stash them")


def _doubts(after: Versions, evidence: Evidence) -> list[str]:
    """The messages of semver-level's findings in the next version."""
    from definition_of_done.project.releases.levels import level_fault, step_fault
    from definition_of_done.project.releases.release import Release
    from definition_of_done.project.releases.steps import counted_from

    last = counted_from(str(after.source.version), after.pages)
    release = Release(after.source, last, evidence)
    return [finding.message for finding in step_fault(release) or level_fault(release)]

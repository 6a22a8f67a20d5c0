"""The evidence of a branch for each box of the checklist: facts that the rules read anyway.

Each function takes a session with a base and the ids of the rules that were evaluated. It yields
evidence. It raises NotEvaluated where the branch does not show enough, and Refuted where a fact
proves the box wrong that is no finding of a rule.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import few, listed
from definition_of_done.engine import git
from definition_of_done.engine.branch import NO_BASE
from definition_of_done.engine.config import Config
from definition_of_done.engine.session import Session
from definition_of_done.project import boxes, receipts
from definition_of_done.project.api.rbac import members_added, read_rbac
from definition_of_done.project.api.resources import read_layout
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.deltas import read_unbegun, read_unseen
from definition_of_done.project.docs.kept_changelog import read_kept
from definition_of_done.project.docs.mentions import is_written, page_words
from definition_of_done.project.docs.plans import names_on, read_additions
from definition_of_done.project.docs.sections import DELTAS
from definition_of_done.project.docs.site import read_site
from definition_of_done.project.layout import (
    changed_code,
    is_backfill,
    is_feature_page,
    is_migration,
    resource_of,
    site_path,
)
from definition_of_done.project.migrations.ancestry.history import read_scans
from definition_of_done.project.releases.changelog import read_newest_page
from definition_of_done.project.releases.versions import read_versions

# The first additions of a branch tell its order; each of them costs a call of git.
_MOST = 20


class Refuted(Exception):
    """A fact proves a box wrong; the text says which."""


class Unrun(NotEvaluated):
    """A run of the team's command would show it, and none did on this very tree."""


class Evidence(NamedTuple):
    """A sentence, and the names of the project that it is about; there may be none."""

    text: str
    names: str = ""

    def __str__(self) -> str:
        return f"{self.text}: {self.names}" if self.names else self.text


def plan(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the feature pages of the branch, else the names that it adds and a page has."""
    pages = _pages(session)
    if late := _code_before_plan(session):
        raise Refuted(late)
    for path in pages:
        yield Evidence(f"{_verb(session, path)} the feature page", path)
    if not pages:
        added = read_additions(session)
        if added:
            words = page_words(session).values()
            names = dict.fromkeys(name for page in words for name in names_on(page, added))
            yield Evidence("a feature page names", listed([*names]))
        else:
            yield Evidence("the branch adds no migration, resource or table")


def deltas(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the pages that list the branch's changes."""
    pages = _pages(session)
    if not pages:
        yield _no_page(session)
        return
    if not any(is_written(page, DELTAS) for page in branch_pages(session)):
        raise NotEvaluated(f"no page of the branch has a section {DELTAS}")
    if unseen := read_unseen(session):
        raise NotEvaluated(f"no page of the branch lists {listed(few(unseen, 2, 3))}")
    _refuse_unbegun(session)
    yield Evidence("listed on", listed(pages))


def migrations(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the revisions of the branch with their parents."""
    paths = {path for path in session.branch.changed if is_migration(session, path)}
    scans = [scan for scan in read_scans(session) if scan.path in paths] if paths else []
    for scan in scans:
        parents = f"on top of {listed(scan.parents)}" if scan.parents else "as the first one"
        verb = _verb(session, scan.path)
        yield Evidence(f"{verb} the revision", f"{scan.revision or scan.path} {parents}")
    if not scans:
        yield Evidence("the branch adds no migration")
    for receipt in receipts.receipts_of(session, [receipts.ROUNDTRIP]):
        if receipt.before == receipt.after == receipts.current_tree(session):
            if receipt.code:
                raise Refuted("alembic-roundtrip found something on this very tree")
            yield Evidence(f"{receipt.label} went up, down and up again", listed(receipt.about))


def members(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the members that the branch adds, and the scripts."""
    enums = read_rbac(session)
    if enums is None:
        raise _none_kept(session, "rbac-models", "enums Path and Resource")
    if not session.config["backfill-scripts"]:
        raise NotEvaluated("backfill-scripts is []: the team keeps no backfill scripts")
    names = {name for enum in enums.values() for name in enum.names}
    added = members_added(session, sorted(names))
    if added:
        yield Evidence("adds the members", listed(added))
        scripts = [path for path in session.tree.tracked if is_backfill(session, path)]
        yield Evidence("a script handles each", listed(scripts))
    else:
        yield Evidence("the branch adds no member to Path and Resource")


def resources(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the resources that the branch changes."""
    home = session.config["resources"]
    if not home:
        raise _none_kept(session, "resources", "resources")
    inside = (path for path in session.branch.changed if path.startswith(f"{home}/"))
    names = {resource_of(session, path) for path in inside} & read_layout(session).keys()
    if names:
        yield Evidence("wired through every layer", listed(sorted(names)))
    else:
        yield Evidence("the branch changes no resource")


def final(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the pages that have shipped."""
    pages = _pages(session)
    if not pages:
        yield _no_page(session)
        return
    found = shipped(session, pages)
    if waiting := [path for path in pages if path not in found]:
        raise NotEvaluated(f"no changelog page links to {listed(waiting)}")
    _refuse_unbegun(session)
    yield Evidence("the changelog links to", listed(pages))


def _refuse_unbegun(session: Session) -> None:
    """Refuse to prove a page that lists code of which the branch changes nothing."""
    if pages := [page.path for page, _ in read_unbegun(session)]:
        raise NotEvaluated(f"the branch changes no file that {listed(pages)} lists")


def nav(session: Session, evaluated: Collection[str]) -> Iterator[Evidence]:
    """Yield the pages in the nav, and say that links resolve."""
    if read_site(session) is None:
        raise _none_kept(session, "mkdocs", "site")
    if session.config["features"] and (pages := _pages(session)):
        yield Evidence("in the nav", listed(pages))
    if "docs-links-resolve" in evaluated:
        yield Evidence("the links between the pages resolve")
    else:
        yield Evidence("the branch changes no page of the site")


def version(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the version that the branch bumps to, with the page that it adds."""
    versions = read_versions(session)
    name, source = versions.source.version, versions.source.path
    if versions.kept or not versions.changelog:
        if source not in session.branch.changed:
            raise NotEvaluated(f"the branch does not change {source}")
        yield Evidence("the version is", str(name))
    elif session.branch.changed.get(versions.page) != "A":
        raise NotEvaluated(f"the branch adds no changelog page for a new version; it is {name}")
    else:
        yield Evidence("the version is", str(name))
        yield Evidence("adds the changelog page", versions.page)


def changelog(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the newest page or entry of the changelog, where the branch changes it."""
    if not session.config["changelog"]:
        raise _none_kept(session, "changelog", "changelog")
    if folder := fragments_folder(session):
        raise NotEvaluated(f"the changelog is made of the fragments in {folder}")
    if kept := read_kept(session):
        own = [entry.name for entry in kept.entries if not entry.is_old and not entry.is_empty]
        if kept.path not in session.branch.changed or not own:
            raise NotEvaluated(f"the branch writes no entry of {kept.path}")
        yield Evidence(f"{kept.path} has", own[0])
        return
    newest = read_newest_page(session)
    if newest is None or newest.is_released or newest.path not in session.branch.changed:
        raise NotEvaluated("the branch does not change the newest changelog page")
    yield Evidence("every section is filled in", newest.path)


def check(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the receipt of the checks."""
    yield _ran(session, boxes.CHECKS)


def test(session: Session, _: Collection[str]) -> Iterator[Evidence]:
    """Yield the receipt of the tests."""
    yield _ran(session, boxes.TESTS)


def again(session: Session, evaluated: Collection[str]) -> Iterator[Evidence]:
    """Yield the receipt of the checks on a tree with the version that the branch bumps to."""
    if session.branch.base is None:
        raise NotEvaluated(NO_BASE)
    yield from version(session, evaluated)
    yield _ran(session, boxes.CHECKS)


def commands_of(config: Config, key: str) -> list[list[str]]:
    """The commands under a key of the settings, each as the words that a shell makes of it."""
    return [shlex.split(command) for command in config[key]]


def _ran(session: Session, key: str) -> Evidence:
    """The newest receipt on this very tree of a command under a key."""
    if not session.config[key]:
        raise NotEvaluated(f"{key} is []: the team names no command")
    found = receipts.receipts_of(session, commands_of(session.config, key))
    if not found:
        raise Unrun("only a run shows it")
    tree, last = receipts.current_tree(session), found[0]
    here = next((receipt for receipt in found if receipt.after == tree), None)
    if here is None:
        raise Unrun(f"changed since {last.label} ended with exit code {last.code}")
    if here.before != tree:
        raise Unrun(f"{here.label} changed files while it ran")
    ended = f"ended with exit code {here.code} on this very tree"
    if here.code:
        raise Refuted(f"{here.label} {ended}")
    return Evidence(f"{ended}, {here.time[:16].replace('T', ' ')} UTC", here.label)


def _pages(session: Session) -> list[str]:
    if not session.config["features"]:
        raise _none_kept(session, "features", "feature pages")
    return [page.page.text.path for page in branch_pages(session)]


def _no_page(session: Session) -> Evidence:
    if changed_code(session):
        raise NotEvaluated("the branch changes code, and no feature page")
    return Evidence("the branch changes no code, tests and migrations aside")


def _none_kept(session: Session, key: str, what: str) -> NotEvaluated:
    """The error for a thing that the team does not keep, or that is not where the settings say."""
    path = site_path(session) if key == "mkdocs" else session.config[key]
    return NotEvaluated(f"there is no {path}" if path else f'{key} is "": the team keeps no {what}')


def _verb(session: Session, path: str) -> str:
    return "adds" if session.branch.changed[path] == "A" else "changes"


def _code_before_plan(session: Session) -> str | None:
    """Say which commit adds what the branch plans only later, None where none is seen.

    A branch that changes a page of its base may have been planned there, and is not judged.
    """
    changed, base = session.branch.changed_or_nothing(), session.branch.base
    pages = {path: changed[path] for path in sorted(changed) if is_feature_page(session, path)}
    added = [path for path, letter in pages.items() if letter == "A"]
    if base is None or not added or "M" in pages.values():
        return None
    new = [found for found in read_additions(session) if changed.get(found.spot.path) == "A"]
    for addition in new[:_MOST]:
        commit = _first_commit(session, base, addition.spot.path)
        if commit and not _pages_at(session, commit) - _pages_at(session, base):
            name = f"{addition.kind} {addition.name!r}"
            return f"{name} was committed before {added[0]}, in {commit[:8]}"
    return None


def _first_commit(session: Session, base: str, path: str) -> str | None:
    """The first commit of the branch that has a file which the branch adds."""
    flags = ("--reverse", "--topo-order", f"{base}..HEAD")
    commits = git.names(session.root, "rev-list", *flags, "--", path)
    return commits[0].partition("\n")[0] if commits else None


def _pages_at(session: Session, commit: str) -> set[str]:
    folder = f"{session.config['features']}/"
    paths = git.names(session.root, "ls-tree", "-z", "--name-only", commit, "--", folder)
    return {path for path in paths if is_feature_page(session, path)}

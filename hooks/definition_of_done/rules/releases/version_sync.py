"""version-sync: everything that names the version names the same one. Contract 7.1."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.releases.subjects import VERSIONS
from definition_of_done.rules.sample import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.project.releases.version_files import Place
    from definition_of_done.project.releases.versions import Versions


@rule(
    id="version-sync",
    contract="7.1",
    summary="version file, pyproject.toml, changelog page and nav name the same version",
    why="The version in a bug report has to lead to one commit and one changelog page.",
    subject=VERSIONS,
    box=boxes.VERSION,
    proves=True,
    fixes=True,
    good=versions(),
    bad=versions(pyproject="1.1.0"),
)
def check(facts: Versions) -> Iterator[Finding]:
    source = facts.source
    if facts.unjudged:
        raise NotEvaluated(facts.unjudged)
    if source.version is None:
        advice = "name the version there, or set version-source to the file that does"
        yield Finding(source.spot, f"the version source {source.fault}", advice, symbol="source")
        return
    version, evidence = source.version, f"{source.path} says {source.version}"
    yield from _place_faults(facts, evidence)
    if facts.kept:
        yield from _kept_faults(facts.kept, source, "" if facts.tool else evidence)
    elif facts.changelog:
        yield from _page_faults(facts, version, evidence)
    if facts.unread or facts.tool:
        raise NotEvaluated(facts.unread or facts.from_tags)


def _place_faults(facts: Versions, evidence: str) -> Iterator[Finding]:
    source, version = facts.source, str(facts.source.version)
    for place in facts.places:
        message = f"version is {place.version}, but {evidence}"
        if place.version is None:
            advice = f'name {version} there, or set version-file = "" if there is none'
            if facts.are_listed:
                advice = f"name {version} there, or take {place.path} out of version-files"
            message = f"the version file {place.fault}"
            yield Finding(place.spot, message, advice, symbol=place.path)
        elif place.version in facts.newer:
            page = facts.pages[place.version]
            advice = f"set {source.path} to {place.version}: {page} is of that version"
            yield Finding(place.spot, message, advice, symbol=place.path)
        elif not place.agrees(version):
            edits, rewrite = place.edits(version), place.rewrite(version)
            advice = f"set it to {place.spelled(version)}"
            advice += ", or run with --fix" if place.span else ""
            yield Finding(
                place.spot, message, advice, symbol=place.path, edits=edits, rewrite=rewrite
            )


def _page_faults(facts: Versions, version: str, evidence: str) -> Iterator[Finding]:
    if facts.keeps_page and version not in facts.pages:
        message = f"version {version} has no changelog page {facts.page}"
        advice = f"write {facts.page}"
        if facts.is_untracked:
            message = f"git does not track {facts.page}, the page of {version}"
            advice = "git add it"
        spot, begun = facts.source.spot, Begun(facts.source.path, version)
        yield Finding(spot, message, advice, symbol=facts.page, begun=begun)
    for newer in [] if facts.tool else facts.newer:
        message = f"the page is of version {newer}, but {evidence}"
        advice = "bump the version, or rename the page"
        path = facts.pages[newer]
        others = [place.path for place in facts.places if place.version == newer]
        follows = [("version-sync", "", other) for other in others]
        yield Finding(Spot(path), message, advice, symbol=path, begun=Begun(path), follows=follows)
    if not (facts.mkdocs and facts.keeps_page):
        return
    target = facts.nav_target(facts.page)
    if facts.site is None:
        message = f"{facts.mkdocs} is missing, so no nav names {target}"
        advice = 'write it, or set mkdocs = "" if there is no site'
        yield Finding(Spot(facts.mkdocs), message, advice, symbol="nav")
    elif facts.nav is not None and facts.lacks_entry:
        edits = facts.nav_edits()
        advice = f"add {facts.nav_entry(facts.nav)} to the nav"
        advice += ", or run with --fix" if edits else "; --fix finds no entry to put it beside"
        message = f"the nav has no entry for {target}, but {evidence}"
        begun = Begun(facts.page)
        yield Finding(facts.nav.spot, message, advice, symbol="nav", edits=edits, begun=begun)


def _kept_faults(kept: KeptChangelog, source: Place, evidence: str) -> Iterator[Finding]:
    """Yield a finding where the newest version of the file is another than that of the source.

    A source that is ahead is being worked on where the file has an entry Unreleased, and while its
    version is a pre-release or one of development, beside which the entry of the release may
    stand. `evidence` is empty where tags name the version: the entry of a release comes before its
    tag.
    """
    from definition_of_done.project.docs.version_headings import (
        is_development,
        is_on_the_way,
        is_pre_release,
        precedence,
    )

    version, newest = str(source.version), kept.newest
    if not version[:1].isdigit() or newest is None:
        return
    if precedence(newest.version) > precedence(version):
        if not evidence or is_on_the_way(version, newest.version):
            return
        message = f"the newest version of {kept.path} is {newest.version}, but {evidence}"
        advice = "bump the version, or keep the entry under Unreleased until then"
        begun = Begun(kept.path, newest.version)
        yield Finding(newest.heading.spot, message, advice, symbol=kept.path, begun=begun)
    elif precedence(newest.version) < precedence(version):
        if kept.unreleased or is_pre_release(version) or is_development(version):
            return
        message = f"version {version} has no entry in {kept.path}"
        advice = f'write it below "## [{version}]", or what is not out below "## [Unreleased]"'
        begun = Begun(source.path, version)
        yield Finding(source.spot, message, advice, symbol=kept.path, begun=begun)

"""The check of version-sync on one changelog file: its newest version is the project's."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.project.docs.kept_changelog import KeptChangelog
from definition_of_done.project.docs.version_headings import (
    is_development,
    is_on_the_way,
    is_pre_release,
    precedence,
)
from definition_of_done.project.releases.version_files import Place


def kept_version_faults(kept: KeptChangelog, source: Place, evidence: str) -> Iterator[Finding]:
    """Yield a finding where the newest version of the file is another than that of the source.

    A source that is ahead is being worked on where the file has an entry Unreleased, and while its
    version is a pre-release or one of development, beside which the entry of the release may
    stand. `evidence` is empty where tags name the version: the entry of a release comes before its
    tag.
    """
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

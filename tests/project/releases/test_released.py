"""Which changelog pages are out, by tags and by the base."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.project.releases.changelog import is_released
from definition_of_done.project.settings import open_project


def page(version: str) -> str:
    return f"docs/changelog/{version}.md"


@pytest.mark.parametrize(
    ("tags", "on_base", "on_branch", "expected"),
    [
        # Without tags that name versions, the base decides.
        ("", "1.1.0 1.2.0", "", "yes yes"),
        ("", "1.1.0 1.2.0", "1.3.0", "yes yes no"),
        ("", "1.1.0 1.2.0", "1.2.0", "yes no"),
        ("nightly v1 2026-05-24 v1.2 1.2.0.1 v11.2.0", "1.2.0", "1.2.0", "no"),
        # A tag decides for the page that it names, whoever changes that.
        ("v1.1.0 v1.2.0", "1.1.0 1.2.0", "1.2.0 1.3.0", "yes yes no"),
        ("1.2.0", "1.2.0", "1.2.0", "yes"),
        ("release-1.2.0", "1.2.0", "1.2.0", "yes"),
        ("release/1.2.0", "1.2.0", "1.2.0", "yes"),
        ("app_v1.2.0", "1.2.0", "1.2.0", "yes"),
        ("v1.2.0rc1", "1.2.0-rc.1 1.2.0", "", "yes no"),
        ("v1.2.0-rc.1", "1.2.0-rc.1", "1.2.0-rc.1", "yes"),
        # Where the version before is tagged, this one is not out yet.
        ("v1.1.0", "1.1.0 1.2.0", "", "yes no"),
        ("v1.1.0", "1.2.0", "", "no"),
        # One that was passed over is out with the one after it.
        ("v1.0.0 v1.2.0", "1.0.0 1.1.0 1.2.0", "", "yes yes yes"),
        # Who stopped tagging has released since.
        ("v1.0.0", "1.0.0 1.1.0 1.2.0", "", "yes yes yes"),
        # A patch of an older line.
        ("v1.2.0 v2.0.0", "1.2.0 2.0.0", "1.2.1", "yes no yes"),
    ],
)
def test_released(tags: str, on_base: str, on_branch: str, expected: str, project: Project) -> None:
    project.lay({page(version): "on the base" for version in on_base.split()})
    project.git("commit", "-qm", "base")
    for tag in tags.split():
        project.git("tag", tag)
    project.git("checkout", "-qb", "feature")
    project.lay({page(version): "on the branch" for version in on_branch.split()})
    session = open_project(str(project.root))
    versions = sorted({*on_base.split(), *on_branch.split()})
    if "1.2.0-rc.1" in versions:
        versions.sort(key=lambda version: "rc" not in version)
    found = [is_released(session, page(version)) for version in versions]
    assert found == [word == "yes" for word in expected.split()]


def test_a_shallow_clone_without_tags_tells_nothing(project: Project) -> None:
    project.lay({page("1.2.0"): "x"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-q", "--detach")
    project.git("branch", "-D", "main")
    project.lay({page("1.3.0"): "x"})
    session = open_project(str(project.root))
    assert is_released(session, page("1.2.0")) is None
    assert is_released(session, page("1.3.0")) is False
    project.git("tag", "v1.2.0")
    session = open_project(str(project.root))
    assert is_released(session, page("1.2.0")) is True

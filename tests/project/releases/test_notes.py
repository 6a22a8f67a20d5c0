"""The versions and steps that Versioning notes name, beside those that they have."""

from __future__ import annotations

import pytest

from definition_of_done.project.releases.changelog import read_changelog_page
from definition_of_done.project.releases.notes import wrong_names
from definition_of_done.project.releases.steps import step
from definition_of_done.project.schemes import SEMVER


def _found(text: str, last: str | None = "1.2.4", version: str = "1.3.0") -> list[str]:
    data = f"# {version}\n\n## Versioning notes\n\n{text}\n".encode()
    level = step(SEMVER, last, version) if last else None
    page = read_changelog_page(f"docs/changelog/{version}.md", data)
    page = page._replace(last=last, step=level)
    return [named for _, named, _ in wrong_names(page, page.sections[0], "bump")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("`bump patch`", ["a patch step"]),
        ("`bump MAJOR`", ["a major step"]),
        ("`bump 1.2.5`", ["version 1.2.5"]),
        ("`bump v1.3.1 --stub`", ["version 1.3.1"]),
        ("`bump 1.3.0-rc.1`", ["version 1.3.0-rc.1"]),
        ("Bumped to 1.4.0 by hand.", ["version 1.4.0"]),
        ("This is version 1.2.9.", ["version 1.2.9"]),
        ("`bump` made a patch release of it.", ["a patch step"]),
        ("`bump major` and `bump patch`", ["a major step"]),
        ("PATCH release; deploy at night.", ["a patch step"]),
        ("A patch. Deploy at night.", ["a patch step"]),
        ("This is a patch, and needs no downtime; it is small.", []),
        ("This is just a patch: the schema stays.", ["a patch step"]),
        ("- By hand\n- It was a major!", ["a major step"]),
        ("Released as a patch.", ["a patch step"]),
    ],
)
def test_a_contradiction(text: str, named: list[str]) -> None:
    assert _found(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "`bump minor`",
        "`bump Minor --yes`",
        "`bump 1.3.0`",
        "`bump v1.3.0`",
        "`bump --from 1.2.4 --to 1.3.0`",
        "`bump patch --new-version 1.3.0`",
        "`bump patch`, undone, then `bump minor`",
        "`bump`",
        "`pip install frontend==2.0.0`",
        "`patch -p1`",
        "Bumped from 1.2.4 to 1.3.0.",
        "Released as 1.3.0. Needs 2.0.0 of the frontend.",
        "A minor release.",
        "A minor release, although a patch of the schema.",
        "The next major release drops it.",
        "Not a patch release.",
        "Deploy 1.2.9 of the worker first.",
        "A patch for the worker is released on Monday.",
        "A major change for the team.",
        "A minor.",
        "A patch, 1.3.1, follows on Friday.",
        "A patch `1.3.1` follows.",
        "A patch of the schema.",
        "This was a patch before.",
        "This is not a patch.",
        "Patch: none. Minor: the new query.",
    ],
)
def test_what_fits(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("last", "version"), [(None, "1.3.0"), ("1.2.4", "1.5.0"), ("1.2.4", "1.3.0-rc.1")]
)
def test_a_step_that_is_not_known_or_that_leads_there(last: str | None, version: str) -> None:
    assert _found("`bump minor`", last, version) == []

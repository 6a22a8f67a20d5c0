"""The files of a site: what git is asked for, how often, and which name is near another."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from definition_of_done.project.docs.site_files import Docs
from definition_of_done.readers.site import Site


class _Git:
    """A tree that writes down the questions to git, which judges no list that holds a link."""

    tracked = ("docs/index.md",)

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def is_ignored(self, path: str) -> bool:
        self.asked.append([path])
        return "made" in path

    def ignored(self, paths: Sequence[str]) -> set[str] | None:
        self.asked.append([*paths])
        return None if "docs/link/x" in paths else {path for path in paths if "made" in path}


def _docs() -> tuple[Docs, _Git]:
    git = _Git()
    session = cast("Any", SimpleNamespace(tree=git))
    return Docs(session, Site("mkdocs.yml", (), {}, None, True)), git


@pytest.mark.parametrize(
    ("names", "made", "asked"),
    [
        (["made/a", "b", "made/c"], ["made/a", "made/c"], [["b", "made/a", "made/c"]]),
        (["made/a"], ["made/a"], [["made/a"]]),
        # What cannot be a file of the site is not asked for, and does not end the search.
        (["../made", "made\0", "z/made"], ["z/made"], [["z/made"]]),
        (["a" * 1_001, "a" * 1_000], [], [["a" * 1_000]]),
        # What git quotes is asked for alone, before the rest.
        (
            ['"made', "\\made", "\tmade", "a made", "b made"],
            ["\tmade", '"made', "\\made", "a made", "b made"],
            [["\tmade"], ['"made'], ["\\made"], ["a made", "b made"]],
        ),
        # A list that git does not judge is halved until it does.
        (
            ["made/a", "made/b", "made/c", "link/x"],
            ["made/a", "made/b", "made/c"],
            [
                ["link/x", "made/a", "made/b", "made/c"],
                ["link/x", "made/a"],
                ["link/x"],
                ["made/a"],
                ["made/b", "made/c"],
            ],
        ),
    ],
)
def test_what_is_made(names: list[str], made: list[str], asked: list[list[str]]) -> None:
    docs, git = _docs()
    assert docs.generated(names) == set(made)
    assert git.asked == [[f"docs/{name}" for name in some] for some in asked]
    # Nothing is asked for twice.
    assert docs.generated(names) == set(made)
    assert len(git.asked) == len(asked)


def test_long_lists_are_asked_for_in_parts() -> None:
    docs, git = _docs()
    names = [f"{at:02}made".ljust(1_000, "x") for at in range(25)]
    assert docs.generated(names) == set(names)
    assert [len(some) for some in git.asked] == [11, 11, 3]


def test_the_closest_name() -> None:
    docs, _ = _docs()
    assert docs.closest("vendor", ["vend", "vendors", "x"], 0.6) == "vendors"
    assert docs.closest("vendor", ["x"], 0.6) is None
    for length, near in ((1_000, "a" * 1_000), (1_001, None)):
        assert docs.closest("a" * length, ["a" * 1_000], 0.6) == near


def test_so_many_names_are_compared() -> None:
    docs, _ = _docs()
    names = ["vendors", *["x"] * 49_999]
    found = [docs.closest("vendor", names, 0.6) for _ in range(2)]
    assert found == ["vendors", "vendors"]
    assert docs.closest("vendor", ["vendors"], 0.6) is None

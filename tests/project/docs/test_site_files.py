"""The files of a site: what git is asked for, how often, and which name is near another."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

from definition_of_done.project.docs.site_files import Docs
from definition_of_done.readers.site import Site


class _Tree:
    """A tree of one page, in which git ignores what is called made."""

    tracked = ("docs/index.md",)

    def ignored(self, paths: Iterable[str]) -> set[str]:
        return {path for path in paths if path.endswith("made")}


def _docs() -> Docs:
    session = cast("Any", SimpleNamespace(tree=_Tree()))
    return Docs(session, Site("mkdocs.yml", (), {}, None, True))


def test_what_is_made() -> None:
    # What lies above the site is none of its files.
    assert _docs().generated(["a/made", "b", "../made", "made"]) == {"a/made", "made"}


def test_the_closest_name() -> None:
    docs = _docs()
    assert docs.closest("vendor", ["vend", "vendors", "x"], 0.6) == "vendors"
    assert docs.closest("vendor", ["x"], 0.6) is None
    for length, near in ((1_000, "a" * 1_000), (1_001, None)):
        assert docs.closest("a" * length, ["a" * 1_000], 0.6) == near


def test_so_many_names_are_compared() -> None:
    docs = _docs()
    names = ["vendors", *["x"] * 49_999]
    found = [docs.closest("vendor", names, 0.6) for _ in range(2)]
    assert found == ["vendors", "vendors"]
    assert docs.closest("vendor", ["vendors"], 0.6) is None

"""Short ways to write a case of either world, whose findings stand where a text does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tests.contract.worlds import GROWN, NEW, Case, Edit, World, edited

PAGE = "docs/feature/2026-05-24-vendor-credits.md"
GROWTH_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"
HOME = "app/graphql/vendor_credits"
BLOB = "https://example.com/sample/blob/main/"
# The path and a text of it, where the finding stands, and what is said of it.
Find: TypeAlias = tuple[str, str, str]


def case(
    world: World,
    sentence: str,
    name: str,
    edits: Mapping[str, Edit],
    *finds: Find,
    earlier: Mapping[str, Edit] | None = None,
    landed: Mapping[str, Edit] | None = None,
) -> Case:
    """A case whose findings are told by the text that they stand at."""
    texts = {**world.whole, **edited(world.whole, edits)}
    lines = []
    for path, needle, told in finds:
        text = texts[path]
        assert text is not None
        assert needle in text, f"{path} lacks {needle!r}"
        line, column = _place(text, needle)
        lines.append((path, line, column, f"{path}:{line}:{column}: {told}"))
    told_lines = tuple(line for *_, line in sorted(lines))
    return Case(sentence, name, world, edits, told_lines, earlier or {}, landed or {})


def _place(text: str, needle: str) -> tuple[int, int]:
    before = text[: text.index(needle)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def new(
    sentence: str,
    name: str,
    edits: Mapping[str, Edit],
    *finds: Find,
    earlier: Mapping[str, Edit] | None = None,
) -> Case:
    """A case of the resource that is new."""
    return case(NEW, sentence, name, edits, *finds, earlier=earlier)


def grown(
    sentence: str,
    name: str,
    edits: Mapping[str, Edit],
    *finds: Find,
    earlier: Mapping[str, Edit] | None = None,
) -> Case:
    """A case of the resource that grows."""
    return case(GROWN, sentence, name, edits, *finds, earlier=earlier)


def on_page(*pieces: tuple[str, str]) -> dict[str, Edit]:
    """Replace pieces of the new resource's page."""
    return {PAGE: list(pieces)}


def on_growth_page(*pieces: tuple[str, str]) -> dict[str, Edit]:
    """Replace pieces of the growing resource's page."""
    return {GROWTH_PAGE: list(pieces)}

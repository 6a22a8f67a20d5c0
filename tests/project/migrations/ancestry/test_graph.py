"""A graph's revisions in order, against what follows from the pairs that it orders."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from definition_of_done.project.migrations.ancestry.graph import History

NAMES = "abcdefg"


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Revisions of which each stands on some of those before it."""
    above: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        above[name] = tuple(draw(st.lists(st.sampled_from([*above]), unique=True))) if above else ()
    return History((), above)


def _is_above(history: History, upper: str, lower: str) -> bool:
    return any(upper in (up, *_lines(history, up)) for up in history.above[lower])


def _lines(history: History, name: str) -> set[str]:
    return {upper for upper in NAMES if upper != name and _is_above(history, upper, name)}


@settings(max_examples=60, deadline=None)
@given(histories(), st.lists(st.sampled_from([*NAMES, "unknown"]), unique=True))
def test_ancestors(history: History, names: list[str]) -> None:
    known = {name for name in names if name in NAMES}
    assert history.ancestors(names) == known.union(*(_lines(history, name) for name in known))


@settings(max_examples=60, deadline=None)
@given(histories(), st.permutations(NAMES), st.integers(0, len(NAMES)))
def test_misplaced(history: History, names: list[str], count: int) -> None:
    names = names[:count]
    wrong = [
        (later, at)
        for at, name in enumerate(names)
        for later in range(at + 1, count)
        if _is_above(history, names[later], name)
    ]
    # Behind each that is wrong, the last that stands above it is named.
    lasts = {at: max(later for later, place in wrong if place == at) for _, at in wrong}
    first = min(((later, at) for at, later in lasts.items()), default=None)
    assert history.misplaced(names) == (first and (names[first[0]], names[first[1]]))


@settings(max_examples=60, deadline=None)
@given(histories(), st.permutations(NAMES), st.integers(0, 5), st.integers(0, 2))
def test_in_order(history: History, names: list[str], count: int, more: int) -> None:
    listed, others = names[:count], names[count : count + more]
    order = history.in_order(listed, others)
    assert sorted(order) == sorted([*listed, *others])
    kept = [name for name in order if name in listed]
    assert history.misplaced(kept) is None
    if history.misplaced(listed) is None:
        assert kept == listed
    else:
        assert kept == [name for name in NAMES if name in listed]
    for other in others:
        later = order[order.index(other) + 1 :]
        # It stands before the first that comes after it, else at the end.
        assert not any(_is_above(history, other, before) for before in order[: order.index(other)])
        follows = [name for name in later if name in listed]
        assert not follows or _is_above(history, other, follows[0])

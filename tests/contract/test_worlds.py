"""Both features as they are: no rule has anything to say of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.worlds import GROWN, NEW, Case, World


@pytest.mark.parametrize("world", [NEW, GROWN], ids=["new", "grown"])
def test_the_finished_feature_has_no_finding(
    world: World, play: Callable[[Case], tuple[str, ...]]
) -> None:
    assert play(Case("", "as it is", world, {})) == ()

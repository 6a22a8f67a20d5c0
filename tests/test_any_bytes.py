"""Any bytes in any file: exit code 0, 1 or 2, no traceback, in bounded time; see tests/fuzz."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.fuzz.world import FAMILIES, World, mutated

from definition_of_done.engine import git

_NUMBER = st.integers(0, 2**20)
_STEPS = st.lists(st.tuples(_NUMBER, _NUMBER, _NUMBER), min_size=1, max_size=6)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(git, "_spawned", git._spawned)
    with contextlib.chdir(tmp_path):
        yield World(tmp_path)


@pytest.mark.parametrize("family", list(FAMILIES))
def test_any_bytes(family: str, world: World) -> None:
    pool = world.seeds(family)
    texts = st.builds(lambda at, steps: mutated(pool[at % len(pool)], steps, pool), _NUMBER, _STEPS)

    @settings(
        max_examples=1,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(texts, texts, texts, st.binary(max_size=200)))
    def feed(data: bytes) -> None:
        world.feed(family, data)

    feed()

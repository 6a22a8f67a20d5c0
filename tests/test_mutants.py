"""The table of mutants that do what the original does: each of them is still one."""

from __future__ import annotations

import pytest

pytest.importorskip("resource", reason="mutants are tried where processes have limits")

from tests import mutants


def test_each_of_the_table_is_there() -> None:
    paths = {name.partition(": ")[0] for name in mutants.EQUIVALENT}
    folder = mutants.ROOT / "hooks" / "definition_of_done"
    names = {mutant.name for path in paths for mutant in mutants.mutants(folder / path)}
    assert set(mutants.EQUIVALENT) - names == set()


@pytest.mark.parametrize("family", mutants.FAMILIES)
def test_what_a_family_stands_for_is_there(family: str) -> None:
    folders = mutants.FAMILIES[family]
    assert all((mutants.ROOT / "hooks/definition_of_done" / name).is_dir() for name in folders)
    assert all((mutants.ROOT / "tests" / name).is_dir() for name in folders[:1])
    assert all(
        (mutants.ROOT / name).exists() for name in (mutants.SHARED, *mutants._MORE.get(family, ()))
    )

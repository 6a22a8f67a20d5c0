"""`definition-of-done catalogue`: the blocks that are generated from the rules."""

from __future__ import annotations

from tests.snapshot import ROOT

from definition_of_done.commands.catalogue import generated


def test_generated_blocks_match_the_rules() -> None:
    root = ROOT
    for path, text in generated(str(root)).items():
        assert (root / path).read_text() == text, f"{path}: run `definition-of-done catalogue`"

"""`definition-of-done new`: a kind is needed, and nothing is written over."""

from __future__ import annotations

import pytest
from tests.repository import Run
from tests.revision import SUITE


def test_new_needs_a_kind(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(SUITE, "new")
    assert stop.value.code == 2
    assert "the following arguments are required: KIND\n" in capsys.readouterr().err

"""`definition-of-done explain`: a rule in words, or the whole contract."""

from __future__ import annotations

import re

from tests.repository import Project, Run
from tests.revision import SLUG, SUITE

from definition_of_done.engine.registry import known_ids


def test_explain_and_list(project: Project, run: Run) -> None:
    assert run(SUITE, "explain", SLUG)[1].startswith(f"{SLUG}\n\nThe revision is a short")
    assert run(SUITE, "explain", "slug")[0] == 2
    assert len(re.findall(r"^\S", run(SUITE, "list")[1], re.M)) == len(known_ids())

"""Expressions that are compiled late do as those of `re`."""

from __future__ import annotations

import re

import pytest

from definition_of_done.base.expressions import regex


def test_it_does_as_a_pattern_of_re() -> None:
    late, early = regex(r"(?P<word>[a-z]+)|\d", re.I), re.compile(r"(?P<word>[a-z]+)|\d", re.I)
    text = "One 2 three"
    assert late.findall(text) == early.findall(text)
    assert late.sub("-", text, count=2) == early.sub("-", text, count=2)
    found = regex("t(h)").search(text)
    assert found is not None
    assert found[1] == "h"
    assert (late.pattern, late.flags, late.groupindex) == (
        early.pattern,
        early.flags,
        early.groupindex,
    )


def test_it_is_compiled_when_it_is_used() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.search("")

"""The order of PEP 440 versions is that of packaging."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from definition_of_done.project.schemes import PEP440, normalized

_NUMBER = st.integers(0, 30).map(str)
_MARK = st.sampled_from(["", ".", "-", "_"])


@st.composite
def _versions(draw: st.DrawFn) -> str:
    """A version as somebody may write it, with any of the parts."""
    text = draw(st.sampled_from(["", "", "1!", "0!"]))
    text += ".".join(draw(st.lists(_NUMBER, min_size=1, max_size=4)))
    if draw(st.booleans()):
        phase = draw(st.sampled_from(["a", "alpha", "b", "beta", "c", "rc", "pre", "preview"]))
        text += draw(_MARK) + phase + draw(st.sampled_from(["", "0", "2", ".3", "-1"]))
    if draw(st.booleans()):
        text += draw(st.sampled_from(["-1", ".post2", "post", "_rev.4", "r0", "-r2"]))
    if draw(st.booleans()):
        text += draw(_MARK) + "dev" + draw(st.sampled_from(["", "0", "7", ".1"]))
    if draw(st.booleans()):
        text += "+" + draw(st.sampled_from(["a", "1", "a.1", "1.a", "Ab-2", "10_b"]))
    return text


@given(_versions(), _versions())
def test_the_order_is_that_of_packaging(left: str, right: str) -> None:
    ours = PEP440.order(left) < PEP440.order(right), PEP440.order(left) == PEP440.order(right)
    assert ours == (Version(left) < Version(right), Version(left) == Version(right))
    if not Version(left).is_postrelease:
        assert PEP440.order(left)[1] is not Version(left).is_prerelease
    assert normalized(left) == str(Version(left))


@pytest.mark.parametrize(
    "text", ["", "1.", "a", "1.2.0-alpha.beta", "1..2", "v1.2", "1.2 ", "1.2+", "9" * 5000]
)
def test_no_version(text: str) -> None:
    assert not PEP440.is_version(text)
    assert normalized(text) is None

"""Ids of headings, by the options of the table of contents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown.extensions.toc import (  # type: ignore[import-untyped]
    slugify,
    slugify_unicode,
)
from pymdownx.slugs import slugify as pymdownx_slugify  # type: ignore[import-untyped]

from definition_of_done.readers.nav import Tagged
from definition_of_done.readers.slugs import slugger, unique

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HEADING = "Cr\u00e8me  Br\u00fbl\u00e9e <b>X</b> (\u00df) \u00c9-1"
PYTHON = "tag:yaml.org,2002:python/"
PYMDOWNX = "pymdownx.slugs.slugify"


@pytest.mark.parametrize(
    ("options", "id"),
    [
        (None, "creme-brulee-bxb-e-1"),
        ({}, "creme-brulee-bxb-e-1"),
        ({"separator": "_"}, "creme_brulee_bxb_e-1"),
        ({"separator": 1}, "creme-brulee-bxb-e-1"),
        (
            {"slugify": "markdown.extensions.toc.slugify_unicode"},
            "cr\u00e8me-br\u00fbl\u00e9e-bxb-\u00df-\u00e9-1",
        ),
        (
            {"slugify": Tagged(f"{PYTHON}name:{PYMDOWNX}", "")},
            "Cr\u00e8me--Br\u00fbl\u00e9e-X-\u00df-\u00c9-1",
        ),
        (
            {"slugify": Tagged(f"{PYTHON}object/apply:{PYMDOWNX}", {"kwds": {"case": "lower"}})},
            "cr\u00e8me--br\u00fbl\u00e9e-x-\u00df-\u00e9-1",
        ),
        (
            {"slugify": {"object": PYMDOWNX, "kwds": {"case": "fold"}}},
            "cr\u00e8me--br\u00fbl\u00e9e-x-ss-\u00e9-1",
        ),
        (
            {"slugify": {"kwds": {"case": "lower-ascii"}}},
            "cr\u00e8me--br\u00fbl\u00e9e-x-\u00df-\u00c9-1",
        ),
    ],
)
def test_slug(options: Any, id: str) -> None:
    slug = slugger(options)
    assert slug is not None
    assert slug(HEADING) == id


@pytest.mark.parametrize(
    "slugify",
    [
        "mine.slug",
        Tagged("!mine", ""),
        Tagged(f"{PYTHON}object/new:{PYMDOWNX}", {}),
        {"kwds": {"percent_encode": True}},
        {"kwds": {"case": "title"}},
        {"kwds": {"normalize": "NFD"}},
        {"object": "mine.slug"},
    ],
)
def test_what_only_python_knows(slugify: Any) -> None:
    assert slugger({"slugify": slugify}) is None


def test_unique() -> None:
    taken = {"a", "a_1", "b_3"}
    assert [unique(id, taken) for id in ("a", "a", "b_3", "", "c", "c", "")] == [
        "a_2",
        "a_3",
        "b_4",
        "_1",
        "c",
        "c_1",
        "_2",
    ]
    assert {"a_2", "b_4", "c_1", "_2"} < taken


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.sampled_from(["-", "_"]))
@SLOW
def test_slugs(heading: str, separator: str) -> None:
    for options, theirs in (
        ({}, slugify),
        ({"slugify": "markdown.extensions.toc.slugify_unicode"}, slugify_unicode),
        ({"slugify": {"kwds": {"case": "lower"}}}, pymdownx_slugify(case="lower")),
        (
            {"slugify": Tagged("tag:yaml.org,2002:python/object/apply:pymdownx.slugs.slugify", {})},
            pymdownx_slugify(),
        ),
    ):
        mine = slugger({"separator": separator, **options})
        assert mine is not None
        assert mine(heading) == theirs(heading, separator)

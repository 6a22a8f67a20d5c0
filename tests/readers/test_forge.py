"""The anchors of a forge: GitHub's own examples, and those of others."""

from __future__ import annotations

import pytest

from definition_of_done.base.text import Text
from definition_of_done.readers.forge import (
    forge_anchors,
    names_no_heading,
    plain_fragment,
    some_anchors,
)


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        # The examples of GitHub's documentation.
        ("## Sample Section", {"sample-section"}),
        ("## This'll be a _Helpful_ Section About the Greek Letter \u0398!", {
            "thisll-be-a-helpful-section-about-the-greek-letter-\u03b8"
        }),
        ("# This heading is not unique\n\n# This heading is not unique", {
            "this-heading-is-not-unique", "this-heading-is-not-unique-1"
        }),
        # Punctuation leaves its blanks.
        ("# A & B", {"a--b"}),
        ("# v1.2.0 (2026-05-24)", {"v120-2026-05-24"}),
        ("# `a_b`: [c](d) ![e](f)", {"a_b-c-"}),
        ("# \U0001f680 Go", {"-go"}),
        # As github-slugger, whose pattern is made of GitHub's own answers: marks are kept, ...
        ("# \u0939\u093f\u0928\u094d\u0926\u0940 \u0e17\u0e35\u0e48",
         {"\u0939\u093f\u0928\u094d\u0926\u0940-\u0e17\u0e35\u0e48"}),
        ("# Cafe\u0301 \u203f x", {"cafe\u0301-\u203f-x"}),
        ("# \u24b6 \u2167 \U0001f170", {"\u24d0-\u2177-\U0001f170"}),
        # ... and other numbers than digits are not.
        ("# x\xb2 \xbd \u2460", {"x--"}),
        # The link is written with the selector of an emoji, or without.
        ("# \u2699\ufe0f Setup", {"\ufe0f-setup", "-setup"}),
        ("Under\n=====", {"under"}),
        ('<h1 align="center">\n  A <b>B</b>\n</h1>', {"a-b"}),
        ('<a id="Here"></a> <a name=there>', {"here", "there"}),
        ("```\n# Code\n```\n\n# Text", {"text"}),
    ],
)  # fmt: skip
def test_ids(page: str, ids: set[str]) -> None:
    found = forge_anchors(Text("README.md", f"{page}\n"))
    assert found is not None
    assert ids <= found
    # Others join dashes.
    assert all(id.replace("--", "-") in found for id in ids)
    assert some_anchors(Text("README.md", f"{page}\n")) <= found


def test_code_is_no_heading() -> None:
    assert forge_anchors(Text("README.md", "```\n# Code\n```\n")) == frozenset()


@pytest.mark.parametrize("page", ["# A\n\n{{ more }}\n", "# A\n\n{% include x %}\n"])
def test_what_is_inserted_is_not_seen(page: str) -> None:
    assert forge_anchors(Text("README.md", page)) is None


@pytest.mark.parametrize(
    "fragment",
    ["L1", "L3-L7", "L1C2", "top", "readme", "fn-1", "user-content-fnref-a", "MIT-1-ov-file"],
)
def test_no_heading(fragment: str) -> None:
    assert names_no_heading(fragment)


@pytest.mark.parametrize("fragment", ["Lines", "topics", "functions", "readme-first", ""])
def test_a_heading(fragment: str) -> None:
    assert not names_no_heading(fragment)


def test_prefixes() -> None:
    assert plain_fragment("user-content-A-b") == "a-b"
    assert plain_fragment("markdown-header-a") == "a"

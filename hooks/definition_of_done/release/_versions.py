"""Semantic versions."""

import re

_SEMVER = re.compile(
    r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def is_version(text: str) -> bool:
    """Whether the text is a semantic version such as 1.2.0 or 2.0.0-rc.1."""
    return _SEMVER.fullmatch(text) is not None


def names_version(text: str, version: str) -> bool:
    """Whether the version stands in the text as a word of its own, with or without a `v`."""
    pattern = rf"(?<![\w.+-])v?{re.escape(version)}(?![\w+-]|\.\w)"
    return re.search(pattern, text) is not None

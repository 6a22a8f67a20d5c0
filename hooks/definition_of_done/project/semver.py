"""Semantic versions: how they are recognised, compared and ordered."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.project.pep440 import normalized

_SEMVER = regex(
    r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def is_version(text: str) -> bool:
    """True where the text is a semantic version such as 1.2.0 or 2.0.0-rc.1."""
    return _SEMVER.fullmatch(text) is not None


def names_version(text: str, version: str) -> bool:
    """True where the version stands in the text as a word of its own, with or without a `v`."""
    pattern = rf"(?<![\w.+-])v?{re.escape(version)}(?![\w+-]|\.\w)"
    return re.search(pattern, text) is not None


def version_of(path: str) -> str:
    """The version that a changelog page is named after."""
    return path.rpartition("/")[2].removesuffix(".md")


def same(left: str, right: str) -> bool:
    """True where two versions are equal; 1.2.0-rc.1 equals PEP 440's 1.2.0rc1."""
    return left == right or pep440(left) == pep440(right)


def order(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """The key that sorts semantic versions by their precedence."""
    release, _, pre = version.partition("+")[0].partition("-")
    parts = tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in pre.split(".")
    )
    return tuple(int(number) for number in release.split(".")), not pre, parts


def pep440(version: str) -> str:
    """The version as PEP 440 and uv.lock spell it: 1.2.0rc1."""
    text = version.strip().lower().removeprefix("v")
    return normalized(text) or text

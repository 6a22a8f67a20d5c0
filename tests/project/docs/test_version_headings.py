"""Headings of a changelog: what they name, and how versions are ordered."""

from __future__ import annotations

import random

import pytest

from definition_of_done.project.docs.version_headings import (
    Named,
    is_pre_release,
    is_unclear,
    named_in,
    precedence,
)


@pytest.mark.parametrize(
    ("text", "version", "date"),
    [
        ("1.2.3 - 2026-05-24", "1.2.3", "2026-05-24"),
        ("[1.2.3] - 2026-05-24", "1.2.3", "2026-05-24"),
        ("v1.2.3 - 2026-05-24", "1.2.3", "2026-05-24"),
        ("1.2.3 (2026-05-24)", "1.2.3", "2026-05-24"),
        ("3.8.7 / 2026-08-19", "3.8.7", "2026-08-19"),
        ("[0.0.5] - 2014-12-13 [YANKED]", "0.0.5", "2014-12-13"),
        ("Version 1.2", "1.2", None),
        ("alembic 1.2.0, 24 May 2026", "1.2.0", None),
        ("v0.1.0a122 (23 May 2024)", "0.1.0a122", None),
        ("2.0.0-rc.1", "2.0.0-rc.1", None),
        ("2.0.0rc1", "2.0.0rc1", None),
        ("1.4.0.post1 - 2026-05-24", "1.4.0.post1", "2026-05-24"),
        ("2026.5.0", "2026.5.0", None),
        ("1.2.3-2026-05-24", "1.2.3", "2026-05-24"),
        ("1.2.3+build.5", "1.2.3+build.5", None),
        ("24.06.0 [broken]", "24.06.0", None),
        ("1.2.3 - 2026-05-XX", "1.2.3", "2026-05-XX"),
        ("1.2.3 Bionic (2026-05-24)", "1.2.3", "2026-05-24"),
        ("\U0001f680 1.2.3 - 2026-05-24", "1.2.3", "2026-05-24"),
    ],
)
def test_version(text: str, version: str, date: str | None) -> None:
    assert named_in(text) == Named(version, False, date)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("[Unreleased]", ""),
        ("Unreleased", ""),
        ("UNRELEASED - 2026-05-24", ""),
        ("Unreleased (1.3.0)", "1.3.0"),
        ("1.3.0 (unreleased)", "1.3.0"),
        ("[1.3.0] - Unreleased", "1.3.0"),
        ("Next release", ""),
    ],
)
def test_unreleased(text: str, version: str) -> None:
    assert named_in(text) == Named(version, True, None)


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("Changelog", False),
        ("Development improvements", False),
        ("Next steps", False),
        ("2.0 Migration guide", False),
        ("Python 3.12 support", False),
        ("Before (v2.7 and earlier)", False),
        ("2026-05-24", False),
        ("Added", False),
        ("1.2.x - 2026-05-24", True),
        ("[1.2.x] - 2026-05-24", True),
        ("1.two.3", True),
        ("[wave 2] - soon", True),
        ("Version two - 2026-05-24", True),
    ],
)
def test_no_version(text: str, unclear: bool) -> None:
    assert named_in(text) is None
    assert is_unclear(text) is unclear


def test_precedence() -> None:
    rising = (
        *("0.9", "1.0.dev1", "1.0a1", "1.0.0-alpha.2", "1.0b1", "1.0rc1", "1.0-rc.2", "1.0"),
        *("1.0.post1", "1.0.1", "1.2", "1.10", "2026.5.0"),
    )
    mixed = list(rising)
    random.Random(1).shuffle(mixed)
    assert tuple(sorted(mixed, key=precedence)) == rising
    assert precedence("1.2") == precedence("v1.2.0")
    assert [version for version in rising if is_pre_release(version)] == list(rising[1:7])


def test_numbers_of_any_length() -> None:
    named = named_in(f"1.2.0-{'9' * 5000}")
    assert named
    assert precedence("1.2.0-9") < precedence(named.version) < precedence("1.2.0")
    assert named_in("9" * 5000 + ".1") is None

"""The schemes of versions: what is a version, the steps, and the order of the rest."""

from __future__ import annotations

import pytest

from definition_of_done.project.releases.steps import LEVELS, counted_from, step, stepped
from definition_of_done.project.schemes import (
    CALVER,
    PEP440,
    SCHEMES,
    SEMVER,
    Scheme,
    other_scheme,
)
from definition_of_done.project.settings import SCHEMES as NAMES


def test_the_setting_knows_all_schemes() -> None:
    assert tuple(SCHEMES) == NAMES


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1.2.0", "semver pep440"),
        ("1.2.0-rc.1", "semver pep440"),
        ("1.2.0-alpha.beta", "semver"),
        ("1.2", "pep440"),
        ("1.2.0rc1", "pep440"),
        ("1!2.0.post1", "pep440"),
        ("2026.11.0", "semver pep440 calver"),
        ("2026.11", "pep440 calver"),
        ("26.11", "pep440 calver"),
        ("26.08.0-dev", "pep440 calver"),
        ("2026.11.29.1", "pep440 calver"),
        ("20261129", "pep440 calver"),
        ("2026.48", "pep440 calver"),
        ("3.11.0", "semver pep440"),
        ("2026", "pep440"),
        ("next", ""),
    ],
)
def test_versions(text: str, names: str) -> None:
    assert " ".join(name for name, scheme in SCHEMES.items() if scheme.is_version(text)) == names


@pytest.mark.parametrize(
    "versions",
    [
        ["25.12", "26.2", "26.11rc1", "26.11", "26.11.1"],
        ["2026.9.3", "2026.10", "2026.11.29", "2026.11.29.1"],
        ["20251231", "20260101", "20260101.1"],
    ],
)
def test_calendar_versions_go_by_their_numbers(versions: list[str]) -> None:
    keys = [CALVER.order(version) for version in versions]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("scheme", "version", "level", "expected"),
    [
        (SEMVER, "1.2.3", "minor", "1.3.0"),
        (PEP440, "1.2.3", "minor", "1.3.0"),
        (PEP440, "1.2", "patch", "1.2.1"),
        (PEP440, "1.2", "minor", "1.3"),
        (PEP440, "1.2", "major", "2.0"),
        (PEP440, "1.2.3.4", "patch", "1.2.4.0"),
        (PEP440, "1.3.0rc1", "minor", "1.3.0"),
        (PEP440, "1.3.0.dev4", "minor", "1.3.0"),
        (PEP440, "1.3.0rc1", "major", "2.0.0"),
        (PEP440, "1.2.0.post1", "patch", "1.2.1"),
        (PEP440, "1!1.2.0", "minor", "1!1.3.0"),
    ],
)
def test_steps(scheme: Scheme, version: str, level: str, expected: str) -> None:
    assert stepped(scheme, version, LEVELS[level]) == expected
    assert step(scheme, version, expected) is not None


@pytest.mark.parametrize(
    ("last", "version", "level"),
    [
        ("1.2", "1.3.0", "minor"),
        ("1.2.0", "1.3.0rc1", "minor"),
        ("1.2.0", "1.2.0.post1", "patch"),
        ("1.2.0", "1.2.1.dev0", "patch"),
        ("1.2.0", "1.4.0", None),
    ],
)
def test_the_step_between_versions_of_pep440(last: str, version: str, level: str | None) -> None:
    assert step(PEP440, last, version) == (LEVELS[level] if level else None)


def test_a_step_counts_from_the_last_final_version() -> None:
    others = ["1.2.0", "1.2.0.post1", "1.3.0.dev1", "1.3.0rc1"]
    assert counted_from(PEP440, "1.3.0", others) == "1.2.0.post1"
    assert counted_from(PEP440, "1.1", others) is None


@pytest.mark.parametrize(
    ("scheme", "version", "other"),
    [
        (SEMVER, "1.2", "pep440"),
        (SEMVER, "26.11", "calver"),
        (SEMVER, "1.2.0", ""),
        (SEMVER, "next", ""),
        (CALVER, "1.2.0", "semver"),
        (PEP440, "1.2.0-alpha.x", "semver"),
    ],
)
def test_the_scheme_that_a_version_seems_to_keep_to(
    scheme: Scheme, version: str, other: str
) -> None:
    assert other_scheme(scheme, version) == other

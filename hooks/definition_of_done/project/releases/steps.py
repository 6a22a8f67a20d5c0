"""The steps from one version to the next: patch, minor, major."""

from __future__ import annotations

from collections.abc import Iterable

from definition_of_done.project.semver import order
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH

LEVELS = {"patch": PATCH, "minor": MINOR, "major": MAJOR}
NAMES = {level: name for name, level in LEVELS.items()}


def stepped(version: str, level: int) -> str:
    """The version after a step; a pre-release of that very step comes to its end."""
    numbers, is_final, _ = order(version)
    at = MAJOR - level
    head, tail = numbers[: at + 1], numbers[at + 1 :]
    if is_final or any(tail):
        head = (*head[:-1], head[-1] + 1)
    return ".".join(map(str, (*head, *(0 for _ in tail))))


def counted_from(version: str, others: Iterable[str]) -> str | None:
    """The version that a step to another counts from: the last final one below it.

    The last pre-release where no final one is below, None where nothing is.
    """
    lower = sorted((one for one in others if order(one) < order(version)), key=order)
    final = [one for one in lower if is_final(one)]
    return final[-1] if final else lower[-1] if lower else None


def step(last: str, version: str) -> int | None:
    """Which step leads to a version or to its pre-releases, None where no single one does."""
    numbers = order(version)[0]
    return next(
        (one for one in (MAJOR, MINOR, PATCH) if order(stepped(last, one))[0] == numbers), None
    )


def is_final(version: str) -> bool:
    """Whether a version is no pre-release."""
    return order(version)[1]


def follows_pre_release(version: str, others: Iterable[str]) -> bool:
    """Whether a pre-release of the same version is below it."""
    key = order(version)
    return any(order(one)[0] == key[0] and order(one) < key for one in others)

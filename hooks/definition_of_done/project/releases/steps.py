"""The steps from one version to the next: patch, minor, major."""

from __future__ import annotations

from collections.abc import Iterable

from definition_of_done.project.semver import order
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH

LEVELS = {"patch": PATCH, "minor": MINOR, "major": MAJOR}
NAMES = {level: name for name, level in LEVELS.items()}


def stepped(version: str, level: int) -> str:
    """Return the version after a step; a pre-release of the same step becomes final."""
    numbers, is_final, _ = order(version)
    at = MAJOR - level
    head, tail = numbers[: at + 1], numbers[at + 1 :]
    if is_final or any(tail):
        head = (*head[:-1], head[-1] + 1)
    return ".".join(map(str, (*head, *(0 for _ in tail))))


def counted_from(version: str, others: Iterable[str]) -> str | None:
    """Return the version that the step to `version` counts from: the last final one below it.

    That is the last pre-release where no final version is below, None where nothing is.
    """
    lower = sorted((known for known in others if order(known) < order(version)), key=order)
    final = [known for known in lower if is_final(known)]
    return final[-1] if final else lower[-1] if lower else None


def step(last: str, version: str) -> int | None:
    """The step that leads to a version or to its pre-releases, None where no single one does."""
    numbers = order(version)[0]
    levels = (MAJOR, MINOR, PATCH)
    return next((level for level in levels if order(stepped(last, level))[0] == numbers), None)


def is_final(version: str) -> bool:
    """True where a version is no pre-release."""
    return order(version)[1]


def follows_pre_release(version: str, others: Iterable[str]) -> bool:
    """True where a pre-release of the same version is below it."""
    key = order(version)
    return any(order(known)[0] == key[0] and order(known) < key for known in others)

"""The steps from one version to the next: patch, minor, major."""

from __future__ import annotations

from collections.abc import Iterable

from definition_of_done.project.schemes import Scheme, numbers
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH

LEVELS = {"patch": PATCH, "minor": MINOR, "major": MAJOR}
NAMES = {level: name for name, level in LEVELS.items()}


def stepped(scheme: Scheme, version: str, level: int) -> str:
    """Return the version after a step; a pre-release of the same step becomes final."""
    parts = numbers(version)
    at = MAJOR - level
    parts += (0,) * (at + 1 - len(parts))
    head, tail = parts[: at + 1], parts[at + 1 :]
    if is_final(scheme, version) or any(tail):
        head = (*head[:-1], head[-1] + 1)
    epoch, mark, _ = version.rpartition("!")
    return epoch + mark + ".".join(map(str, (*head, *(0 for _ in tail))))


def counted_from(scheme: Scheme, version: str, others: Iterable[str]) -> str | None:
    """Return the version that the step to `version` counts from: the last final one below it.

    That is the last pre-release where no final version is below, None where nothing is.
    """
    order = scheme.order
    lower = sorted((known for known in others if order(known) < order(version)), key=order)
    final = [known for known in lower if is_final(scheme, known)]
    return final[-1] if final else lower[-1] if lower else None


def step(scheme: Scheme, last: str, version: str) -> int | None:
    """The step that leads to a version or to its pre-releases, None where no single one does."""
    order = scheme.order
    release = order(version)[0]
    if release == order(last)[0] and is_final(scheme, last) and order(last) < order(version):
        # A post-release, which PEP 440 alone knows.
        return PATCH
    levels = (MAJOR, MINOR, PATCH)
    return next(
        (level for level in levels if order(stepped(scheme, last, level))[0] == release), None
    )


def is_final(scheme: Scheme, version: str) -> bool:
    """True where a version is no pre-release."""
    return scheme.order(version)[1]


def follows_pre_release(scheme: Scheme, version: str, others: Iterable[str]) -> bool:
    """True where a pre-release of the same version is below it."""
    key = scheme.order(version)
    below = [scheme.order(known) for known in others]
    return any(other[0] == key[0] and not other[1] and other < key for other in below)

"""Who may open what."""

from enum import StrEnum, auto


class Path(StrEnum):
    ROOMS = auto()


class Resource(StrEnum):
    ROOMS = auto()

"""Who may open what."""

from enum import StrEnum, auto


class Path(StrEnum):
    ROOMS = auto()
    VISITS = auto()


class Resource(StrEnum):
    ROOMS = auto()
    VISITS = auto()

"""The commands of a Taskfile as records; its parser is imported only where one is read."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.packed import packing

# In the order in which Task looks for them.
NAMES = tuple(
    f"{name}{dist}.{suffix}"
    for dist in ("", ".dist")
    for suffix in ("yml", "yaml")
    for name in ("Taskfile", "taskfile")
)
# Stands for a value that only a run of Task knows; no command contains this character.
UNKNOWN = "\0"


class Command(NamedTuple):
    """A script that a task runs in a folder, with the values of its literal variables.

    Other variables are UNKNOWN. `folder` is relative to the root, empty for the root itself. `task`
    is its name, behind those of the includes.
    """

    spot: Spot
    script: str
    folder: str
    task: str = ""


class Unfollowed(NamedTuple):
    """The place of an include that cannot be followed, such as an address or a computed path."""

    spot: Spot


PACKING = packing(Command, Unfollowed)

"""The entries of `version-files`: a path, or a path with a regular expression behind a colon."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.config import Config
from definition_of_done.engine.setting import Setting

KEY = "version-files"


class Entry(NamedTuple):
    """A file that names the version.

    `pattern` is a regular expression with a group around it, `name` a name of a module: each is
    empty where the kind of the file tells the place.
    """

    path: str
    pattern: str = ""
    name: str = ""


def entries_of(values: list[str]) -> list[Entry]:
    """The entries that the team wrote."""
    parts = (value.partition(":") for value in values)
    return [Entry(path, pattern) for path, _, pattern in parts]


def refuse_entries(config: Config, key: str, where: str) -> None:
    """Raise UsageError for an entry whose file does not exist, or whose pattern is none."""
    import re

    checked = Setting("path", None, "")
    for path, pattern, _ in entries_of(config[key]):
        checked.checked(config.root, key, path, where)
        if os.path.isdir(os.path.join(config.root, path)):
            raise UsageError(f"{where}: {key} names a folder: {path!r}")
        if not pattern:
            continue
        try:
            compiled = re.compile(pattern, re.M)
        except (re.error, OverflowError, RecursionError) as error:
            raise UsageError(f"{where}: {key}: {pattern!r} is no pattern: {error}") from None
        if compiled.groups != 1 and "version" not in compiled.groupindex:
            raise UsageError(
                f"{where}: {key}: {pattern!r} must have one group around the version: (.*)"
            )

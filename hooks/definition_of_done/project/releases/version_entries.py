"""The entries of `version-files`: a path, or a path with a regular expression behind a colon."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.setting import Setting
from definition_of_done.project.releases.version_files import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.config import Config

KEY = "version-files"


def entries_of(values: list[str]) -> list[Entry]:
    """The entries that the team wrote."""
    parts = (value.partition(":") for value in values)
    return [Entry(path, pattern) for path, _, pattern in parts]


def refuse_entries(config: Config, where: str) -> None:
    """Raise UsageError for an entry whose file does not exist, or whose pattern is none."""
    import re

    checked = Setting("path", None, "")
    for path, pattern, _ in entries_of(config[KEY] or []):
        checked.checked(config.root, KEY, path, where)
        if not pattern:
            continue
        try:
            compiled = re.compile(pattern, re.M)
        except (re.error, OverflowError, RecursionError) as error:
            raise UsageError(f"{where}: {KEY}: {pattern!r} is no pattern: {error}") from None
        if compiled.groups != 1 and "version" not in compiled.groupindex:
            raise UsageError(
                f"{where}: {KEY}: {pattern!r} must have one group around the version: (.*)"
            )

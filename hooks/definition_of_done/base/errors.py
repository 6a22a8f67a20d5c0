"""The errors that end a run with one line and exit code 2."""

from __future__ import annotations


class UsageError(Exception):
    """A call, a configuration or a repository that cannot be worked with; its text is shown."""


class Unreadable(Exception):
    """A file that cannot be parsed; becomes a finding at its line and column (from 1).

    `path` is the file, relative to the root; a rule over the repository reads many.
    """

    def __init__(
        self, message: str, line: int = 1, column: int = 1, *, help: str = "", path: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.path = path
        self.line = max(line, 1)
        self.column = max(column, 1)


class NotEvaluated(Exception):
    """A rule over a diff has nothing to compare with: a note, not a finding.

    A check may raise it at its end, for what it cannot judge: what it found until then stands.
    """

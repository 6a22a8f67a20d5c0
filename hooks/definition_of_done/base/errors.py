"""The errors that end a run with one line and exit code 2."""

from __future__ import annotations


class UsageError(Exception):
    """The program cannot work with a call, a configuration or a repository; the user reads why."""


class Unreadable(Exception):
    """A file cannot be parsed; the error becomes a finding at its line and column (from 1).

    `path` is the file's, relative to the root. It may be empty for a rule over single files: the
    engine knows which one it gave to the rule. `follows` are findings that say as much, each as
    rule, path and symbol.
    """

    def __init__(
        self,
        message: str,
        line: int = 1,
        column: int = 1,
        *,
        help: str = "",
        path: str = "",
        follows: tuple[tuple[str, str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.path = path
        self.follows = follows
        self.line = max(line, 1)
        self.column = max(column, 1)


class NotEvaluated(Exception):
    """A rule over a diff has nothing to compare with; the report has a note, and no finding.

    A check may raise it at its end, for the part that it cannot judge. Its findings stay.
    """


class Unset(NotEvaluated):
    """A key is not set without which rules can judge nothing; they share one note."""


class NotKept(NotEvaluated):
    """The project keeps nothing of what a rule is about: among other rules nobody is told."""


class Refused(UsageError):
    """The reason why a change of a Python file is not made."""

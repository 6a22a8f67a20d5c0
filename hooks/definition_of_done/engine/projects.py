"""The projects of a run: that of its folder, and those nested in it, each with its settings."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import Record
from definition_of_done.base.words import listed
from definition_of_done.engine.config import MARKS, TABLE
from definition_of_done.engine.git import may_list
from definition_of_done.engine.session import override, root_of, session_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias, TypeVar

    from definition_of_done.base.text import Text
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.outcome import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.setting import Setting

    Part: TypeAlias = tuple[Session, list[str] | None]
    Result = TypeVar("Result")


class Projects:
    """The projects of a run; raises UsageError for a configuration that is wrong.

    `outer` is the session of the folder of the run. It is a project of its own where it has the
    table, or no folder below it has one. Where it is none, `passed_over` is True once it is asked
    for, and `outside` are the files of the command line that belong to no project.
    """

    def __init__(
        self,
        cwd: str,
        settings: Mapping[str, Setting],
        options: argparse.Namespace | None = None,
    ) -> None:
        self._settings = settings
        self._options = options
        self.outer = session_at(root_of(cwd), settings, options)
        self.passed_over = False
        self.outside: list[str] = []

    def all(self) -> list[Session]:
        """The sessions of all projects, in the order of their folders."""
        return self._opened({"", *self.outer.tree.nested})

    def only(self) -> Session:
        """The session of the run's own folder; raises UsageError where it is no project."""
        sessions = self._opened({""})
        if not sessions:
            folders = listed([folder.rstrip("/") for folder in self.outer.tree.nested], "or")
            raise UsageError(f"no project here has [tool.{TABLE}]: run this in {folders}")
        return sessions[0]

    def concerned(
        self, files: Sequence[str] | None, *, by_change: bool, from_runner: bool
    ) -> list[Part]:
        """The projects that files or the change concern, each with those of the files that it has.

        `files` are those of the command line, None for no narrowing by files. `by_change` says that
        a rule over the repository runs, so that the change counts, too.
        """
        parts = None if files is None else self._parts(files)
        folders = set(parts or ())
        if by_change or files is None:
            change = self.outer.branch.change
            if change.whole and (files is None or from_runner):
                folders |= {"", *self.outer.tree.nested}
            folders |= change.nested | ({""} if change.touched or change.merged else set())
        # Where nothing concerns a project, each of them says so.
        sessions = self._opened(folders or {""}) or self.all()
        if parts is None:
            return [(session, None) for session in sessions]
        self.outside = parts.get("", []) if self.passed_over else []
        return [(session, parts.get(session.folder, [])) for session in sessions]

    def _parts(self, files: Iterable[str]) -> dict[str, list[str]]:
        from definition_of_done.engine.paths import named_paths

        parts: dict[str, list[str]] = {}
        for path in named_paths(self.outer, files):
            home = self.outer.territory.home(path)
            parts.setdefault(home, []).append(path[len(home) :])
        return parts

    def _opened(self, folders: Collection[str]) -> list[Session]:
        """The sessions of folders; that of the run is left out where it is no project."""
        outer = self.outer
        if "" in folders and not outer.config.is_written and may_list(outer.root, MARKS):
            self.passed_over = bool(outer.tree.nested)
            folders = {*folders} - {""} if self.passed_over else folders
        return [self._open(folder) for folder in sorted(folders)]

    def _open(self, folder: str) -> Session:
        if not folder:
            override(self.outer.config, self._options)
            return self.outer
        root = os.path.join(self.outer.root, folder.rstrip("/"))
        session = in_project(folder, session_at, root, self._settings, self._options)
        in_project(folder, override, session.config, self._options)
        session.folder = folder
        session.cache.share(self.outer.cache)
        return session


class Judged(Record):
    """A project that was judged: by which rules, to which outcome, and what --fix mended.

    `new` has the bytes of files that a preview of --fix would write. `text` reads the text that a
    path of the findings had.
    """

    session: Session
    rules: Sequence[Rule]
    outcome: Outcome
    fixed: Sequence[Finding]
    new: Mapping[str, bytes]
    text: Callable[[str], Text]


def in_project(folder: str, do: Callable[..., Result], *arguments: object) -> Result:
    """Call a function; an error of it names the project's folder, where that is not the run's."""
    try:
        return do(*arguments)
    except UsageError as error:
        raise UsageError(f"{folder.rstrip('/')}: {error}" if folder else str(error)) from None

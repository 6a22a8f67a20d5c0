"""A run over a project, and all projects of a run.

A project is the folder of the run, or is nested in it. Each has its own settings, files and branch.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import listed
from definition_of_done.engine.branch import Branch
from definition_of_done.engine.cache import Cache
from definition_of_done.engine.config import MARKS, TABLE, Territory, find_root, load_config
from definition_of_done.engine.git import Objects, absolute_variables, may_list, work_tree
from definition_of_done.engine.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias, TypeVar

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.setting import Setting

    Facts = TypeVar("Facts")
    Progress: TypeAlias = Callable[[int, int, str], None]
    Part: TypeAlias = "tuple[Session, list[str] | None]"
    Result = TypeVar("Result")


class Session:
    """A run. `tree` lists and reads files, `branch` knows the change, `cache` keeps values.

    `root` is the folder that paths are relative to, `base` the base of the command line. `cached`
    says that values of earlier runs may be taken, `from_runner` that a hook runner started the run.
    `folder` leads from the folder of the run to the root, with a slash at its end; it is empty
    where they are one. `progress` is called before each file and each rule over the repository.
    `is_reported` is true for the findings that the run is about; None stands for all. `remarks`
    are what facts have to tell besides findings. `looks_ahead` says that what the branch plans
    counts as due, though it is not finished.
    """

    def __init__(
        self,
        root: str,
        config: Config,
        base: str | None = None,
        *,
        cached: bool = True,
    ) -> None:
        self.root = root
        self.config = config
        objects = Objects(root)
        self.territory = Territory(root, config.excludes)
        self.branch = Branch(objects, base, config["base"], self.territory)
        self.tree = Tree(objects, self.branch, self.territory)
        self.cache = Cache(root, is_on=cached)
        self.from_runner = False
        self.looks_ahead = False
        self.progress: Progress | None = None
        self.is_reported: Callable[[Finding], bool] | None = None
        self.folder = ""
        self.remarks: list[str] = []
        config.search_in(self)

    @property
    def is_commit(self) -> bool:
        """True where a runner judges a commit that is being made, and it may be one of several."""
        return self.from_runner and self.branch.is_commit and not self.config["complete-at-commit"]

    def with_values(self, values: Mapping[str, object] | None = None) -> Session:
        """A session of the same project with other settings, and no base of the command line.

        Without values it has the same settings, and has read nothing yet.
        """
        config = self.config.with_values(self.config.values if values is None else values)
        return Session(self.root, config, cached=self.cache.is_on)

    def rewritten(self) -> None:
        """Drop what a fix may have made stale: the files, but neither change nor settings."""
        self.tree.rewritten()
        self.cache.clear()


def once(read: Callable[[Session], Facts], *, lasts: bool = False) -> Callable[[Session], Facts]:
    """A function whose facts the session keeps, so that they are read once a run."""
    key = f"{read.__module__}.{read.__qualname__}"

    def kept(session: Session) -> Facts:
        cache = session.cache
        # Some facts are asked for at each of thousands of files.
        if key in cache.kept:
            return cache.kept[key]  # type: ignore[no-any-return]  # it is what `read` returned
        return cache.keep(key, lambda: read(session), lasts=lasts)

    return kept


def lasting(read: Callable[[Session], Facts]) -> Callable[[Session], Facts]:
    """Do as `once` does with facts that no fix makes stale."""
    return once(read, lasts=True)


def session_at(
    root: str, settings: Mapping[str, Setting], options: argparse.Namespace | None
) -> Session:
    """The session for the root of a project, without the settings of the options."""
    cached = not getattr(options, "no_cache", False)
    base = options.base if options else None
    return Session(root, load_config(root, settings), base, cached=cached)


def _override(config: Config, options: argparse.Namespace | None) -> None:
    """Set the keys that parsed options set; raises UsageError for a value that is wrong."""
    for key, value in vars(options).items() if options else ():
        name = key.replace("_", "-")
        if name in config.settings and name != "base" and value is not None:
            config.override(name, value, f"--{name}")


class Projects:
    """The projects of a run; raises UsageError outside of a work tree and for wrong settings.

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
        cwd = os.path.realpath(cwd)
        absolute_variables(cwd)
        self.outer = session_at(find_root(cwd, work_tree(cwd)), settings, options)
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
            _override(self.outer.config, self._options)
            return self.outer
        root = os.path.join(self.outer.root, folder.rstrip("/"))
        session = in_project(folder, session_at, root, self._settings, self._options)
        in_project(folder, _override, session.config, self._options)
        session.folder = folder
        session.cache.share(self.outer.cache)
        return session


def in_project(folder: str, do: Callable[..., Result], *arguments: object) -> Result:
    """Call a function; an error of it names the project's folder, where that is not the run's."""
    try:
        return do(*arguments)
    except UsageError as error:
        raise UsageError(f"{folder.rstrip('/')}: {error}" if folder else str(error)) from None

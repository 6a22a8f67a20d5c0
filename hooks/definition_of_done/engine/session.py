"""A run over a project: its settings, its files, its branch and its cache."""

from __future__ import annotations

import os

from definition_of_done.engine.branch import Branch
from definition_of_done.engine.cache import Cache
from definition_of_done.engine.config import find_root, load_config
from definition_of_done.engine.git import Objects, absolute_variables, work_tree
from definition_of_done.engine.territory import Territory
from definition_of_done.engine.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from typing import TypeAlias, TypeVar

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.setting import Setting

    Facts = TypeVar("Facts")
    Progress: TypeAlias = Callable[[int, int, str], None]


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


def once(read: Callable[[Session], Facts]) -> Callable[[Session], Facts]:
    """A function whose facts the session keeps, so that they are read once a run."""
    key = f"{read.__module__}.{read.__qualname__}"

    def kept(session: Session) -> Facts:
        return session.cache.keep(key, lambda: read(session))

    return kept


def root_of(cwd: str) -> str:
    """The root of the project that a folder lies in; raises UsageError outside of a work tree."""
    cwd = os.path.realpath(cwd)
    absolute_variables(cwd)
    return find_root(cwd, work_tree(cwd))


def session_at(
    root: str, settings: Mapping[str, Setting], options: argparse.Namespace | None
) -> Session:
    """The session for the root of a project, without the settings of the options."""
    cached = not getattr(options, "no_cache", False)
    base = options.base if options else None
    return Session(root, load_config(root, settings), base, cached=cached)


def override(config: Config, options: argparse.Namespace | None) -> None:
    """Set the keys that parsed options set; raises UsageError for a value that is wrong."""
    for key, value in vars(options).items() if options else ():
        name = key.replace("_", "-")
        if name in config.settings and name != "base" and value is not None:
            config.override(name, value, f"--{name}")

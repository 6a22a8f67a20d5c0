"""One run over one project: its root, settings, change, and every file read once."""

import os

from definition_of_done.engine.change import (
    Change,
    checked_out,
    find_bases,
    find_change,
    touched_since,
)
from definition_of_done.engine.config import SETTINGS, Config, find_root, is_below, load_config
from definition_of_done.engine.errors import NotEvaluated, UsageError
from definition_of_done.engine.git import blobs, git, journal_of, names, work_tree
from definition_of_done.engine.text import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from definition_of_done.engine.pull_request import Body
    from definition_of_done.engine.text import Text

    Made = TypeVar("Made")


NO_BASE = "no base; fetch the main branch, or name it with --base"


class Session:
    """What rules' subjects read from.

    `root` is the folder that paths are relative to, `base` the one of the command line.
    """

    def __init__(self, root: str, config: Config, base: str | None = None) -> None:
        self.root = root
        self.config = config
        self.named_base = base
        self._kept: dict[str, Any] = {}

    def keep(self, key: str, make: "Callable[[], Made]") -> "Made":
        """What `make` returned the first time it was asked for under this key."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Made = self._kept[key]
        return kept

    @property
    def change(self) -> Change:
        """The delta that this run is about."""
        return self.keep(
            "change", lambda: find_change(self.root, self.named_base, self.config["base"])
        )

    @property
    def branch(self) -> "dict[str, str]":
        """What the branch changes since its base, as git's letter by path.

        Where no base is found, what the commit changes.
        """
        return self.keep("branch", self._branch)

    def _branch(self) -> "dict[str, str]":
        return self.changed_since(self.base) if self.base else self.change.touched

    def branch_or_nothing(self) -> "dict[str, str]":
        """`branch`, and nothing where main itself is looked at with nothing staged.

        Nothing, too, while a merge or pull is under way: what it brings is not the branch's own.
        Raises NotEvaluated where there is no base to compare a branch with.
        """
        if self.change.state_only:
            return {}
        if self.base is None and self.change.whole:
            if self.is_main:
                return {}
            raise NotEvaluated(NO_BASE)
        return self.branch

    @property
    def base(self) -> "str | None":
        """The commit that the branch is judged against, None where there is none."""
        return self.change.base or self._bases[0]

    @property
    def _bases(self) -> "tuple[str | None, str | None]":
        new = self.change.new or "HEAD"
        return self.keep("bases", lambda: find_bases(self.root, self.config["base"], new))

    @property
    def standing(self) -> "str | None":
        """The commit whose files stand: others rely on them. None where no base is found."""
        return self.change.base or self._bases[1]

    def changed_standing(self) -> "dict[str, str]":
        """Git's letter for each path of the standing files that the branch changes or deletes.

        Empty where main itself is looked at with nothing staged, and while a merge or pull is
        under way. Raises NotEvaluated where there is no base.
        """
        touched = self.change.touched.values()
        if self.change.state_only:
            return {}
        if not self.change.whole and all(letter == "A" for letter in touched):
            return {}
        if self.standing is None:
            if self.change.whole and self.is_main:
                return {}
            raise NotEvaluated(NO_BASE)
        changed = self.changed_since(self.standing)
        return {path: letter for path, letter in changed.items() if letter != "A"}

    @property
    def is_commit(self) -> bool:
        """Whether this run is about a commit that is being made, perhaps one of several."""
        return not (self.change.whole or self.named_base or self.change.new)

    @property
    def has_commits(self) -> bool:
        """Whether HEAD is born."""
        return git(self.root, "rev-parse", "-q", "--verify", "HEAD") is not None

    @property
    def is_main(self) -> bool:
        """Whether the checked-out branch is itself one that others are judged against."""
        name = self.keep("checked-out", lambda: checked_out(self.root))
        return name is not None and name in ("main", "master", self.config["base"])

    def changed_since(self, commit: str) -> dict[str, str]:
        """Git's letter for each path that differs between a commit and the new side."""
        return touched_since(self.root, commit, self.change.new)

    def read_at(self, commit: str, path: str) -> bytes:
        """The bytes of a file in a commit; raises FileNotFoundError."""
        blob = git(self.root, "cat-file", "blob", f"{commit}:./{path}")
        if blob is None:
            raise FileNotFoundError(path)
        return blob

    @property
    def new_side(self) -> str | None:
        """The commit whose blobs are judged, None for the work tree."""
        # Without the runner's variable the work tree is meant, and git need not be asked.
        return self.change.new if os.environ.get("PRE_COMMIT_TO_REF") else None

    def stale(self, paths: "list[str]") -> list[str]:
        """Which of the paths differ between the new side's commit and the work tree."""
        if not self.new_side or not paths:
            return []
        flags = ("--name-only", "--no-ext-diff", "-z", "--relative")
        # All of them are asked for: a command line of Windows would not hold the paths of a team.
        differ = set(names(self.root, "diff", *flags, self.new_side, "--"))
        return [path for path in paths if path in differ]

    def refuse_interrupted(self) -> None:
        """Raises UsageError where a run was killed whose files may be half old, half new."""
        if not self.new_side and os.path.exists(journal_of(self.root)):
            raise UsageError(
                "files are half written, by a run that was killed or goes on:"
                " `definition-of-done bump` ends it"
            )

    def require_base(self) -> None:
        """Raises UsageError where there is no base to judge a branch against."""
        if not self.base:
            raise UsageError(
                "no base: fetch the main branch (a shallow clone has none), or name it with --base"
            )

    @property
    def tracked(self) -> list[str]:
        """All paths of the new side below the root, sorted."""
        return self.keep("tracked", self._list)

    def _list(self) -> list[str]:
        if self.new_side:
            return sorted(names(self.root, "ls-tree", "-r", "-z", "--name-only", self.new_side))
        # An unmerged path is listed once for each of its sides.
        return sorted(set(names(self.root, "ls-files", "-z")))

    @property
    def tracked_set(self) -> set[str]:
        """The same paths, to look one up."""
        return self.keep("tracked-set", lambda: set(self.tracked))

    def exists(self, path: str) -> bool:
        """Whether the new side has this file."""
        if self.new_side:
            return path in self.tracked_set
        return os.path.isfile(self.full(path))

    def full(self, path: str) -> str:
        """The path in the file system."""
        return os.path.join(self.root, path)

    def target(self, path: str) -> str:
        """The path in the file system of a file to write, links followed.

        Raises UsageError where they lead out of the work tree.
        """
        full = os.path.realpath(self.full(path))
        if not is_below(full, work_tree(self.root)):
            raise UsageError(f"{path} leads out of the work tree: it is not written")
        return full

    def read(self, path: str) -> bytes:
        """The bytes of a file of the new side; raises OSError where it cannot be read."""
        return self.keep(f"bytes {path}", lambda: self._read(path))

    def read_each(self, paths: "Sequence[str]") -> "Iterator[tuple[str, bytes]]":
        """The bytes of many files that are looked at once; without those that cannot be read."""
        if self.new_side:
            # A process for each of thousands takes minutes.
            yield from blobs(self.root, self.new_side, paths)
            return
        for path in paths:
            try:
                data = self.read(path)
            except OSError:
                continue
            self.forget(path)
            yield path, data

    def text(self, path: str) -> "Text":
        """The decoded text of a file; raises OSError and Unreadable."""
        if path.endswith(".py"):
            from definition_of_done.readers.python import decode_source

            return decode_source(path, self.read(path))
        from definition_of_done.engine.text import decode

        return decode(path, self.read(path))

    @property
    def pull_request(self) -> "Body":
        """The text of the pull request.

        Raises UsageError where there is none to read, and NotEvaluated where the event of GitHub
        Actions is about no pull request.
        """
        return self.keep("pull request", self._read_body)

    def _read_body(self) -> "Body":
        from definition_of_done.engine.pull_request import read_body

        body = read_body(self.config["body"], self.root)
        if body.is_file:
            # What is handed over through a pipe cannot be read a second time.
            self.keep(f"bytes {body.name}", lambda: body.data)
        return body

    @property
    def paths_read(self) -> set[str]:
        """The files whose bytes are kept."""
        return {key.removeprefix("bytes ") for key in self._kept if key.startswith("bytes ")}

    def forget(self, path: str) -> None:
        """Drop what is kept of a file that is done with."""
        self._kept.pop(f"bytes {path}", None)

    def rewritten(self) -> None:
        """Drop what may be stale after a fix: the work tree, not the change or the settings."""
        stays = (
            "change",
            "bases",
            "checked-out",
            "branch",
            "tracked",
            "tracked-set",
            "pull request",
        )
        self._kept = {key: kept for key, kept in self._kept.items() if key in stays}

    def _read(self, path: str) -> bytes:
        if not self.new_side:
            return read_regular(self.full(path))
        return self.read_at(self.new_side, path)


def open_session(cwd: str, options: "argparse.Namespace | None" = None) -> Session:
    """The session for a folder, with the settings that parsed options override.

    Raises UsageError outside of a work tree and for a configuration that is wrong.
    """
    cwd = os.path.realpath(cwd)
    config = load_config(find_root(cwd, work_tree(cwd)))
    for key, value in vars(options).items() if options else ():
        name = key.replace("_", "-")
        if name in SETTINGS and name != "base" and value is not None:
            config.override(name, value, f"--{name}")
    return Session(config.root, config, options.base if options else None)

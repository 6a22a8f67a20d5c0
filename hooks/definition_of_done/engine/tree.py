"""The files that are judged: of the work tree, or of a commit that is pushed."""

from __future__ import annotations

import os

from definition_of_done.base.files import read_regular
from definition_of_done.base.records import cached_property
from definition_of_done.engine.config import Territory
from definition_of_done.engine.git import Objects, git, is_sparse, names, objects_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from definition_of_done.base.text import Text
    from definition_of_done.engine.branch import Branch

# Longer text is not meant as the path of a file.
_LONGEST = 1_000
# So many paths go into one question to git.
_BATCH = 100


def decoded(path: str, data: bytes) -> Text:
    """The text of a file's bytes; raises Unreadable."""
    if path.endswith(".py"):
        from definition_of_done.readers.python import decode_source

        return decode_source(path, data)
    from definition_of_done.base.text import decode

    return decode(path, data)


class Tree:
    """The files below a root, without those of `nested` projects.

    They are listed once, and each is read once.
    """

    def __init__(
        self, objects: Objects, branch: Branch, territory: Territory | None = None
    ) -> None:
        self.root = objects.root
        self._territory = territory or Territory(objects.root)
        # What a rule over the repository judges, though its bytes are not kept.
        self.scanned: set[str] = set()
        self._objects = objects
        self._branch = branch
        self._bytes: dict[str, bytes] = {}
        self._checked_out: dict[str, bytes] = {}
        self._exists: dict[str, bool] = {}
        self._ignored: dict[str, bool] = {}

    @property
    def commit(self) -> str | None:
        """The commit whose files are judged, None for the work tree."""
        return self._branch.new_side

    @cached_property
    def tracked(self) -> list[str]:
        """The paths of all files of the project, sorted."""
        return self._territory.own(self.listed)

    @cached_property
    def listed(self) -> list[str]:
        """The same with the files of the projects that are nested in it."""
        if self.commit:
            return sorted(names(self.root, "ls-tree", "-r", "-z", "--name-only", self.commit))
        # An unmerged path is listed once for each of its sides.
        return sorted(set(names(self.root, "ls-files", "-z")))

    @property
    def nested(self) -> list[str]:
        """The folders of the nested projects, sorted, each with a slash at its end."""
        return self._territory.nested(self.listed)

    def untracked(self, below: str = ".") -> list[str]:
        """The files below a folder that git neither tracks nor ignores; none where git fails."""
        listed = git(self.root, "ls-files", "--others", "--exclude-standard", "-z", below) or b""
        paths = os.fsdecode(listed).split("\0")[:-1]
        return [path for path in paths if not self._territory.home(path)]

    @property
    def unstaged(self) -> list[str]:
        """The tracked files that the work tree has otherwise than git's index."""
        return names(self.root, "diff", "--name-only", "--relative", "--no-ext-diff", "-z")

    def adopt(self, path: str) -> None:
        """Count a new file among the tracked ones, as it will be once it is added."""
        self.tracked = sorted({*self.tracked, path})
        self.tracked_set = set(self.tracked)

    @cached_property
    def tracked_set(self) -> set[str]:
        """The same paths, to look one up."""
        return set(self.tracked)

    @cached_property
    def sparse(self) -> dict[str, str]:
        """The object of each file that a sparse checkout leaves out of the work tree, by path."""
        if not is_sparse(self.root):
            return {}
        listed = (entry.partition("\t") for entry in names(self.root, "ls-files", "-z", "-t", "-s"))
        return {
            path: fields.split()[2]
            for fields, _, path in listed
            if fields.startswith("S ") and not os.path.lexists(self.full(path))
        }

    def full(self, path: str) -> str:
        """The path in the file system."""
        return os.path.join(self.root, path)

    def exists(self, path: str) -> bool:
        """True for a file that the tree has, one of a nested project included."""
        if path not in self._exists:
            self._exists[path] = self._is_there(path)
        return self._exists[path]

    def _is_there(self, path: str) -> bool:
        if self.commit:
            return path in self._listed_set
        return os.path.isfile(self.full(path)) or path in self.sparse

    @cached_property
    def _listed_set(self) -> set[str]:
        return set(self.listed)

    def is_ignored(self, path: str) -> bool:
        """True where git would ignore the file if it were not tracked."""
        if path not in self._ignored:
            command = ("check-ignore", "--quiet", "--no-index", "--", path)
            self._ignored[path] = git(self.root, *command) is not None
        return self._ignored[path]

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Those of the paths that git would ignore if they were not tracked."""
        wanted, plain = set(paths), []
        for path in sorted(wanted - self._ignored.keys()):
            if len(path) > _LONGEST or "\0" in path:
                self._ignored[path] = False
            elif path.isprintable() and '"' not in path and "\\" not in path:
                plain.append(path)
            else:
                # Git would quote it in its answer to a list.
                self.is_ignored(path)
        for start in range(0, len(plain), _BATCH):
            self._ask_of_ignored(plain[start : start + _BATCH])
        return {path for path in wanted if self._ignored[path]}

    def _ask_of_ignored(self, paths: Sequence[str]) -> None:
        command = ("-c", "core.quotePath=false", "check-ignore", "--no-index", "--")
        output = git(self.root, *command, *paths, ok=(0, 1))
        if output is not None:
            found = os.fsdecode(output).split("\n")
            self._ignored |= {path: path in found for path in paths}
        elif len(paths) == 1:
            self._ignored[paths[0]] = False
        else:
            # One path leads behind a link or into a submodule: git rejects the whole list.
            self._ask_of_ignored(paths[: len(paths) // 2])
            self._ask_of_ignored(paths[len(paths) // 2 :])

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises OSError where it cannot be read."""
        if path not in self._bytes:
            self._bytes[path] = self._read(path)
        return self._bytes[path]

    def _read(self, path: str) -> bytes:
        if self.commit:
            return self._branch.read_at(self.commit, path)
        try:
            return self._on_disk(path)
        except FileNotFoundError:
            if path not in self.sparse:
                raise
        return dict(self._objects.blobs(self.sparse, [path]))[path]

    def _on_disk(self, path: str) -> bytes:
        return read_regular(self.full(path))

    def read_checked_out(self, path: str) -> bytes:
        """The bytes of a file in the work tree, whichever side is judged; raises OSError."""
        if path not in self._checked_out:
            self._checked_out[path] = self._on_disk(path)
        return self._checked_out[path]

    def read_each(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the bytes of files that are read once; leave out what cannot be read."""
        if self.commit:
            # A process for each of thousands takes minutes.
            yield from self._objects.blobs(objects_of(self.root, self.commit), paths)
            return
        away = dict(self._objects.blobs(self.sparse, paths))
        for path in paths:
            known = self._bytes.get(path, away.get(path))
            try:
                yield path, self._on_disk(path) if known is None else known
            except OSError:
                continue

    def text(self, path: str) -> Text:
        """The decoded text of a file; raises OSError and Unreadable."""
        return decoded(path, self.read(path))

    def stale(self, paths: list[str]) -> list[str]:
        """Those of the paths whose files differ between the judged commit and the work tree."""
        if not self.commit or not paths:
            return []
        flags = ("--name-only", "--no-ext-diff", "-z", "--relative")
        # Git lists all that differ: a command line of Windows would not hold many paths.
        differ = set(names(self.root, "diff", *flags, self.commit, "--"))
        return [path for path in paths if path in differ]

    @property
    def paths_read(self) -> set[str]:
        """The files whose bytes are kept."""
        return set(self._bytes)

    def hand_over(self, path: str, data: bytes) -> None:
        """Keep bytes as the content of a path: a pipe cannot be read a second time."""
        self._bytes[path] = data

    def forget(self, path: str) -> None:
        """Drop the bytes of a file that is done with."""
        self._bytes.pop(path, None)

    def rewritten(self) -> None:
        """Drop what a fix may have made stale; the list of tracked files stays."""
        for kept in (self._bytes, self._checked_out, self._exists, self._ignored):
            kept.clear()

"""One run over one project: its root, settings, change, and every file read once."""

import os

from definition_of_done.engine.change import (
    Change,
    checked_out,
    find_bases,
    find_change,
    touched_since,
)
from definition_of_done.engine.config import SETTINGS, Config, find_root, load_config
from definition_of_done.engine.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.engine.git import (
    Objects,
    absolute_variables,
    git,
    is_merging,
    is_sparse,
    journal_of,
    lacking,
    names,
    objects_of,
    work_tree,
)
from definition_of_done.engine.text import read_regular
from definition_of_done.engine.trace import Trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from definition_of_done.engine.pull_request import Body
    from definition_of_done.engine.store import Store
    from definition_of_done.engine.text import Text

    Made = TypeVar("Made")


NO_BASE = "no base; fetch the main branch, or name it with --base"


class Session:
    """What rules' subjects read from.

    `root` is the folder that paths are relative to, `base` the one of the command line. `cached`
    says that verdicts of earlier runs may be taken. `trace` has the questions to git and the file
    system that lie behind what is kept.
    """

    def __init__(
        self, root: str, config: Config, base: str | None = None, *, cached: bool = True
    ) -> None:
        self.root = root
        self.config = config
        self.named_base = base
        self.cached = cached
        self.objects = Objects(root)
        self.stores: dict[str, Store] = {}
        self.rules: list[str] = []
        self.trace = Trace(wanted=cached)
        self._kept: dict[str, Any] = {}

    def keep(self, key: str, make: "Callable[[], Made]") -> "Made":
        """What `make` returned the first time it was asked for under this key.

        Raises Unreadable where it did.
        """
        if key not in self._kept:
            with self.trace:
                try:
                    self._kept[key] = make()
                except Unreadable as error:
                    self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, Unreadable):
            # Many rules read the file that cannot be read.
            raise kept.with_traceback(None)
        return kept  # type: ignore[no-any-return]  # it is what `make` made

    def ask(self, question: str) -> "Any":
        """What git or the file system answers: a word of `_QUESTIONS`, and what it is about.

        Raises OSError and UsageError. All that rules learn from outside comes through here, so
        that what they conclude can be taken again for as long as the answers stay the same.
        """
        if question in self._kept:
            answer = self._kept[question]
        else:
            word, _, about = question.partition(" ")
            try:
                answer = _QUESTIONS[word](self, about)
            except OSError as error:
                self.trace.note(question, type(error))
                raise
            if word != "each":
                self._kept[question] = answer
        self.trace.note(question, answer)
        return answer

    def store(self, name: str = "") -> "Store":
        """What is left for later runs under a name, or for those of the same rules."""
        name = name or repr(self.rules)
        if name not in self.stores:
            from definition_of_done.engine.store import Store

            self.stores[name] = Store(self, name)
        return self.stores[name]

    def recall_names(
        self, kind: str, data: bytes, make: "Callable[[], Sequence[str]]"
    ) -> "Sequence[str]":
        """A list of names, none of them empty, that bytes and settings make.

        Without JSON, whose import takes as long as most of what makes such a list.
        """
        from definition_of_done.engine.store import digest

        key = digest(kind, data)
        kept = self.store().get(key)
        if kept is not None:
            return kept.decode("utf-8", "surrogatepass").split("\0")
        made = make()
        self.store().put(key, "\0".join(made).encode("utf-8", "surrogatepass"))
        return made

    def recall(
        self,
        kind: str,
        path: str,
        data: bytes,
        make: "Callable[[str, bytes], Made]",
        pack: "Callable[[Made], Any]",
        unpack: "Callable[[str, bytes, Any], Made]",
    ) -> "Made":
        """What `make` makes of a file's path and bytes, packed as JSON for later runs.

        Raises what `make` raises, which is not kept.
        """
        from definition_of_done.engine.store import digest

        store = self.store("facts")
        if store.is_off:
            return make(path, data)
        import json
        from contextlib import suppress

        key = digest(repr((kind, path)), data)
        kept = store.get(key)
        if kept is not None:
            with suppress(ValueError, TypeError, LookupError, RecursionError):
                return unpack(path, data, json.loads(kept))
        made = make(path, data)
        with suppress(RecursionError):
            store.put(key, json.dumps(pack(made), separators=(",", ":")).encode())
        return made

    @property
    def change(self) -> Change:
        """The delta that this run is about."""
        change: Change = self.ask("change")
        return change

    def _find_change(self, _: str) -> Change:
        return find_change(self.objects, self.named_base, self.config["base"])

    @property
    def branch(self) -> "dict[str, str]":
        """What the branch changes since its base, as git's letter by path.

        Where no base is found, what the commit changes.
        """
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
        base: str | None = self.change.base or self.ask("bases")[0]
        return base

    def _find_bases(self, _: str) -> "tuple[str | None, str | None]":
        return find_bases(self.objects, self.config["base"], self.change.new or "HEAD")

    @property
    def standing(self) -> "str | None":
        """The commit whose files stand: others rely on them. None where no base is found."""
        standing: str | None = self.change.base or self.ask("bases")[1]
        return standing

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
        return self.ask("commit HEAD") is not None

    @property
    def is_main(self) -> bool:
        """Whether the checked-out branch is itself one that others are judged against."""
        name = self.ask("checked-out")
        return name is not None and name in ("main", "master", self.config["base"])

    def changed_since(self, commit: str) -> dict[str, str]:
        """Git's letter for each path that differs between a commit and the new side."""
        changed: dict[str, str] = self.ask(f"since {commit}")
        return changed

    def _touched_since(self, commit: str) -> dict[str, str]:
        change = self.change
        is_staged = not (change.whole or change.new or self.named_base or is_merging(self.root))
        if is_staged and commit == self.ask("commit HEAD"):
            return change.touched
        return touched_since(self.root, commit, change.new)

    def read_at(self, commit: str, path: str) -> bytes:
        """The bytes of a file in a commit.

        Raises FileNotFoundError, and UsageError for a file whose content git lacks.
        """
        if len(commit) < 40:
            # What a full name leads to never changes.
            self.ask(f"commit {commit}")
        blob = self.objects.blob(f"{commit}:./{path}")
        if blob is None:
            entry = git(self.root, "ls-tree", "-z", commit, f"./{path}") or b""
            if entry.split()[1:2] == [b"blob"]:
                raise lacking(path)
            raise FileNotFoundError(path)
        return blob

    @property
    def sparse(self) -> dict[str, str]:
        """The object of each file that a sparse checkout leaves out of the work tree, by path."""
        return self.keep("sparse", self._left_out_of_the_work_tree)

    def _left_out_of_the_work_tree(self) -> dict[str, str]:
        if not is_sparse(self.root):
            return {}
        listed = (entry.partition("\t") for entry in names(self.root, "ls-files", "-z", "-t", "-s"))
        return {
            path: fields.split()[2]
            for fields, _, path in listed
            if fields.startswith("S ") and not os.path.lexists(self.full(path))
        }

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
        tracked: list[str] = self.ask("tracked")
        return tracked

    def _list(self, _: str) -> list[str]:
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
        is_there: bool = self.ask(f"exists {path}")
        return is_there

    def _exists(self, path: str) -> bool:
        if self.new_side:
            return path in self.tracked_set
        return os.path.isfile(self.full(path)) or path in self.sparse

    def full(self, path: str) -> str:
        """The path in the file system."""
        return os.path.join(self.root, path)

    def is_ignored(self, path: str) -> bool:
        """Whether git ignores such a file, were it not tracked."""
        is_ignored: bool = self.ask(f"ignored {path}")
        return is_ignored

    def ignored(self, paths: "Sequence[str]") -> set[str] | None:
        """Those of some printable paths that git ignores, None where it does not judge one."""
        ignored: set[str] | None = self.ask("all-ignored " + "\n".join(paths))
        return ignored

    def _all_ignored(self, paths: str) -> set[str] | None:
        command = ("-c", "core.quotePath=false", "check-ignore", "--no-index", "--")
        output = git(self.root, *command, *paths.split("\n"), ok=(0, 1))
        return None if output is None else {*os.fsdecode(output).split("\n")} - {""}

    def _is_ignored(self, path: str) -> bool:
        return git(self.root, "check-ignore", "--quiet", "--no-index", "--", path) is not None

    def read(self, path: str) -> bytes:
        """The bytes of a file of the new side; raises OSError where it cannot be read."""
        data: bytes = self.ask(f"bytes {path}")
        return data

    def read_checked_out(self, path: str) -> bytes:
        """The bytes of a file in the work tree, whichever side is judged; raises OSError."""
        data: bytes = self.ask(f"checked-out-bytes {path}")
        return data

    def _read_checked_out(self, path: str) -> bytes:
        return read_regular(self.full(path))

    def read_each(self, paths: "Sequence[str]") -> "Iterator[tuple[str, bytes]]":
        """The bytes of many files that are looked at once; without those that cannot be read."""
        self.trace.expect(len(paths))
        if self.new_side:
            # A process for each of thousands takes minutes.
            found = self.objects.blobs(objects_of(self.root, self.new_side), paths)
        else:
            found = self._each_in_the_work_tree(paths)
        for path, data in found:
            if self.trace.is_whole:
                self.trace.note(f"each {path}", data)
            yield path, data

    def _each_in_the_work_tree(self, paths: "Sequence[str]") -> "Iterator[tuple[str, bytes]]":
        away = dict(self.objects.blobs(self.sparse, paths))
        for path in paths:
            try:
                if path in away:
                    yield path, away[path]
                elif self.trace.is_whole:
                    yield path, self.ask(f"each {path}")
                else:
                    kept = self._kept.get(f"bytes {path}")
                    yield path, read_regular(self.full(path)) if kept is None else kept
            except OSError:
                continue

    def _read_once(self, path: str) -> bytes:
        kept: bytes | None = self._kept.get(f"bytes {path}")
        return self._read(path) if kept is None else kept

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
        stays = ("change", "bases", "checked-out", "tracked", "pull request")
        self._kept = {key: kept for key, kept in self._kept.items() if key in stays}
        self.trace = Trace(wanted=self.cached)

    def _read(self, path: str) -> bytes:
        if not self.new_side:
            try:
                return read_regular(self.full(path))
            except FileNotFoundError:
                if path not in self.sparse:
                    raise
            return dict(self.objects.blobs(self.sparse, [path]))[path]
        return self.read_at(self.new_side, path)


# What is asked, by the word that a question begins with.
_QUESTIONS: "dict[str, Callable[[Session, str], Any]]" = {
    "change": Session._find_change,
    "bases": Session._find_bases,
    "checked-out": lambda session, _: checked_out(session.root),
    "commit": lambda session, name: session.objects.commit(name),
    "since": Session._touched_since,
    "tracked": Session._list,
    "exists": Session._exists,
    "ignored": Session._is_ignored,
    "all-ignored": Session._all_ignored,
    "bytes": Session._read,
    "each": Session._read_once,
    "checked-out-bytes": Session._read_checked_out,
}


def open_session(cwd: str, options: "argparse.Namespace | None" = None) -> Session:
    """The session for a folder, with the settings that parsed options override.

    Raises UsageError outside of a work tree and for a configuration that is wrong.
    """
    cwd = os.path.realpath(cwd)
    absolute_variables(cwd)
    config = load_config(find_root(cwd, work_tree(cwd)))
    for key, value in vars(options).items() if options else ():
        name = key.replace("_", "-")
        if name in SETTINGS and name != "base" and value is not None:
            config.override(name, value, f"--{name}")
    cached = not getattr(options, "no_cache", False)
    return Session(config.root, config, options.base if options else None, cached=cached)

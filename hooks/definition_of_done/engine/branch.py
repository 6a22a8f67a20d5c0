"""The branch: the change that a run is about, and the commits that it is judged against.

For the change an explicit base comes first, then the refs of the hook runner, what is staged, and
the branch since its merge base.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.base.records import Record, cached_property
from definition_of_done.engine.config import Territory
from definition_of_done.engine.git import (
    Objects,
    checked_out,
    git,
    is_merging,
    is_shallow,
    lacking,
    names,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Set

NO_BASE = "no base; fetch the main branch, or name it with --base"
_CI_BASES = (
    # (variable that names the target branch or commit, prefix that makes it a ref)
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
    ("GITHUB_BASE_REF", "origin/"),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "origin/"),
    ("BITBUCKET_PR_DESTINATION_BRANCH", "origin/"),
)
_USUAL_BASES = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")


class Change(Record):
    """The change that a run is about.

    `touched` maps each added, changed or deleted path to git's letter (a rename is a D and an
    A); `whole` says that nothing narrows the run, so that rules over the state of the tree look
    at all of it; `new` is the commit whose blobs are the new side, None for the work tree;
    `state_only` says that a merge or pull is under way: only rules over the state of the tree judge
    it. `merged` are the paths that a merge brings as one of its sides has them. `nested` are the
    folders of the nested projects that are changed, too; their paths are in neither of the two.
    """

    touched: dict[str, str]
    whole: bool = False
    new: str | None = None
    base: str | None = None
    state_only: bool = False
    merged: Mapping[str, str] = {}
    nested: Set[str] = frozenset()

    @property
    def head(self) -> str:
        """The commit of the new side, HEAD where that is the work tree."""
        return self.new or "HEAD"

    @property
    def deleted(self) -> list[str]:
        """Paths that the new side no longer has."""
        return sorted(path for path, letter in self.touched.items() if letter == "D")


class Landed(Record):
    """The changes of the base since the branch left it: git's letter for each path of `touched`.

    `start` is the commit that the branch left it at, `tip` the base as it is now.
    """

    start: str
    tip: str
    touched: dict[str, str]


class Branch:
    """The change, and the commits that it is compared with.

    `named_base` is the base of the command line, `configured` that of the settings. What changes in
    a project that is nested in this one is left out.
    """

    def __init__(
        self,
        objects: Objects,
        named_base: str | None = None,
        configured: str | None = None,
        territory: Territory | None = None,
    ) -> None:
        self.root = objects.root
        self._territory = territory or Territory(objects.root)
        self.named_base = named_base
        self._objects = objects
        self._configured = configured
        self._since: dict[str, dict[str, str]] = {}
        self._read_before: dict[tuple[str, str], bytes] = {}

    def mark_whole(self) -> None:
        """Judge the present state of all files, and no branch."""
        self.change = Change({}, whole=True, state_only=True)
        self._found_bases = (None, None)

    def mark_changed(self, letters: dict[str, str]) -> None:
        """Judge these paths, with git's letter for each, as all that the branch changes."""
        base = self.base
        self.change = Change(letters, base=base)
        if base:
            self._since[base] = letters

    @cached_property
    def change(self) -> Change:
        """The change that this run is about; raises UsageError for a base that is unknown."""
        change = _find_change(self._objects, self.named_base, self._configured)
        change.touched, touched = self._territory.split(change.touched)
        change.merged, merged = self._territory.split(change.merged)
        change.nested = touched | merged
        return change

    @property
    def new_side(self) -> str | None:
        """The commit whose blobs are judged, None for the work tree."""
        # Without the runner's variable the work tree is meant, and git need not be asked.
        return self.change.new if os.environ.get("PRE_COMMIT_TO_REF") else None

    @property
    def base(self) -> str | None:
        """The commit that the branch is judged against, None where there is none."""
        return self.change.base or self._found_bases[0]

    @property
    def before(self) -> str:
        """The commit that the branch is compared with: its base, else HEAD."""
        return self.base or "HEAD"

    @property
    def relied_on(self) -> str | None:
        """The commit whose files others rely on already, None where no base is found."""
        return self.change.base or self._found_bases[1]

    @cached_property
    def _found_bases(self) -> tuple[str | None, str | None]:
        return _find_bases(self._objects, self._configured, self.change.head)

    @cached_property
    def landed(self) -> Landed | None:
        """The changes of the base since the branch left it; None where there are none."""
        if self.change.state_only:
            return None
        head = self.change.head
        refs = [self.named_base] if self.named_base else _candidates(self._configured)
        tips = (self._objects.commit(ref) for ref in refs)
        tip = next((commit for commit in tips if commit), None)
        if tip is None or tip in (self.base, self._objects.commit(head)):
            return None
        start = _merge_base(self.root, tip, *_sides(self.root, head)) or tip
        if start == tip:
            return None
        return Landed(start, tip, self._territory.split(_touched(self.root, start, tip))[0])

    @property
    def changed(self) -> dict[str, str]:
        """Git's letter for each path that the branch changes since its base.

        Where no base is found, these are the paths of the commit.
        """
        return self.changed_since(self.base) if self.base else self.change.touched

    def changed_or_nothing(self) -> dict[str, str]:
        """Return `changed`, but nothing where main itself is judged with nothing staged.

        Return nothing during a merge or pull, too: what it brings is not the branch's own.
        Raises NotEvaluated where there is no base to compare a branch with.
        """
        if self.change.state_only:
            return {}
        if self.base is None and self.change.whole:
            if self.is_main or not self.has_commits:
                return {}
            raise NotEvaluated(NO_BASE)
        return self.changed

    def changed_if_known(self) -> dict[str, str]:
        """Return `changed_or_nothing`, and nothing where there is no base."""
        try:
            return self.changed_or_nothing()
        except NotEvaluated:
            return {}

    def changed_on_base(self) -> dict[str, str]:
        """Git's letter for each path that others rely on and the branch changes or deletes.

        Empty where main itself is judged with nothing staged, and during a merge or pull. Raises
        NotEvaluated where there is no base.
        """
        touched = self.change.touched.values()
        if self.change.state_only:
            return {}
        if not self.change.whole and all(letter == "A" for letter in touched):
            return {}
        if self.relied_on is None:
            if self.change.whole and (self.is_main or not self.has_commits):
                return {}
            raise NotEvaluated(NO_BASE)
        changed = self.changed_since(self.relied_on)
        return {path: letter for path, letter in changed.items() if letter != "A"}

    def changed_since(self, commit: str) -> dict[str, str]:
        """Git's letter for each path that differs between a commit and the new side."""
        if commit not in self._since:
            self._since[commit] = self._touched_since(commit)
        return self._since[commit]

    def _touched_since(self, commit: str) -> dict[str, str]:
        change = self.change
        is_staged = not (change.whole or change.new or self.named_base or is_merging(self.root))
        if is_staged and commit == self._objects.commit("HEAD"):
            return change.touched
        sides = (commit, change.new) if change.new else ("--cached", commit)
        return self._territory.split(_touched(self.root, *sides))[0]

    def lines_added(self, path: str) -> set[int]:
        """The numbers of a file's lines that the branch adds."""
        flags = ("-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
        sides = filter(None, (self.before, self.new_side))
        output = git(self.root, "diff", *flags, *sides, "--", f":(literal){path}") or b""
        found: set[int] = set()
        for line in output.split(b"\n"):
            if line.startswith(b"@@ "):
                first, _, count = line.split()[2].partition(b",")
                found.update(range(int(first), int(first) + int(count or 1)))
        return found

    @property
    def is_commit(self) -> bool:
        """True for a run about a commit that is being made, perhaps one of several."""
        return not (self.change.whole or self.named_base or self.change.new)

    def begins(self, path: str, word: str = "") -> bool:
        """True where the branch brings a file or folder, or a word that the base's file lacks.

        Any file or folder is begun where a commit is made on main itself.
        """
        base = self.base or ("HEAD" if self.has_commits else None)
        if not base:
            return True
        if not word:
            if self.is_main and base == self._objects.commit("HEAD"):
                return True
            return not self.has_at(base, path)
        import re

        data = self._objects.blob(f"{base}:./{path}")
        return data is None or not re.search(rb"\b%s\b" % re.escape(word.encode()), data)

    @property
    def has_commits(self) -> bool:
        """True where HEAD names a commit."""
        return self._objects.commit("HEAD") is not None

    @cached_property
    def is_main(self) -> bool:
        """True where the checked-out branch is itself one that others are judged against."""
        name = checked_out(self.root)
        return name is not None and name in ("main", "master", self._configured)

    def require_base(self) -> None:
        """Raise UsageError where there is no base to judge a branch against."""
        if not self.base:
            raise UsageError(
                "no base: fetch the main branch (a shallow clone has none), or name it with --base"
            )

    def has_at(self, commit: str, path: str) -> bool:
        """True where a commit has a file or folder."""
        return self._objects.has(f"{commit}:./{path}")

    def read_before(self, path: str) -> bytes:
        """The bytes of a file as `before` has it; raises as `read_at` does."""
        key = self.before, path
        if key not in self._read_before:
            self._read_before[key] = self.read_at(*key)
        return self._read_before[key]

    def read_at(self, commit: str, path: str) -> bytes:
        """The bytes of a file in a commit.

        Raises FileNotFoundError, and UsageError for a file whose content git lacks.
        """
        blob = self._objects.blob(f"{commit}:./{path}")
        if blob is None:
            if self._since.get(commit, {}).get(path) == "A":
                # The commit is compared with already, and lacks the file.
                raise FileNotFoundError(path)
            entry = git(self.root, "ls-tree", "-z", commit, f"./{path}") or b""
            if entry.split()[1:2] == [b"blob"]:
                raise lacking(path)
            raise FileNotFoundError(path)
        return blob


def _find_change(objects: Objects, base: str | None, configured: str | None) -> Change:
    """The change of this run, below the root of the objects.

    `base` comes from the command line, `configured` from the configuration. Raises UsageError
    where a named base is unknown.
    """
    root = objects.root
    if base:
        named = _commit(objects, base, "--base")
        start = _merge_base(root, named, "HEAD") or named
        return Change(_touched(root, "--cached", start), base=start)
    first, last = (os.environ.get(f"PRE_COMMIT_{side}_REF") for side in ("FROM", "TO"))
    if last:
        new = _commit(objects, last, "PRE_COMMIT_TO_REF")
        if not first:
            found, _ = _find_bases(objects, configured, new)
            return Change({}, whole=True, new=new, base=found)
        old = _commit(objects, first, "PRE_COMMIT_FROM_REF")
        start = _merge_base(root, old, new) or old
        return Change(_touched(root, start, new), new=new, base=start)
    staged = _staged(root)
    merging = os.environ.get("GIT_REFLOG_ACTION", "").split(" ")[0] in ("merge", "pull")
    if staged is None:
        return Change({}, whole=True, state_only=merging)
    touched = _resolved(root, staged)
    merged = {path: letter for path, letter in staged.items() if path not in touched}
    return Change(touched, state_only=merging, merged=merged)


def _find_bases(
    objects: Objects, configured: str | None, new: str
) -> tuple[str | None, str | None]:
    """The commit that the branch of `new` is judged against, and the one that others rely on.

    Candidates are the CI's own base, the configured one, the usual main branches, and the first
    parent of the merge commit that a forge makes of a pull request. The base is `new` itself where
    a candidate has all of it: the branch is empty. None where there is no base.

    Others also rely on `new` itself where a candidate has all of it. That may be the branch that
    is checked out, where there is no other: on a local main what stands is what it holds.
    """
    root = objects.root
    head = objects.commit(new)
    if head is None:
        return None, None
    relied_on = None
    is_empty = False
    sides = _sides(root, new)
    for ref in _candidates(configured):
        start = objects.commit(ref)
        if start is not None and (start != head or len(sides) > 1):
            start = _merge_base(root, ref, *sides)
        if not start:
            continue
        if start != head:
            return start, relied_on or start
        is_empty = True
        if relied_on is None and ref != checked_out(root):
            relied_on = start
    if os.environ.get("GITHUB_REF", "").startswith("refs/pull/"):
        first = objects.commit(f"{new}^1")
        return first, relied_on or first
    # In a shallow clone a branch looks as if its base had all of it.
    if is_empty and not is_shallow(root):
        return head, relied_on or head
    return None, relied_on


def _candidates(configured: str | None) -> list[str]:
    """The names that the base may have, the surest first."""
    named = [(prefix + os.environ[key]) for key, prefix in _CI_BASES if os.environ.get(key)]
    return [*named, *([configured] if configured else []), *_USUAL_BASES]


def _sides(root: str, new: str) -> list[str]:
    """The commits of the branch: while a merge is under way, what it brings is not its own."""
    return [new, *(["MERGE_HEAD"] if new == "HEAD" and is_merging(root) else [])]


def touched_in_files(root: str, base: str, below: str) -> dict[str, str]:
    """Git's letter for each path below a folder whose file in the work tree a commit lacks.

    What git does not track is left out.
    """
    return _touched(root, base, below=(f":(literal){below}",))


def _commit(objects: Objects, ref: str, where: str) -> str:
    found = objects.commit(ref)
    if found is None:
        raise UsageError(f"{where} names no commit: {ref!r}; fetch it, or name another")
    return found


def _merge_base(root: str, *commits: str) -> str | None:
    found = git(root, "merge-base", *commits)
    return found.decode().strip() if found else None


def _touched(root: str, *sides: str, below: tuple[str, ...] = ()) -> dict[str, str]:
    flags = ("--name-status", "--no-renames", "--no-ext-diff", "-z", "--relative")
    fields = names(root, "diff", *flags, *sides, "--", *below)
    return dict(zip(fields[1::2], fields[0::2], strict=True))


def _staged(root: str) -> dict[str, str] | None:
    """Staged paths below the root, None where nothing is staged anywhere."""
    staged = _touched(root, "--cached")
    if not staged:
        nothing = git(root, "diff", "--cached", "--quiet", "--no-ext-diff") is not None
        return None if nothing else {}
    return staged


def _resolved(root: str, staged: dict[str, str]) -> dict[str, str]:
    """Those of the staged paths that a merge leaves as neither of its sides has them."""
    if not staged or not is_merging(root):
        return staged
    theirs = _touched(root, "--cached", "MERGE_HEAD")
    return {path: letter for path, letter in staged.items() if path in theirs}

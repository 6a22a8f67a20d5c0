"""The change of a run: the paths that trigger a rule, and the base of the branch.

An explicit base comes first, then the refs of the hook runner, what is staged, and the branch
since its merge base.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import Record
from definition_of_done.engine.git import (
    Objects,
    checked_out,
    git,
    is_merging,
    is_shallow,
    names,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Set

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


def find_change(objects: Objects, base: str | None, configured: str | None) -> Change:
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
            found, _ = find_bases(objects, configured, new)
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


class Landed(Record):
    """The changes of the base since the branch left it: git's letter for each path of `touched`.

    `start` is the commit that the branch left it at, `tip` the base as it is now.
    """

    start: str
    tip: str
    touched: dict[str, str]


def find_landed(
    objects: Objects, base: str | None, configured: str | None, new: str, start: str | None
) -> Landed | None:
    """The changes that landed on the base of the branch of `new`; None where there are none.

    `base` comes from the command line. Else the base is the first candidate that exists. `start` is
    the commit from which the branch is judged.
    """
    root = objects.root
    tips = (objects.commit(ref) for ref in ([base] if base else _candidates(configured)))
    tip = next((commit for commit in tips if commit), None)
    if tip is None or tip in (start, objects.commit(new)):
        return None
    start = _merge_base(root, tip, *_sides(root, new)) or tip
    return None if start == tip else Landed(start, tip, _touched(root, start, tip))


def find_bases(objects: Objects, configured: str | None, new: str) -> tuple[str | None, str | None]:
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


def touched_since(root: str, base: str, new: str | None) -> dict[str, str]:
    """Git's letter for each path that differs between a commit and the new side."""
    return _touched(root, base, new) if new else _touched(root, "--cached", base)


def touched_in_files(root: str, base: str, below: str) -> dict[str, str]:
    """Git's letter for each path below a folder whose file in the work tree a commit lacks.

    What git does not track is left out.
    """
    return _touched(root, base, below=(f":(literal){below}",))


def added_lines(root: str, path: str, base: str, new: str | None) -> set[int]:
    """The numbers of a file's lines on the new side that a commit does not have."""
    flags = ("-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
    sides = (base, new) if new else (base,)
    found: set[int] = set()
    for line in (git(root, "diff", *flags, *sides, "--", f":(literal){path}") or b"").split(b"\n"):
        if line.startswith(b"@@ "):
            first, _, count = line.split()[2].partition(b",")
            found.update(range(int(first), int(first) + int(count or 1)))
    return found


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

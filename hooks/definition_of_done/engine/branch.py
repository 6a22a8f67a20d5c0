"""The branch: the change that a run is about, and the commits that it is judged against."""

from __future__ import annotations

import os

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.base.records import cached_property
from definition_of_done.engine.change import (
    Change,
    Landed,
    added_lines,
    find_bases,
    find_change,
    find_landed,
    touched_since,
)
from definition_of_done.engine.git import Objects, checked_out, git, is_merging, lacking
from definition_of_done.engine.territory import Territory

NO_BASE = "no base; fetch the main branch, or name it with --base"


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
        change = find_change(self._objects, self.named_base, self._configured)
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
        return find_bases(self._objects, self._configured, self.change.head)

    @cached_property
    def landed(self) -> Landed | None:
        """The changes of the base since the branch left it; None where there are none."""
        if self.change.state_only:
            return None
        found = (self._objects, self.named_base, self._configured, self.change.head)
        landed = find_landed(*found, self.base)
        if landed:
            landed.touched, _ = self._territory.split(landed.touched)
        return landed

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
        return self._territory.split(touched_since(self.root, commit, change.new))[0]

    def lines_added(self, path: str) -> set[int]:
        """The numbers of a file's lines that the branch adds."""
        return added_lines(self.root, path, self.before, self.new_side)

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

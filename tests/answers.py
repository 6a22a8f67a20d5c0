"""What git answers of a repository that `tests/objects.py` wrote, told without a process.

A test calls git three times, for the files, what is staged and objects, and each start of it takes
as long as a small rule. Where anything is unusual, and where `asked` is set, git itself is asked.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from tests import objects
from tests.snapshot import outer_variables

from definition_of_done.engine import git

# Output and exit code; full name, kind and content.
_Output: TypeAlias = tuple[bytes, int]
_Object: TypeAlias = tuple[str, bytes, bytes]
_PATH = os.environ["PATH"]
_MISSING: _Object = ("", b"", b"")
_REGULAR = {0o100644, 0o100755}
# With any other of git's variables it may answer otherwise.
_VARIABLES = {f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_VARIABLES |= {"GIT_CONFIG_GLOBAL", "GIT_REFLOG_ACTION"}
# Those of the shell that runs the tests stay: what reaches into a repository is taken away.
_VARIABLES |= {name for name in os.environ if name.startswith("GIT_")} - outer_variables()
# Where these are, commits have other parents.
_OTHERWISE = ("refs/replace", "info/grafts", "shallow")
_REFS = ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/")
_DIFF = ("diff", "--name-status", "--no-renames", "--no-ext-diff", "-z", "--relative", "--cached")

asked = os.environ.get("DOD_CASES") == "all"
_spawned, _Process = git._spawned, git._Process


def told(root: str, asked_for: Sequence[str]) -> _Output | None:
    """The output and the exit code of `git ASKED_FOR`; None where git has to be asked."""
    if not _is_known(root):
        return None
    match tuple(asked_for):
        case ("ls-files", "-z"):
            entries = objects.entries_of(Path(root, ".git"))
            return None if entries is None else (_lines(sorted(entries)), 0)
        case ("diff", "--cached", "--quiet", "--no-ext-diff"):
            staged = _staged(root, "HEAD")
            return None if staged is None else (b"", int(bool(staged)))
        case (*diff, "--") if tuple(diff[:7]) == _DIFF and len(diff) < 9:
            staged = _staged(root, *(diff[7:] or ["HEAD"]))
            return None if staged is None else (_lines(staged), 0)
        case ("merge-base", one, other):
            return _merge_base(root, one, other)
        case ("for-each-ref", form, "refs/tags") if form.startswith("--format="):
            tags = os.path.join(root, ".git/refs/tags")
            return None if not os.path.isdir(tags) or os.listdir(tags) else (b"", 0)
        case ("ls-tree", "-r", "-z", commit):
            return _listed(root, commit)
    return None


def _is_known(root: str) -> bool:
    """The repository was made here and is a usual one, as is what is set around it."""
    if asked or not os.environ.get("PATH", "").endswith(_PATH):
        return False
    folder = Path(root)
    return (
        os.environ.get("GIT_CONFIG_GLOBAL") == os.devnull
        and objects.is_usual(folder)
        and objects.has_store(folder)
        and not any(os.path.exists(f"{root}/.git/{name}") for name in _OTHERWISE)
        and {name for name in os.environ if name.startswith("GIT_")} <= _VARIABLES
    )


def _lines(names: Sequence[bytes]) -> bytes:
    return b"".join(name + b"\0" for name in names)


def _listed(root: str, revision: str) -> _Output | None:
    files = _files(root, revision)
    if files is None or not {mode for mode, _ in files.values()} <= _REGULAR:
        return None
    rows = [b"%o blob %s\t%s" % (*_row(*files[path]), path) for path in sorted(files)]
    return _lines(rows), 0


def _row(mode: int, blob: bytes) -> tuple[int, bytes]:
    return mode, blob.hex().encode()


def _staged(root: str, revision: str) -> list[bytes] | None:
    """Letter and path of each file that the index has otherwise than a commit."""
    index, files = objects.entries_of(Path(root, ".git")), _files(root, revision)
    if index is None or files is None:
        return None
    found: list[bytes] = []
    for path in sorted(index.keys() | files.keys()):
        here, there = index[path][1:] if path in index else None, files.get(path)
        if here == there:
            continue
        if not {side[0] for side in (here, there) if side} <= _REGULAR:
            return None
        found += (b"M" if here and there else b"A" if here else b"D"), path
    return found


def _merge_base(root: str, one: str, other: str) -> _Output | None:
    tips = [_commit(root, name) for name in (one, other)]
    if not all(tips):
        return None
    ancestors = []
    for tip in tips:
        line = [str(tip)]
        while parent := objects.COMMITS[line[-1]].parent:
            line.append(parent)
        ancestors.append(line)
    base = next((commit for commit in ancestors[0] if commit in set(ancestors[1])), None)
    return (f"{base}\n".encode(), 0) if base else (b"", 1)


def _files(root: str, revision: str) -> objects.Files | None:
    """The files of a commit that is written here."""
    commit = _commit(root, revision)
    return objects.FILES[objects.COMMITS[commit].tree] if commit else None


def _commit(root: str, revision: str) -> str | None:
    """The commit that is written here; empty where there is no such revision, None if unsure."""
    if re.fullmatch("[0-9a-f]{40}", revision):
        return revision if revision in objects.COMMITS else None
    # What looks as the end of an object's name may be one.
    if not re.fullmatch("[A-Za-z][A-Za-z0-9/-]*", revision) or re.search(
        "(?:^|-g)[0-9a-f]{4,}$", revision
    ):
        return None
    names = [f"{start}{revision}" for start in _REFS] + [f"refs/remotes/{revision}/HEAD"]
    for name in names:
        path = os.path.join(root, ".git", name)
        if os.path.isfile(path):
            value = Path(path).read_text(errors="replace").strip()
            named = value.removeprefix("ref: ")
            if named != value and re.fullmatch("refs/heads/[a-z0-9/-]+", named):
                path = os.path.join(root, ".git", named)
                value = Path(path).read_text().strip() if os.path.isfile(path) else ""
            return value if not value or value in objects.COMMITS else None
    return ""


def found(root: str, name: str) -> _Object | None:
    """An object as `git cat-file --batch` tells it; None where git has to be asked.

    The repository is one that is made here.
    """
    revision, in_commit, path = name.partition(":./")
    if name.endswith("^{commit}"):
        commit = _commit(root, name.removesuffix("^{commit}"))
        return _named(commit) if commit else _missing(commit)
    if in_commit:
        return _file(root, revision, path)
    return _named(name)


def _file(root: str, revision: str, path: str) -> _Object | None:
    commit = _commit(root, revision)
    if not commit or not path or os.path.normpath(path) != path or path.startswith(("/", "..")):
        return _missing(commit)
    files, wanted = objects.FILES[objects.COMMITS[commit].tree], os.fsencode(path)
    if wanted in files:
        return _named(files[wanted][1].hex())
    # A folder is an object, too.
    return None if any(name.startswith(wanted + b"/") for name in files) else _MISSING


def _missing(commit: str | None) -> _Object | None:
    return _MISSING if commit == "" else None


def _named(name: str) -> _Object | None:
    known = objects.content(name)
    return (name, *known) if known else None


def _quickly(command: tuple[str, ...]) -> _Output | None:
    match command:
        case ("git", "--no-optional-locks", "-C", root, *asked_for):
            return told(root, asked_for) or _spawned(command)
    return _spawned(command)


class Answers:
    """Stands for git's process that is asked for objects, and starts it where it has to."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._is_known = _is_known(root)
        self._slow = None if self._is_known else _Process(root)
        self._told: deque[_Object | None] = deque()

    def write(self, lines: str) -> None:
        names = lines.split("\n")[:-1]
        answers = [found(self._root, name) if self._is_known else None for name in names]
        if None in answers:
            self._slow = self._slow or _Process(self._root)
            rest = [name for name, told in zip(names, answers, strict=True) if told is None]
            self._slow.write("".join(f"{name}\n" for name in rest))
        self._told.extend(answers)

    def read(self) -> _Object | None:
        told = self._told.popleft()
        return told if told or not self._slow else self._slow.read()

    def close(self) -> None:
        if self._slow:
            self._slow.close()


def install() -> None:
    """Let the tests' calls of git be answered here."""
    for name, quick in (("_spawned", _quickly), ("_Process", Answers)):
        setattr(git, name, quick)

"""Calls of git, its objects by name, and the folders that it works in."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    _Answer: TypeAlias = tuple[str, bytes, bytes]
    _Started: TypeAlias = tuple[Callable[[], int], int]


# An exit code from here on is git's complaint, not its answer.
_COMPLAINT = 127
# The objects to ask for before the first answer is read. Their names fit in any pipe: git and this
# program never wait for each other to read.
_BATCH = 16
_BRANCH = "ref: refs/heads/"
# Git's name in HEAD where refs are no files.
_NO_FILES = ".invalid"


def git(root: str, *args: str, ok: Sequence[int] = (0,)) -> bytes | None:
    """The output of `git ARGS` in `root`; None where git exits with a code outside `ok`.

    Git inherits the GIT_* variables: in `commit -a` and in linked work trees they name the index.
    Raises UsageError where git is not installed or refuses the repository.
    """
    command = ("git", "--no-optional-locks", "-C", root, *args)
    answer = _spawned(command)
    if answer is not None:
        output, code = answer
        if code in ok:
            return output
        if code < _COMPLAINT:
            return None
    output, code, complaint = _run_in_english(command)
    if code in ok:
        return output
    if "dubious ownership" in complaint or "not a git repository" in complaint:
        raise UsageError(f"git: {complaint}")
    return None


def _run_in_english(command: tuple[str, ...]) -> tuple[bytes, int, str]:
    """Output, exit code, and git's fatal error; raises UsageError where git cannot run."""
    import subprocess

    variables = {**os.environ, "LC_ALL": "C"}
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=variables)
    except OSError as error:
        raise _not_run(error) from None
    return run.stdout, run.returncode, _fatal(run.stderr)


def _not_run(error: OSError) -> UsageError:
    if isinstance(error, FileNotFoundError):
        return UsageError("git is not on PATH: install git or add it to PATH")
    return UsageError(f"git cannot be run: {error.strerror}")


def _fatal(errors: bytes) -> str:
    """The fatal error that git prints on standard error, empty where it prints none."""
    lines = os.fsdecode(errors).splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return fatal[0] if fatal else ""


def _spawned(command: tuple[str, ...]) -> tuple[bytes, int] | None:
    """Output and exit code, without standard error; None where the command cannot run.

    Every commit is spared the import of subprocess, which takes half as long as Python's start.
    """
    started = _start(command)
    if started is None:
        return None
    wait, answers = started
    with open(answers, "rb") as stream:
        output = stream.read()
    return output, os.waitstatus_to_exitcode(wait())


def _start(command: tuple[str, ...], source: int | None = None) -> _Started | None:
    """Start a process that reads from the pipe `source`; None where it cannot run.

    Returns the function that waits for its end, and the descriptor of its output.
    """
    if not hasattr(os, "posix_spawnp"):
        return None
    answers, sink = os.pipe()
    if sink <= 2:
        # A standard stream was closed, and the pipe got its number.
        os.close(answers)
        os.close(sink)
        return None
    no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    actions = (
        no_input if source is None else (os.POSIX_SPAWN_DUP2, source, 0),
        (os.POSIX_SPAWN_DUP2, sink, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    )
    try:
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    except OSError:
        os.close(answers)
        return None
    finally:
        os.close(sink)
    return lambda: os.waitpid(child, 0)[1], answers


class Objects:
    """Git's objects by name, from one process that answers until it is closed.

    A run asks for dozens of objects, and each start of git takes a fifth of Python's start.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._process: _Process | None = None

    def commit(self, name: str) -> str | None:
        """The full name of the commit that a revision leads to, None where there is none."""
        peeled = f"{name}^{{commit}}"
        answer = self._ask([peeled])[0]
        if answer:
            return answer[0] or None
        found = git(self.root, "rev-parse", "-q", "--verify", "--end-of-options", peeled)
        return found.decode().split()[-1] if found else None

    def blob(self, name: str) -> bytes | None:
        """The bytes of a file by a name such as `HEAD:./path`, None where there is none."""
        answer = self._ask([name])[0]
        if answer:
            return answer[2] if answer[1] == b"blob" else None
        return git(self.root, "cat-file", "blob", name)

    def has(self, name: str) -> bool:
        """True for the name of an object that exists, such as `HEAD:./path` of a file or folder."""
        answer = self._ask([name])[0]
        if answer:
            return bool(answer[0])
        return git(self.root, "cat-file", "-e", name) is not None

    def blobs(
        self, objects: Mapping[str, str], paths: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files; `objects` holds the full name of the object of each path.

        A path without an object is left out. Raises UsageError where git lacks an object.
        """
        known = [path for path in paths if path in objects]
        for at in range(0, len(known), _BATCH):
            batch = known[at : at + _BATCH]
            # All answers are read before the first is passed on: its reader may ask for others.
            answers = self._ask([objects[path] for path in batch])
            for path, answer in zip(batch, answers, strict=True):
                if not answer or not answer[0]:
                    raise lacking(path)
                yield path, answer[2]

    def close(self) -> None:
        """End the process; the next question starts another one."""
        if self._process:
            self._process.close()
            self._process = None

    __del__ = close

    def _ask(self, names: list[str]) -> list[_Answer | None]:
        """Full name, kind and content of each object, all empty where git has no such object.

        None where the process does not answer.
        """
        silence: list[_Answer | None] = [None] * len(names)
        if any("\n" in name for name in names):
            return silence
        self._process = self._process or _Process(self.root)
        try:
            self._process.write("".join(f"{name}\n" for name in names))
        except OSError:
            answers = silence
        else:
            answers = [self._process.read() for _ in names]
        if None in answers:
            self.close()
        return answers


class _Process:
    """A running `git cat-file --batch`; raises UsageError where git cannot run."""

    def __init__(self, root: str) -> None:
        command = ("git", "--no-optional-locks", "-C", root, "cat-file", "--batch")
        source, self._questions = os.pipe()
        # With the number of a standard stream that was closed, the pipe cannot be passed on.
        started = _start(command, source) if source > 2 else None
        try:
            self._wait, self._output = started or _slow_start(command, source)
        except UsageError:
            os.close(self._questions)
            raise
        finally:
            os.close(source)
        # A stream that owned the descriptor would warn where the collector comes to it first.
        self._answers = os.fdopen(self._output, "rb", closefd=False)

    def write(self, lines: str) -> None:
        """Ask for objects, one a line; raises OSError where the process has ended."""
        os.write(self._questions, os.fsencode(lines))

    def read(self) -> _Answer | None:
        """The next answer, None where the process has ended."""
        fields = self._answers.readline().split()
        if not fields:
            return None
        if len(fields) != 3 or not fields[2].isdigit():
            # Git repeats the name, and says that the object is missing.
            return "", b"", b""
        data = self._answers.read(int(fields[2]))
        self._answers.read(1)
        return fields[0].decode(), fields[1], data

    def close(self) -> None:
        """Wait until the process has ended."""
        os.close(self._questions)
        os.close(self._output)
        self._wait()


def _slow_start(command: tuple[str, ...], source: int) -> _Started:
    """Do as `_start` does through subprocess, where that cannot."""
    import subprocess

    try:
        child = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise _not_run(error) from None
    assert child.stdout
    with child.stdout as answers:
        return child.wait, os.dup(answers.fileno())


def objects_of(root: str, commit: str) -> dict[str, str]:
    """The name of the object of each of a commit's files below the root, by path.

    Submodules are left out. Git looks an object up faster by this name than by its path.
    """
    entries = (entry.partition("\t") for entry in names(root, "ls-tree", "-r", "-z", commit))
    fields = ((path, described.split()) for described, _, path in entries)
    return {path: name for path, (_, kind, name) in fields if kind == "blob"}


def lacking(path: str) -> UsageError:
    """The error for a file of a commit whose content is not in the repository."""
    return UsageError(f"git cannot read the content of {path}: fetch it, or see `git fsck`")


def names(root: str, *args: str) -> list[str]:
    """The entries of the list that `git ARGS` prints with NUL behind each, decoded as paths.

    Raises UsageError where git fails: with an empty list everything would pass.
    """
    output = git(root, *args)
    if output is None:
        raise UsageError(f"git {args[0]} failed: {_reason(root, args)}")
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _reason(root: str, args: Sequence[str]) -> str:
    # Where git refuses the repository, `git diff` complains of its arguments instead.
    for tried in (("rev-parse", "--git-dir"), args):
        _, code, complaint = _run_in_english(("git", "--no-optional-locks", "-C", root, *tried))
        if code and complaint:
            return complaint
    return "`git status` says why"


def absolute_variables(start: str) -> None:
    """Make GIT_DIR and GIT_WORK_TREE absolute: they may be relative to the folder `start`.

    With GIT_DIR alone, git takes the folder that it runs in for the top of the work tree. Raises
    UsageError outside of a work tree.
    """
    if not os.environ.get("GIT_DIR"):
        return
    top = work_tree(start)
    os.environ["GIT_DIR"] = os.path.join(start, os.environ["GIT_DIR"])
    os.environ["GIT_WORK_TREE"] = top


def is_sparse(root: str) -> bool:
    """True where the work tree may lack files of the index; raises UsageError outside of one."""
    return os.path.exists(os.path.join(git_folder(root), "info", "sparse-checkout"))


def may_list(root: str, endings: Sequence[str]) -> bool:
    """True where git's index may list a path with one of these ends, without running git.

    The bytes of the index are searched. Where they hold no whole names, anything may be listed.
    """
    index = os.environ.get("GIT_INDEX_FILE") or os.path.join(git_folder(root), "index")
    try:
        with open(os.path.join(work_tree(root), index), "rb") as stream:
            data = stream.read()
    except OSError:
        return True
    # From version 4 on names are shortened, and a split index keeps them in another file.
    if data[:4] != b"DIRC" or int.from_bytes(data[4:8]) > 3 or b"link\0" in data:
        return True
    return any(os.fsencode(end) in data for end in endings)


def is_in_work_tree(folder: str) -> bool:
    """True for a folder of a repository that has its files checked out."""
    try:
        return bool(work_tree(folder))
    except UsageError:
        return False


def work_tree(start: str) -> str:
    """The top of the work tree that holds the folder `start`, without running git.

    Raises UsageError outside of one and in a bare repository.
    """
    declared = os.environ.get("GIT_WORK_TREE")
    if declared:
        return os.path.realpath(os.path.join(start, declared))
    folder = os.path.realpath(start)
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    if os.environ.get("GIT_DIR"):
        return os.path.realpath(start)
    raise UsageError("not a git work tree: run this inside a repository")


def git_folder(root: str) -> str:
    """Git's own folder for the work tree of `root`, without running git.

    Raises UsageError outside of a work tree.
    """
    top = work_tree(root)
    folder = os.path.join(root, os.environ.get("GIT_DIR") or os.path.join(top, ".git"))
    if os.path.isfile(folder):
        # In a linked work tree and in a submodule the file names the folder.
        named = _first_line(folder).removeprefix("gitdir:").strip()
        folder = os.path.join(os.path.dirname(folder), named)
    return folder


def is_merging(root: str) -> bool:
    """True where a merge waits for its commit; raises UsageError outside of a work tree."""
    return os.path.exists(os.path.join(git_folder(root), "MERGE_HEAD"))


def checked_out(root: str) -> str | None:
    """The name of the branch that is checked out, None for a detached HEAD.

    Git is run only where its file of HEAD does not tell. Raises UsageError outside of a work tree.
    """
    branch = _first_line(os.path.join(git_folder(root), "HEAD"))
    name = branch.removeprefix(_BRANCH)
    if name != branch and name != _NO_FILES:
        return name
    found = git(root, "symbolic-ref", "-q", "--short", "HEAD")
    return os.fsdecode(found).strip() if found else None


def is_shallow(root: str) -> bool:
    """True where git lacks older commits, without running it."""
    folder = git_folder(root)
    # A linked work tree names the folder that it shares with the others.
    shared = os.environ.get("GIT_COMMON_DIR") or _first_line(os.path.join(folder, "commondir"))
    return os.path.exists(os.path.join(folder, shared, "shallow"))


def _first_line(full: str) -> str:
    """The first line of a file of git's, empty where there is none."""
    try:
        with open(full, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.readline().strip()
    except OSError:
        return ""

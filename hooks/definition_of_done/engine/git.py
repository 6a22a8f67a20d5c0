"""Git's plumbing: one function that runs it, and the lists that come back with NUL ends."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO, TypeAlias

    _Answer: TypeAlias = tuple[str, bytes, bytes]


# An exit code from here on is git's complaint, not its answer.
_COMPLAINT = 127
# Objects that are asked for before the first answer is read. Their names fit in any pipe, so that
# git never waits for us to read while we wait for it to.
_AT_ONCE = 16


def git(root: str, *args: str, ok: Sequence[int] = (0,)) -> bytes | None:
    """Output of `git ARGS` run in `root`; None where git exits with a code outside `ok`.

    GIT_* variables are inherited, so that `commit -a` and worktrees see their own index.
    Raises UsageError when git is not installed or refuses the repository.
    """
    command = ("git", "--no-optional-locks", "-C", root, *args)
    answer = _spawned(command)
    if answer is not None:
        output, code = answer
        if code in ok:
            return output
        if code < _COMPLAINT:
            return None
    output, code, said = _heard(command)
    if code in ok:
        return output
    if "dubious ownership" in said or "not a git repository" in said:
        raise UsageError(f"git: {said}")
    return None


def _heard(command: tuple[str, ...]) -> tuple[bytes, int, str]:
    """Output, exit code, and what git died of in English; raises UsageError where it cannot run."""
    import subprocess

    speech = {**os.environ, "LC_ALL": "C"}
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=speech)
    except OSError as error:
        raise _not_run(error) from None
    return run.stdout, run.returncode, _fatal(run.stderr)


def _not_run(error: OSError) -> UsageError:
    if isinstance(error, FileNotFoundError):
        return UsageError("git is not on PATH: install git or add it to PATH")
    return UsageError(f"git cannot be run: {error.strerror}")


def _fatal(said: bytes) -> str:
    """What git died of, as it says on standard error; empty where it does not say."""
    lines = os.fsdecode(said).splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return fatal[0] if fatal else ""


def _spawned(command: tuple[str, ...]) -> tuple[bytes, int] | None:
    """Output and exit code, what is said on standard error left unheard; None where it cannot run.

    The import of subprocess takes half as long as the start of Python, on every commit.
    """
    started = _start(command)
    if started is None:
        return None
    child, source = started
    with open(source, "rb") as stream:
        output = stream.read()
    return output, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _start(command: tuple[str, ...], source: int | None = None) -> tuple[int, int] | None:
    """The number of a new process, and the end of the pipe that its output comes from.

    `source` is the pipe that it reads. None where it cannot run.
    """
    if not hasattr(os, "posix_spawnp"):
        return None
    answers, sink = os.pipe()
    if sink <= 2:
        # A standard stream was closed, and its number is given to the pipe.
        os.close(answers)
        os.close(sink)
        return None
    first = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    actions = (
        first if source is None else (os.POSIX_SPAWN_DUP2, source, 0),
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
    return child, answers


class Objects:
    """What git knows by name, from one process that answers until it is closed.

    Each start of git takes a fifth of that of Python, and a run asks for dozens of objects.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._child: _Child | None = None

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

    def blobs(
        self, objects: Mapping[str, str], paths: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files by their objects' full names; without paths that have none.

        Raises UsageError where git lacks one of them.
        """
        asked = [path for path in paths if path in objects]
        for at in range(0, len(asked), _AT_ONCE):
            some = asked[at : at + _AT_ONCE]
            # All are read before the first is passed on: its reader may ask for something else.
            answers = self._ask([objects[path] for path in some])
            for path, answer in zip(some, answers, strict=True):
                if not answer or not answer[0]:
                    raise lacking(path)
                yield path, answer[2]

    def close(self) -> None:
        """Let the process end; the next question starts another."""
        if self._child:
            self._child.close()
            self._child = None

    __del__ = close

    def _ask(self, names: list[str]) -> list[_Answer | None]:
        """Full name, kind and content of each object, all empty where there is none.

        None where the process does not answer.
        """
        nothing: list[_Answer | None] = [None] * len(names)
        if any("\n" in name for name in names):
            return nothing
        self._child = self._child or _Child(self.root)
        try:
            self._child.write("".join(f"{name}\n" for name in names))
        except OSError:
            answers = nothing
        else:
            answers = [self._child.read() for _ in names]
        if None in answers:
            self.close()
        return answers


class _Child:
    """A `git cat-file --batch` that runs; raises UsageError where git cannot be run."""

    def __init__(self, root: str) -> None:
        command = ("git", "--no-optional-locks", "-C", root, "cat-file", "--batch")
        source, self._questions = os.pipe()
        # A number that a standard stream had may not be given to it once more.
        started = _start(command, source) if source > 2 else None
        try:
            if started is None:
                self._wait, self._answers = _slow_start(command, source)
            else:
                child, answers = started
                self._answers = open(answers, "rb")  # noqa: SIM115
                self._wait = lambda: os.waitpid(child, 0)
        except UsageError:
            os.close(self._questions)
            raise
        finally:
            os.close(source)

    def write(self, lines: str) -> None:
        """Ask for objects, one a line; raises OSError where the process is gone."""
        os.write(self._questions, os.fsencode(lines))

    def read(self) -> _Answer | None:
        """The next answer, None where the process is gone."""
        fields = self._answers.readline().split()
        if not fields:
            return None
        if len(fields) != 3 or not fields[2].isdigit():
            # The name itself, and that it is missing.
            return "", b"", b""
        data = self._answers.read(int(fields[2]))
        self._answers.read(1)
        return fields[0].decode(), fields[1], data

    def close(self) -> None:
        """Wait until it has ended."""
        os.close(self._questions)
        self._answers.close()
        self._wait()


def _slow_start(command: tuple[str, ...], source: int) -> tuple[Callable[[], object], IO[bytes]]:
    """The same as `_start`, where a process is started by subprocess alone."""
    import subprocess

    try:
        child = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise _not_run(error) from None
    assert child.stdout
    return child.wait, child.stdout


def objects_of(root: str, commit: str) -> dict[str, str]:
    """The object of each of a commit's files below the root, by path; submodules have none."""
    # Git looks an object up faster by its name than by its path.
    listed = (entry.partition("\t") for entry in names(root, "ls-tree", "-r", "-z", commit))
    fields = ((path, field.split()) for field, _, path in listed)
    return {path: object for path, (_, kind, object) in fields if kind == "blob"}


def lacking(path: str) -> UsageError:
    """The error for a file that a commit has and whose content is not in the repository."""
    return UsageError(f"git cannot read the content of {path}: fetch it, or see `git fsck`")


def names(root: str, *args: str) -> list[str]:
    """The fields of the NUL-ended list that `git ARGS` prints, decoded as the file system's.

    Raises UsageError where git fails: an empty list would let everything pass.
    """
    output = git(root, *args)
    if output is None:
        raise UsageError(f"git {args[0]} failed: {_reason(root, args)}")
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _reason(root: str, args: Sequence[str]) -> str:
    # Where git refuses the repository, `git diff` takes its arguments for those of another command.
    for asked in (("rev-parse", "--git-dir"), args):
        _, code, said = _heard(("git", "--no-optional-locks", "-C", root, *asked))
        if code and said:
            return said
    return "`git status` says why"


def absolute_variables(start: str) -> None:
    """Make the variables that name the repository hold in every folder, as they do in `start`.

    Where only git's own folder is named, git takes the folder that it runs in for the work tree's
    top. Raises UsageError outside of a work tree.
    """
    if not os.environ.get("GIT_DIR"):
        return
    top = work_tree(start)
    os.environ["GIT_DIR"] = os.path.join(start, os.environ["GIT_DIR"])
    os.environ["GIT_WORK_TREE"] = top


def is_sparse(root: str) -> bool:
    """Whether the work tree may lack files of the index. Raises UsageError outside of one."""
    return os.path.exists(os.path.join(git_folder(root), "info", "sparse-checkout"))


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
        # A linked work tree or a submodule: the file names the folder.
        with open(folder, encoding="utf-8", errors="surrogateescape") as stream:
            named = stream.readline().removeprefix("gitdir:").strip()
        folder = os.path.join(os.path.dirname(folder), named)
    return folder


def is_merging(root: str) -> bool:
    """Whether a merge waits for its commit. Raises UsageError outside of a work tree."""
    return os.path.exists(os.path.join(git_folder(root), "MERGE_HEAD"))

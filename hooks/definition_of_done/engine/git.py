"""Git's plumbing: one function that runs it, and the lists that come back with NUL ends."""

import os

from definition_of_done.engine.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def git(root: str, *args: str, ok: "Sequence[int]" = (0,)) -> bytes | None:
    """Output of `git ARGS` run in `root`; None where git exits with a code outside `ok`.

    GIT_* variables are inherited, so that `commit -a` and worktrees see their own index.
    Raises UsageError when git is not installed or refuses the repository.
    """
    import subprocess

    try:
        run = subprocess.run(
            ("git", "--no-optional-locks", *args),
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
    except FileNotFoundError:
        raise UsageError("git is not on PATH: install git or add it to PATH") from None
    if run.returncode in ok:
        return run.stdout
    said = os.fsdecode(run.stderr).strip().splitlines()
    if any("dubious ownership" in line or "not a git repository" in line for line in said):
        raise UsageError(f"git: {said[0].removeprefix('fatal: ')}")
    return None


def names(output: bytes | None) -> list[str]:
    """The paths of a NUL-ended list, decoded as the file system's."""
    return [os.fsdecode(name) for name in (output or b"").split(b"\0") if name]


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


def journal_of(root: str) -> str:
    """The full path of the journal of files that are replaced together, without running git.

    It lies in git's own folder for this work tree, and is there only after a run that was killed.
    Raises UsageError outside of a work tree.
    """
    top = work_tree(root)
    folder = os.path.join(root, os.environ.get("GIT_DIR") or os.path.join(top, ".git"))
    if os.path.isfile(folder):
        # A linked work tree or a submodule: the file names the folder.
        with open(folder, encoding="utf-8", errors="surrogateescape") as stream:
            named = stream.readline().removeprefix("gitdir:").strip()
        folder = os.path.join(os.path.dirname(folder), named)
    return os.path.join(folder, "definition-of-done-journal")

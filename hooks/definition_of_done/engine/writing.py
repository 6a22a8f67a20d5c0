"""Files of the work tree written: several together, each in one step, none through a link out."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import is_below, write_atomically
from definition_of_done.base.printing import printable, write
from definition_of_done.base.text import decode
from definition_of_done.engine.git import work_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from definition_of_done.engine.session import Session


def target(session: Session, path: str) -> str:
    """The full path of the file that a write of `path` changes, links followed.

    Raises UsageError where a link leads out of the work tree, or into git's own folder.
    """
    top = work_tree(session.root)
    full = os.path.realpath(session.tree.full(path))
    is_inside = full != top and is_below(full, top)
    if not is_inside or ".git" in full[len(top) :].lower().split(os.sep):
        raise UsageError(f"{path}: leads out of the work tree, to {full}: it is not written")
    return full


def write_all(session: Session, files: Mapping[str, bytes]) -> None:
    """Write the contents by path, folders included: all of them, or none where a write fails.

    All are written beside their targets first, then one after the other takes its place. Raises
    UsageError, each file as it was; after a kill between two of them git shows which are new.
    """
    full = {path: target(session, path) for path in files}
    old = {path: _content(full[path]) for path in files}
    at = ""
    try:
        for at, data in files.items():
            _write_beside(full[at], data)
        for at in files:
            os.replace(_beside(full[at]), full[at])
            _flush_folder(full[at])
    except BaseException as error:
        said = f"{at}: cannot be written: {getattr(error, 'strerror', None) or error}"
        try:
            _put_back(full, old)
        except OSError:
            raise UsageError(f"{said}; `git status` shows what was written") from None
        if isinstance(error, OSError):
            raise UsageError(f"{said}; nothing is changed") from None
        raise


def create(full: str, data: bytes) -> None:
    """Write a file that is not there, folders included, in one step; raises OSError, none left."""
    try:
        _write_beside(full, data)
        os.replace(_beside(full), full)
    except BaseException:
        _drop(_beside(full))
        raise


def diff(session: Session, files: Mapping[str, bytes]) -> Iterator[str]:
    """The change of each file as a unified diff."""
    from difflib import unified_diff

    for path, data in files.items():
        old = session.tree.text(path).text if session.tree.exists(path) else ""
        sides = (f"a/{path}" if session.tree.exists(path) else "/dev/null", f"b/{path}")
        new = decode(path, data).text
        for line in unified_diff(old.splitlines(True), new.splitlines(True), *sides):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def say_written(paths: Iterable[str], what: str) -> None:
    """Print which files were written, and what for."""

    lines = [f"written: {printable(path)}" for path in paths]
    write("\n".join([*lines, f"{what}: look at the changes, then git add them"]) + "\n")


def _put_back(full: Mapping[str, str], old: Mapping[str, bytes | None]) -> None:
    """Bring the files back to what they held; raises OSError."""
    for path, data in old.items():
        _drop(_beside(full[path]))
        if _content(full[path]) == data:
            continue
        if data is None:
            os.unlink(full[path])
        else:
            write_atomically(full[path], data)


def _drop(full: str) -> None:
    if os.path.exists(full):
        os.unlink(full)


def _write_beside(full: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(_beside(full), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if os.path.exists(full):
        os.chmod(_beside(full), os.stat(full).st_mode & 0o7777)


def _beside(full: str) -> str:
    """A name in the same folder that nothing reads: a `.py` there could be a migration."""
    folder, name = os.path.split(full)
    return os.path.join(folder, f".dod-{name}.tmp")


def _flush_folder(full: str) -> None:
    """Make a replaced name last through a loss of power, where a folder can be opened."""
    if os.name != "posix":
        return
    handle = os.open(os.path.dirname(full), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(full: str) -> bytes | None:
    try:
        with open(full, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None

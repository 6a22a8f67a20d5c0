"""Write files of the work tree: several together, each in one step, none outside of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.files import is_below
from definition_of_done.base.text import BOM, Text
from definition_of_done.base.words import printable, write
from definition_of_done.engine.git import work_tree
from definition_of_done.engine.session import Session
from definition_of_done.engine.tree import decoded

_LINE = regex(r"[^\n]*\n|[^\n]+")


def target(session: Session, path: str) -> str:
    """The full path of the file that `path` leads to, links followed.

    Raises UsageError where a link leads out of the work tree, or into git's own folder.
    """
    top = work_tree(session.root)
    full = os.path.realpath(session.tree.full(path))
    is_inside = full != top and is_below(full, top)
    if not is_inside or ".git" in full[len(top) :].lower().split(os.sep):
        raise UsageError(f"{path}: leads out of the work tree, to {full}: it is not written")
    return full


def refuse_existing(session: Session, path: str) -> None:
    """Raise UsageError where something has the path of a file that is to be new."""
    if os.path.lexists(session.tree.full(path)):
        raise UsageError(f"{path} exists: it is not written over")


def write_all(session: Session, files: Mapping[str, bytes]) -> None:
    """Write all contents by path, and the folders that they need, or none where a write fails.

    Each is written beside its target first. Then one after the other takes its place. Raises
    UsageError where a write fails: each file is then as it was. After a kill between two files,
    git shows which of them are new.
    """
    full = {path: target(session, path) for path in files}
    old = {path: _old(path, full[path]) for path in files}
    at = ""
    try:
        for at, data in files.items():
            _write_beside(full[at], data)
        for at in files:
            os.replace(_beside(full[at]), full[at])
            _flush_folder(full[at])
    except BaseException as error:
        failure = f"{at}: cannot be written: {getattr(error, 'strerror', None) or error}"
        try:
            _put_back(full, old)
        except OSError:
            raise UsageError(f"{failure}; `git status` shows what was written") from None
        if isinstance(error, OSError):
            raise UsageError(f"{failure}; nothing is changed") from None
        raise


def write_one(full: str, data: bytes) -> None:
    """Write a file and its folders in one step, and keep its mode.

    Raises OSError, and then changes nothing.
    """
    try:
        _write_beside(full, data)
        os.replace(_beside(full), full)
    except BaseException:
        _drop(_beside(full))
        raise


def encoded(session: Session, text: Text, new: str) -> bytes:
    """The bytes of what takes the place of a file's text: in its encoding, and with its BOM."""
    has_bom = session.tree.exists(text.path) and session.tree.read(text.path).startswith(BOM)
    return (BOM if has_bom else b"") + new.encode(text.encoding)


def diff(session: Session, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the change of each file as lines of a unified diff, named from the run's folder."""
    from difflib import unified_diff

    for path, data in files.items():
        old = _shown(path, session.tree.read(path)) if session.tree.exists(path) else []
        named = session.folder + path
        sides = (f"a/{named}" if session.tree.exists(path) else "/dev/null", f"b/{named}")
        for line in unified_diff(old, _shown(path, data), *sides):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _shown(path: str, data: bytes) -> list[str]:
    """The lines of a file as git has them: with its BOM, and other breaks inside of a line."""
    return _LINE.findall(("\ufeff" if data.startswith(BOM) else "") + decoded(path, data).text)


def say_written(paths: Iterable[str], what: str) -> None:
    """Print the paths that were written, and what was done."""
    lines = [f"written: {printable(path)}" for path in paths]
    write("\n".join([*lines, f"{what}: look at the changes, then git add them"]) + "\n")


def _put_back(full: Mapping[str, str], old: Mapping[str, bytes | None]) -> None:
    """Bring all files back that can be; raises OSError where one of them cannot."""
    failure = None
    for path, data in old.items():
        try:
            _restore(full[path], data)
        except OSError as error:
            failure = error
    if failure:
        raise failure


def _restore(full: str, data: bytes | None) -> None:
    """Bring a file back to what it held, None for no file; raises OSError."""
    _drop(_beside(full))
    if _content(full) == data:
        return
    if data is None:
        os.unlink(full)
    else:
        write_one(full, data)


def _drop(full: str) -> None:
    if os.path.lexists(full):
        os.unlink(full)


def _write_beside(full: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(full), exist_ok=True)
    # A run that was killed left it, or it is a link that leads out.
    _drop(_beside(full))
    with open(_beside(full), "xb") as stream:
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


def _old(path: str, full: str) -> bytes | None:
    try:
        return _content(full)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _content(full: str) -> bytes | None:
    try:
        with open(full, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None

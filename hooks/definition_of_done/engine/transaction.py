"""Several files replaced together: all of them or none, also when the process is killed.

A journal in git's own folder names the files first; then every new content is written beside its
file, and only then is one file after the other replaced. Whoever runs next finds the journal of
a process that was killed: with no file replaced it takes away what was written beside them, else
it replaces the rest.
"""

import os

from definition_of_done.engine.errors import UsageError
from definition_of_done.engine.git import journal_of
from definition_of_done.engine.text import target, write_atomically

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from definition_of_done.engine.session import Session


def write_all(session: "Session", files: "Mapping[str, bytes]") -> None:
    """Write the contents by path, folders included; raises UsageError, each file as it was.

    Where even what was replaced cannot be put back, the journal stays for `recover`.
    """
    journal = journal_of(session.root)
    full = {path: target(session, path) for path in files}
    old = {path: _content(full[path]) for path in files}
    at = journal
    try:
        _record(journal, {path: (_digest(old[path]), _digest(files[path])) for path in files})
        for at, data in files.items():
            _write_beside(full[at], data)
        for at in files:
            os.replace(_beside(full[at]), full[at])
            _flush_folder(full[at])
        os.unlink(journal)
    except FileExistsError:
        raise UsageError(f"another run is under way, or was interrupted: {journal}") from None
    except BaseException as error:
        said = f"{at}: cannot be written: {getattr(error, 'strerror', None) or error}"
        try:
            _put_back(session, old)
            _clear(session, files, journal)
        except OSError:
            raise UsageError(f"{said}; run it again to bring the files in line") from None
        if isinstance(error, OSError):
            raise UsageError(f"{said}; nothing is changed") from None
        raise


def create(full: str, data: bytes) -> None:
    """Write a file that is not there, folders included, in one step; raises OSError, none left."""
    try:
        _write_beside(full, data)
        os.replace(_beside(full), full)
    except OSError:
        if os.path.exists(_beside(full)):
            os.unlink(_beside(full))
        raise


def recover(session: "Session") -> list[str]:
    """Bring a `write_all` that was killed to its end; the paths of its files where it was done.

    Where no file had been replaced, all stay as they were. Raises UsageError where one was
    changed since, so that neither is certain.
    """
    journal = journal_of(session.root)
    if not os.path.exists(journal):
        return []
    states: dict[str, str] = {}
    recorded = _recorded(journal)
    for path, (old, new) in recorded.items():
        now = _digest(_content(target(session, path)))
        states[path] = "new" if now == new else "old" if now == old else "other"
    left = [path for path, state in states.items() if state == "old"]
    if "new" not in states.values() or not left:
        # Nothing was replaced yet, or everything was.
        _clear(session, recorded, journal)
        return [] if left else list(states)
    for path, (_, new) in recorded.items():
        lost = path in left and _digest(_content(_beside(target(session, path)))) != new
        if states[path] == "other" or lost:
            raise UsageError(
                f"{path} was changed after a run that was interrupted: restore"
                f" {', '.join(states)} with git restore, then delete {journal}"
            )
    for path in left:
        full = target(session, path)
        os.replace(_beside(full), full)
        _flush_folder(full)
    os.unlink(journal)
    return list(states)


def diff(session: "Session", files: "Mapping[str, bytes]") -> "Iterator[str]":
    """The change of each file as a unified diff."""
    from difflib import unified_diff

    from definition_of_done.engine.text import decode

    for path, data in files.items():
        old = session.text(path).text if session.exists(path) else ""
        sides = (f"a/{path}" if session.exists(path) else "/dev/null", f"b/{path}")
        new = decode(path, data).text
        for line in unified_diff(old.splitlines(True), new.splitlines(True), *sides):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def say_written(paths: "Iterable[str]", what: str) -> None:
    """Print which files were written, and what for."""
    from definition_of_done.engine.report import printable, write

    lines = [f"written: {printable(path)}" for path in paths]
    write("\n".join([*lines, f"{what}: look at the changes, then git add them"]) + "\n")


def _put_back(session: "Session", old: "Mapping[str, bytes | None]") -> None:
    for path, data in old.items():
        full = target(session, path)
        if _content(full) == data:
            continue
        if data is None:
            os.unlink(full)
        else:
            write_atomically(full, data)


def _clear(session: "Session", paths: "Mapping[str, object]", journal: str) -> None:
    for full in (*(_beside(target(session, path)) for path in paths), journal):
        if os.path.exists(full):
            os.unlink(full)


def _record(journal: str, digests: "Mapping[str, tuple[str | None, str | None]]") -> None:
    import json

    # Two runs at once would each take the other's files for changed.
    with open(journal, "x", encoding="utf-8") as stream:
        json.dump(digests, stream)
        stream.flush()
        os.fsync(stream.fileno())
    _flush_folder(journal)


def _recorded(journal: str) -> "dict[str, tuple[str | None, str | None]]":
    import json

    with open(journal, encoding="utf-8") as stream:
        try:
            return {path: (old, new) for path, (old, new) in json.load(stream).items()}
        except (ValueError, AttributeError):
            # Killed while it was written: no file had been touched.
            return {}


def _write_beside(full: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(_beside(full), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if os.path.exists(full):
        os.chmod(_beside(full), os.stat(full).st_mode & 0o7777)


def _beside(full: str) -> str:
    folder, name = os.path.split(full)
    return os.path.join(folder, f".dod-{name}")


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


def _digest(data: bytes | None) -> str | None:
    if data is None:
        return None
    from hashlib import sha256

    return sha256(data).hexdigest()

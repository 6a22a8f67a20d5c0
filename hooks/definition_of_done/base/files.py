"""Files of the file system: reading one whole, and naming it from a folder."""

from __future__ import annotations

import os
import stat

# No file that people write is larger, and the parsers refuse far smaller ones.
LARGEST = 64 * 2**20
# Without O_NONBLOCK, opening a pipe takes until somebody writes to it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(full: str) -> bytes:
    """The bytes of a regular file; raises OSError.

    Raises it also for a pipe or a device, which may never end, and for a file that is too large.
    """
    # A stream would cost as much as all of this.
    handle = os.open(full, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise _refused(full, status)
        data = os.read(handle, status.st_size + 1)
        while len(data) != status.st_size and (part := os.read(handle, status.st_size + 1)):
            data += part
        return data
    finally:
        os.close(handle)


def _refused(full: str, status: os.stat_result) -> OSError:
    """The error of what is no regular file, or is too large."""
    import errno

    if stat.S_ISDIR(status.st_mode):
        return OSError(errno.EISDIR, os.strerror(errno.EISDIR), full)
    if not stat.S_ISREG(status.st_mode):
        return OSError(errno.EINVAL, "it is no regular file")
    return OSError(errno.EFBIG, f"it is larger than {LARGEST // 2**20} MiB")


def relative(full: str, folder: str) -> str:
    """The path from a folder, with `/`; the full path where it is on another drive of Windows."""
    try:
        return os.path.relpath(full, folder).replace(os.sep, "/")
    except ValueError:
        return full


def names_path(pattern: str, path: str) -> bool:
    """True where a pattern is the path, a folder above it, or a glob that matches it."""
    from fnmatch import fnmatchcase

    plain = pattern.rstrip("/")
    return path == plain or path.startswith(f"{plain}/") or fnmatchcase(path, pattern)


def is_below(path: str, folder: str) -> bool:
    """True for a full path that is the folder, or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

"""The fingerprint of a work tree: of all files there that git tracks or would add."""

from __future__ import annotations

import hashlib
import os
import stat

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.git import names

_LISTED = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")


def read_fingerprints(top: str) -> dict[str, str]:
    """The fingerprint of each file by its path below the top of a work tree.

    Git's index is only read. Raises UsageError for a file that cannot be read.
    """
    found = {}
    for path in sorted(set(names(top, *_LISTED))):
        full = os.path.join(top, path)
        try:
            found[path] = _of_file(full)
        except FileNotFoundError:
            # Deleted from the work tree alone, or left out by a sparse checkout.
            continue
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return found


def fingerprint(files: dict[str, str]) -> str:
    """The fingerprint of the work tree with these files."""
    # Neither a path nor a fingerprint holds a NUL.
    lines = (os.fsencode(f"{path}\0{mark}\0") for path, mark in files.items())
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _of_file(full: str) -> str:
    mode = os.lstat(full).st_mode
    if stat.S_ISLNK(mode):
        return f"link {os.readlink(full)}"
    if stat.S_ISDIR(mode):
        # A submodule, or a repository that git does not know.
        is_own = os.path.exists(os.path.join(full, ".git"))
        return f"folder {fingerprint(read_fingerprints(full))}" if is_own else "folder"
    if not stat.S_ISREG(mode):
        return "no file"
    with open(full, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return f"{'program' if mode & stat.S_IXUSR else 'file'} {digest}"

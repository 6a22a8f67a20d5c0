"""Stores: values that a run leaves to later ones, in the user's cache folder, by content.

A store that cannot be read or written costs time and nothing else.

A store is one file of a project. It starts with a digest over all that follows, and over this
package as it is installed, the parsers and the interpreter: another version starts anew. Then come
the number of entries, the key and the length of the value of each, oldest use first, and the
values. Nothing in it can be executed.
"""

from __future__ import annotations

import os
import sys

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import is_below
from definition_of_done.engine.git import work_tree

VARIABLE = "DEFINITION_OF_DONE_CACHE"
FORMAT = "1"
LARGEST = 8 * 2**20
LARGEST_FOLDER = 64 * 2**20
_NAME = "definition-of-done"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_DIGEST = 16
_ROW_SIZE = _DIGEST + 4
_DAY = 24 * 60 * 60
_signatures: list[str] = []


class Store:
    """The entries of a project under a name; `is_off` says that nothing is taken or kept."""

    def __init__(self, root: str, name: object, *, is_on: bool) -> None:
        self.is_off = True
        self._known: dict[bytes, bytes] = {}
        self._used: dict[bytes, bytes] = {}
        self._is_new = False
        self._new = 0
        folder = cache_folder(root) if is_on else None
        if folder is None:
            return
        try:
            self._signature = _signature()
        except OSError:
            # No folder, as in an archive.
            return
        self._folder = folder
        self._file = os.path.join(folder, digest(repr((root, _PACKAGE, name))).hex())
        self._known = self._load()
        self.is_off = False

    def get(self, key: bytes) -> bytes | None:
        """The value under a key, None where there is none."""
        found = self._known.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value, unless this run has kept so much that it would push out all others."""
        self._new += _ROW_SIZE + len(value)
        if self._new <= LARGEST // 4:
            self._used[key] = value
            self._is_new = True

    def save(self) -> None:
        """Write the new entries, together with those that other runs wrote in the meantime."""
        if self.is_off or not self._is_new:
            return
        known = self._load()
        for key, value in self._used.items():
            # The last used goes last.
            known.pop(key, None)
            known[key] = value
        try:
            _make(self._folder)
            _replace(self._file, _packed(known, self._signature))
            _sweep(self._folder)
        except OSError:
            pass
        self._is_new = False

    def _load(self) -> dict[bytes, bytes]:
        try:
            data = _own_bytes(self._file)
        except OSError:
            return {}
        start, body = data[:_DIGEST], data[_DIGEST:]
        if start != digest(self._signature, body):
            return {}
        return _unpacked(body)


def cache_folder(root: str) -> str | None:
    """The folder of the stores, None where the cache is off or would be in the work tree."""
    base = os.environ.get(VARIABLE)
    if base is None:
        base = _platform_folder()
    if base in ("", "off"):
        return None
    folder = os.path.realpath(base)
    try:
        top = work_tree(root)
    except UsageError:
        return None
    if is_below(folder, top):
        return None
    return os.path.join(folder, _NAME, FORMAT)


def _platform_folder() -> str:
    """The folder in which programs keep what they can make again; empty where there is none."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", "")
    if sys.platform == "darwin":
        folder = os.path.expanduser("~/Library/Caches")
    else:
        folder = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(folder):
            # The specification says to ignore what is not absolute.
            folder = os.path.expanduser("~/.cache")
    return folder if os.path.isabs(folder) else ""


def _signature() -> str:
    """The signature of this package, made once."""
    if not _signatures:
        _signatures.append(signature(_PACKAGE))
    return _signatures[0]


def signature(package: str) -> str:
    """A text that changes with the package, the parsers and the interpreter.

    Sources are told apart by size and time, as Python does for bytecode: to read them all would
    cost more than the start of the interpreter.
    """
    sources = []
    folders = [package]
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    sources.append((entry.path, stat.st_size, stat.st_mtime_ns))
                elif entry.name != "__pycache__" and entry.is_dir():
                    folders.append(entry.path)
    return repr((sys.version, sorted(sources), _installed()))


def _installed() -> list[str]:
    """The distributions beside this one, with their versions: the parsers are among them."""
    found = []
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")):
            try:
                names = os.listdir(folder)
            except OSError:
                continue
            found += [name for name in names if name.endswith((".dist-info", ".egg-info"))]
    return sorted(found)


def digest(text: str, data: bytes = b"") -> bytes:
    """A short name for a text with bytes, which no other text and bytes have."""
    # hashlib loads OpenSSL, which takes as long as the start of Python.
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    start = text.encode("utf-8", "surrogatepass")
    made = blake2b(b"%d\0" % len(start), digest_size=_DIGEST)
    made.update(start)
    made.update(data)
    result: bytes = made.digest()
    return result


def _own_bytes(path: str) -> bytes:
    """The bytes of a file that we wrote; raises OSError, also where it is another user's."""
    import time

    with open(path, "rb") as stream:
        stat = os.fstat(stream.fileno())
        if hasattr(os, "getuid") and stat.st_uid != os.getuid():
            raise PermissionError(path)
        # A longer one is none of ours.
        data = stream.read(2 * LARGEST)
    if time.time() - stat.st_mtime > _DAY:
        # The sweep deletes the files first that were not used for longest.
        os.utime(path)
    return data


def _packed(known: dict[bytes, bytes], signature: str) -> bytes:
    """The bytes of a store with these entries, without the oldest where they are too many."""
    size = sum(_ROW_SIZE + len(kept) for kept in known.values())
    for key in list(known):
        if size <= LARGEST:
            break
        size -= _ROW_SIZE + len(known.pop(key))
    rows = [key + len(kept).to_bytes(4, "little") for key, kept in known.items()]
    body = b"".join((len(known).to_bytes(4, "little"), *rows, *known.values()))
    return digest(signature, body) + body


def _unpacked(body: bytes) -> dict[bytes, bytes]:
    rows = 4 + _ROW_SIZE * int.from_bytes(body[:4], "little")
    if rows > len(body):
        return {}
    start = rows
    known = {}
    for at in range(4, rows, _ROW_SIZE):
        key = body[at : at + _DIGEST]
        end = start + int.from_bytes(body[at + _DIGEST : at + _ROW_SIZE], "little")
        known[key] = body[start:end]
        start = end
    return known


def _make(folder: str) -> None:
    from contextlib import suppress

    own = os.path.dirname(folder)
    os.makedirs(os.path.dirname(own), exist_ok=True)
    for path in (own, folder):
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)


def _replace(path: str, data: bytes) -> None:
    """Write a file in one step; raises OSError, and then leaves nothing."""
    temporary = f"{path}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(data)
        os.replace(temporary, path)
    except OSError:
        from contextlib import suppress

        with suppress(OSError):
            os.unlink(temporary)
        raise


def _sweep(folder: str) -> None:
    """Delete the files that were not used for longest, of all formats, until the rest fits."""
    own = os.path.dirname(folder)
    with os.scandir(own) as entries:
        formats = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    files = []
    for format in formats:
        with os.scandir(format) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    files.append((stat.st_mtime_ns, stat.st_size, entry.path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= LARGEST_FOLDER:
            break
        os.unlink(path)
        total -= size

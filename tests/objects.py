"""What git writes for `init`, `add`, `commit -m` and `checkout -b`, written without a process.

Half of the tests' time was git's own start. Where anything is unusual, a function here returns
False and has written nothing: then git itself is asked. Objects lie in one folder of the process,
which the repositories name as an alternate.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import stat
import struct
import tempfile
import time
import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

_CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
_CONFIG += b"\tlogallrefupdates = true\n"
# Where one of these is set or there, git does something else than usual.
_VARIABLES = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY")
_DATES = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")
_STATES = {"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "hooks", "index.lock", "packed-refs"}
_ALTERNATES = "objects/info/alternates"
_STAT = struct.Struct(">10I20sH")
_written: set[str] = set()

# The row of the index, mode and object, by path.
Index: TypeAlias = dict[bytes, tuple[bytes, int, bytes]]
# Mode and object, by path.
Files: TypeAlias = dict[bytes, tuple[int, bytes]]


class Commit(NamedTuple):
    """A commit that is written here: its tree, and its parent, empty for the first."""

    tree: str
    parent: str


COMMITS: dict[str, Commit] = {}
# The files of each tree of a commit.
FILES: dict[str, Files] = {}


def init(root: Path) -> bool:
    """Make an empty repository with a branch main, where there is none."""
    folder = root / ".git"
    if (folder / "HEAD").is_file():
        return True
    if os.name == "nt" or folder.exists() or _elsewhere():
        return False
    for name in ("", "/objects", "/refs", "/info"):
        os.mkdir(f"{folder}{name}")
    for name in ("/objects/info", "/objects/pack", "/refs/heads", "/refs/tags"):
        os.mkdir(f"{folder}{name}")
    _write(f"{folder}/{_ALTERNATES}", f"{_store()}\n".encode())
    _write(f"{folder}/config", _CONFIG)
    _write(f"{folder}/HEAD", b"ref: refs/heads/main\n")
    return True


def keep(root: Path, names: Iterable[str]) -> None:
    """Copy objects into the repository, which knows no others from then on."""
    (root / ".git" / _ALTERNATES).unlink(missing_ok=True)
    for name in names:
        path = f"{name[:2]}/{name[2:]}"
        if name in _written:
            (root / ".git/objects" / path).parent.mkdir(exist_ok=True)
            shutil.copy2(_store() / path, root / ".git/objects" / path)


def stage(root: Path, there: Iterable[str], gone: Iterable[str]) -> bool:
    """Add the files as `git add --force` does, and forget those that are gone."""
    folder = root / ".git"
    entries = entries_of(folder) if is_usual(root) else None
    if entries is None:
        return False
    for name in gone:
        entries.pop(os.fsencode(name), None)
    for name in there:
        path, full = os.fsencode(name), f"{root}/{name}"
        known = os.lstat(full)
        if not stat.S_ISREG(known.st_mode) or not _plain(path, entries):
            return False
        with open(full, "rb", buffering=0) as stream:
            blob = _object(b"blob", stream.read())
        entries[path] = _entry(path, known, blob)
    _write_index(folder, entries)
    return True


def commit(root: Path, message: str) -> bool:
    """Commit what is staged."""
    folder = root / ".git"
    tip = tip_of(folder)
    plain = re.fullmatch(r"\w[\w ,.()'-]*[\w.]|\w", message, re.ASCII)
    if tip is None or not plain or any(name in os.environ for name in _DATES) or not is_usual(root):
        return False
    (ref, parent), entries = tip, entries_of(folder)
    if not entries or (parent and parent not in COMMITS):
        return False
    tree = _tree([(path, mode, blob) for path, (_, mode, blob) in sorted(entries.items())])
    if parent and COMMITS[parent].tree == tree.hex():
        return False
    who = {
        name: f"{os.environ[f'GIT_{name}_NAME']} <{os.environ[f'GIT_{name}_EMAIL']}>"
        for name in ("AUTHOR", "COMMITTER")
    }
    now = f"{int(time.time())} +0000"
    lines = [f"tree {tree.hex()}", *([f"parent {parent}"] if parent else [])]
    lines += [f"author {who['AUTHOR']} {now}", f"committer {who['COMMITTER']} {now}", "", message]
    made = _object(b"commit", "".join(f"{line}\n" for line in lines).encode()).hex()
    COMMITS[made] = Commit(tree.hex(), parent)
    FILES[tree.hex()] = {path: (mode, blob) for path, (_, mode, blob) in entries.items()}
    _write_ref(folder, ref, made)
    return True


def branch(root: Path, name: str) -> bool:
    """Check out a new branch where HEAD is."""
    folder = root / ".git"
    tip = tip_of(folder)
    usual = is_usual(root) and re.fullmatch(r"[a-z][a-z0-9-]*(/[a-z0-9-]+)*", name)
    ref = folder / "refs/heads" / name
    if not usual or tip is None or not tip[1] or ref.exists() or not _free(folder, ref):
        return False
    _write_ref(folder, f"refs/heads/{name}", tip[1])
    (folder / "HEAD").write_text(f"ref: refs/heads/{name}\n")
    return True


def _free(folder: Path, ref: Path) -> bool:
    """No branch is named as a folder of this one."""
    return not any(above.is_file() for above in ref.parents if above != folder)


@cache
def _store() -> Path:
    folder, owner = Path(tempfile.mkdtemp(prefix="objects-")), os.getpid()
    folder.chmod(0o755)

    def remove() -> None:
        # A test may fork a process that ends as any other.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def _elsewhere() -> bool:
    return any(name in os.environ for name in _VARIABLES)


def is_usual(root: Path) -> bool:
    """The repository was made here, and nothing of it was set or is under way."""
    try:
        listed = os.listdir(f"{root}/.git")
        with open(f"{root}/.git/config", "rb", buffering=0) as stream:
            config = stream.read()
    except OSError:
        return False
    return config == _CONFIG and _STATES.isdisjoint(listed) and not _elsewhere()


def has_store(root: Path) -> bool:
    """The repository knows the objects that are written here."""
    try:
        with open(f"{root}/.git/{_ALTERNATES}", "rb", buffering=0) as stream:
            return stream.read() == f"{_store()}\n".encode()
    except OSError:
        return False


def content(name: str) -> tuple[bytes, bytes] | None:
    """Kind and content of an object; None where it is not written here."""
    return _content(name) if name in _written else None


@lru_cache(1024)
def _content(name: str) -> tuple[bytes, bytes]:
    head, _, data = zlib.decompress((_store() / name[:2] / name[2:]).read_bytes()).partition(b"\0")
    return head.partition(b" ")[0], data


def _plain(path: bytes, entries: Index) -> bool:
    """The path is as git keeps it, has no attributes, and no file is where it has a folder."""
    parts = path.split(b"/")
    if parts[-1] == b".gitattributes" or {b"", b".", b"..", b".git"} & set(parts):
        return False
    if any(b"/".join(parts[:depth]) in entries for depth in range(1, len(parts))):
        return False
    return path in entries or not any(name.startswith(path + b"/") for name in entries)


def tip_of(folder: Path) -> tuple[str, str] | None:
    """The branch and its commit, empty where there is none; None where HEAD names no branch."""
    head = (folder / "HEAD").read_text() if (folder / "HEAD").is_file() else ""
    ref = head.removeprefix("ref: ").strip()
    if not head.startswith("ref: refs/heads/"):
        return None
    path = folder / ref
    return ref, path.read_text().strip() if path.is_file() else ""


def _write(path: str, data: bytes) -> None:
    with open(path, "wb", buffering=0) as stream:
        stream.write(data)


def _write_ref(folder: Path, ref: str, value: str) -> None:
    (folder / ref).parent.mkdir(parents=True, exist_ok=True)
    (folder / ref).write_text(f"{value}\n")


def entries_of(folder: Path) -> Index | None:
    """What the index holds; None where it is no plain one."""
    path = folder / "index"
    if not path.is_file():
        return {}
    data = path.read_bytes()
    signature, version, count = struct.unpack_from(">4sII", data)
    if (signature, version) != (b"DIRC", 2):
        return None
    found: Index = {}
    at = 12
    for _ in range(count):
        *_, mode, _, _, _, blob, flags = _STAT.unpack_from(data, at)
        end = data.index(0, at + _STAT.size)
        name = data[at + _STAT.size : end]
        size = (end - at + 8) // 8 * 8
        # A stage is a conflict; the other flag is `assume-unchanged`.
        if flags & 0xF000 or name.endswith(b".gitattributes"):
            return None
        found[name] = (data[at : at + size], mode, blob)
        at += size
    while at < len(data) - 20:
        extension, length = struct.unpack_from(">4sI", data, at)
        if extension != b"TREE":
            return None
        at += 8 + length
    return found


def _entry(path: bytes, known: os.stat_result, blob: bytes) -> tuple[bytes, int, bytes]:
    mode = 0o100755 if known.st_mode & stat.S_IXUSR else 0o100644
    numbers = (
        *divmod(known.st_ctime_ns, 10**9),
        *divmod(known.st_mtime_ns, 10**9),
        known.st_dev,
        known.st_ino,
        mode,
        known.st_uid,
        known.st_gid,
        known.st_size,
    )
    kept = [number & 0xFFFFFFFF for number in numbers]
    data = _STAT.pack(*kept, blob, min(len(path), 0xFFF)) + path
    return data + bytes(8 - len(data) % 8), mode, blob


def _write_index(folder: Path, entries: Index) -> None:
    rows = b"".join(entries[path][0] for path in sorted(entries))
    data = struct.pack(">4sII", b"DIRC", 2, len(entries)) + rows
    (folder / "index").write_bytes(data + hashlib.sha1(data).digest())


def _tree(entries: Sequence[tuple[bytes, int, bytes]]) -> bytes:
    """Write the tree of the entries, sorted by path, and the trees below it."""
    rows: list[tuple[bytes, bytes]] = []
    below: dict[bytes, list[tuple[bytes, int, bytes]]] = {}
    for path, mode, blob in entries:
        name, slash, rest = path.partition(b"/")
        if slash:
            below.setdefault(name, []).append((rest, mode, blob))
        else:
            rows.append((name, b"%o %s\0%s" % (mode, name, blob)))
    # Git sorts a folder as if its name ended in a slash.
    rows += [(name + b"/", b"40000 %s\0%s" % (name, _tree(it))) for name, it in below.items()]
    return _object(b"tree", b"".join(row for _, row in sorted(rows)))


def _object(kind: bytes, content: bytes) -> bytes:
    data = b"%s %d\0%s" % (kind, len(content), content)
    digest = hashlib.sha1(data)
    name = digest.hexdigest()
    if name not in _written:
        path = _store() / name[:2] / name[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(data, 1))
        _written.add(name)
    return digest.digest()

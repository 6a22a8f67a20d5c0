"""Receipts: what a command ended with, and on which work tree. They lie in git's own folder."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from definition_of_done import __version__
from definition_of_done.base.files import read_regular, relative
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.fingerprint import fingerprint, read_fingerprints
from definition_of_done.engine.git import git_folder, work_tree
from definition_of_done.engine.session import Session, lasting, once

ROUNDTRIP = ("alembic-roundtrip",)
# A receipt is small, and an old one proves nothing that a newer one does not.
_LARGEST = 64 * 2**10
_MOST = 50
_FOLDER = ("definition-of-done", "receipts")


class Receipt(NamedTuple):
    """A command that ran in a folder of the work tree, and the exit code that it ended with.

    `before` and `after` are the fingerprints of the work tree. `about` names what the run was
    about, where that is not all. `time` is UTC. `code_tree` is the fingerprint without pages and
    the version, empty where nobody made it.
    """

    command: tuple[str, ...]
    folder: str
    code: int
    before: str
    after: str
    about: tuple[str, ...]
    time: str
    version: str
    code_tree: str = ""

    @property
    def label(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.command)


class Receipts(NamedTuple):
    """The receipts of a work tree, newest first, and the names of files that are none."""

    kept: tuple[Receipt, ...]
    broken: tuple[str, ...]


def keep_receipt(
    root: str,
    command: Sequence[str],
    folder: str,
    code: int,
    trees: tuple[str, str],
    about: Iterable[str] = (),
    code_tree: str = "",
) -> Receipt:
    """Write the receipt of a command that ended now, with the trees before and after it.

    It replaces one of the same command on the same tree. Raises OSError.
    """
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    new = Receipt(tuple(command), folder, code, *trees, tuple(about), time, __version__, code_tree)
    home = _folder(root)
    os.makedirs(home, exist_ok=True)
    key = json.dumps([new.command, folder, new.after])
    full = os.path.join(home, f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json")
    temporary = f"{full}.{os.getpid()}"
    with open(temporary, "w", encoding="ascii") as stream:
        json.dump(new._asdict(), stream, indent=2)
    os.replace(temporary, full)
    files = [os.path.join(home, name) for name in os.listdir(home)]
    for old in sorted(files, key=os.path.getmtime)[:-_MOST]:
        os.unlink(old)
    return new


def keep_roundtrip(session: Session, revisions: Iterable[str], before: str, *, code: int) -> None:
    """Keep a receipt of migrations that ran up, down and up again; where it cannot, none."""
    root = session.root
    with suppress(OSError):
        trees = (before, tree_of(root))
        keep_receipt(root, ROUNDTRIP, folder_of(root), code, trees, sorted(revisions))


@lasting
def read_receipts(session: Session) -> Receipts:
    """Read the receipts, once."""
    folder = _folder(session.root)
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    except OSError:
        return Receipts((), ())
    read = {name: _read(os.path.join(folder, name)) for name in names}
    kept = sorted(filter(None, read.values()), key=lambda receipt: receipt.time, reverse=True)
    return Receipts(tuple(kept), tuple(name for name in names if read[name] is None))


def receipts_of(session: Session, commands: Iterable[Sequence[str]]) -> list[Receipt]:
    """The receipts of commands that ran at the root of the project, newest first."""
    wanted, folder = {tuple(command) for command in commands}, folder_of(session.root)
    return [
        receipt
        for receipt in read_receipts(session).kept
        if receipt.command in wanted and receipt.folder == folder
    ]


def current_tree(session: Session) -> str:
    """The fingerprint of the work tree as it is now."""
    return fingerprint(current_files(session))


@once
def current_files(session: Session) -> dict[str, str]:
    """The fingerprint of each file of the work tree as it is now, made once."""
    return read_fingerprints(work_tree(session.root))


def tree_of(root: str) -> str:
    """The fingerprint of the whole work tree that holds a folder."""
    return fingerprint(read_fingerprints(work_tree(root)))


def folder_of(full: str) -> str:
    """The path of a folder from the top of its work tree."""
    return relative(os.path.realpath(full), work_tree(full))


def _folder(root: str) -> str:
    return os.path.join(git_folder(root), *_FOLDER)


def _read(full: str) -> Receipt | None:
    """The receipt in a file, None where it holds none."""
    try:
        data = read_regular(full)
        values = json.loads(data) if len(data) <= _LARGEST else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    values = {**Receipt._field_defaults, **values}
    if values.keys() != set(Receipt._fields):
        return None
    texts = ("folder", "before", "after", "time", "version", "code_tree")
    lists = (values["command"], values["about"])
    fits = (
        all(isinstance(values[name], str) for name in texts)
        and all(isinstance(words, list) for words in lists)
        and all(isinstance(word, str) for words in lists for word in words)
        and type(values["code"]) is int
        and bool(values["command"])
    )
    if not fits:
        return None
    return Receipt(**{**values, "command": tuple(lists[0]), "about": tuple(lists[1])})

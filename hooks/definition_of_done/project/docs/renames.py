"""The files of the branch that only have another name: most of their lines stood in one file."""

from __future__ import annotations

from collections import Counter

from definition_of_done.engine.session import Session


def is_renamed(session: Session, path: str) -> bool:
    """True for an added Python file that holds more than half of what a deleted one held."""
    gone = session.cache.keep("lines of deleted files", lambda: _deleted(session))
    lines = _lines(session.tree.read(path)) if gone else Counter()
    size = lines.total()
    return any((old & lines).total() * 2 > max(old.total(), size) for old in gone)


def _deleted(session: Session) -> list[Counter[bytes]]:
    return [
        _lines(session.branch.read_before(path))
        for path, letter in session.branch.changed_or_nothing().items()
        if letter == "D" and path.endswith(".py")
    ]


def _lines(data: bytes) -> Counter[bytes]:
    """The lines of a file without blank ones."""
    return Counter(filter(None, map(bytes.strip, data.split(b"\n"))))

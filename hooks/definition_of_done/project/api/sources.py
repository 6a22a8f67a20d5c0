"""The Python code of the new side, and a search for names in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_code, named_layer

# Up to so many names are sought by expressions.
_FEW = 50
# So many pairs of a file's words are joined at most.
_MOST_PAIRS = 1_000_000


def read_sources(session: Session, without: Collection[str] = ()) -> Iterator[bytes]:
    """Yield the bytes of each Python file that is no test; what nobody else read is forgotten.

    Files of the layers `without` are left out.
    """
    read_before = session.tree.paths_read
    for path in session.tree.tracked:
        if is_source(session, path, without) and session.tree.exists(path):
            yield session.tree.read(path)
            if path not in read_before:
                session.tree.forget(path)


def is_source(session: Session, path: str, without: Collection[str]) -> bool:
    """True for a Python file that is no test, and of no layer `without`."""
    return is_code(path) and not (without and named_layer(session, path) in without)


def spelt_in(sources: Iterable[bytes], names: Iterable[str]) -> Iterator[str]:
    """Yield those of the names that the sources have somewhere, in snake_case or camelCase."""
    left = set(names)
    for data in sources:
        # A few expressions are found sooner than all words; many take long to make.
        words = _joined_words(data) if len(left) > _FEW else None
        found = {name for name in left if _is_spelt(name, data, words)}
        yield from found
        left -= found
        if not left:
            return


def _is_spelt(name: str, data: bytes, words: set[bytes] | None) -> bool:
    plain = name.replace("_", "")
    if words is not None and plain and plain.isascii():
        return plain.lower().encode() in words
    return bool(_spelt(name).search(data))


def _joined_words(data: bytes) -> set[bytes] | None:
    """The words of a file, and all runs of their parts between `_`, in lower case without any `_`.

    None where those would be too many.
    """
    found: set[bytes] = set()
    left = _MOST_PAIRS
    for word in set(re.findall(rb"[a-z0-9_]+", data.lower())):
        parts = word.replace(b"_", b" ").split()
        left -= len(parts) ** 2
        if left < 0:
            return None
        for start in range(len(parts)):
            found.update(b"".join(parts[start:end]) for end in range(start + 1, len(parts) + 1))
    return found


@cache
def _spelt(name: str) -> re.Pattern[bytes]:
    letters = "_*".join(re.escape(letter) for letter in name.replace("_", ""))
    return re.compile(rf"(?<![a-z0-9]){letters}(?![a-z0-9])".encode(), re.I)

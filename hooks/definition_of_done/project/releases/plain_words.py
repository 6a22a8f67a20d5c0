"""The highlights of a changelog page hold what only an engineer knows: code, paths and names."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.project.api.sources import read_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot
    from definition_of_done.engine.session import Session
    from definition_of_done.project.releases.changelog import ChangelogPage
    from definition_of_done.readers.page import Piece

_URL = regex(r"(?<!\w)\w{1,20}://\S+|(?<![\w.+-])[\w.+-]{1,100}@[\w.-]+")
_FILE = r"[\w-]+(?:\.[\w-]+)*\.(?:py|graphql|gql|md|ya?ml|toml|ini|cfg|sql|sh)\b"
_PATH = rf"(?:\./)?(?:[\w.-]+/)+(?:{_FILE}|[\w-]+)"
_SNAKE = r"_*[^\W_]+(?:_+[^\W_]+)+"
_CAMEL = r"[A-Z]?[a-z0-9]+(?:[A-Z][a-z0-9]*)+"
_WORD = regex(rf"(?<![\w./-])(?:{_PATH}|{_FILE}|{_SNAKE}|{_CAMEL})(?![\w/])")
_CERTAIN = regex(rf"(?:\./)?(?:[\w.-]+/)*{_FILE}")
# Longer text is no highlight.
_LONGEST = 2_000
_HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")


def words_to_ask(page: ChangelogPage) -> list[str]:
    """The words and paths of the highlights that may name something of the project, each once."""
    found = [
        word
        for pieces in _highlights(page)
        for word, _ in _words(pieces)
        if not _CERTAIN.fullmatch(word)
    ]
    return list(dict.fromkeys(found))


def jargon(page: ChangelogPage) -> Iterator[tuple[Spot, list[str]]]:
    """Yield the names in each highlight that only an engineer knows, and the place of the first.

    `page.naming` has the words that name something of the project.
    """
    for pieces in _highlights(page):
        found: list[tuple[str, Spot]] = [
            (piece.text.strip(), piece.spot) for piece in pieces if piece.kind == "code"
        ]
        found += (
            (word, spot)
            for word, spot in _words(pieces)
            if word in page.naming or _CERTAIN.fullmatch(word)
        )
        found.sort(key=lambda word: word[1].key)
        if found:
            yield found[0][1], list(dict.fromkeys(word for word, _ in found))


def named_in(session: Session, words: Iterable[str]) -> frozenset[str]:
    """The words that name a file, a folder, a table, a field or a class of the project."""
    found = {word for word in words if "/" in word and _is_there(session, word)}
    left = {word: _pattern(word) for word in words if "/" not in word}
    for path in session.config["schema-exports"] if left else ():
        if session.tree.exists(path):
            data = session.tree.read(path)
            found |= {word for word in left if _field(word).search(data)}
    for data in read_sources(session) if left.keys() - found else ():
        found |= {word for word, pattern in left.items() if pattern.search(data)}
        if found >= left.keys():
            break
    return frozenset(found)


def _highlights(page: ChangelogPage) -> Iterator[list[Piece]]:
    """Yield the pieces of each highlight."""
    for block in page.blocks("Highlights"):
        starts = [item.spot.line for item in block.items] or [block.spot.line]
        groups: list[list[Piece]] = [[] for _ in starts]
        for piece in block.pieces:
            groups[max(bisect(starts, piece.spot.line) - 1, 0)].append(piece)
        yield from groups


def _words(pieces: Iterable[Piece]) -> Iterator[tuple[str, Spot]]:
    for piece in pieces:
        if piece.kind == "text" and len(piece.text) < _LONGEST:
            text = _URL.sub(lambda found: " " * len(found[0]), piece.text)
            for word in _WORD.finditer(text):
                yield word[0], piece.spot.moved(word.start())


def _is_there(session: Session, path: str) -> bool:
    path = path.removeprefix("./").rstrip("/")
    return any(f"{tracked}/".startswith(f"{path}/") for tracked in session.tree.listed)


def _pattern(word: str) -> re.Pattern[bytes]:
    """The expression for a name in Python; a word in camel case may be the name of a product."""
    name = re.escape(word)
    if "_" in word:
        return re.compile(rf"(?<!\w){name}(?!\w)".encode())
    if word[0].isupper():
        return re.compile(rf"^\s*class\s+{name}\s*[(:]".encode(), re.M)
    snake = re.escape(_HUMP.sub("_", word).lower())
    return re.compile(rf"\bdef\s+{snake}\s*\(|^\s+{snake}\s*[:=]".encode(), re.M)


def _field(word: str) -> re.Pattern[bytes]:
    """The expression for a type or a field in a schema."""
    name = re.escape(word)
    kinds = "type|input|enum|interface|scalar|union"
    return re.compile(rf"^\s*(?:(?:{kinds})\s+{name}\b|{name}\s*[(:])".encode(), re.M)

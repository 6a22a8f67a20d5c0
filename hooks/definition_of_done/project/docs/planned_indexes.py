"""Finds the indexes that feature pages plan together with the query that needs them."""

from __future__ import annotations

import re
from itertools import groupby

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.migrations.key_indexes import key_indexes
from definition_of_done.project.migrations.shared import read_shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.readers.page import Block, ListItem

_INDEX = re.compile(r"\b(?:index(?:es|ed)?|indices)\b", re.I)
_QUERY = re.compile(
    r"(?<!\bno )\b(?:quer(?:y|ies)|resolvers?|filter\w*|sort(?:s|ed|ing)?|order(?:s|ed)? by"
    r"|join(?:s|ed)?|look(?:s|ed)?[ -]?ups?|search(?:es|ed)?|selects?|where)\b",
    re.I,
)
_NONE = ["-"]
_NOT_PLANNED = ("Out of scope", "Open questions", "Future additions")


def planned_indexes(session: Session, path: str) -> tuple[str, ...]:
    """The keys of a migration's indexes that a feature page plans with a query.

    A file that cannot be read plans nothing: other rules report it.
    """

    def keys() -> list[str]:
        return [index.key for index in key_indexes(read_shared(session, path))] or _NONE

    try:
        data = session.tree.read(path)
        found = session.cache.recall_names("indexes on foreign keys", data, keys)
        if found == _NONE:
            return ()
        return tuple(
            key for key in found if any(_plans(page, key) for page in _pages(session, key))
        )
    except (Unreadable, RecursionError, OSError):
        return ()


def _pages(session: Session, key: str) -> Iterator[FeaturePage]:
    """Yield the pages that hold the column or the index; only these are parsed."""
    label, _, name = key.partition(" ")
    marks = [mark.encode() for mark in (label.rpartition(".")[2], name) if mark]
    for path in session.tree.tracked:
        if is_feature_page(session, path) and session.tree.exists(path):
            data = session.tree.read(path)
            if any(mark in data for mark in marks):
                yield feature_page_of(session, path)


def _plans(page: FeaturePage, key: str) -> bool:
    label, _, name = key.partition(" ")
    full, _, column = label.rpartition(".")
    table = full.rpartition(".")[2]
    surface = page.section("GraphQL surface")
    own = {_plain(word) for word in (table, column, name)}
    words = [word for piece in (surface.code if surface else ()) for word in _words(piece.text)]
    fields = {word for word in words if _plain(word) not in own}
    is_of_table = _has(page.page.text.text, table)
    for text in _texts(page):
        by_column = is_of_table and _has(text, column) and _INDEX.search(text)
        needs = _QUERY.search(text) or any(_has(text, field) for field in fields)
        if needs and (by_column or (name and _has(text, name))):
            return True
    return False


def _texts(page: FeaturePage) -> Iterator[str]:
    for section in page.sections:
        if section.name not in _NOT_PLANNED:
            yield from _units(section.section.blocks)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _plain(word: str) -> str:
    return word.replace("_", "").lower()


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _units(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the texts that say one thing each: paragraphs, items with what is around, rows."""
    for block in blocks:
        if block.items:
            yield from _of_items(block.items, "")
        elif block.kind == "paragraph":
            yield " ".join(line.text for line in block.lines)
        else:
            rows = [
                [line.text for line in row]
                for _, row in groupby(block.lines, lambda line: line.spot.line)
            ]
            for row in rows[1:]:
                # The heads say what the cells are, unless one is empty.
                yield " ".join([*(rows[0] if len(row) == len(rows[0]) else ()), *row])


def _of_items(items: Sequence[ListItem], above: str) -> Iterator[str]:
    for item in items:
        yield " ".join([above, *(nested.text for nested in item.all_items)])
        yield from _of_items(item.items, f"{above} {item.text}")

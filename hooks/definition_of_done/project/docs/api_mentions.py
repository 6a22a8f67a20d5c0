"""The names of the API that other sections than GraphQL surface mention."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import final_pages
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import mentions_of
from definition_of_done.project.docs.page_section import PageSection
from definition_of_done.project.docs.section_names import FUTURE
from definition_of_done.project.docs.surface import Ghost, api_names, not_there
from definition_of_done.readers.page import Piece

_WORDS = r"(?:quer(?:y|ies)|mutations?|subscriptions?|types?|inputs?|enums?|interfaces?)"
_BEFORE = regex(rf"\b{_WORDS}[\s:*`\[(]*\Z", re.I)
_BEHIND = regex(rf"[`*\])]*\s+{_WORDS}\b", re.I)
_HUMPS = regex(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+")
_SUFFIX = regex(r"(?:[A-Z][a-z0-9]+)+(?:Type|Input|Enum|Payload|Connection|Edge)")
# Names of the frontend's own: hooks and handlers, and what a word beside them says.
_OF_FRONTEND = regex(r"(?:use|on|handle|is|has|can|set|render|show)[A-Z]")
_FRONTEND_WORD = regex(
    r"\b(?:components?|composables?|hooks?|stores?|props?|propert(?:y|ies)|states?|handlers?|events?"
    r"|routes?|class(?:es)?|modules?|flags?|keys?|params?|parameters?|arguments?|variables?"
    r"|callbacks?|slots?|local ?storage)\b",
    re.I,
)


def read_ghosts(session: Session, name: str) -> list[Ghost]:
    """Read the names of the API in a section of the final pages that exist nowhere in the end.

    What Future additions name is put off.
    """
    candidates: list[Ghost] = []
    for page in final_pages(session):
        put_off = mentions_of([page], FUTURE)
        candidates += [
            Ghost(piece.spot, found)
            for section in page.all_sections(name)
            for piece in _code(section)
            if _is_of_api(page, piece)
            for found in api_names(piece.text)
            if not put_off.has_word(found)
        ]
    return list(not_there(session, candidates))


def _code(section: PageSection) -> Iterator[Piece]:
    """Yield the code of a section; in a part of a list only the items have it."""
    items = (piece for item in section.all_items for piece in item.code)
    yield from {piece.spot.key: piece for piece in (*section.code, *items)}.values()


def _is_of_api(page: FeaturePage, piece: Piece) -> bool:
    """True where the name or a word beside it says that it is one of GraphQL's."""
    text, at = page.page.text.line(piece.spot.line), piece.spot.column - 1
    before, behind = text[:at], text[at:].lstrip("`")[len(piece.text) :]
    if _BEFORE.search(before) or _BEHIND.match(behind):
        return True
    name = re.split(r"[.(]", piece.text.strip())[0]
    if _SUFFIX.fullmatch(name):
        return True
    beside = before[-40:] + behind[:40]
    return bool(
        _HUMPS.fullmatch(name)
        and not _OF_FRONTEND.match(name)
        and not _FRONTEND_WORD.search(beside)
    )

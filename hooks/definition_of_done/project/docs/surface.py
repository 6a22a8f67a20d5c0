"""The branch's GraphQL names are compared with what its pages tell of them and the frontend."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import few, listed
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.declarations import TYPES
from definition_of_done.project.api.graphql import read_exports, shown_names
from definition_of_done.project.api.sources import is_source, read_sources, spelt_in
from definition_of_done.project.docs.branch_pages import (
    branch_pages,
    final_pages,
    final_sections,
    other_words,
    shipped,
)
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import heading_spot, is_written, mentions_of
from definition_of_done.project.docs.sections import (
    FRONTEND,
    SURFACE,
    PageSection,
    is_asked,
)
from definition_of_done.project.layout import REPOSITORY, SERVICE
from definition_of_done.project.without import left_out
from definition_of_done.readers.page import Piece

# This code is a name, a field of a type, or a field with its arguments and type.
_NAME = regex(r"([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\s*+(?:\(.*\))?\s*+(?::[\s\[\]\w!]+)?", re.S)
# These are words of the language, and scalars that it or Strawberry brings along.
_LANGUAGE = frozenset(
    (
        "query mutation subscription type input enum interface union scalar directive extend schema"
        " implements fragment on true false null Query Mutation Subscription Int Float String"
        " Boolean ID Date DateTime Time Decimal UUID JSON Void Upload None"
    ).split()
)
_CAMEL = regex(r"[a-z]+[A-Z][A-Za-z0-9]*")
# The words beside a name, and the forms of one, that say that it is GraphQL's.
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


class Undocumented(NamedTuple):
    """A thing that the branch adds and its pages do not name.

    `spot` is the heading of the section. `description` is its kind, name and place, `name` its
    name in GraphQL. `python_name` is set where the page has that name instead.
    """

    spot: Spot
    description: str
    name: str
    python_name: str


class Ghost(NamedTuple):
    """A name on a shipped page that neither the code nor an exported schema has."""

    spot: Spot
    name: str


class Shown(NamedTuple):
    """A thing that the API shows anew; GraphQL may show it under any of the `names`."""

    kind: str
    names: tuple[str, ...]
    python_name: str
    spot: Spot


class Unsaid(NamedTuple):
    """A section on the frontend that says None beside the `added` names of the API."""

    spot: Spot
    added: str


class Surface(NamedTuple):
    """The things that no page names or tells the frontend, and names of what does not exist."""

    undocumented: tuple[Undocumented, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()
    frontend_ghosts: tuple[Ghost, ...] = ()


def read_surface(session: Session) -> Surface:
    """Compare code and pages; nothing is said where no page of the branch has the section."""
    pages = branch_pages(session)
    if not pages:
        return Surface()
    is_there = any(is_written(page, SURFACE) for page in pages)
    return Surface(
        tuple(_undocumented(session, pages)) if is_there else (),
        tuple(_surface_ghosts(session, pages)),
        tuple(_unsaid(session, pages)),
        tuple(read_ghosts(session, FRONTEND)),
    )


def _unsaid(session: Session, pages: list[FeaturePage]) -> Iterator[Unsaid]:
    sections = [section for page in pages for section in page.all_sections(FRONTEND)]
    if not sections or not all(section.says_none for section in sections):
        return
    if not is_asked(FRONTEND, left_out(session.config)):
        return
    others = other_words(session)
    shown = [
        f"{part.kind} {part.names[0]}"
        for part in read_shown(session)
        if not any(words.has_word(name) for words in others for name in part.names)
    ]
    if shown:
        yield Unsaid(sections[0].heading.spot, listed(few(shown, 1)))


def _undocumented(session: Session, pages: list[FeaturePage]) -> Iterator[Undocumented]:
    """Yield what the API shows anew and the section GraphQL surface does not name."""
    mentions, spot = mentions_of(pages, SURFACE), heading_spot(pages, SURFACE)
    for kind, names, python_name, place in read_shown(session):
        if any(mentions.has_word(name) for name in names):
            continue
        description = f"{kind} {names[0]} at {place.path}:{place.line}"
        named_instead = python_name if mentions.has_word(python_name) else ""
        yield Undocumented(spot, description, names[0], named_instead)


@once
def read_shown(session: Session) -> list[Shown]:
    """Read all that the API shows anew; raises NotEvaluated where there is no base."""
    added, exports = read_added(session), read_exports(session)
    # An export that the branch renews holds the new names that the API shows.
    is_new = any(
        path in session.branch.changed_or_nothing() for path in session.config["schema-exports"]
    )
    shown: list[Shown] = []
    for declared in added.declarations:
        name = declared.name
        is_hidden = exports is not None and name not in exports and (is_new or declared.is_base)
        if declared.kind in TYPES and name is not None and not is_hidden:
            shown.append(Shown(declared.kind, (name,), declared.label, declared.spot))
    for field in added.operations:
        names = shown_names(session, field)
        if exports is None or not is_new or exports & set(names):
            shown.append(Shown(field.kind, names, field.attribute, field.spot))
    return shown


def _surface_ghosts(session: Session, pages: list[FeaturePage]) -> Iterator[Ghost]:
    """Yield the names of the section GraphQL surface of shipped pages that exist nowhere."""
    final = {*shipped(session, [page.path for page in pages])}
    if session.looks_ahead:
        final |= {page.path for page in final_pages(session)}
    candidates = [
        Ghost(piece.spot, name)
        for page in pages
        if page.path in final
        for section in page.all_sections(SURFACE)
        for piece in section.code
        for name in _api_names(piece.text)
    ]
    yield from not_there(session, candidates)


def read_ghosts(session: Session, name: str) -> Iterator[Ghost]:
    """Yield the names of the API in a section of the final pages that exist nowhere in the end.

    What Future additions name is put off.
    """
    candidates = [
        Ghost(piece.spot, found)
        for page, section, put_off in final_sections(session, name)
        for piece in _code(section)
        if _is_of_api(page, piece)
        for found in _api_names(piece.text)
        if not put_off.has_word(found)
    ]
    yield from not_there(session, candidates)


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


def _api_names(code: str) -> list[str]:
    """The names of a piece of code that is a name of the API, or a field of a type."""
    found = _NAME.fullmatch(code.strip())
    names = found.groups() if found else ()
    return [name for name in names if name and name not in _LANGUAGE]


def not_there(
    session: Session, candidates: list[Ghost], without: Collection[str] = ()
) -> Iterator[Ghost]:
    """Yield the names that no code and no exported schema has, now or on the base.

    Code of the layers `without` does not count.
    """
    if not candidates:
        return
    exports = read_exports(session) or set()
    unknown = {ghost.name for ghost in candidates} - exports
    if unknown:
        # A page may name a thing because the branch takes it away.
        unknown -= read_exports(session, session.branch.before) or set()
    if unknown:
        # A name in camelCase is the API's, and a method of a service does not show it there.
        api = {name for name in unknown if exports and _CAMEL.fullmatch(name)}
        unknown -= set(spelt_in(_sources(session, without), unknown - api))
        unknown -= set(spelt_in(_sources(session, (SERVICE, REPOSITORY)), api))
    yield from (ghost for ghost in candidates if ghost.name in unknown)


def _sources(session: Session, without: Collection[str]) -> Iterator[bytes]:
    """Yield the Python files of the new side, then the changed ones as they were before.

    Those of the layers `without` are left out.
    """
    yield from read_sources(session, without)
    for path, letter in session.branch.changed_or_nothing().items():
        if letter != "A" and is_source(session, path, without):
            try:
                yield session.branch.read_before(path)
            except (FileNotFoundError, Unreadable):
                continue

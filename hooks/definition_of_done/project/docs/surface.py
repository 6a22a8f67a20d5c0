"""The branch's GraphQL names are compared with the section GraphQL surface of its pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import Added, read_added, read_exports, shown_names
from definition_of_done.project.api.declarations import TYPES
from definition_of_done.project.api.sources import is_source, read_sources, spelt_in
from definition_of_done.project.docs.branch_pages import final_pages, shipped
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import heading_spot, mentions_of
from definition_of_done.project.docs.section_names import SURFACE
from definition_of_done.project.layout import REPOSITORY, SERVICE

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


def undocumented(session: Session, pages: list[FeaturePage]) -> Iterator[Undocumented]:
    """Yield what the API shows anew and the section GraphQL surface does not name."""
    mentions, spot = mentions_of(pages, SURFACE), heading_spot(pages, SURFACE)
    for kind, names, python_name, place in read_shown(session):
        if any(mentions.has_word(name) for name in names):
            continue
        description = f"{kind} {names[0]} at {place.path}:{place.line}"
        named_instead = python_name if mentions.has_word(python_name) else ""
        yield Undocumented(spot, description, names[0], named_instead)


def read_shown(session: Session) -> list[Shown]:
    """Read all that the API shows anew; raises NotEvaluated where there is no base."""
    return session.cache.keep("shown anew", lambda: list(_shown(session, read_added(session))))


def _shown(session: Session, added: Added) -> Iterator[Shown]:
    exports = read_exports(session)
    # An export that the branch renews holds the new names that the API shows.
    is_new = any(
        path in session.branch.changed_or_nothing() for path in session.config["schema-exports"]
    )
    for declared in added.declarations:
        name = declared.name
        is_hidden = exports is not None and name not in exports and (is_new or declared.is_base)
        if declared.kind in TYPES and name is not None and not is_hidden:
            yield Shown(declared.kind, (name,), declared.label, declared.spot)
    for field in added.operations:
        names = shown_names(session, field)
        if exports is None or not is_new or exports & set(names):
            yield Shown(field.kind, names, field.attribute, field.spot)


def surface_ghosts(session: Session, pages: list[FeaturePage]) -> Iterator[Ghost]:
    """Yield the names of the section GraphQL surface of shipped pages that exist nowhere."""
    final = {*shipped(session, [page.path for page in pages])}
    if session.looks_ahead:
        final |= {page.path for page in final_pages(session)}
    candidates = [
        Ghost(piece.spot, name)
        for page in pages
        if page.path in final
        for section in page.sections
        if section.name == SURFACE
        for piece in section.code
        for name in api_names(piece.text)
    ]
    yield from not_there(session, candidates)


def api_names(code: str) -> list[str]:
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


def _sources(session: Session, without: Collection[str] = ()) -> Iterator[bytes]:
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

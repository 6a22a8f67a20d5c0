"""What the branch adds with Strawberry against what its feature pages name as GraphQL surface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import Added, read_added, read_exports, shown_names
from definition_of_done.project.api.spelling import spelt_in
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.feature_page import SURFACE, FeaturePage
from definition_of_done.project.docs.mentions import Mentions, heading_spot
from definition_of_done.project.layout import is_test

_KINDS = ("type", "input", "interface", "enum")
# Code that is a name, a field of a type, or a field with its arguments and type.
_NAME = re.compile(r"([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\s*+(?:\(.*\))?\s*+(?::[\s\[\]\w!]+)?", re.S)
# Words of the language itself, and scalars that it or Strawberry brings along.
_LANGUAGE = frozenset(
    (
        "query mutation subscription type input enum interface union scalar directive extend schema"
        " implements fragment on true false null Query Mutation Subscription Int Float String"
        " Boolean ID Date DateTime Time Decimal UUID JSON Void Upload None"
    ).split()
)


class Undocumented(NamedTuple):
    """What the branch adds and no page of it names; `spot` is the section's heading.

    `what` names it with its place; `name` is how GraphQL shows it; `instead` is the name in Python
    where the page has that one.
    """

    spot: Spot
    what: str
    name: str
    instead: str


class Ghost(NamedTuple):
    """A name on a page in its final form that neither the code nor an exported schema has."""

    spot: Spot
    name: str


class Surface(NamedTuple):
    """What is not named, and what is named and does not exist."""

    undocumented: tuple[Undocumented, ...]
    ghosts: tuple[Ghost, ...]


def read_surface(session: Session) -> Surface:
    """The differences, none where the branch has no feature page.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return Surface((), ())
    mentions = Mentions(one for page in pages for one in page.sections if one.name == SURFACE)
    spot = heading_spot(pages, SURFACE)
    undocumented = tuple(
        Undocumented(spot, f"{kind} {names[0]} at {at.path}:{at.line}", names[0], instead)
        for kind, names, attribute, at in _added(session, read_added(session))
        if not any(mentions.has_word(name) for name in names)
        for instead in [attribute if mentions.has_word(attribute) else ""]
    )
    return Surface(undocumented, tuple(_ghosts(session, pages)))


def _added(session: Session, added: Added) -> Iterator[tuple[str, tuple[str, ...], str, Spot]]:
    """Kind, names, name in Python and place of all that the API shows anew."""
    exports = read_exports(session)
    # An export that the branch renews knows what of it the API shows.
    is_new = any(
        path in session.branch.changed_or_nothing() for path in session.config["schema-exports"]
    )
    for one in added.declarations:
        is_hidden = exports is not None and one.name not in exports and (is_new or one.is_base)
        if one.kind in _KINDS and one.name is not None and not is_hidden:
            yield one.kind, (one.name,), one.label, one.spot
    for operation in added.operations:
        field = operation.field
        names = shown_names(session, field)
        if exports is None or not is_new or exports & set(names):
            yield operation.kind, names, field.attribute, field.spot


def _ghosts(session: Session, pages: list[FeaturePage]) -> Iterator[Ghost]:
    final = shipped(session, [page.path for page in pages])
    candidates = [
        Ghost(piece.spot, name)
        for page in pages
        if page.path in final
        for section in page.sections
        if section.name == SURFACE
        for piece in section.code
        if (found := _NAME.fullmatch(piece.text.strip()))
        for name in found.groups()
        if name and name not in _LANGUAGE
    ]
    if not candidates:
        return
    exports = read_exports(session) or set()
    unknown = {one.name for one in candidates} - exports
    if unknown:
        # What the branch takes away is part of the surface that it changes.
        unknown -= read_exports(session, session.branch.base or "HEAD") or set()
    if unknown:
        unknown -= set(spelt_in(_sources(session), unknown))
    yield from (one for one in candidates if one.name in unknown)


def _sources(session: Session) -> Iterator[bytes]:
    """The Python files of the new side, then what the branch had of those that it changes."""
    known = session.tree.paths_read
    for path in session.tree.tracked:
        if path.endswith(".py") and not is_test(path) and session.tree.exists(path):
            yield session.tree.read(path)
            if path not in known:
                session.tree.forget(path)
    for path, letter in session.branch.changed_or_nothing().items():
        if path.endswith(".py") and letter != "A" and not is_test(path):
            try:
                yield session.branch.read_at(session.branch.base or "HEAD", path)
            except (FileNotFoundError, Unreadable):
                continue

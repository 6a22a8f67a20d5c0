"""The branch's GraphQL names are compared with what its pages tell the frontend."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.api_mentions import read_ghosts
from definition_of_done.project.docs.branch_pages import branch_pages, other_words
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import is_written
from definition_of_done.project.docs.section_names import FRONTEND, SURFACE, is_asked
from definition_of_done.project.docs.surface import (
    Ghost,
    Undocumented,
    read_shown,
    surface_ghosts,
    undocumented,
)
from definition_of_done.project.without import left_out


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
        tuple(undocumented(session, pages)) if is_there else (),
        tuple(surface_ghosts(session, pages)),
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
        more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
        yield Unsaid(sections[0].heading.spot, shown[0] + more)

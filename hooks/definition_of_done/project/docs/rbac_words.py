"""The section RBAC of the branch's pages is compared with the members of Path and Resource."""

from __future__ import annotations

import re

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Member
from definition_of_done.project.api.rbac import ENUMS, read_both, read_rbac
from definition_of_done.project.docs.branch_pages import branch_pages, final_pages, other_words
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import Mentions, Words, is_written, mentions_of
from definition_of_done.project.docs.sections import FUTURE, RBAC, PageSection

_MENU = regex(r"\b(?:menus?|sub-?menus?|side-?bars?|nav(?:bar|igation)?|entr(?:y|ies))\b", re.I)
_BACKFILL = regex(r"back-?fill|\bscripts?\b|\bexisting (?:tenants?|roles?|customers?)\b", re.I)
_MEMBER = regex(r"\b(Path|Resource)\.([A-Z][A-Z0-9_]*)\b")


class SaidOfAccess(NamedTuple):
    """A fault of a section; `fault` names it, `members` are the new ones that it is about.

    `absent` are those that it names and no enum has.
    """

    spot: Spot
    members: tuple[str, ...]
    fault: str
    absent: tuple[str, ...] = ()


def read_said_of_access(
    session: Session, added: list[Member], *, asks_backfill: bool
) -> list[SaidOfAccess]:
    """Compare the section with the members that the branch adds; raises NotEvaluated."""
    pages = [page for page in branch_pages(session) if is_written(page, RBAC)]
    if not pages:
        return []
    ghosts = _ghosts(session, pages, added)
    if ghosts:
        return [ghosts]
    others = other_words(session)
    added = [
        member
        for member in added
        if not any(words.has_word(f"{enum}.{member.name}") for words in others for enum in ENUMS)
    ]
    asks = asks_backfill and bool(session.config["backfill-scripts"])
    return _of_new(pages, added, asks_backfill=asks) if added else []


def _of_new(
    pages: list[FeaturePage], added: list[Member], *, asks_backfill: bool
) -> list[SaidOfAccess]:
    sections = [section for page in pages for section in page.all_sections(RBAC)]
    spot, names = sections[0].heading.spot, tuple(member.name for member in added)
    if all(section.says_none for section in sections):
        return [SaidOfAccess(spot, names, "says None")]
    text = Mentions(sections).words
    words = Words(text)
    unnamed = [member for member in added if not _is_named(words, member)]
    if unnamed:
        it = "it" if len(added) == 1 else listed([member.name for member in unnamed])
        return [SaidOfAccess(spot, names, f"does not name {it}")]
    silent = [] if _MENU.search(text) else ["the menu"]
    if asks_backfill and not _BACKFILL.search(text):
        silent.append("the backfill")
    return [SaidOfAccess(spot, names, f"says nothing of {listed(silent)}")] if silent else []


def _is_named(words: Words, member: Member) -> bool:
    return any(map(words.has_phrase, filter(None, (member.name, member.value))))


def _ghosts(session: Session, pages: list[FeaturePage], added: list[Member]) -> SaidOfAccess | None:
    """The members that a section names and no enum has, now or on the base."""
    final = {page.path for page in final_pages(session)}
    enums = read_rbac(session) or {}
    if not all(name in enums and not enums[name].unseen for name in ENUMS):
        return None
    found: dict[str, Spot] = {}
    # One that a single enum has is the affair of rbac-enums-in-sync.
    known = {name for enum in enums.values() for name in enum.names}
    for page in pages:
        # A plan names members that are still to come.
        if not added and page.path not in final:
            continue
        put_off = mentions_of([page], FUTURE)
        for section in page.all_sections(RBAC):
            for label, name, spot in _members_in(section):
                if name not in known and not put_off.has_word(name):
                    found.setdefault(label, spot)
    before = _before(session) if found else set()
    gone = {label: spot for label, spot in found.items() if label not in before}
    if not gone:
        return None
    fault = f"names {listed(list(gone))}, which the code does not have"
    names = tuple(label.rpartition(".")[2] for label in gone)
    return SaidOfAccess(next(iter(gone.values())), (), fault, names)


def _members_in(section: PageSection) -> list[tuple[str, str, Spot]]:
    return [
        (match[0], match[2], piece.spot)
        for piece in section.section.pieces
        for match in _MEMBER.finditer(piece.text)
    ]


def _before(session: Session) -> set[str]:
    """The members on the base, as `Path.MEMBER`."""
    path = session.config["rbac-models"]
    try:
        enums = read_both(path, session.branch.read_before(path))
    except (FileNotFoundError, Unreadable, NotEvaluated):
        return set()
    return {f"{name}.{member}" for name, enum in enums.items() for member in enum.names}

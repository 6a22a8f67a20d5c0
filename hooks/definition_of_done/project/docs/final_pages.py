"""Feature pages that the changelog links to, which are in their final form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from typing import NamedTuple

from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import (
    DELTAS,
    FRONTEND,
    FUTURE,
    SHIPPED,
    FeaturePage,
    PageSection,
    feature_page_of,
)
from definition_of_done.project.docs.mentions import Mentions, target
from definition_of_done.project.layout import is_feature_page
from definition_of_done.readers.markdown import Line, Link, ListItem

# A colon or dash with something behind it, a second sentence, or a word that gives a reason.
_REASON = re.compile(
    r":\s+\S|\s[-\u2013\u2014]+\s+\S|\u2014\S|[.;!?]\s+\S|\(\S"
    r"|\b(?:because|since|until|till|unless|once|when|while|after|before|as|so|for lack of|waits?"
    r"|waiting|depends?|needs?|requires?|blocked|deferred|postponed|not)\b",
    re.I,
)


class Final(NamedTuple):
    """One page that has shipped; `changelog` is a page of the changelog that links to it.

    `missing` and `empty` name sections that it has to have by now, the empty ones with their
    headings; `lost` are planned things that are neither shipped nor put off; `unexplained` are
    the items of Future additions without a reason; `dead` are links into the roadmap that lead
    nowhere.
    """

    page: FeaturePage
    changelog: str
    missing: tuple[str, ...]
    empty: tuple[PageSection, ...]
    lost: tuple[Line, ...]
    unexplained: tuple[ListItem, ...]
    dead: tuple[Link, ...]


def read_final_pages(session: Session) -> list[Final]:
    """The pages that have shipped, by path; raises Unreadable for one that is not UTF-8 text."""
    pages = [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path) and session.tree.exists(path)
    ]
    found = shipped(session, pages)
    return [
        _final(session, feature_page_of(session, path), found[path])
        for path in pages
        if path in found
    ]


def _final(session: Session, page: FeaturePage, changelog: str) -> Final:
    names = (SHIPPED, FUTURE, FRONTEND)
    sections = [one for one in page.sections if one.name in names]
    future = [one for one in sections if one.name == FUTURE]
    return Final(
        page,
        changelog,
        tuple(name for name in names if page.section(name) is None),
        tuple(one for one in sections if one.is_empty),
        tuple(_lost(page)),
        tuple(one for section in future for one in section.items if not _says_why(one)),
        tuple(link for section in future for link in section.links if _is_dead(session, link)),
    )


def _lost(page: FeaturePage) -> Iterator[Line]:
    """What the page lists by path, link or code as planned, and lists nowhere else."""
    ends = [one for one in page.sections if one.name in (SHIPPED, FUTURE)]
    if len({one.name for one in ends}) < 2:
        # Where a section is missing, all would be lost.
        return
    mentions = Mentions(ends)
    seen = set()
    for section in page.sections:
        if section.name != DELTAS:
            continue
        things = [Line(piece.text, piece.spot) for piece in section.code if "\n" not in piece.text]
        # The text of a link to a file is its name; code in it has been seen.
        linked = {one.text for one in things}
        for link in section.links:
            if link.text not in linked and not _is_named(link, mentions):
                things.append(Line(link.text or link.href, link.spot))
        for one in sorted(things, key=lambda one: one.spot.key):
            if one.text not in seen and not _has(mentions, one.text):
                yield one
            seen.add(one.text)


def _is_named(link: Link, mentions: Mentions) -> bool:
    return target(link.spot.path, link.href) in mentions.targets


def _has(mentions: Mentions, text: str) -> bool:
    """Whether a thing is named, a method also without its class and arguments."""
    if mentions.has_path(text) or mentions.has_text(text):
        return True
    words = re.findall(r"\w+", text.partition("(")[0])
    is_name = re.fullmatch(r"[\w.]+(?:\(.*\))?", text) and not text.endswith((".py", ".md"))
    return bool(words and is_name) and mentions.has_word(words[-1])


def _says_why(item: ListItem) -> bool:
    text = item.text.rstrip(" .")
    if item.is_struck or item.items or text.casefold() == "none":
        return True
    return len(item.lines) > 1 or _REASON.search(item.text) is not None


def _is_dead(session: Session, link: Link) -> bool:
    path = target(link.spot.path, link.href)
    roadmap = f"{dirname(session.config['features'])}/roadmap".lstrip("/")
    if path != roadmap and not path.startswith(roadmap + "/"):
        return False
    if session.tree.exists(path) and path != roadmap:
        return False
    # A link to a folder, or to a page by its address on the site.
    return not any(one.startswith((path + "/", path + ".")) for one in session.tree.tracked)

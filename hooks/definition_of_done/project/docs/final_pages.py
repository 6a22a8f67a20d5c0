"""The final form of feature pages: the changelog links to a page that has shipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import FeaturePage, PageSection, feature_page_of
from definition_of_done.project.docs.legacy_pages import is_from_before
from definition_of_done.project.docs.mentions import Mentions, is_written, path_or_url
from definition_of_done.project.docs.section_names import DELTAS, FRONTEND, FUTURE, SHIPPED
from definition_of_done.project.layout import is_feature_page
from definition_of_done.readers.page import Line, Link, ListItem

# A colon or dash with something behind it, a second sentence, or a word that gives a reason.
_REASON = re.compile(
    r":\s+\S|\s[-\u2013\u2014]+\s+\S|\u2014\S|[.;!?]\s+\S|\(\S"
    r"|\b(?:because|since|until|till|unless|once|when|while|after|before|as|so|for lack of|waits?"
    r"|waiting|depends?|needs?|requires?|blocked|deferred|postponed|not)\b",
    re.I,
)

_DONE = r"(?:shipped|landed|delivered|done|merged|implemented|released|built|live)"
_AS = r"as (?:planned|listed|described|specified|designed)"
# A sentence that starts so says of the whole list that it shipped.
_WHOLE = re.compile(
    rf"\W{{0,9}}(?:we (?:have )?{_DONE} )?(?:everything\b|(?:the|this) (?:whole |full |entire )?"
    rf"(?:list|plan|feature)\b|it\b|all (?:of )?(?:it|this|that|them|the above|above|of the above"
    rf"|(?:the |these )?(?:items|points|deltas|parts|changes))\b|all (?=(?:of )?{_DONE}|{_AS}))",
    re.I,
)
_SHIPPED = re.compile(rf"\b(?:{_DONE}|{_AS})\b", re.I)
_AS_PLANNED = re.compile(rf"\W{{0,9}}(?:(?:all|exactly|just|{_DONE})\W{{1,3}}){{0,3}}{_AS}\b", re.I)
_IN_PART = re.compile(r"\b(?:not|never|nearly|almost|mostly|half|partly|in part)\b", re.I)
_EXCEPT = re.compile(r"\b(?:except|but|apart from|aside from|other than|save for|without)\b", re.I)
_SENTENCE = re.compile(r"[.!;]\s")


class FinalPage(NamedTuple):
    """A page that has shipped; `changelog` is a page of the changelog that adds it.

    `missing` names required sections that are not there, `empty` those without text, each with its
    heading. `lost` are planned things that neither shipped nor were put off. `unexplained` are the
    items of Future additions without a reason. `dead` are links into the roadmap that lead nowhere.
    """

    page: FeaturePage
    changelog: str
    missing: tuple[str, ...]
    empty: tuple[tuple[str, Spot], ...]
    lost: tuple[Line, ...]
    unexplained: tuple[ListItem, ...]
    dead: tuple[Link, ...]


def read_final_pages(session: Session) -> list[FinalPage]:
    """Read the pages that have shipped, by path; raises Unreadable for one that is not UTF-8."""
    pages = [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path)
        and session.tree.exists(path)
        and not is_from_before(session, path)
    ]
    found = shipped(session, pages)
    return [
        _final_page(session, feature_page_of(session, path), found[path])
        for path in pages
        if path in found
    ]


def _final_page(session: Session, page: FeaturePage, changelog: str) -> FinalPage:
    names = (SHIPPED, FUTURE, FRONTEND)
    sections = [section for section in page.sections if section.name in names]
    future = [section for section in sections if section.name == FUTURE]
    return FinalPage(
        page,
        changelog,
        tuple(name for name in names if page.section(name) is None),
        tuple((str(part.name), part.heading.spot) for part in sections if part.is_empty),
        tuple(_lost(page)),
        tuple(item for section in future for item in _unexplained(section)),
        tuple(link for section in future for link in section.links if _is_dead(session, link)),
    )


def _lost(page: FeaturePage) -> Iterator[Line]:
    """Yield the links and code of the plan that neither final section names."""
    if not (is_written(page, SHIPPED) and is_written(page, FUTURE)):
        # The missing section is reported; without it everything would be lost.
        return
    ends = page.all_sections(SHIPPED, FUTURE)
    if _closes(page):
        return
    mentions = Mentions(ends)
    seen = set()
    for section in page.sections:
        if section.name != DELTAS:
            continue
        things = [Line(piece.text, piece.spot) for piece in section.code if "\n" not in piece.text]
        # Code in the text of a link is among the things already.
        code = {thing.text for thing in things}
        for link in section.links:
            if link.text not in code and not _is_linked(link, mentions):
                things.append(Line(link.text or link.href, link.spot))
        for thing in sorted(things, key=lambda thing: thing.spot.key):
            if thing.text not in seen and not _is_named(thing.text, mentions):
                yield thing
            seen.add(thing.text)


def _closes(page: FeaturePage) -> bool:
    """True where What shipped says that the whole list did; an exception is a future addition."""
    puts_off = any(not section.says_none for section in page.all_sections(FUTURE))
    return any(
        _says_all(sentence) and (puts_off or not _EXCEPT.search(sentence))
        for statement in Mentions(page.all_sections(SHIPPED)).statements()
        for sentence in _SENTENCE.split(statement)
    )


def _says_all(sentence: str) -> bool:
    whole = _WHOLE.match(sentence)
    is_done = whole and _SHIPPED.search(sentence)
    return bool(is_done or _AS_PLANNED.match(sentence)) and not _IN_PART.search(sentence)


def _is_linked(link: Link, mentions: Mentions) -> bool:
    return path_or_url(link.spot.path, link.href) in mentions.targets


def _is_named(text: str, mentions: Mentions) -> bool:
    """True where a thing is named; a method may stand without its class and arguments."""
    if mentions.has_path(text) or mentions.has_cron(text):
        return True
    words = re.findall(r"\w+", text.partition("(")[0])
    is_name = re.fullmatch(r"[\w.]+(?:\(.*\))?", text) and not text.endswith((".py", ".md"))
    return bool(words and is_name) and mentions.has_word(words[-1])


def _unexplained(section: PageSection) -> Iterator[ListItem]:
    yield from (item for item in section.items if section.is_written and not _says_why(item))


def _says_why(item: ListItem) -> bool:
    text = item.text.rstrip(" .")
    if item.is_struck or item.items or text.casefold() == "none":
        return True
    return len(item.lines) > 1 or _REASON.search(item.text) is not None


def _is_dead(session: Session, link: Link) -> bool:
    path = path_or_url(link.spot.path, link.href)
    roadmap = f"{dirname(session.config['features'])}/roadmap".lstrip("/")
    if path != roadmap and not path.startswith(roadmap + "/"):
        return False
    if session.tree.exists(path) and path != roadmap:
        return False
    # The link may lead to a folder, or to a page by its address on the site.
    return not any(file.startswith((path + "/", path + ".")) for file in session.tree.tracked)

"""The feature pages that the branch adds or changes, and those that have shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import path_of
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.mentions import Mentions, Words, mentions_of, page_words
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.sections import DELTAS, FUTURE, SHIPPED, PageSection
from definition_of_done.project.layout import is_changelog, is_changelog_page, is_feature_page
from definition_of_done.readers.page import Link, ListItem, Page, Section

ADDED = "Added"
# A page that one of these sections links to is mentioned there: another release may have added it.
_MENTIONING = frozenset(
    "highlights/changed/fixed/migrations/frontend impact/versioning notes/deprecated/removed".split(
        "/"
    )
)
_JOINT = regex(r"[\s,;&/+*_()'\"`]*+(?:(?:and|plus)[\s*_(`]*+)?", re.I)
_LINK = regex(r"!?\[(?:\\.|[^\[\]\\])*+\](?:\([^()\s]*\)|\[[^\[\]]*\])?")
# Words that lead to a page beside the feature, right before its link.
_BESIDE = regex(
    r"\b(?:after|as (?:in|with)|based on|before|builds? on|built on|depends? on|extend(?:s|ing)?"
    r"|follow(?:s|ing)?|instead of|like|needs?|on top of|part of|prepar(?:es?|ing)(?: for)?"
    r"|replac(?:es?|ing)|requires?|see(?: also)?|than|unlike|uses?)(?: the| our| a)?[\s*_(`]*+\Z",
    re.I,
)
_REACH = 60

_IsFeature = Callable[[Link], bool]


@once
def branch_pages(session: Session) -> list[FeaturePage]:
    """Read the pages that the branch adds, then those that it changes, each newest first.

    A project without feature pages needs no base.
    """
    if not any(is_feature_page(session, path) for path in session.tree.tracked):
        return []
    changed = session.branch.changed_or_nothing()
    paths = [
        path for path, letter in changed.items() if letter != "D" and is_feature_page(session, path)
    ]
    paths.sort(reverse=True)
    paths.sort(key=lambda path: changed[path] != "A")
    return [feature_page_of(session, path) for path in paths]


def other_words(session: Session) -> list[Words]:
    """The words of each feature page that the branch does not touch, and that may plan it."""
    own = {page.path for page in branch_pages(session)}
    return [words for path, words in page_words(session).items() if path not in own]


@once
def final_pages(session: Session) -> list[FeaturePage]:
    """The pages of the branch in their final form: the changelog adds them, or What shipped says.

    A page that has not shipped may name what is still to be written. Where the run looks ahead,
    that is due, too.
    """
    pages = branch_pages(session)
    final = shipped(session, [page.path for page in pages])
    return [
        page
        for page in pages
        if page.path in final
        or _says_what_shipped(page)
        or (session.looks_ahead and _is_built(session, page))
    ]


def final_sections(
    session: Session, *names: str
) -> Iterator[tuple[FeaturePage, PageSection, Mentions]]:
    """Yield the sections of the final pages with these names, and what their page puts off."""
    for page in final_pages(session):
        put_off = mentions_of([page], FUTURE)
        for section in page.all_sections(*names):
            yield page, section, put_off


def _is_built(session: Session, page: FeaturePage) -> bool:
    """True for a page that the branch adds, or that lists a file which the branch adds."""
    changed = session.branch.changed
    if changed[page.path] == "A":
        return True
    deltas = mentions_of([page], DELTAS)
    return any(deltas.has_path(path) for path, letter in changed.items() if letter == "A")


def _says_what_shipped(page: FeaturePage) -> bool:
    sections = page.all_sections(SHIPPED)
    return any(section.is_written and not section.says_none for section in sections)


def shipped(session: Session, pages: Collection[str]) -> dict[str, str]:
    """Return the pages that the changelog adds, each with a changelog page that does.

    A page that another section or bullet mentions is not thereby shipped, but for one that the
    branch brings with its code: what adds nothing stands under Changed or Fixed. Only filenames are
    compared: they hold a date, and a link may lead to the site.
    """
    names = {path.rpartition("/")[2].removesuffix(".md"): path for path in pages}
    # A bullet may be about any other feature page, too.
    known = {
        path.rpartition("/")[2].removesuffix(".md")
        for path in session.tree.tracked
        if is_feature_page(session, path)
    }
    found: dict[str, str] = {}
    for path in session.tree.tracked:
        if not names or not is_changelog(session, path) or not session.tree.exists(path):
            continue
        data = session.tree.read(path)
        # Only a page that holds the name can link to it.
        if not any(name.encode() in data for name in names):
            continue
        page = session.cache.keep(f"links of {path}", partial(recall_page, session, path, data))
        for entry in _entries(session, path, page):
            for link in shipped_links(entry, lambda link: _page_name(link) in known):
                name = _page_name(link)
                if name in names:
                    found.setdefault(names[name], path)
            for link in retold_links(entry, lambda link: _page_name(link) in known):
                own = names.get(_page_name(link))
                if own and _comes_with_code(session, own, path):
                    found.setdefault(own, path)
    return found


def _comes_with_code(session: Session, page: str, changelog: str) -> bool:
    """True for a page that the branch adds beside code that it lists, and to the changelog."""
    changed = session.branch.changed_if_known()
    if changed.get(page) != "A" or changelog not in changed:
        return False
    deltas = mentions_of([feature_page_of(session, page)], DELTAS)
    return any(
        deltas.has_path(path)
        for path, letter in changed.items()
        if letter != "D" and path.endswith(".py")
    )


def _entries(session: Session, path: str, page: Page) -> list[Page]:
    """The page itself, or the entries of one file as pages."""
    if is_changelog_page(session, path):
        return [page]
    from definition_of_done.project.docs.kept_changelog import kept_of

    return [entry.page for entry in kept_of(path, page).entries]


def _page_name(link: Link) -> str:
    href = path_of(link.href).rstrip("/")
    return href.rpartition("/")[2].removesuffix(".md")


def shipped_links(page: Page, is_feature: _IsFeature) -> Iterator[Link]:
    """Yield the links by which a page of a changelog says that features shipped."""
    for block in page.preamble:
        yield from block.links
    for section in page.sections:
        name = section.heading.text.casefold()
        if name == ADDED.casefold():
            yield from added_links(page, section, is_feature)
        elif name not in _MENTIONING:
            for block in section.blocks:
                yield from block.links


def retold_links(page: Page, is_feature: _IsFeature) -> Iterator[Link]:
    """Yield the links to the features that the bullets under Changed and Fixed are about."""
    for section in page.sections:
        if section.heading.text.casefold() in ("changed", "fixed"):
            yield from added_links(page, section, is_feature)


def added_links(page: Page, section: Section, is_feature: _IsFeature) -> Iterator[Link]:
    """Yield the links to the features that the bullets and paragraphs of a section are about."""
    for block in section.blocks:
        items = feature_items(block.items, is_feature)
        for links in [item.links for item in items] if block.items else [block.links]:
            yield from _about(page, [link for link in links if is_feature(link)])


def feature_items(items: tuple[ListItem, ...], is_feature: _IsFeature) -> Iterator[ListItem]:
    """Yield the items that are features; an item without a link may be a theme of nested ones."""
    for item in items:
        if item.items and not any(map(is_feature, item.links)):
            yield from feature_items(item.items, is_feature)
        else:
            yield item


def _about(page: Page, links: list[Link]) -> Iterator[Link]:
    """Yield the first link and those that are joined to it; what else is linked is mentioned."""
    text = page.text.text
    starts = [page.text.offset(link.spot.line, link.spot.column) for link in links]
    lead = [_BESIDE.search(text[max(start - _REACH, 0) : start]) for start in starts]
    first = lead.index(None) if None in lead else 0
    for at in range(first, len(links)):
        if at > first:
            between = text[starts[at - 1] : starts[at]]
            own = _LINK.match(between)
            if not _JOINT.fullmatch(between, own.end() if own else 0):
                return
        yield links[at]

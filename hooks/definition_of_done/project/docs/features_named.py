"""The features that a changelog page is about, apart from the pages that it only mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from definition_of_done.base.expressions import regex
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

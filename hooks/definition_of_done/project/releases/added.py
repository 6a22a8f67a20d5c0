"""The bullets under Added of each changelog page link to feature pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.features_named import ADDED, added_links, feature_items
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.releases.changelog import ChangelogPage, read_pages
from definition_of_done.project.releases.links import feature_targets
from definition_of_done.readers.page import Link, ListItem
from definition_of_done.readers.stubs import is_none


class UnlinkedBullet(NamedTuple):
    """A bullet without a link to a feature page.

    `target` is a page that it links to and that is not tracked, `hint` names the nearest one.
    """

    item: ListItem
    target: str | None
    hint: str


def read_unlinked(session: Session) -> list[UnlinkedBullet]:
    """Read the bullets under Added without a link to a tracked feature page; raises Unreadable."""
    if not session.config["features"]:
        return []
    names = [path for path in session.tree.tracked if is_feature_page(session, path)]
    return [bullet for page in read_pages(session) for bullet in _unlinked(session, page, names)]


def features_under_added(session: Session, page: ChangelogPage) -> list[str]:
    """Return the tracked feature pages that a page is about under Added, in order, each once."""
    links = [
        link
        for section in page.sections
        if section.name == ADDED
        for link in added_links(page.page, section.section, _leads_to_a_feature(session, page))
    ]
    return list(dict.fromkeys(_tracked(session, _targets(session, page, links))))


def _leads_to_a_feature(session: Session, page: ChangelogPage) -> Callable[[Link], bool]:
    return lambda link: bool(_targets(session, page, [link]))


def _unlinked(session: Session, page: ChangelogPage, names: list[str]) -> Iterator[UnlinkedBullet]:
    is_feature = _leads_to_a_feature(session, page)
    sections = [section for section in page.sections if section.name == ADDED]
    for block in (block for section in sections for block in section.section.blocks):
        for item in feature_items(block.items, is_feature):
            targets = _targets(session, page, item.links)
            if _tracked(session, targets) or is_none(item.text):
                continue
            target = targets[0] if targets else None
            yield UnlinkedBullet(item, target, nearest(target, names) if target else "")


def _targets(session: Session, page: ChangelogPage, links: Iterable[Link]) -> list[str]:
    return feature_targets(session, page.path, [link.href for link in links if not link.is_image])


def _tracked(session: Session, paths: list[str]) -> list[str]:
    tracked = session.tree.tracked_set
    return [path for path in paths if path in tracked]

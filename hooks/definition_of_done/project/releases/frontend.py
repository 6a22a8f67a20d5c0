"""The frontend contracts of the features that the newest changelog page adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.releases.added import read_linked
from definition_of_done.project.releases.changelog import ChangelogPage, read_newest_page
from definition_of_done.project.releases.repeat import (
    FRONTEND,
    SourceLine,
    copy_edits,
    missing_line,
    source_lines,
)

CONTRACT = "Frontend contract"


class Unrepeated(NamedTuple):
    """A feature page whose contract the changelog page lacks: the first line that is missing.

    `heading` is that of the section on the feature page, `spot` that on the changelog page.
    """

    path: str
    heading: str
    line: SourceLine
    spot: Spot
    edits: tuple[Edit, ...]


def read_unrepeated(session: Session) -> list[Unrepeated]:
    """The feature pages linked under Added whose contract is not repeated, in that order.

    Only the newest changelog page is looked at: another one belongs to a release that is out,
    and the feature page has gone on since. Raises Unreadable for a page that is not UTF-8 text.
    """
    page = read_newest_page(session) if session.config["features"] else None
    return list(_unrepeated(session, page)) if page else []


def _unrepeated(session: Session, page: ChangelogPage) -> Iterator[Unrepeated]:
    section = page.section(FRONTEND)
    if section is None:
        return
    for path in read_linked(session, page):
        if not session.tree.exists(path):
            continue
        feature = feature_page_of(session, path)
        own = feature.section(CONTRACT)
        if own is None or own.says_none or own.stubs:
            continue
        line = missing_line(list(source_lines(feature, own)), page)
        if line:
            edits = copy_edits(page, section, feature, own)
            yield Unrepeated(path, own.heading.text, line, section.heading.spot, edits)

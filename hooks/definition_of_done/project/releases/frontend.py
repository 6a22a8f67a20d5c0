"""The newest changelog page repeats the frontend contracts of the features that it adds."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.releases.added import features_under_added
from definition_of_done.project.releases.changelog import IMPACT, ChangelogPage, read_newest_page
from definition_of_done.project.releases.released import is_released
from definition_of_done.project.releases.repeat import (
    SourceLine,
    copy_edits,
    missing_line,
    source_lines,
)


class Unrepeated(NamedTuple):
    """A feature page at `path` with the first line of its contract that the changelog lacks.

    `heading` is the heading of the contract, `spot` the heading of the changelog's section.
    `is_released` is None where the changelog page may be out: then there are no edits.
    """

    path: str
    heading: str
    line: SourceLine
    spot: Spot
    is_released: bool | None
    edits: tuple[Edit, ...]


def read_unrepeated(session: Session) -> list[Unrepeated]:
    """Read the feature pages under Added with a contract that is not repeated, in order.

    Only the newest changelog page is judged, and only until it is out: feature pages may have
    changed since.
    """
    page = read_newest_page(session) if session.config["features"] else None
    if page is None or is_released(session, page.path):
        return []
    return list(_unrepeated(session, page))


def _unrepeated(session: Session, page: ChangelogPage) -> Iterator[Unrepeated]:
    section, is_out = page.section(IMPACT), is_released(session, page.path)
    if section is None:
        return
    for path in features_under_added(session, page):
        if not session.tree.exists(path):
            continue
        feature = feature_page_of(session, path)
        missing = [
            (contract, missing_line(list(source_lines(feature, contract)), page))
            for contract in feature.contracts
            if not contract.stubs
        ]
        # The plan's contract and the final one may both stand there; one of them is repeated.
        if missing and all(line for _, line in missing):
            contract, line = missing[-1]
            if line:
                edits = copy_edits(page, section, feature, contract) if is_out is False else ()
                heading, spot = contract.heading.text, section.heading.spot
                yield Unrepeated(path, heading, line, spot, is_out, edits)

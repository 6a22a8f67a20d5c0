"""The branch's code is compared with the section What's being implemented of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import (
    Mentions,
    heading_spot,
    mentions_of,
    named_paths,
)
from definition_of_done.project.docs.section_names import DELTAS, FUTURE
from definition_of_done.project.layout import REPOSITORY, layer_of


class Unlisted(NamedTuple):
    """A file or method of the branch that its pages do not list.

    `spot` is the heading of the section, `description` starts the message.
    """

    spot: Spot
    description: str
    advice: str
    symbol: str


class Deltas(NamedTuple):
    """The code that is not listed, and the listed paths that do not exist."""

    unlisted: tuple[Unlisted, ...]
    gone: tuple[tuple[str, Spot], ...]


def read_deltas(session: Session) -> Deltas:
    """Compare code and pages; nothing differs where the branch has no feature page.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return Deltas((), ())
    mentions, spot = mentions_of(pages, DELTAS), heading_spot(pages, DELTAS)
    unlisted = [
        *_unlisted_files(session, mentions, spot),
        *_unlisted_methods(session, mentions, spot),
    ]
    return Deltas(tuple(unlisted), tuple(_gone_paths(session, pages)))


def _unlisted_files(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for path, letter in sorted(session.branch.changed_or_nothing().items()):
        layer = layer_of(session, path) if letter != "D" else None
        if layer in (None, REPOSITORY) or session.config.excludes(path):
            continue
        if mentions.has_path(path) or _is_bare(session, path):
            continue
        verb = "adds" if letter == "A" else "changes"
        description = f"{path} is a {layer} that the branch {verb}"
        yield Unlisted(spot, description, "link to it, or write its path", path)


def _is_bare(session: Session, path: str) -> bool:
    """True for a package's `__init__.py` that defines neither function nor class."""
    if not path.endswith("/__init__.py"):
        return False
    data = session.tree.read(path)
    return b"def " not in data and b"class " not in data


def _unlisted_methods(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for service in read_added(session).services:
        for method in service.methods:
            if not mentions.has_word(method.name):
                name = f"{service.name}.{method.name}" if service.name else method.name
                place = f"{method.spot.path}:{method.spot.line}"
                description = f"{name} at {place} is exposed by a new service"
                yield Unlisted(spot, description, "name it", name)


def _gone_paths(session: Session, pages: list[FeaturePage]) -> Iterator[tuple[str, Spot]]:
    """Yield the paths that a shipped page lists and that do not exist.

    A page that has not shipped may list files that are still to be written.
    """
    final = shipped(session, [page.path for page in pages])
    folders = {path.partition("/")[0] for path in session.tree.tracked if "/" in path}
    deleted = {
        path for path, letter in session.branch.changed_or_nothing().items() if letter == "D"
    }
    for page in pages:
        if page.path not in final:
            continue
        put_off = mentions_of([page], FUTURE)
        for section in page.sections:
            if section.name != DELTAS:
                continue
            for path, spot in dict(named_paths(section)).items():
                if path.partition("/")[0] not in folders or session.tree.exists(path):
                    continue
                # A page may also list a file because the branch deletes it.
                if path not in deleted and not put_off.has_path(path):
                    yield path, spot

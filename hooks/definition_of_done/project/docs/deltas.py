"""The branch's code against what its feature pages list under What's being implemented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.feature_page import DELTAS, FUTURE, FeaturePage
from definition_of_done.project.docs.mentions import Mentions, heading_spot, named_paths
from definition_of_done.project.layout import REPOSITORY, layer_of


class Unlisted(NamedTuple):
    """A file or method of the branch that no page of it lists; `spot` is the section's heading."""

    spot: Spot
    what: str
    advice: str
    symbol: str


class Deltas(NamedTuple):
    """What is not listed, and the paths that are listed and do not exist."""

    unlisted: tuple[Unlisted, ...]
    gone: tuple[tuple[str, Spot], ...]


def read_deltas(session: Session) -> Deltas:
    """The differences, none where the branch has no feature page.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return Deltas((), ())
    sections = [one for page in pages for one in page.sections if one.name == DELTAS]
    mentions, spot = Mentions(sections), heading_spot(pages, DELTAS)
    unlisted = [*_files(session, mentions, spot), *_methods(session, mentions, spot)]
    return Deltas(tuple(unlisted), tuple(_gone(session, pages)))


def _files(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for path, letter in sorted(session.branch.changed_or_nothing().items()):
        layer = layer_of(session, path) if letter != "D" else None
        if layer in (None, REPOSITORY) or session.config.excludes(path):
            continue
        if mentions.has_path(path) or _is_bare(session, path):
            continue
        what = f"{path} is a {layer} that the branch {'adds' if letter == 'A' else 'changes'}"
        yield Unlisted(spot, what, "link to it, or write its path", path)


def _is_bare(session: Session, path: str) -> bool:
    """Whether this is a package's own file that only passes things on."""
    if not path.endswith("/__init__.py"):
        return False
    data = session.tree.read(path)
    return b"def " not in data and b"class " not in data


def _methods(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for service in read_added(session).services:
        for method in service.methods:
            if not mentions.has_word(method.name):
                name = f"{service.name}.{method.name}" if service.name else method.name
                place = f"{method.spot.path}:{method.spot.line}"
                what = f"{name} at {place} is exposed by a new service"
                yield Unlisted(spot, what, "name it", name)


def _gone(session: Session, pages: list[FeaturePage]) -> Iterator[tuple[str, Spot]]:
    """Paths of this repository that a page in its final form lists, and that it has not.

    Before that a page names what is still to be written.
    """
    final = shipped(session, [page.path for page in pages])
    folders = {path.partition("/")[0] for path in session.tree.tracked if "/" in path}
    deleted = {
        path for path, letter in session.branch.changed_or_nothing().items() if letter == "D"
    }
    for page in pages:
        if page.path not in final:
            continue
        put_off = Mentions(one for one in page.sections if one.name == FUTURE)
        for section in page.sections:
            if section.name != DELTAS:
                continue
            for path, spot in dict(named_paths(section)).items():
                if path.partition("/")[0] not in folders or session.tree.exists(path):
                    continue
                # That a file goes is a delta, too.
                if path not in deleted and not put_off.has_path(path):
                    yield path, spot

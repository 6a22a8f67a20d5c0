"""The bullets under Added link to feature pages, and the branch's features stand there."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import path_of
from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session
from definition_of_done.project.changelog_style import changelog_file
from definition_of_done.project.docs.features_named import ADDED, added_links, feature_items
from definition_of_done.project.docs.plans import read_additions
from definition_of_done.project.docs.section_names import SHIPPED
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.releases.changelog import ChangelogPage, read_pages
from definition_of_done.project.releases.landed import landed_pages, leaves_the_rest
from definition_of_done.project.releases.released import is_released
from definition_of_done.readers.page import Link, ListItem
from definition_of_done.readers.stubs import is_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot


ABSOLUTE = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class UnlinkedBullet(NamedTuple):
    """A bullet without a link to a feature page.

    `target` is a page that it links to and that is not tracked, `hint` names the nearest one.
    `is_legacy` is True in an entry of one file that the branch leaves alone.
    """

    item: ListItem
    target: str | None
    hint: str
    is_legacy: bool


class AddedFaults(NamedTuple):
    """The faults of the sections Added: bullets without a page, and pages without a bullet.

    Each of those comes with the heading of the section where it should stand.
    """

    unlinked: tuple[UnlinkedBullet, ...] = ()
    left_out: tuple[tuple[Spot, str], ...] = ()


def read_added_faults(session: Session) -> AddedFaults:
    """Read the faults of all pages; raises Unreadable.

    Only the branch's own page must name the features whose code the branch brings.
    """
    if not session.config["features"]:
        return AddedFaults()
    names = [path for path in session.tree.tracked if is_feature_page(session, path)]
    if changelog_file(session) and not names:
        # Whoever keeps one file need not keep feature pages.
        return AddedFaults()
    pages = read_pages(session)
    unlinked = [bullet for page in pages for bullet in _unlinked(session, page, names)]
    newest = pages[-1] if pages else None
    own = [bullet for bullet in unlinked if not bullet.is_legacy]
    if newest is None or any(bullet.item.spot.path == newest.path for bullet in own):
        return AddedFaults(tuple(unlinked))
    return AddedFaults(tuple(unlinked), tuple(_left_out(session, newest)))


def _left_out(session: Session, page: ChangelogPage) -> Iterator[tuple[Spot, str]]:
    section, changed = page.section(ADDED), session.branch.changed
    is_out = page.is_released or is_released(session, page.path)
    if section is None or page.path not in changed or is_out:
        return
    landed = landed_pages(session)
    added = set(features_under_added(session, page))
    elsewhere = {link.href.rpartition("/")[2] for link in _told_elsewhere(session, page)}
    for feature in landed:
        path = feature.path
        # Beside a feature that is there, a page of before may plan the next one.
        is_done = feature.section(SHIPPED) or changed.get(path) == "A" or not added
        if path in added or not is_done or path.rpartition("/")[2] in elsewhere:
            continue
        if not leaves_the_rest(session, feature):
            yield section.heading.spot, path


def _told_elsewhere(session: Session, page: ChangelogPage) -> Iterator[Link]:
    """Yield the links under Changed and Fixed, where the branch adds nothing that is new.

    A fix may need a migration.
    """
    kinds = {addition.kind for addition in read_additions(session)}
    names = () if kinds - {"revision"} else ("Fixed",) if kinds else ("Changed", "Fixed")
    for section in page.sections:
        if section.name in names:
            yield from section.links


def features_under_added(session: Session, page: ChangelogPage) -> list[str]:
    """Return the tracked feature pages that a page is about under Added, in order, each once."""
    links = [
        link
        for section in page.all_sections(ADDED)
        for link in added_links(page.page, section.section, _leads_to_a_feature(session, page))
    ]
    return list(dict.fromkeys(_tracked(session, _targets(session, page, links))))


def _leads_to_a_feature(session: Session, page: ChangelogPage) -> Callable[[Link], bool]:
    return lambda link: bool(_targets(session, page, [link]))


def _unlinked(session: Session, page: ChangelogPage, names: list[str]) -> Iterator[UnlinkedBullet]:
    is_feature = _leads_to_a_feature(session, page)
    for block in page.blocks(ADDED):
        for item in feature_items(block.items, is_feature):
            targets = _targets(session, page, item.links)
            if _tracked(session, targets) or is_none(item.text):
                continue
            target = targets[0] if targets else None
            hint = nearest(target, names) if target else ""
            is_legacy = bool(page.is_released) and not session.branch.change.whole
            yield UnlinkedBullet(item, target, hint, is_legacy)


def _targets(session: Session, page: ChangelogPage, links: Iterable[Link]) -> list[str]:
    return feature_targets(session, page.path, [link.href for link in links if not link.is_image])


def _tracked(session: Session, paths: list[str]) -> list[str]:
    tracked = session.tree.tracked_set
    return [path for path in paths if path in tracked]


def feature_targets(session: Session, page: str, hrefs: list[str]) -> list[str]:
    """Return the paths of feature pages that links of a changelog page lead to."""
    features, changelog = session.config["features"], session.config["changelog"]
    top = posixpath.commonpath([features, changelog]) if features and changelog else ""
    found = [_path_on_site(page, href, top) or _on_forge(session, href) for href in hrefs]
    # On the site, a page is a folder.
    pages = (path if path.endswith(".md") else f"{path}.md" for path in found if path)
    return [path for path in pages if is_feature_page(session, path)]


def _on_forge(session: Session, href: str) -> str | None:
    """The tracked feature page that a URL of the repository's forge ends with."""
    folder = session.config["features"]
    start, _, name = path_of(href).rpartition(f"/{folder}/")
    path = f"{folder}/{name}"
    return path if start and folder and path in session.tree.tracked_set else None


def _path_on_site(page: str, href: str, top: str) -> str | None:
    """The path that a link of a page leads to, None for a link that leaves the site.

    `top` is the folder that a destination with a leading `/` is relative to.
    """
    if ABSOLUTE.match(href):
        return None
    path = path_of(href)
    if not path:
        return page
    folder = top if path.startswith("/") else page.rpartition("/")[0]
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))

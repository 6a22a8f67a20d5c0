"""The features of a release: pages under Added, and pages whose code the branch brings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import path_of
from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.sources import read_sources, spelt_in
from definition_of_done.project.changelog_style import changelog_file
from definition_of_done.project.docs.branch_pages import (
    ADDED,
    added_links,
    branch_pages,
    feature_items,
    shipped,
)
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.follow_ups import follow_ups, name_words, plain_words
from definition_of_done.project.docs.mentions import is_written, mentions_of, page_words
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.plans import names_on, read_additions
from definition_of_done.project.docs.sections import (
    CRON,
    DATA_MODEL,
    DELTAS,
    FUTURE,
    IN_SCOPE,
    RBAC,
    SHIPPED,
    SURFACE,
)
from definition_of_done.project.layout import is_code, is_feature_page, is_from_before
from definition_of_done.project.releases.changelog import ChangelogPage, is_released, read_pages
from definition_of_done.project.settings import PER_FEATURE
from definition_of_done.readers.page import Link, ListItem
from definition_of_done.readers.stubs import is_none

_PLANNED = (DATA_MODEL, SURFACE, RBAC, CRON, DELTAS)
# Words that leave a part to another branch.
_LATER = regex(
    r"\b(?:next|second|third|later|other|another|following|separate|own|coming|remaining"
    r"|follow-?up) (?:\w+ )?(?:branch(?:es)?|part|prs?|mr|(?:pull|merge) requests?|slice|step)\b"
    r"|\bpart (?:[2-9]|two|three|ii)\b"
    r"|\b(?:lands?|ships?|comes?|follows?) (?:apart|separately)\b",
    re.I,
)

_SHIPPED = regex(rb"^##\s+(?:what\s+(?:has |was |actually |we )?)?shipped\b", re.I | re.M)
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


@once
def landed_pages(session: Session) -> list[FeaturePage]:
    """Read the pages whose code the branch brings and that have not shipped before.

    There are none where releases are made apart.
    """
    if session.config["release"] != PER_FEATURE or not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    own = {session.config[key] for key in ("version-file", "version-source")}
    code = {
        path: letter
        for path, letter in changed.items()
        if letter != "D" and is_code(path) and path not in own and not session.config.excludes(path)
    }
    if not code:
        return []
    added = {path for path, letter in code.items() if letter == "A"}
    pages = [page for page in branch_pages(session) if _is_plan(session, page.path)]
    found = [page for page in pages if _lands(session, page, code, added)]
    # Beside a page that says what shipped, another may plan what comes next.
    final = [page for page in found if is_written(page, SHIPPED)]
    return final or found or list(_landed_before(session, added))


def _lands(
    session: Session, page: FeaturePage, code: Collection[str], added: Collection[str]
) -> bool:
    """True where a page of the branch says that the branch's code is what it plans."""
    if session.branch.changed[page.path] != "A":
        return is_written(page, SHIPPED) or _lists(page, added) or _names_revision(session, page)
    if _lists(page, code if is_written(page, SHIPPED) else added):
        return True
    if any(names_on(page_words(session)[page.path], read_additions(session))):
        return True
    # A fix in one of many files that a plan lists is not yet what it plans.
    deltas = mentions_of([page], DELTAS)
    named = {target for target in deltas.targets if target.endswith(".py")}
    return 2 * sum(deltas.has_path(path) for path in code) >= max(len(named), 1)


def _landed_before(session: Session, added: set[str]) -> Iterator[FeaturePage]:
    """Yield the plans of main that the branch leaves alone and whose code it adds."""
    changed = session.branch.changed
    pages = [
        feature_page_of(session, path)
        for path in (feature_paths(session) if added else ())
        if path not in changed
    ]
    # Many plans may list a file, but one plans a revision.
    own = [page for page in pages if _names_revision(session, page)]
    for page in own or pages:
        if (page in own or _lists(page, added)) and _is_plan(session, page.path):
            yield page


def _is_plan(session: Session, path: str) -> bool:
    """True for a page that did not say on the base that it shipped, and that no release adds."""
    if is_from_before(session, path):
        return False
    if _SHIPPED.search(_at_base(session, path)):
        return False
    changelog = shipped(session, [path]).get(path)
    return changelog is None or path.rpartition("/")[2].encode() not in _at_base(session, changelog)


def _at_base(session: Session, path: str) -> bytes:
    letter = session.branch.changed.get(path)
    try:
        if letter is None:
            return session.tree.read(path)
        return b"" if letter == "A" else session.branch.read_before(path)
    except (FileNotFoundError, Unreadable):
        return b""


def _lists(page: FeaturePage, paths: Iterable[str]) -> bool:
    deltas = mentions_of([page], DELTAS)
    return any(deltas.has_path(path) for path in paths)


def _names_revision(session: Session, page: FeaturePage) -> bool:
    """True where a page plans a revision that the branch adds."""
    plan = mentions_of([page], DATA_MODEL)
    return any(
        addition.kind == "revision" and plan.has_word(addition.name)
        for addition in read_additions(session)
    )


def leaves_the_rest(session: Session, page: FeaturePage) -> bool:
    """True where the branch lands a part, and Future additions names what another one brings.

    That is an item In scope, a thing of the plan that the code does not have, or one that says so.
    """
    future = mentions_of([page], FUTURE)
    if any(_LATER.search(statement) for statement in future.statements()):
        return True
    scope = {
        plain_words(item.text)
        for section in page.all_sections(IN_SCOPE)
        for item in section.all_items
    }
    names = {
        name_words(follow_up)
        for section in page.all_sections(FUTURE)
        for follow_up in follow_ups(page, section)
    }
    if scope & names:
        return True
    planned = {piece.text for section in page.all_sections(*_PLANNED) for piece in section.code}
    waiting = {name for name in planned if name.isidentifier() and future.has_word(name)}
    return bool(waiting - set(spelt_in(read_sources(session), waiting)))


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
    targets = _targets(session, page, links)
    return [path for path in dict.fromkeys(targets) if path in session.tree.tracked_set]


def _leads_to_a_feature(session: Session, page: ChangelogPage) -> Callable[[Link], bool]:
    return lambda link: bool(_targets(session, page, [link]))


def _unlinked(session: Session, page: ChangelogPage, names: list[str]) -> Iterator[UnlinkedBullet]:
    is_feature = _leads_to_a_feature(session, page)
    for block in page.blocks(ADDED):
        for item in feature_items(block.items, is_feature):
            targets = _targets(session, page, item.links)
            if session.tree.tracked_set.intersection(targets) or is_none(item.text):
                continue
            target = targets[0] if targets else None
            hint = nearest(target, names) if target else ""
            is_legacy = bool(page.is_released) and not session.branch.change.whole
            yield UnlinkedBullet(item, target, hint, is_legacy)


def _targets(session: Session, page: ChangelogPage, links: Iterable[Link]) -> list[str]:
    return feature_targets(session, page.path, [link.href for link in links if not link.is_image])


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

"""The final form of feature pages: the changelog links to a page that has shipped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import final_pages, shipped
from definition_of_done.project.docs.closing import closing_of
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.follow_ups import (
    FollowUp,
    follow_ups,
    is_prose,
    roadmap_folder,
    without_roadmap_link,
)
from definition_of_done.project.docs.mentions import (
    Mentions,
    is_cron,
    is_written,
    mentions_of,
    path_or_url,
)
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.repository import is_of_repository
from definition_of_done.project.docs.sections import (
    DELTAS,
    FRONTEND,
    FUTURE,
    SHIPPED,
    PageSection,
    is_asked,
)
from definition_of_done.project.docs.site import read_site
from definition_of_done.project.layout import is_from_before
from definition_of_done.project.without import left_out
from definition_of_done.readers.page import Line, Link


class FinalPage(NamedTuple):
    """A page that has shipped; `changelog` is a page of the changelog that adds it.

    It is empty for a page of the branch where the run looks ahead.

    `missing` names required sections that are not there, `unwritten` those that are empty or hold a
    stub, each with its heading and which it is. `lost` are planned things that neither shipped nor
    were put off. `prose` holds sections Future additions that name no follow-up, `unexplained` the
    follow-ups without a reason, `unlinked` those without a link to their page on the roadmap.
    `dead` are links into the roadmap that lead nowhere.
    """

    page: FeaturePage
    changelog: str
    missing: tuple[str, ...]
    unwritten: tuple[tuple[str, Spot, str], ...]
    lost: tuple[Line, ...]
    prose: tuple[PageSection, ...]
    unexplained: tuple[FollowUp, ...]
    unlinked: tuple[tuple[FollowUp, str], ...]
    dead: tuple[Link, ...]


def read_final_pages(session: Session) -> list[FinalPage]:
    """Read the pages that have shipped, by path; raises Unreadable for one that is not UTF-8."""
    pages = [path for path in feature_paths(session) if not is_from_before(session, path)]
    found = shipped(session, pages)
    if session.looks_ahead and session.branch.base:
        found = {**{page.path: "" for page in final_pages(session)}, **found}
    return [
        _final_page(session, feature_page_of(session, path), found[path])
        for path in pages
        if path in found
    ]


def _final_page(session: Session, page: FeaturePage, changelog: str) -> FinalPage:
    names = (SHIPPED, FUTURE, FRONTEND)
    sections = [section for section in page.sections if section.name in names]
    future = [section for section in sections if section.name == FUTURE]
    parts = left_out(session.config)
    # Of the pages of before, only what each says as a list is judged.
    is_own = page.path in session.branch.changed
    own_future = future if is_own else []
    return FinalPage(
        page,
        changelog,
        tuple(name for name in names if page.section(name) is None and is_asked(name, parts)),
        tuple(
            (str(part.name), part.heading.spot, "empty" if part.is_empty else "a stub")
            for part in sections
            if not part.is_written
        ),
        tuple(_lost(page)),
        tuple(section for section in own_future if is_prose(page, section)),
        tuple(
            follow_up
            for section in future
            if section.is_written
            for follow_up in follow_ups(page, section)
            if not follow_up.says_why and (is_own or follow_up.is_item)
        ),
        tuple(
            found
            for section in own_future
            for found in without_roadmap_link(session, page, section)
        ),
        tuple(
            link
            for section in future
            for link in section.links
            if _is_dead(session, link, page, is_own=is_own)
        ),
    )


def _lost(page: FeaturePage) -> Iterator[Line]:
    """Yield the links and code of the plan that neither final section names."""
    if not (is_written(page, SHIPPED) and is_written(page, FUTURE)):
        # The missing section is reported; without it everything would be lost.
        return
    mentions, put_off = Mentions(page.all_sections(SHIPPED, FUTURE)), mentions_of([page], FUTURE)
    planned = _planned(page)
    is_whole, not_shipped = closing_of(page, [thing for thing, _ in planned])
    left = {thing.text: thing for thing in reversed(not_shipped)}
    yield from left.values()
    if is_whole:
        return
    things = [thing for thing, target in planned if target not in mentions.targets]
    files = Counter(thing.text.rpartition("/")[2] for thing in things if "/" in thing.text)
    later = {thing.spot.line for thing in things if _is_named(thing.text, put_off)}
    seen = set(left)
    for thing in things:
        is_closed = thing.spot.line in later and _goes_along(thing.text, put_off)
        name = thing.text.rpartition("/")[2]
        is_named = _is_named(thing.text, mentions) or (
            files[name] == 1 and mentions.says_path(name)
        )
        if thing.text not in seen and not is_closed and not is_named:
            yield thing
        seen.add(thing.text)


def _planned(page: FeaturePage) -> list[tuple[Line, str | None]]:
    """The links and code of the plan in their order; links with their paths or URLs."""
    found: list[tuple[Line, str | None]] = []
    for section in page.all_sections(DELTAS):
        code = [Line(piece.text, piece.spot) for piece in section.code if "\n" not in piece.text]
        found += ((thing, None) for thing in code)
        names = {thing.text for thing in code}
        # Code in the text of a link is among them already.
        found += (
            (Line(link.text or link.href, link.spot), path_or_url(link.spot.path, link.href))
            for link in section.links
            if link.text not in names
        )
    return sorted(found, key=lambda thing: thing[0].spot.key)


def _goes_along(text: str, put_off: Mentions) -> bool:
    """True for the schedule of a task that is put off by its name, and for its file."""
    return put_off.puts_off(text) if text.endswith(".py") else is_cron(text)


def _is_named(text: str, mentions: Mentions) -> bool:
    """True where a thing is named; a method may stand without its class and arguments."""
    if mentions.has_path(text) or mentions.has_cron(text):
        return True
    words = re.findall(r"\w+", text.partition("(")[0])
    is_name = re.fullmatch(r"[\w.]+(?:\(.*\)(?:\s*->.*)?)?", text) and not text.endswith(
        (".py", ".md")
    )
    return bool(words and is_name) and mentions.has_word(words[-1])


def _is_dead(session: Session, link: Link, page: FeaturePage, *, is_own: bool) -> bool:
    path = path_or_url(link.spot.path, link.href)
    roadmap = roadmap_folder(session)
    if is_own and ("://" in path or path.startswith("/")):
        path = _path_below(session, path, roadmap, page)
    path = path.rstrip("/")
    if path != roadmap and not path.startswith(roadmap + "/"):
        return False
    if session.tree.exists(path) and path != roadmap:
        return False
    # The link may lead to a folder, or to a page by its address on the site.
    if any(file.startswith((path + "/", path + ".")) for file in session.tree.tracked):
        return False
    # Of a repository that is known, docs-links-resolve judges the links.
    return not ("://" in link.href and is_of_repository(session, link.href))


def _path_below(session: Session, url: str, folder: str, page: FeaturePage) -> str:
    """The path below a folder that a URL of the repository or its site leads to, else the URL.

    Of this repository are the URLs that start as one that the page links to a tracked file by.
    """
    name = folder.rpartition("/")[2]
    site = read_site(session)
    address = str(site.settings.get("site_url") or "").rstrip("/") if site else ""
    for start in filter(None, (f"{address}/{name}/" if address else "", f"/{name}/")):
        if url.startswith(start):
            return f"{folder}/{url.removeprefix(start)}"
    start, _, rest = url.partition(f"/{folder}/")
    if not rest or not start:
        return f"{folder}/{rest}" if rest else url
    others = (path_or_url(page.path, link.href) for link in page.page.links)
    is_here = any(
        other.startswith(f"{start}/") and other[len(start) + 1 :] in session.tree.tracked_set
        for other in others
    )
    return f"{folder}/{rest}" if is_here else url

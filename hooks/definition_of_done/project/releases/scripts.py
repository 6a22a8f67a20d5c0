"""The scripts of a release: those that its page names without a path, and those that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.sections import DATA_MODEL, DELTAS, RBAC, PageSection
from definition_of_done.project.layout import (
    is_backfill,
    is_migration_anywhere,
    is_one_off_script,
    is_test,
    script_path,
)
from definition_of_done.project.releases.added import features_under_added
from definition_of_done.project.releases.changelog import MIGRATIONS
from definition_of_done.project.releases.landed import landed_pages
from definition_of_done.project.releases.revisions import Listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot
    from definition_of_done.readers.page import Block, ListItem, Piece

_BEFORE = r"(?<![\w.-])(?:\./)?"
_RUN = regex(
    r"\b(?:runs?|ran|running|execute[sd]?|once|one-off|deploy(?:s|ed|ment)?|post-deploy"
    r"|backfill(?:s|ed)?)\b",
    re.I,
)
_NEED_NOT = regex(
    r"\b(?:no|not|never|without|nothing|none|optional|unchanged|already|stays?|local(?:ly)?|tests?"
    r"|ci|if|unless|may|can)\b|n't\b",
    re.I,
)
_SENTENCE = regex(r"[.;]\s")


class PathlessScript(NamedTuple):
    """A script that a page calls `name`, without its path."""

    spot: Spot
    name: str
    path: str


class PlannedScript(NamedTuple):
    """A script that the feature page `page` says must run; `spot` is the section that lacks it."""

    spot: Spot
    path: str
    page: str


def is_run_once(session: Session, path: str) -> bool:
    """True for a script that belongs to a release: the bump command runs at every one."""
    is_once = path not in session.config["bump-command"] and not is_test(path)
    return is_once and not (session.config.excludes(path) or is_migration_anywhere(session, path))


def pathless_scripts(session: Session, listed: Listed) -> Iterator[PathlessScript]:
    """Yield the scripts of the project that a page names by their file or module alone."""
    pieces = [piece for block in listed.page.blocks(MIGRATIONS) for piece in block.pieces]
    text = "\n".join(piece.text for piece in pieces)
    for path in session.tree.tracked:
        stem = path.rpartition("/")[2].removesuffix(".py")
        is_other = path in listed.told or stem not in text
        if is_other or not (is_one_off_script(session, path) and is_run_once(session, path)):
            continue
        stem, module = re.escape(stem), re.escape(session.config["scripts"].replace("/", "."))
        called = re.compile(rf"(?<![\w./-])(?:{stem}\.py|{module}\.{stem})(?![\w.]*\w)")
        for piece in pieces:
            if found := called.search(piece.text):
                yield PathlessScript(_spot(piece, found), found[0], path)
                break


def _spot(piece: Piece, found: re.Match[str]) -> Spot:
    return piece.spot if piece.kind == "code" else piece.spot.moved(found.start())


def planned_scripts(session: Session, listed: Listed) -> Iterator[PlannedScript]:
    """Yield the scripts that the plans of a page's release say must run, and that it lacks."""
    section = listed.page.section(MIGRATIONS)
    if section is None:
        return
    named = set(listed.told)
    changed = session.branch.changed
    for page in _plans(session, listed):
        for path in dict.fromkeys(_run_by(page, script_path(session.config["scripts"], _BEFORE))):
            # The branch's own ones and the backfills of new members have checks of their own.
            is_left = changed.get(path) == "A" or (
                is_backfill(session, path) and session.config["rbac-models"] in changed
            )
            is_there = session.tree.exists(path) and is_run_once(session, path)
            if is_there and not (is_left or path in named):
                named.add(path)
                yield PlannedScript(section.heading.spot, path, page.path)


def _plans(session: Session, listed: Listed) -> Iterator[FeaturePage]:
    """Yield the feature pages of the release: those that no other page of the changelog adds."""
    added = features_under_added(session, listed.page)
    by_page = shipped(session, added)
    paths = [path for path in added if by_page.get(path) == listed.page.path]
    paths += [page.path for page in landed_pages(session)]
    for path in dict.fromkeys(paths):
        yield feature_page_of(session, path)


def _run_by(page: FeaturePage, script: re.Pattern[str]) -> Iterator[str]:
    for section in page.all_sections(DELTAS, RBAC, DATA_MODEL):
        for text, paths in _statements(section, script):
            words = script.sub("", text)
            if _RUN.search(words) and not _NEED_NOT.search(words):
                yield from paths


def _statements(section: PageSection, script: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each sentence that names scripts, with the heading above it."""
    above = ""
    for block in section.section.blocks:
        if block.heading:
            above = block.heading.text
            continue
        items = [item for top in block.items for item in top.all_items]
        parts: list[ListItem] | list[Block] = items or [block]
        for part in parts:
            text = " ".join(line.text for line in part.lines)
            for sentence in _SENTENCE.split(text):
                yield f"{above} {sentence}", script.findall(sentence)
            if not script.search(text):
                yield f"{above} {text}", script.findall(" ".join(link.href for link in part.links))

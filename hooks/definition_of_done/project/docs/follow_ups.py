"""The follow-ups under Future additions: items, rows of a table, headings or strong names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import path_of
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.sections import PageSection
from definition_of_done.project.layout import OVERVIEWS
from definition_of_done.readers.page import Block, ListItem, rows_of
from definition_of_done.readers.stubs import is_none, says_nothing

# A colon or dash with something behind it, a second sentence, or a word that gives a reason.
_REASON = regex(
    r":\s+\S|\s[-\u2013\u2014]+\s+\S|\u2014\S|[.;!?]\s+\S|\(\S"
    r"|\b(?:because|since|until|till|unless|once|when|while|after|before|as|so|for lack of|waits?"
    r"|waiting|depends?|needs?|requires?|blocked|deferred|postponed|not|(?:due|owing) to"
    r"|given (?:that|the)|nobody|no (?:one|budget|time|capacity|demand|need|use)"
    r"|out of (?:budget|time)|low priority)\b"
    r"|,\s+pending\s|\b(?:in|by|next) (?:20\d\d|q[1-4]|year|quarter|month)\b",
    re.I,
)
# The head of a column with reasons, and a cell that holds none.
_WHY = regex(
    r"\b(?:why|reasons?|because|deferred|blocked|blockers?|waits?|waiting|depends?|dependency"
    r"|dependencies|until|needs?|rationale|cause)\b",
    re.I,
)
_PUT_OFF = (
    r"tbd|todo|n/?a|later|not now|not yet|soon|deferred|postponed|future|next (?:time|release)"
)
_NO_REASON = regex(rf"[\W_]*+(?:{_PUT_OFF})?[\W_]*+", re.I)
# A name with nothing but that behind it.
_PUT_OFF_BEHIND = regex(rf"(?::|\s[-\u2013\u2014(]+)\s*(?:{_PUT_OFF})\W*\Z", re.I)
# The name of a follow-up ends where its reason starts.
_NAME_END = regex(r":(?:\s|$)|\s[-\u2013\u2014]+\s|\u2014|[.;!?](?:\s|$)|\s?[(\[]")
_ARTICLES = frozenset(("a", "an", "the"))


class FollowUp(NamedTuple):
    """A named follow-up. `is_item` is True for one of a list."""

    name: str
    spot: Spot
    says_why: bool
    is_item: bool = False


def follow_ups(page: FeaturePage, section: PageSection) -> list[FollowUp]:
    """The follow-ups that a section names."""
    found: list[FollowUp] = []
    blocks = section.section.blocks
    for at, block in enumerate(blocks):
        behind = blocks[at + 1] if at + 1 < len(blocks) else None
        if block.items:
            found += (
                FollowUp(item.text, item.spot, _says_why(item), is_item=True)
                for item in block.items
            )
        elif block.kind == "table":
            found += _rows(page, block)
        elif block.heading:
            # A heading above a list or a table is a theme of several.
            if not (behind and (behind.items or behind.kind == "table")):
                found.append(FollowUp(block.heading.text, block.spot, _is_text(behind)))
        elif block.lead and not (at and blocks[at - 1].heading):
            words = " ".join(line.text for line in block.lines)
            says_more = bool(words.removeprefix(block.lead).strip(" .:-\u2013\u2014"))
            found.append(
                FollowUp(block.lead.rstrip(" :."), block.spot, says_more or _is_text(behind))
            )
    return found


def is_prose(page: FeaturePage, section: PageSection) -> bool:
    """True where a section has text that neither names follow-ups nor says that there are none."""
    if not section.is_written or follow_ups(page, section):
        return False
    first = next((block for block in section.section.blocks if block.lines), None)
    return first is None or not says_nothing(" ".join(line.text for line in first.lines))


def _is_text(block: Block | None) -> bool:
    """True for a block that explains the name above it."""
    return block is not None and not block.heading and not block.lead


def _says_why(item: ListItem) -> bool:
    text = item.text.rstrip(" .")
    if item.is_struck or item.items or is_none(text) or says_nothing(text):
        return True
    told = _PUT_OFF_BEHIND.sub("", item.text)
    if len(item.text) > len(item.lead):
        # A word such as "when" in a strong name is no reason.
        told = told.removeprefix(item.lead.rstrip(" :."))
    return len(item.lines) > 1 or _REASON.search(told) is not None


def _rows(page: FeaturePage, block: Block) -> Iterator[FollowUp]:
    rows = rows_of(page.page.text, block)
    reasons = [at for at, cell in enumerate(rows[0]) if _WHY.search(cell.text)] if rows else []
    for row in rows[1:]:
        names = [cell for cell in block.lines if cell.spot.line == row[0].spot.line]
        name = next((cell for cell in names if re.search(r"[^\W\d_]", cell.text)), None)
        if name and not says_nothing(name.text):
            yield FollowUp(
                name.text, name.spot, _row_says_why([cell.text for cell in row], reasons)
            )


def _row_says_why(cells: list[str], reasons: list[int]) -> bool:
    given = [cells[at] for at in reasons if at < len(cells)]
    if reasons:
        return any(not _NO_REASON.fullmatch(cell) for cell in given)
    # Under another head, some words may be the reason.
    return any(_REASON.search(cell) or len(cell.split()) > 2 for cell in cells[1:]) or bool(
        cells and _REASON.search(re.sub(r"\]\([^()]*\)", "]", cells[0]))
    )


def without_roadmap_link(
    session: Session, page: FeaturePage, section: PageSection
) -> Iterator[tuple[FollowUp, str]]:
    """Yield the follow-ups that have the name of a page of the roadmap, and no link to it.

    Such a page is called by its title, or by the words of its filename.
    """
    linked = {
        path_of(link.href).rstrip("/").rpartition("/")[2].removesuffix(".md")
        for link in section.links
    }
    for follow_up in follow_ups(page, section):
        words = name_words(follow_up)
        path = _roadmap_names(session).get(words) if words else None
        if path and path.rpartition("/")[2].removesuffix(".md") not in linked:
            yield follow_up, path


def name_words(follow_up: FollowUp) -> tuple[str, ...]:
    """The words of a follow-up's name, which ends where its reason starts."""
    return plain_words(_NAME_END.split(follow_up.name, maxsplit=1)[0])


def roadmap_folder(session: Session) -> str:
    """The folder of the roadmap, which lies beside that of the feature pages."""
    return f"{dirname(session.config['features'])}/roadmap".lstrip("/")


def is_roadmap_page(session: Session, path: str) -> bool:
    """True for a page of the roadmap that is no overview."""
    return (
        path.startswith(f"{roadmap_folder(session)}/")
        and path.endswith(".md")
        and path.rpartition("/")[2] not in OVERVIEWS
    )


@once
def _roadmap_names(session: Session) -> dict[tuple[str, ...], str]:
    """Map the names of the roadmap's pages to their paths."""
    names: dict[tuple[str, ...], str] = {}
    for path in session.tree.tracked:
        if not is_roadmap_page(session, path) or not session.tree.exists(path):
            continue
        names[plain_words(path.rpartition("/")[2].removesuffix(".md"))] = path
        try:
            page = recall_page(session, path, session.tree.read(path))
        except Unreadable:
            continue
        for part in page.sections[:1]:
            names[plain_words(part.heading.text)] = path
    return names


def plain_words(name: str) -> tuple[str, ...]:
    """The words of a name, without articles."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return tuple(word for word in words if word not in _ARTICLES)

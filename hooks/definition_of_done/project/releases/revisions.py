"""The revisions of a release, and those that the section Migrations of each page lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import script_path
from definition_of_done.project.migrations.ancestry.graph import History, read_history
from definition_of_done.project.migrations.ancestry.history import read_later_scans
from definition_of_done.project.releases.changelog import MIGRATIONS, ChangelogPage, read_pages
from definition_of_done.project.schemes import Scheme, scheme_of
from definition_of_done.readers.page import Block, Line, ListItem, Piece

_RUN = regex(r"[\w./-]+")
_LABEL = regex(r"\W*+(?:(?:revision|migration)s?\b:?)?\s*", re.I)
_JOINT = regex(r"\s*+(?:[,;&+/\u2192]|->|\band\b|\bthen\b)++\s*")
# A word with an underscore or a digit is no word of prose, which may be a revision by chance.
_SLUG = regex(r"[^\W_0-9]*+[_0-9]\w*")
_LIKE_A_REVISION = regex(r"[a-z0-9]+(?:_[a-z0-9]+)+|[0-9a-f]{12}")
# What stands around the path of a script, in a text and in a link.
_SPOKEN = r"(?<![\w./-])(?:\./)?"
_LINKED = r"(?:\A|/)"


class Entry(NamedTuple):
    """A revision that leads an item or a cell of a table, or a word that looks like one.

    `is_bare` is True where nothing stands beside it.
    """

    name: str
    spot: Spot
    is_bare: bool


class Listed(NamedTuple):
    """The names in the section Migrations of one page.

    `entries` are the revisions that lead an item, in order, `mentions` all revisions of the
    section. `others` lead an item in code like a revision and are none. `scripts` are the paths
    of scripts, `told` are these and those that a link leads to.
    """

    page: ChangelogPage
    entries: tuple[Entry, ...]
    mentions: frozenset[str]
    others: tuple[Entry, ...]
    scripts: tuple[Line, ...]
    told: frozenset[str]

    @property
    def names(self) -> list[str]:
        """The revisions of the entries."""
        return [entry.name for entry in self.entries]


class KnownRevisions:
    """The revisions of a project, found by their names and by the names of their files."""

    def __init__(self, history: History | None) -> None:
        self._names: dict[str, str] = {}
        for node in history.order if history else ():
            name, file = str(node.revision), node.path.rpartition("/")[2]
            self._names |= {file: name, file.removesuffix(".py"): name}
        self._names |= {name: name for name in history.above} if history else {}

    def resolve(self, word: str) -> str | None:
        """The revision that a word or a path stands for, None where it stands for none."""
        return self._names.get(word) or self._names.get(word.rpartition("/")[2])

    def leading(self, text: str) -> list[str]:
        """The revisions that a text starts with, one or several in a row."""
        found: list[str] = []
        joint = _LABEL.match(text)
        while joint:
            run = _RUN.match(text, joint.end())
            word = _word(run[0]) if run else ""
            name = self.resolve(word)
            if not name:
                break
            found.append(name)
            joint = _JOINT.match(text, joint.end() + len(word))
        return found


def _word(run: str) -> str:
    """Return a word or a path without the end of a sentence behind it."""
    return run.rstrip("./-")


@once
def read_listed(session: Session) -> list[Listed]:
    """Read the section of each page of the changelog, the oldest first; raises Unreadable."""
    known = KnownRevisions(read_history(session))
    scripts = session.config["scripts"]
    return [listed_on(page, known, scripts) for page in read_pages(session)]


def listed_on(page: ChangelogPage, known: KnownRevisions, scripts: str = "") -> Listed:
    """Read the names in all sections Migrations of a page; `scripts` is the folder of these."""
    blocks = page.blocks(MIGRATIONS)
    items = [item for block in blocks for item in block.items]
    pieces = [piece for block in blocks for piece in block.pieces]
    entries: dict[str, Entry] = {}
    for entry in (*_entries(items, known), *_rows(blocks, known)):
        entries.setdefault(entry.name, entry)
    in_text, in_link = script_path(scripts, _SPOKEN), script_path(scripts, _LINKED, r"\Z")
    named = [
        Line(found[1], piece.spot) for piece in pieces for found in in_text.finditer(piece.text)
    ]
    hrefs = [link.href.partition("#")[0] for block in blocks for link in block.links]
    linked = [found[1] for href in hrefs if (found := in_link.search(href))]
    return Listed(
        page,
        tuple(entries.values()),
        frozenset(_mentions(items, pieces, known)),
        tuple(_others(items, known)),
        tuple(named),
        frozenset((*linked, *(script.text for script in named))),
    )


def _entries(items: list[ListItem], known: KnownRevisions) -> Iterator[Entry]:
    for item in items:
        names = known.leading(item.text)
        for name in names:
            yield Entry(name, item.spot, is_bare(item, name))
        if not names:
            # Items nested in an entry only explain it.
            yield from _entries(list(item.items), known)


def _rows(blocks: list[Block], known: KnownRevisions) -> Iterator[Entry]:
    """Yield the revisions of the first cell in each row of a table that starts with one."""
    cells = [line for block in blocks if block.kind == "table" for line in block.lines]
    told = 0
    for cell in cells:
        names = known.leading(cell.text) if cell.spot.line != told else []
        for name in names:
            told = cell.spot.line
            yield Entry(name, cell.spot, is_bare=False)


def is_bare(item: ListItem, name: str) -> bool:
    """True where an item is a revision's name and nothing else."""
    return item.text == name and not item.items and len(item.lines) == 1


def _others(items: list[ListItem], known: KnownRevisions) -> Iterator[Entry]:
    for item in items:
        if known.leading(item.text):
            continue
        code = item.code[0] if item.code and item.lines else None
        if code and code.spot == item.lines[0].spot and _LIKE_A_REVISION.fullmatch(code.text):
            yield Entry(code.text, code.spot, is_bare(item, code.text))
        else:
            yield from _others(list(item.items), known)


def _mentions(items: list[ListItem], pieces: list[Piece], known: KnownRevisions) -> Iterator[str]:
    for piece in pieces:
        for word in map(_word, _RUN.findall(piece.text)):
            name = known.resolve(word)
            if name and (piece.kind == "code" or word != name or _SLUG.fullmatch(word)):
                yield name
    for item in items:
        for nested in item.all_items:
            yield from known.leading(nested.text)


def release_revisions(session: Session, version: str | None = None) -> list[str] | None:
    """Return the revisions of a release, each behind its parents and dependencies, with merges.

    `version` is the newest page's by default; its page need not exist. The release holds all
    revisions but those on pages of lower versions, `since`, and the ancestors of both. Where
    there is neither such a page nor a `since`, it holds what the branch adds, what its own page
    names, and all later revisions.

    None where the order is not certain: two heads, an unknown parent, a circle, an identifier that
    Python computes.
    """
    history = read_history(session)
    if history is None:
        return None
    pages = read_listed(session)
    if version is None and pages:
        version = pages[-1].page.version
    earlier = earlier_pages(scheme_of(session), pages, version)
    later = {node.revision for node in read_later_scans(session)}
    released = [name for listed in earlier for name in listed.mentions]
    if released:
        later -= history.ancestors(released)
    elif not session.config["since"]:
        named = [listed.mentions for listed in pages if listed.page.version == version]
        later = _with_later(history, _added(session, history).union(*named))
    return [name for name in history.above if name in later]


def earlier_pages(scheme: Scheme, pages: list[Listed], version: str | None) -> list[Listed]:
    """Return the pages of lower versions, all pages where no version is given."""
    if version is None:
        return pages
    end = scheme.order(version)
    return [listed for listed in pages if scheme.order(listed.page.version) < end]


def _added(session: Session, history: History) -> set[str]:
    added = {path for path, letter in session.branch.changed.items() if letter == "A"}
    return {str(node.revision) for node in history.order if node.path in added}


def _with_later(history: History, names: set[str]) -> set[str | None]:
    """Return the names that are revisions, with all revisions that come after them."""
    found: set[str | None] = set()
    for name, parents in history.above.items():
        if name in names or any(parent in found for parent in parents):
            found.add(name)
    return found

"""The words, paths, files and texts that pages and their sections mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from posixpath import dirname, normpath

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import path_of
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.sections import PageSection
from definition_of_done.project.page_names import filename_slug
from definition_of_done.readers.page import Block, Link, ListItem

_PATH = regex(r"(?<![\w./@~-])(?:\./)?[\w.-]+(?:/[\w.@-]+)*/[\w@-][\w.@-]*\.\w+(?![\w/])")
_BRACES = regex(r"(?<![\w./-])([\w./-]*+)\{((?:\w+, ?)+\w+)\}([\w./-]*+)")
_SLASHES = regex(
    r"(?<![\w./@-])((?:[a-z][a-z0-9]*/){1,5})([a-z][a-z0-9]*)((?:[A-Z]|_[a-z])\w*+)(?![./]\w)"
)
_URL = regex(r"https?://[^\s<>\"')]*[\w/]")
_OTHER_CRON = regex(r"(?<![\w*/-])[\d*][\d*/,-]*(?: [\d*][\d*/,-]*){4}(?![\w*/-])")
_CRON = regex(r"[*/,\w-]+(?: [*/,\w-]+){4}")


class Mentions:
    """All that one or more sections mention, on one page or on several."""

    def __init__(self, sections: Iterable[PageSection]) -> None:
        sections = list(sections)
        pieces = [piece for section in sections for piece in section.section.pieces]
        links = [link for section in sections for link in section.links]
        self.words = "\n".join(" ".join(piece.text.split()) for piece in pieces)
        self.words += "".join(_spelled_out(self.words))
        self._sections = sections
        self.targets = {path_or_url(link.spot.path, link.href) for link in links}
        # A forge makes a link of an address.
        self.targets |= {
            path_of(url)
            for piece in pieces
            if piece.kind != "code"
            for url in _URL.findall(piece.text)
        }

    def has_word(self, name: str) -> bool:
        """True where a name stands there as a word of its own."""
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.words) is not None

    def has_path(self, path: str) -> bool:
        """True where a path stands there, or the target of a link ends with it."""
        return self.has_target(path) or self.says_path(path)

    def says_path(self, path: str) -> bool:
        """True where a path stands there in words."""
        return re.search(rf"(?<![\w/.-]){re.escape(path)}(?![\w/-]|\.\w)", self.words) is not None

    def has_file(self, path: str) -> bool:
        """True where the path, the name or the module of a file stands there."""
        if self.has_target(path):
            return True
        module = path.removesuffix(".py").replace("/", ".")
        return self.has_word(path.rpartition("/")[2]) or self.has_word(module)

    def puts_off(self, path: str) -> bool:
        """True where a file is named by its path, or by the task or class that it is called as."""
        stem = path.rpartition("/")[2].removesuffix(".py")
        return self.has_path(path) or ("_" in stem and self.has_word(stem))

    def has_cron(self, cron: str) -> bool:
        """True where a schedule stands there as it is, or in words."""
        if " ".join(cron.split()) in self.words:
            return True
        from definition_of_done.project.docs.schedule_words import says_cron

        return says_cron(cron, self.statements())

    def contradiction(self, cron: str, name: str, path: str) -> str:
        """The words of a statement on a schedule or its task that say another schedule.

        With the path of the task's file, an item whose only link leads there is one of the task.
        """
        from definition_of_done.project.docs.schedule_words import contradiction

        shown = " ".join(cron.split())
        named = _task_called(name)
        about = [text for text in self.statements() if shown in text or named.search(text)]
        for text in about:
            if shown not in text and (other := _OTHER_CRON.search(text)):
                return f"`{other[0]}`"
        about += [
            " ".join(line.text for line in item.lines).replace(item.links[0].text, "")
            for item in self._items()
            if path and [linked_path(link) for link in item.links] == [path]
        ]
        for statement in map(" ".join, map(str.split, about)):
            if said := contradiction(shown, statement.replace(shown, "")):
                return said
        return ""

    def cron_of(self, name: str) -> str:
        """The only schedule of five fields in the statements that name a task, else nothing."""
        named = _task_called(name)
        about = [text for text in self.statements() if named.search(text)]
        crons = {found[0] for text in about for found in _OTHER_CRON.finditer(text)}
        return crons.pop() if len(crons) == 1 else ""

    def _blocks(self) -> Iterator[Block]:
        return (block for section in self._sections for block in section.section.blocks)

    def _items(self) -> Iterator[ListItem]:
        return (item for block in self._blocks() for top in block.items for item in top.all_items)

    def statements(self) -> Iterator[str]:
        """Yield the text of each item, paragraph and row of a table."""
        for item in self._items():
            yield " ".join(line.text for line in item.lines)
        for block in self._blocks():
            rows: dict[int, list[str]] = {}
            for line in () if block.items else block.lines:
                rows.setdefault(line.spot.line if block.kind == "table" else 0, []).append(
                    line.text
                )
            yield from map(" ".join, rows.values())

    def has_target(self, path: str) -> bool:
        """True where a link leads to a path, or to one that ends with it."""
        return any(target == path or target.endswith("/" + path) for target in self.targets)


def _task_called(name: str) -> re.Pattern[str]:
    """The pattern of a task's name; a file may hold other tasks than the one that names it."""
    return re.compile(rf"(?<![\w/]){re.escape(name)}(?!\w|\.py\b)")


def _spelled_out(words: str) -> Iterator[str]:
    """Yield, on lines of their own, names that are written as one.

    They are those that braces stand for, as in `{add,drop}Credit`, or slashes: `add/dropCredit`.
    """
    for found in _SLASHES.finditer(words):
        for part in found[1].split("/")[:-1]:
            yield f"\n{part}{found[3]}"
    for found in _BRACES.finditer(words):
        for part in found[2].split(","):
            yield f"\n{found[1]}{part.strip()}{found[3]}"


def is_cron(text: str) -> bool:
    """True for the five fields of a schedule."""
    return _CRON.fullmatch(text) is not None and any(char in text for char in "*0123456789")


def mentions_of(pages: Iterable[FeaturePage], name: str) -> Mentions:
    """All that the sections with this name mention, on all of the pages."""
    return Mentions(section for page in pages for section in page.sections if section.name == name)


def is_written(page: FeaturePage, name: str) -> bool:
    """True where a page has a section with this name that is more than a heading or a stub.

    Where it has none, that is one finding; what the section lacks is none.
    """
    return any(section.is_written for section in page.all_sections(name))


def path_or_url(page: str, href: str) -> str:
    """The path from the root that a link of a page leads to, or its URL; without fragment."""
    path = path_of(href)
    if "://" in path or not path or path.startswith("/"):
        return path
    return normpath(f"{dirname(page)}/{path}")


def named_paths(section: PageSection) -> Iterable[tuple[str, Spot]]:
    """Yield the paths of files in the text and inline code of a section, each with its spot."""
    for piece in section.section.pieces:
        if "://" in piece.text or "\n" in piece.text:
            continue
        for found in _PATH.finditer(piece.text):
            line, column = piece.spot.line, piece.spot.column + found.start()
            spot = Spot.of(piece.spot.path, line, column, len(found[0]))
            yield found[0].removeprefix("./"), spot


def fenced_paths(section: PageSection) -> Iterable[tuple[str, Spot]]:
    """Yield the paths of files in the blocks of code of a section, with the spot of the block."""
    for piece in section.section.pieces:
        for found in _PATH.finditer(piece.text) if "\n" in piece.text else ():
            yield found[0].removeprefix("./"), piece.spot


def listed_paths(section: PageSection) -> dict[str, Spot]:
    """The paths in the text of a section, and those that its links lead to, also on a forge."""
    paths = dict(named_paths(section))
    for link in section.links:
        path = linked_path(link)
        if _PATH.fullmatch(path):
            paths.setdefault(path, link.spot)
    return paths


def misleading_links(section: PageSection) -> Iterator[tuple[Link, str, str]]:
    """Yield the links whose text is the path of another file of its kind, with both paths."""
    for link in section.links:
        label = link.text.strip().strip("`").removeprefix("./")
        target = linked_path(link)
        are_alike = label.rpartition(".")[2] == target.rpartition(".")[2]
        are_paths = _PATH.fullmatch(label) and _PATH.fullmatch(target) and are_alike
        if are_paths and ".." not in label and not f"/{target}".endswith(f"/{label}"):
            yield link, label, target


def linked_path(link: Link) -> str:
    """The path of a file that a link leads to, also on a forge; any other target as it is."""
    target = path_or_url(link.spot.path, link.href)
    for mark in ("/blob/", "/tree/", "/src/", "/raw/"):
        _, found, behind = target.partition(mark)
        if found and "://" in target:
            return behind.partition("/")[2]
    return target


def heading_spot(pages: Sequence[FeaturePage], name: str) -> Spot:
    """The heading of a section on the first page that has it, else the start of the first page."""
    spots = (section.heading.spot for page in pages for section in page.all_sections(name))
    return next(spots, pages[0].start)


class Words:
    """The text of a page, its filename included, as words."""

    def __init__(self, text: str) -> None:
        # A page may write the _ of a name with a backslash.
        self._text = text.replace("\\_", "_").casefold()
        self._words = frozenset(re.findall(r"\w+", self._text))

    def has_word(self, name: str) -> bool:
        """True where a name stands there as a whole word."""
        plain = name.casefold()
        if re.fullmatch(r"\w+", plain):
            return plain in self._words
        return self._find(re.escape(plain))

    def has_phrase(self, name: str) -> bool:
        """True where a name stands there, also with blanks or `-` for its `_`."""
        plain = name.casefold()
        if len(plain) > len(self._text):
            # The text cannot hold it, and its expression would take long to compile.
            return False
        if self.has_word(name):
            return True
        # Compiling an expression takes longer than a plain search, which rules out most names.
        pattern = re.escape(plain).replace("_", r"[\s_-]+")
        return _joined(plain) in self._joined and self._find(pattern)

    @cached_property
    def _joined(self) -> str:
        return _joined(self._text)

    def _find(self, pattern: str) -> bool:
        return re.search(rf"(?<!\w){pattern}(?!\w)", self._text) is not None


def _joined(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text)


@once
def page_words(session: Session) -> dict[str, Words]:
    """Read the words of each tracked feature page, by its path; raises Unreadable."""
    return {
        path: Words(f"{filename_slug(path)}\n{session.tree.text(path).text}")
        for path in feature_paths(session)
    }

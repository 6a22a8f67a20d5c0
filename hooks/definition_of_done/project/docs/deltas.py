"""The branch's code is compared with the section What's being implemented of its pages."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.text import splice
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.graphql import read_code
from definition_of_done.project.docs.branch_pages import branch_pages, final_sections
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.fence import Contradiction, read_contradictions
from definition_of_done.project.docs.mentions import (
    Mentions,
    fenced_paths,
    heading_spot,
    is_written,
    listed_paths,
    mentions_of,
    misleading_links,
    named_paths,
)
from definition_of_done.project.docs.repository import address_of, is_of_repository
from definition_of_done.project.docs.sections import DELTAS, IN_SCOPE, SHIPPED
from definition_of_done.project.docs.surface import read_ghosts
from definition_of_done.project.docs.told_methods import read_told_methods
from definition_of_done.project.layout import (
    changed_code,
    is_blank,
    is_export,
    is_migration,
    is_migration_anywhere,
    is_test,
    is_version_file,
    layer_of,
)
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import Page
from definition_of_done.readers.python import read_module


class Unlisted(NamedTuple):
    """A file or method of the branch that its pages do not list.

    `spot` is the heading of the section, `description` starts the message.
    """

    spot: Spot
    description: str
    advice: str
    symbol: str


class Bare(NamedTuple):
    """A file of the branch that a page lists without a link; `edits` make it one."""

    spot: Spot
    path: str
    edits: tuple[Edit, ...]


class Gone(NamedTuple):
    """A name of a final page that leads nowhere; `section` is the one that names it.

    `is_empty` says that it is there, and holds no code, `is_kept` that the branch changes none of
    the files that the section lists.
    """

    spot: Spot
    section: str
    name: str
    is_path: bool
    is_migration: bool = False
    is_empty: bool = False
    is_kept: bool = False

    @property
    def absent(self) -> str:
        """The words that say how it leads nowhere."""
        if self.is_kept:
            return "and the branch changes no file that is listed there"
        if self.is_empty:
            return "which holds no code"
        return "which does not exist" if self.is_path else "which neither code nor schema has"


class Deltas(NamedTuple):
    """The code that is not listed or not linked, what is named and gone, and what is out of scope
    and lands all the same. `misleading` are links that name one file and lead to another."""

    unlisted: tuple[Unlisted, ...] = ()
    bare: tuple[Bare, ...] = ()
    gone: tuple[Gone, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    misleading: tuple[tuple[Spot, str, str], ...] = ()


class _Delta(NamedTuple):
    """A file of the branch that its pages list."""

    path: str
    layer: str
    verb: str


def read_deltas(session: Session) -> Deltas:
    """Compare code and pages; nothing differs where no page of the branch has the section."""
    pages = branch_pages(session)
    if not pages:
        return Deltas()
    unlisted: list[Unlisted] = []
    bare: tuple[Bare, ...] = ()
    if any(is_written(page, DELTAS) for page in pages):
        mentions, spot = mentions_of(pages, DELTAS), heading_spot(pages, DELTAS)
        deltas = list(_deltas(session))
        unlisted += _unlisted_files(deltas, mentions, spot)
        unlisted += _unlisted_methods(session, mentions, spot)
        bare = tuple(_bare(session, pages, deltas, mentions))
    gone = (*_gone_paths(session), *_gone_names(session), *_kept_paths(session))
    return Deltas(
        tuple(unlisted),
        bare,
        gone,
        tuple(read_contradictions(session)),
        tuple(_misleading(session, pages)),
    )


def _misleading(session: Session, pages: list[FeaturePage]) -> Iterator[tuple[Spot, str, str]]:
    for section in (section for page in pages for section in page.all_sections(DELTAS)):
        for link, label, target in misleading_links(section):
            # Of an address elsewhere, no other rule sees that it leads nowhere.
            is_elsewhere = "://" in link.href and not is_of_repository(session, link.href)
            if session.tree.exists(target) or (is_elsewhere and session.tree.exists(label)):
                yield link.spot, label, target


def _deltas(session: Session) -> Iterator[_Delta]:
    """Yield each added file of the code's folders, and each layer and script that changes."""
    folders = _code_folders(session)
    for path, letter in sorted(session.branch.changed_or_nothing().items()):
        layer = layer_of(session, path) if letter != "D" else None
        if layer is None and not (letter == "A" and path.startswith(folders)):
            continue
        if not _is_free(session, path, letter):
            yield _Delta(path, layer or "file", "adds" if letter == "A" else "changes")


def read_unseen(session: Session) -> list[str]:
    """The code of the branch outside of the folders that are compared, and on none of its pages."""
    folders, mentions = _code_folders(session), mentions_of(branch_pages(session), DELTAS)
    return [
        path
        for path, letter in changed_code(session).items()
        if letter != "D" and not path.startswith(folders) and not mentions.has_path(path)
        if not (is_version_file(session, path) or _is_free(session, path, letter))
    ]


def _code_folders(session: Session) -> tuple[str, ...]:
    """The folder that the resources' folder stands in, and that of the scripts, each with a /."""
    resources = session.config["resources"]
    above = resources.rpartition("/")[0] or resources
    return tuple(f"{folder}/" for folder in (above, session.config["scripts"]) if folder)


def _is_free(session: Session, path: str, letter: str) -> bool:
    """True for what is listed elsewhere, left out or moved, or holds nothing to navigate to."""
    config = session.config
    # The contract asks for these by rules of their own.
    own = [config[key] for key in ("rbac-models", "version-file", "version-source")]
    if path in own or config.excludes(path) or (letter == "A" and _is_renamed(session, path)):
        return True
    if path.endswith((".md", "/py.typed")) or path.rpartition("/")[2].startswith("."):
        return True
    if is_test(path) or is_migration_anywhere(session, path) or is_export(session, path):
        return True
    is_empty = not session.tree.read(path).strip()
    return is_empty or _is_bare(session, path) or _is_mount(session, path)


def _is_renamed(session: Session, path: str) -> bool:
    """True for an added file that holds more than half of what a deleted one of its kind held."""
    kind = path.rpartition(".")[2]
    gone = session.cache.keep(f"lines of deleted {kind}", lambda: _deleted(session, kind))
    lines = _lines(session.tree.read(path)) if gone else Counter()
    size = lines.total()
    return any((old & lines).total() * 2 > max(old.total(), size) for old in gone)


def _deleted(session: Session, kind: str) -> list[Counter[bytes]]:
    return [
        _lines(session.branch.read_before(path))
        for path, letter in session.branch.changed_or_nothing().items()
        if letter == "D" and path.endswith(f".{kind}")
    ]


def _lines(data: bytes) -> Counter[bytes]:
    """The lines of a file without blank ones."""
    return Counter(filter(None, map(bytes.strip, data.split(b"\n"))))


def _unlisted_files(deltas: list[_Delta], mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for path, layer, verb in deltas:
        folder = path.rpartition("/")[0]
        # What is no module may be listed by its folder.
        by_folder = not path.endswith(".py") and mentions.has_target(folder)
        if not (mentions.has_path(path) or by_folder):
            description = f"{path} is a {layer} that the branch {verb}"
            yield Unlisted(spot, description, "link to it", path)


def _bare(
    session: Session, pages: list[FeaturePage], deltas: list[_Delta], mentions: Mentions
) -> Iterator[Bare]:
    """Yield the files that no link leads to, where each is written first."""
    left = {delta.path for delta in deltas if not mentions.has_target(delta.path)}
    for page in pages:
        for section in page.all_sections(DELTAS):
            linked = [link.text for link in section.links]
            for path, spot in (*named_paths(section), *fenced_paths(section)):
                if path not in left or any(path in text for text in linked):
                    continue
                left.discard(path)
                yield Bare(spot, path, tuple(_as_link(session, page, path, spot)))


def _as_link(session: Session, page: FeaturePage, path: str, spot: Spot) -> Iterator[Edit]:
    """Yield the edit that makes a link of a path, as far as its address is certain."""
    address = address_of(session, page, path)
    source, start = page.page.text.text, page.page.text.offset(spot.line, spot.column)
    # Marks of code, or the folder itself, may stand before it.
    start = source.find(path, start, start + len(path) + 4)
    end = start + len(path)
    if address is None or start < 0:
        return
    if source.startswith("./", start - 2):
        start -= 2
    while source[start - 1 : start] == source[end : end + 1] == "`":
        start, end = start - 1, end + 1
    edit = Edit(page.path, start, end, f"[{source[start:end]}]({address})")
    # Code may hold more than the path, or the text around it may not be Markdown.
    edited = read_page(page.path, splice(page.page.text, [edit]).encode("utf-8", "surrogatepass"))
    if Counter(_addresses(edited)) == Counter([*_addresses(page.page), address]):
        yield edit


def _addresses(page: Page) -> list[str]:
    return [link.href for link in page.links]


def _is_bare(session: Session, path: str) -> bool:
    """True for a package's `__init__.py` that defines neither function nor class."""
    if not path.endswith("/__init__.py"):
        return False
    data = session.tree.read(path)
    if b"def " not in data and b"class " not in data:
        return True
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return not any(isinstance(node, definitions) for node in ast.walk(read_module(path, data).tree))


def _is_mount(session: Session, path: str) -> bool:
    """True for a module that makes a schema of what the resources define."""
    home = session.config["resources"]
    if path == f"{home}/schema.py" or path.startswith(f"{home}/schema/"):
        return True
    return b"Schema(" in session.tree.read(path) and bool(read_code(session, path).mounts)


def _unlisted_methods(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for service in read_added(session).services:
        for method in service.methods:
            path = method.spot.path
            is_moved = session.branch.changed[path] == "A" and _is_renamed(session, path)
            if not is_moved and not mentions.has_word(method.name):
                name = f"{service.name}.{method.name}" if service.name else method.name
                place = f"{path}:{method.spot.line}"
                description = f"{name} at {place} is exposed by a new service"
                yield Unlisted(spot, description, "name it", name)


def _gone_paths(session: Session) -> Iterator[Gone]:
    """Yield the paths that a final page names and that do not exist."""
    folders = {path.partition("/")[0] for path in session.tree.tracked if "/" in path}
    deleted = {
        path for path, letter in session.branch.changed_or_nothing().items() if letter == "D"
    }
    for _, section, put_off in final_sections(session, DELTAS, IN_SCOPE):
        named = listed_paths(section) if session.looks_ahead else dict(named_paths(section))
        for path, spot in named.items():
            if path.partition("/")[0] not in folders:
                continue
            is_there = session.tree.exists(path)
            empty = is_there and _is_emptied(session, path)
            if is_there and not empty:
                continue
            # A page may also list a file because the branch deletes it.
            if path not in deleted and not put_off.puts_off(path):
                migrates, where = is_migration(session, path), str(section.name)
                yield Gone(spot, where, path, True, is_migration=migrates, is_empty=empty)


def _kept_paths(session: Session) -> Iterator[Gone]:
    """Yield the first path of each plan of which the branch has not begun anything."""
    for page, spots in read_unbegun(session) if session.looks_ahead else ():
        if not is_written(page, SHIPPED):
            path, spot = next(iter(spots.items()))
            yield Gone(spot, DELTAS, path, is_path=True, is_kept=True)


def read_unbegun(session: Session) -> Iterator[tuple[FeaturePage, dict[str, Spot]]]:
    """Yield each page that the branch adds and that lists only code that stands and stays.

    The paths of that code come with it.
    """
    changed = session.branch.changed_or_nothing()
    for page in branch_pages(session):
        spots = {
            path: spot
            for section in page.all_sections(DELTAS)
            for path, spot in listed_paths(section).items()
            if path.endswith(".py") and not (is_migration(session, path) or is_test(path))
        }
        if changed[page.path] != "A" or not spots or any(path in changed for path in spots):
            continue
        if all(session.tree.exists(path) for path in spots):
            yield page, spots


def _is_emptied(session: Session, path: str) -> bool:
    """True for a module that the branch leaves without code; a package need not have any."""
    if not path.endswith(".py") or path.endswith("/__init__.py"):
        return False
    is_own = path in session.branch.changed_or_nothing()
    return is_own and is_blank(path, session.tree.read(path))


def _gone_names(session: Session) -> Iterator[Gone]:
    for ghost in read_ghosts(session, IN_SCOPE):
        yield Gone(ghost.spot, IN_SCOPE, ghost.name, is_path=False)
    for ghost, is_empty in read_told_methods(session):
        yield Gone(ghost.spot, DELTAS, ghost.name, is_path=False, is_empty=is_empty)

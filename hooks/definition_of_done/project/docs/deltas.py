"""The branch's code is compared with the section What's being implemented of its pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.graphql import read_code
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.mentions import (
    Mentions,
    heading_spot,
    is_written,
    mentions_of,
    named_paths,
)
from definition_of_done.project.docs.renames import is_renamed
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
    """Compare code and pages; nothing differs where no page of the branch has the section.

    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    pages = branch_pages(session)
    if not pages:
        return Deltas((), ())
    unlisted: list[Unlisted] = []
    if any(is_written(page, DELTAS) for page in pages):
        mentions, spot = mentions_of(pages, DELTAS), heading_spot(pages, DELTAS)
        unlisted += _unlisted_files(session, mentions, spot)
        unlisted += _unlisted_methods(session, mentions, spot)
    return Deltas(tuple(unlisted), tuple(_gone_paths(session, pages)))


def _unlisted_files(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    config = session.config
    # The contract asks for these by rules of their own.
    own = {config[key] for key in ("rbac-models", "version-file", "version-source")}
    for path, letter in sorted(session.branch.changed_or_nothing().items()):
        layer = layer_of(session, path) if letter != "D" else None
        if layer in (None, REPOSITORY) or path in own or config.excludes(path):
            continue
        if mentions.has_path(path) or _is_bare(session, path) or _is_mount(session, path):
            continue
        if letter == "A" and is_renamed(session, path):
            continue
        verb = "adds" if letter == "A" else "changes"
        description = f"{path} is a {layer} that the branch {verb}"
        yield Unlisted(spot, description, "link to it, or write its path", path)


def _is_bare(session: Session, path: str) -> bool:
    """True for a package's `__init__.py` that defines neither function nor class."""
    if not path.endswith("/__init__.py"):
        return False
    data = session.tree.read(path)
    if b"def " not in data and b"class " not in data:
        return True
    from definition_of_done.readers.python import read_module

    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return not any(isinstance(node, definitions) for node in ast.walk(read_module(path, data).tree))


def _is_mount(session: Session, path: str) -> bool:
    """True for a module that makes a schema of what the resources define."""
    if path.startswith(f"{session.config['resources']}/schema/"):
        return True
    return b"Schema(" in session.tree.read(path) and bool(read_code(session, path).mounts)


def _unlisted_methods(session: Session, mentions: Mentions, spot: Spot) -> Iterator[Unlisted]:
    for service in read_added(session).services:
        for method in service.methods:
            path = method.spot.path
            is_moved = session.branch.changed[path] == "A" and is_renamed(session, path)
            if not is_moved and not mentions.has_word(method.name):
                name = f"{service.name}.{method.name}" if service.name else method.name
                place = f"{path}:{method.spot.line}"
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
                if path not in deleted and not put_off.puts_off(path):
                    yield path, spot

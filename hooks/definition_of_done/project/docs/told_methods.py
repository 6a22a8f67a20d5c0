"""The methods that a final page gives a service, beside those that the code has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.api.contents import may_hold
from definition_of_done.project.api.services import is_unwritten
from definition_of_done.project.api.sources import read_sources
from definition_of_done.project.docs.branch_pages import final_sections
from definition_of_done.project.docs.mentions import linked_path
from definition_of_done.project.docs.sections import DELTAS
from definition_of_done.project.docs.surface import Ghost, not_there
from definition_of_done.project.layout import RESOLVER, SERVICE, layer_of
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.page import ListItem
from definition_of_done.readers.python import read_module

# What may stand between the link to a service and the names of its methods.
_BETWEEN = regex(r"(?:\W|(?:and|expos(?:es|ing)|gains|its|methods?|new|or|the|with)\b)*+")
_METHOD = regex(r"(?:[A-Z]\w*\.)?([a-z][a-z0-9_]*)(?:\(.*\))?")


def read_told_methods(session: Session) -> Iterator[tuple[Ghost, bool]]:
    """Yield the methods behind a link to a service that it has not, now or on the base.

    With each stands True for one that the service has, and that is still to be written.
    """
    absent: list[Ghost] = []
    sure: list[Ghost] = []
    unwritten: list[Ghost] = []
    for _, section, put_off in final_sections(session, DELTAS):
        for item in section.all_items:
            for ghost, path in _methods(session, item):
                data = session.tree.read(path)
                if put_off.has_word(ghost.name):
                    continue
                if ghost.name.encode() not in data:
                    (sure if _has_no_others(path, data) else absent).append(ghost)
                elif _is_unwritten(session, path, ghost.name):
                    unwritten.append(ghost)
    # A resolver of that name is no method of the service.
    for ghost in (*not_there(session, absent), *not_there(session, sure, (RESOLVER,))):
        yield ghost, False
    for ghost in unwritten:
        yield ghost, True


def _has_no_others(path: str, data: bytes) -> bool:
    """True for a module that has the functions and methods that it defines, and no more."""
    if b"__getattr__" in data or b"setattr" in data or b"import *" in data:
        return False
    tree = read_module(path, data).tree
    made = [node for node in tree.body if isinstance(node, ast.ClassDef | Function)]
    classes = [node for node in made if isinstance(node, ast.ClassDef)]
    is_plain = bool(made) and not any(node.bases or node.decorator_list for node in classes)
    # A service with nothing in it is told as such.
    return is_plain and may_hold("services", path, data)


def _is_unwritten(session: Session, path: str, name: str) -> bool:
    """True for a method of a service that is a stub, and that no other class is to fill in."""
    data = session.tree.read(path)
    if b"NotImplementedError" not in data and b"..." not in data:
        return False
    tree = read_module(path, data).tree
    owners = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = [
        (owner, node)
        for owner in owners
        for node in owner.body
        if isinstance(node, Function) and node.name == name
    ]
    if not found or not all(is_unwritten(node) and not node.decorator_list for _, node in found):
        return False
    if any(owner.bases or owner.keywords or owner.decorator_list for owner, _ in found):
        return False
    if not may_hold("services", path, data):
        return False
    names = b"|".join(owner.name.encode() for owner, _ in found)
    is_base = re.compile(rb"class\s+\w+\s*\([^)]*\b(?:%s)\b" % names)
    return not any(is_base.search(source) for source in read_sources(session))


def _methods(session: Session, item: ListItem) -> Iterator[tuple[Ghost, str]]:
    """Yield the names right behind the item's only link, each with the path of its service."""
    paths = [linked_path(link) for link in item.links]
    if [layer_of(session, path) for path in paths] != [SERVICE]:
        return
    (path,) = paths
    if not session.tree.exists(path):
        return
    text = " ".join(line.text for line in item.lines).partition(item.links[0].text)[2]
    for piece in item.code:
        if piece.text in item.links[0].text.split():
            continue
        text = _BETWEEN.sub("", text, count=1)
        method = _METHOD.fullmatch(piece.text)
        if method is None or not text.startswith(piece.text):
            return
        text = text[len(piece.text) :]
        yield Ghost(piece.spot, method[1]), path

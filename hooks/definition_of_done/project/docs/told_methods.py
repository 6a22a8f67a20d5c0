"""The methods that a final page gives a service, beside those that the code has."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import final_pages
from definition_of_done.project.docs.mentions import linked_path, mentions_of
from definition_of_done.project.docs.section_names import DELTAS, FUTURE
from definition_of_done.project.docs.surface import Ghost, not_there
from definition_of_done.project.layout import SERVICE, layer_of
from definition_of_done.readers.page import ListItem

# What may stand between the link to a service and the names of its methods.
_BETWEEN = regex(r"(?:\W|(?:and|expos(?:es|ing)|gains|its|methods?|new|or|the|with)\b)*+")
_METHOD = regex(r"(?:[A-Z]\w*\.)?([a-z][a-z0-9_]*)(?:\(.*\))?")


def read_untrue_methods(session: Session) -> list[Ghost]:
    """Read the methods behind a link to a service that no code has, now or on the base."""
    candidates: list[Ghost] = []
    for page in final_pages(session):
        put_off = mentions_of([page], FUTURE)
        candidates += [
            ghost
            for section in page.all_sections(DELTAS)
            for item in section.all_items
            for ghost in _methods(session, item)
            if not put_off.has_word(ghost.name)
        ]
    return list(not_there(session, candidates))


def _methods(session: Session, item: ListItem) -> Iterator[Ghost]:
    """Yield the names right behind the item's only link, where its service has none such."""
    paths = [linked_path(link) for link in item.links]
    if [layer_of(session, path) for path in paths] != [SERVICE]:
        return
    (path,) = paths
    if not session.tree.exists(path):
        return
    service = session.tree.read(path)
    text = " ".join(line.text for line in item.lines).partition(item.links[0].text)[2]
    for piece in item.code:
        if piece.text in item.links[0].text.split():
            continue
        text = _BETWEEN.sub("", text, count=1)
        method = _METHOD.fullmatch(piece.text)
        if method is None or not text.startswith(piece.text):
            return
        text = text[len(piece.text) :]
        if method[1].encode() not in service:
            yield Ghost(piece.spot, method[1])

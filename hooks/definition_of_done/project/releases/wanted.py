"""Reads what the branch asks of a resource: a field to export it, members of Path and Resource."""

from __future__ import annotations

import re

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration
from definition_of_done.project.api.plurals import Names
from definition_of_done.project.api.rbac import ENUMS, members_added, read_rbac
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.docs.branch_pages import branch_pages, final_pages
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.sections import FUTURE, IN_SCOPE, RBAC
from definition_of_done.project.page_names import filename_slug
from definition_of_done.readers.page import ListItem

# To export rows is meant, not a schema, a module or a log.
_EXPORT = regex(
    r"\bexport(?:s|ed|ing|able)?\b|\bexport(?=[A-Z_])"
    r"|\bdownload\w*\b.{1,80}\b(?:csv|excel|xlsx|pdf|spreadsheet)\b",
    re.I,
)
_OTHER = regex(
    r"schema|graphql|sdl|openapi|module|metric|trace|telemetry|import|\bno\b|\bnot\b|without", re.I
)


def read_exportable(session: Session, names: Names) -> dict[str, str]:
    """Map each resource that a final page of the branch has in scope to export to that page.

    An item names the resource, else the page does, by its filename or title. What waits, as Future
    additions say, is not due, and names in code are for deltas-enumerated to seek. Empty where no
    page can be read.
    """
    found: dict[str, str] = {}
    try:
        pages = final_pages(session)
    except (NotEvaluated, Unreadable):
        return found
    for page in pages:
        wanted = [item for item in _items(page, IN_SCOPE) if not _OTHER.search(item)]
        if not wanted or _items(page, FUTURE):
            continue
        about = names.of(filename_slug(page.path)) or names.of(
            page.title.text if page.title else ""
        )
        for item in wanted:
            for resource in names.of(item) or about:
                found.setdefault(resource, page.path)
    return found


def _items(page: FeaturePage, name: str) -> list[str]:
    """The items of the sections with a name that speak of an export."""
    return [
        item.text
        for section in page.all_sections(name)
        for item in section.all_items
        if _EXPORT.search(_prose(item) if name == IN_SCOPE else item.text)
    ]


def _prose(item: ListItem) -> str:
    """The text of an item without its code."""
    text = item.text
    for piece in item.code:
        text = text.replace(piece.text, " ")
    return text


def read_membership(session: Session, names: Names) -> dict[str, bool]:
    """Map each new resource to True where a member may be for it, and to False where none is.

    Empty where nobody can see the members or what is new, and where a page of the branch exempts
    the resources: it says None under RBAC, or names a member that there is.
    """
    enums = read_rbac(session) or {}
    if not all(name in enums and not enums[name].unseen for name in ENUMS):
        return {}
    members = {member.name: member.value for name in ENUMS for member in enums[name].members}
    try:
        new = _new_resources(session)
        pages = branch_pages(session) if new else []
        if not new or any(_exempts(page, enums) for page in pages):
            return {}
        has_added = bool(members_added(session, members))
    except (NotEvaluated, Unreadable):
        return {}
    named = {
        resource for item in members.items() for text in item for resource in names.of(text or "")
    }
    return {resource: has_added or resource in named for resource in new}


def _new_resources(session: Session) -> list[str]:
    """The resources of which each file is added by the branch."""
    letters = session.branch.changed_or_nothing()
    old: dict[str, bool] = {}
    for resource, path in resource_files(session) if letters else ():
        old[resource] = old.get(resource, False) or letters.get(path) != "A"
    return [resource for resource, is_old in old.items() if not is_old]


def _exempts(page: FeaturePage, enums: dict[str, Enumeration]) -> bool:
    section = page.section(RBAC)
    if section is None:
        return False
    code = " ".join(piece.text for piece in section.code)
    named = re.findall(r"\b(Path|Resource)\.(\w+)", code)
    return section.says_none or any(name in enums[enum].names for enum, name in named)

"""The resources that the branch brings, and whether they have members of Path and Resource."""

from __future__ import annotations

import re

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration
from definition_of_done.project.api.plurals import Names
from definition_of_done.project.api.rbac import ENUMS, members_added, read_rbac
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.section_names import RBAC


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

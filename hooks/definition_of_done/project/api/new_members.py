"""The members of Path and Resource that the branch adds."""

from __future__ import annotations

from collections.abc import Iterable

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration, Member, read_enums
from definition_of_done.project.api.rbac import ENUMS, read_rbac


def by_name(enums: list[Enumeration]) -> dict[str, Member]:
    """Map the name of each member to the member of the first enum that has it."""
    return {member.name: member for enum in reversed(enums) for member in enum.members}


def read_new_members(session: Session) -> list[Member]:
    """Read the members of Path and Resource that the branch adds, each name once."""
    found = read_rbac(session) or {}
    members = by_name([found[name] for name in ENUMS if name in found])
    return [members[name] for name in (members_added(session, members) if members else ())]


def members_added(session: Session, names: Iterable[str]) -> list[str]:
    """The members among `names` that the branch adds; raises NotEvaluated without a base."""
    path = session.config["rbac-models"]
    changed = session.branch.changed_or_nothing()
    if path not in changed:
        return []
    deleted = [file for file, letter in changed.items() if letter == "D" and file.endswith(".py")]
    old: set[str] = set()
    # Enums that moved to this file stood in a deleted one before.
    for file in [path, *deleted]:
        try:
            enums = read_enums(file, session.branch.read_before(file))
        except FileNotFoundError:
            continue
        except Unreadable as error:
            raise NotEvaluated(f"on the base {file} is {error.message}") from None
        old.update(name for enum in ENUMS if enum in enums for name in enums[enum].names)
    return [name for name in names if name not in old]

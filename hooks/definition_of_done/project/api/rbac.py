"""The enums of the role-based access control: how they differ, and what the branch adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.enums import Enumeration, Member, read_enums

ENUMS = ("Path", "Resource")
EXEMPT = "rbac-exempt"


class MissingMember(NamedTuple):
    """A member of the other enum that this one does not have; `other` is that enum's name."""

    enum: Enumeration
    member: Member
    other: str


class StaleExemption(NamedTuple):
    """A member that is exempt in vain: both enums have it, or neither has."""

    spot: Spot
    name: str
    is_in_both: bool


class Differences(NamedTuple):
    """The differences of the two enums; `unjudged` says why some cannot be compared."""

    missing: tuple[MissingMember, ...] = ()
    stale: tuple[StaleExemption, ...] = ()
    unjudged: str = ""


def read_differences(session: Session) -> Differences:
    """Read the differences; there are none without the file. Raises Unreadable for a broken one."""
    enums = read_rbac(session)
    if enums is None:
        return Differences()
    path = session.config["rbac-models"]
    if unfound := [name for name in ENUMS if name not in enums]:
        return Differences(unjudged=f"{path} defines no enum {' and no enum '.join(unfound)}")
    path_enum, resource_enum = enums.values()
    missing = (
        *_missing(session, path_enum, resource_enum),
        *_missing(session, resource_enum, path_enum),
    )
    unseen = [enum.unseen for enum in enums.values() if enum.unseen]
    if unseen:
        return Differences(missing, unjudged=f"{path}: {unseen[0]}")
    return Differences(missing, tuple(_stale(session, path_enum.names, resource_enum.names)))


@once
def read_rbac(session: Session) -> dict[str, Enumeration] | None:
    """Read the enums Path and Resource, by name; None without the file, which may lack either."""
    path = session.config["rbac-models"]
    if not path or not session.tree.exists(path):
        return None
    return read_both(path, session.tree.read(path))


def read_both(path: str, data: bytes) -> dict[str, Enumeration]:
    """Read those of the two enums that a module has, Path first; raise Unreadable."""
    enums = read_enums(path, data)
    return {name: enums[name] for name in ENUMS if name in enums}


def _missing(session: Session, enum: Enumeration, other: Enumeration) -> Iterator[MissingMember]:
    if enum.unseen:
        return
    for member in other.members:
        if member.name not in enum.names and member.name not in session.config[EXEMPT]:
            yield MissingMember(enum, member, other.name)


def _stale(
    session: Session, paths: frozenset[str], resources: frozenset[str]
) -> Iterator[StaleExemption]:
    from definition_of_done.project.api.waivers import reason_spot

    for name in session.config[EXEMPT]:
        if (name in paths) == (name in resources):
            yield StaleExemption(reason_spot(session, EXEMPT, name), name, name in paths)


def by_name(enums: dict[str, Enumeration]) -> dict[str, Member]:
    """Map the name of each member to the member of the first enum that has it."""
    return {member.name: member for enum in reversed(enums.values()) for member in enum.members}


def read_new_members(session: Session) -> list[Member]:
    """Read the members of Path and Resource that the branch adds, each name once."""
    members = by_name(read_rbac(session) or {})
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
            enums = read_both(file, session.branch.read_before(file))
        except FileNotFoundError:
            continue
        except Unreadable as error:
            raise NotEvaluated(f"on the base {file} is {error.message}") from None
        old.update(name for enum in enums.values() for name in enum.names)
    return [name for name in names if name not in old]

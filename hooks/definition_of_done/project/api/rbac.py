"""The enums of the role-based access control: what each lacks, and what is exempt in vain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration, Member, read_enums
from definition_of_done.project.api.waivers import reason_spot

ENUMS = ("Path", "Resource")
EXEMPT = "rbac-exempt"


class Lack(NamedTuple):
    """A member of the other enum that this one has not."""

    enum: Enumeration
    member: Member
    other: str


class Stale(NamedTuple):
    """An exempt member that is no difference: both enums have it, or none has."""

    spot: Spot
    name: str
    is_in_both: bool


class Differences(NamedTuple):
    """How the two enums differ; `unjudged` says what cannot be compared, and why."""

    lacks: tuple[Lack, ...] = ()
    stale: tuple[Stale, ...] = ()
    unjudged: str = ""


def read_differences(session: Session) -> Differences:
    """The differences, none where there is no such file; raises Unreadable for a broken one."""
    enums = read_rbac(session)
    if enums is None:
        return Differences()
    path = session.config["rbac-models"]
    if unfound := [name for name in ENUMS if name not in enums]:
        return Differences(unjudged=f"{path} defines no enum {' and no enum '.join(unfound)}")
    one, other = (enums[name] for name in ENUMS)
    lacks = (*_lacks(session, one, other), *_lacks(session, other, one))
    unseen = [enum.unseen for enum in (one, other) if enum.unseen]
    if unseen:
        return Differences(lacks, unjudged=f"{path}: {unseen[0]}")
    return Differences(lacks, tuple(_stale(session, one.names, other.names)))


def read_rbac(session: Session) -> dict[str, Enumeration] | None:
    """The enums Path and Resource by name, as far as they are there; None without the file.

    Raises Unreadable where the file is not Python.
    """
    path = session.config["rbac-models"]
    if not path or not session.tree.exists(path):
        return None
    return session.cache.keep("rbac", lambda: read_enums(path, session.tree.read(path)))


def _lacks(session: Session, enum: Enumeration, other: Enumeration) -> Iterator[Lack]:
    if enum.unseen:
        return
    for member in other.members:
        if member.name not in enum.names and member.name not in session.config[EXEMPT]:
            yield Lack(enum, member, other.name)


def _stale(session: Session, one: frozenset[str], other: frozenset[str]) -> Iterator[Stale]:
    for name in session.config[EXEMPT]:
        if (name in one) == (name in other):
            yield Stale(reason_spot(session, EXEMPT, name), name, name in one)

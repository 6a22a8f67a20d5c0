"""The enums of the role-based access control: what each lacks, and what is exempt in vain."""

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.engine.config import TABLE
from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.session import Session
from definition_of_done.resources.enum_facts import Enumeration, Member, read_enums

ENUMS = ("Path", "Resource")
EXEMPT = "rbac-exempt"
_SETTINGS = "pyproject.toml"


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
    if not path or not session.exists(path):
        return None
    return session.keep("rbac", lambda: read_enums(path, session.read(path)))


def _lacks(session: Session, enum: Enumeration, other: Enumeration) -> Iterator[Lack]:
    if enum.unseen:
        return
    for member in other.members:
        if member.name not in enum.names and member.name not in session.config[EXEMPT]:
            yield Lack(enum, member, other.name)


def _stale(session: Session, one: frozenset[str], other: frozenset[str]) -> Iterator[Stale]:
    for name in session.config[EXEMPT]:
        if (name in one) == (name in other):
            yield Stale(_exempt_spot(session, name), name, name in one)


def _exempt_spot(session: Session, name: str) -> Spot:
    """Where the settings give the reason, else the file of the settings."""
    from definition_of_done.readers.toml import locate_string

    try:
        text = session.text(_SETTINGS)
        span = locate_string(text, "tool", TABLE, EXEMPT, name)
    except (OSError, Unreadable, KeyError):
        # The settings are the work tree's, and what is judged may be a commit.
        span = None
    return text.spot(span[0] - 1, span[1] + 1) if span else Spot(_SETTINGS)

"""The backfill scripts against the members of Path and Resource, and who names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration, Member, read_enums
from definition_of_done.project.api.rbac import ENUMS, read_rbac
from definition_of_done.project.api.scripts import Script, read_script
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.mentions import Mentions, heading_spot
from definition_of_done.project.layout import is_backfill
from definition_of_done.project.releases.changelog import is_due, read_newest_page


class Missing(NamedTuple):
    """The script to create, at the enum whose members wait for it."""

    enum: Enumeration
    path: str


class Unnamed(NamedTuple):
    """Scripts of which none is named where it should be, with the members that they bring.

    `spot` is the heading of the section, `where` what it is called.
    """

    spot: Spot
    where: str
    scripts: tuple[str, ...]
    members: tuple[str, ...]


class Backfill(NamedTuple):
    """What is wrong; `unjudged` says what cannot be judged, and why."""

    missing: Missing | None = None
    unhandled: tuple[Member, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()
    unjudged: str = ""


def read_backfill(session: Session) -> Backfill:
    """What is wrong with the backfill, nothing where a team keeps none.

    Raises Unreadable for a file that is broken.
    """
    found = read_rbac(session) or {}
    enums = [found[name] for name in ENUMS if name in found]
    configured = session.config["backfill-scripts"]
    if not configured:
        return Backfill()
    path = session.config["rbac-models"]
    unjudged = [f"{path}: {one.unseen}" for one in enums if one.unseen][:1]
    members = _members(enums)
    scripts = _scripts(session) if members else []
    if members and not scripts:
        enum = next(one for one in enums if one.members)
        return Backfill(Missing(enum, configured[0]), unjudged="".join(unjudged))
    handled = {
        name: tuple(one.path for one in scripts if one.handles(known_as))
        for name, known_as in _all_known_as(enums).items()
    }
    unnamed: tuple[Unnamed, ...] = ()
    try:
        unnamed = tuple(_unnamed(session, {one: paths for one, paths in handled.items() if paths}))
    except NotEvaluated as error:
        unjudged.append(f"who names the script: {error}")
    unhandled = tuple(members[name] for name, paths in handled.items() if not paths)
    return Backfill(None, unhandled, unnamed, "; ".join(unjudged))


def _scripts(session: Session) -> list[Script]:
    return [
        read_script(path, session.tree.read(path))
        for path in session.tree.tracked
        if is_backfill(session, path) and session.tree.exists(path)
    ]


def _members(enums: list[Enumeration]) -> dict[str, Member]:
    """Each member once, as the first of the enums has it."""
    return {member.name: member for enum in reversed(enums) for member in enum.members}


def _all_known_as(enums: list[Enumeration]) -> dict[str, frozenset[str]]:
    """The name of each member with its name and values, by any of which a script may name it."""
    known: dict[str, list[str]] = {name: [name] for name in _members(enums)}
    for enum in enums:
        for one in enum.members:
            known[one.name].extend(filter(None, [one.value]))
    return {name: frozenset(names) for name, names in known.items()}


def _unnamed(session: Session, handled: dict[str, tuple[str, ...]]) -> Iterator[Unnamed]:
    """The places that should name a script that handles what the branch adds, and do not."""
    added = members_added(session, handled) if handled else []
    if not added:
        return
    pages = branch_pages(session)
    newest = read_newest_page(session) if is_due(session) else None
    section = newest.section("Migrations") if newest else None
    places = []
    if pages:
        sections = Mentions(one for page in pages for one in page.sections)
        places.append((heading_spot(pages, "RBAC"), "the feature page", sections))
    if section:
        places.append((section.heading.spot, "the section Migrations", Mentions([section])))
    for scripts in dict.fromkeys(handled[name] for name in added):
        members = tuple(name for name in added if handled[name] == scripts)
        for spot, where, mentions in places:
            if not any(mentions.has_file(path) for path in scripts):
                yield Unnamed(spot, where, scripts, members)


def members_added(session: Session, names: Iterable[str]) -> list[str]:
    """Which of the members the branch adds; raises NotEvaluated where there is no base."""
    path = session.config["rbac-models"]
    changed = session.branch.changed_or_nothing()
    if path not in changed:
        return []
    before = session.branch.base or "HEAD"
    gone = [one for one, letter in changed.items() if letter == "D" and one.endswith(".py")]
    old: set[str] = set()
    # Enums that moved to this file stood in one that is gone.
    for one in [path, *gone]:
        try:
            enums = read_enums(one, session.branch.read_at(before, one))
        except FileNotFoundError:
            continue
        except Unreadable as error:
            raise NotEvaluated(f"on the base {one} is {error.message}") from None
        old.update(name for enum in ENUMS if enum in enums for name in enums[enum].names)
    return [name for name in names if name not in old]

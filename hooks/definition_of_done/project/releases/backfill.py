"""The backfill scripts are compared with the members of Path and Resource, and with the pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.enums import Enumeration, Member
from definition_of_done.project.api.rbac import by_name, members_added, read_new_members, read_rbac
from definition_of_done.project.api.scripts import Script, read_script
from definition_of_done.project.docs.branch_pages import branch_pages
from definition_of_done.project.docs.mentions import Mentions, heading_spot
from definition_of_done.project.docs.rbac_words import SaidOfAccess, read_said_of_access
from definition_of_done.project.docs.sections import RBAC
from definition_of_done.project.layout import is_backfill
from definition_of_done.project.releases.changelog import MIGRATIONS, is_released, read_newest_page

_PAGE = "the feature page"
# These rules find a section that is missing, or a script that is named nowhere.
_TOLD_BY = (
    *("feature-plan-shape", "deltas-enumerated"),
    *("changelog-shape", "changelog-migrations-order"),
)


class UnnamedScripts(NamedTuple):
    """Scripts that a page should name and does not; one of them is enough.

    `where` says which page or section, `spot` is its heading, or the enums where that page is yet
    to be written. `members` are handled by the scripts. `follows` are findings that say as much:
    of the section as a whole, or of the script.
    """

    spot: Spot
    where: str
    scripts: tuple[str, ...]
    members: tuple[str, ...]
    follows: tuple[tuple[str, str, str], ...]


class Backfill(NamedTuple):
    """The faults of the backfill, and of what the pages say of new members.

    `missing` is a script to create, with the enum whose members need it.
    `unjudged` names the parts that cannot be judged, and why.
    """

    missing: tuple[Enumeration, str] | None = None
    unhandled: tuple[Member, ...] = ()
    unnamed: tuple[UnnamedScripts, ...] = ()
    said: tuple[SaidOfAccess, ...] = ()
    unjudged: str = ""


def read_backfill(session: Session) -> Backfill:
    """Read the faults of the backfill; there are none where no script is configured."""
    enums = read_rbac(session) or {}
    configured = session.config["backfill-scripts"]
    if not configured:
        return Backfill(said=_said(session, ()))
    path = session.config["rbac-models"]
    unjudged = [f"{path}: {enum.unseen}" for enum in enums.values() if enum.unseen][:1]
    members = by_name(enums)
    scripts = _scripts(session) if members else []
    needy = next((enum for enum in enums.values() if enum.members), None)
    missing = (needy, configured[0]) if needy and not scripts else None
    handled = {
        name: tuple(script.path for script in scripts if script.handles(frozenset(known_as)))
        for name, known_as in (_all_known_as(enums) if scripts else {}).items()
    }
    named = {name: paths for name, paths in handled.items() if paths}
    unnamed: tuple[UnnamedScripts, ...] = ()
    try:
        unnamed = tuple(_unnamed(session, named))
    except NotEvaluated as error:
        unjudged.append(f"who names the script: {error}")
    unhandled = tuple(members[name] for name in handled if name not in named)
    return Backfill(missing, unhandled, unnamed, _said(session, unnamed), "; ".join(unjudged))


def _said(session: Session, unnamed: tuple[UnnamedScripts, ...]) -> tuple[SaidOfAccess, ...]:
    """The faults of the section RBAC; without a base there are none.

    A page that does not name the script at all is one finding, and the section's word none.
    """
    is_told = any(scripts.where == _PAGE for scripts in unnamed)
    try:
        added = read_new_members(session)
        return tuple(read_said_of_access(session, added, asks_backfill=not is_told))
    except NotEvaluated:
        return ()


def _scripts(session: Session) -> list[Script]:
    return [
        read_script(path, session.tree.read(path))
        for path in session.tree.tracked
        if is_backfill(session, path) and session.tree.exists(path)
    ]


def _all_known_as(enums: dict[str, Enumeration]) -> dict[str, set[str]]:
    """Map each member to its name and values: a script may use any of them."""
    known = {name: {name} for name in by_name(enums)}
    for enum in enums.values():
        for member in enum.members:
            known[member.name].update(filter(None, [member.value]))
    return known


def _unnamed(session: Session, handled: dict[str, tuple[str, ...]]) -> Iterator[UnnamedScripts]:
    """Yield the places that do not name a script for the members that the branch adds.

    `handled` maps members to the scripts that handle them.
    """
    added = members_added(session, handled) if handled else []
    if not added:
        return
    pages = branch_pages(session)
    newest = read_newest_page(session)
    section = newest.section(MIGRATIONS) if newest else None
    places = []
    if pages:
        sections = Mentions(section for page in pages for section in page.sections)
        paths = [page.path for page in pages]
        places.append((heading_spot(pages, RBAC), _PAGE, sections, paths, RBAC))
    if newest and section:
        spot, where = section.heading.spot, "the section Migrations"
        if is_released(session, newest.path):
            spot, where = Spot(session.config["rbac-models"]), "the page of the next version"
        places.append((spot, where, Mentions([section]), [newest.path], MIGRATIONS))
    for scripts in dict.fromkeys(handled[name] for name in added):
        members = tuple(name for name in added if handled[name] == scripts)
        for spot, where, mentions, paths, name in places:
            if not any(mentions.has_file(path) for path in scripts):
                follows = tuple(product(_TOLD_BY, (*paths, *scripts), (name, *scripts)))
                yield UnnamedScripts(spot, where, scripts, members, follows)

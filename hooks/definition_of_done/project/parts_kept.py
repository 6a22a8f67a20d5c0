"""The parts of the contract that a project surely does not keep: `init` proposes to go without."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.project import sights
from definition_of_done.project.candidates import own_files
from definition_of_done.project.without import FRONTEND, GRAPHQL, RBAC, TASKS, left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from definition_of_done.engine.session import Session

_STRAWBERRY = regex(rb"^\s*(?:import|from) strawberry\b", re.M)
# Whoever runs tasks with another library keeps them, too, and writes of them on the pages.
_TASKS = regex(
    rb"^\s*(?:import|from) (?:taskiq|celery|arq|dramatiq|huey|rq|apscheduler|procrastinate)\b", re.M
)
_FRONTEND = regex(rb"front-? ?end", re.I)
_SECTION = regex(rb"^## ", re.M)


def parts_not_kept(session: Session) -> dict[str, str]:
    """The parts that are not left out yet, and of which the project has nothing, with the reason.

    A project that has neither pages with sections nor resources is not asked for any part.
    """
    try:
        is_asked = bool(_pages(session)) or bool(sights.RESOURCES.seen(session))
        out = left_out(session.config)
        return {
            part: reason
            for part, (reason, has_none) in _LACKS.items()
            if is_asked and part not in out and has_none(session)
        }
    except Unreadable:
        return {}


def _pages(session: Session) -> list[bytes]:
    """The feature and changelog pages that have sections."""
    from definition_of_done.project.layout import is_changelog_page, is_feature_page

    paths = [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path) or is_changelog_page(session, path)
    ]
    return [data for _, data in session.tree.read_each(paths) if _SECTION.search(data)]


def _no_code(session: Session, pattern: re.Pattern[bytes]) -> bool:
    files = session.tree.read_each(own_files(session, ".py"))
    return not any(pattern.search(data) for _, data in files)


def _no_frontend(session: Session) -> bool:
    pages = _pages(session)
    return bool(pages) and not any(map(_FRONTEND.search, pages))


_LACKS: Mapping[str, tuple[str, Callable[[Session], bool]]] = {
    GRAPHQL: ("no file imports Strawberry", lambda session: _no_code(session, _STRAWBERRY)),
    RBAC: ("no enums Path and Resource", lambda session: not sights.MEMBERS.seen(session)),
    TASKS: ("no file imports taskiq", lambda session: _no_code(session, _TASKS)),
    FRONTEND: ("no page has a section on the frontend", _no_frontend),
}

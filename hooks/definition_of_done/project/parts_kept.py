"""The parts of the contract that a project surely does not keep: `init` proposes to go without."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.project import sights
from definition_of_done.project.candidates import own_files
from definition_of_done.project.without import FRONTEND, GRAPHQL, RBAC, TASKS, left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from definition_of_done.engine.session import Session

_STRAWBERRY = re.compile(rb"^\s*(?:import|from) strawberry\b", re.M)
# Whoever runs tasks with another library keeps them, too, and writes of them on the pages.
_TASKS = re.compile(
    rb"^\s*(?:import|from) (?:taskiq|celery|arq|dramatiq|huey|rq|apscheduler|procrastinate)\b", re.M
)
_FRONTEND = re.compile(rb"front-? ?end", re.I)
_PAGES = (sights.FEATURE_PAGES, sights.RELEASE_PAGES)


def parts_not_kept(session: Session) -> dict[str, str]:
    """The parts that are not left out yet, and of which the project has nothing, with the reason.

    A project that has neither pages nor resources is not asked for any part.
    """
    try:
        has_pages = any(not sight.off_key(session) and sight.seen(session) for sight in _PAGES)
        is_asked = has_pages or bool(sights.RESOURCES.seen(session))
        out = left_out(session.config)
        return {
            part: reason
            for part, (reason, has_none) in _LACKS.items()
            if is_asked and part not in out and has_none(session)
        }
    except Unreadable:
        return {}


def _no_code(session: Session, pattern: re.Pattern[bytes]) -> bool:
    return not _any(session, own_files(session, ".py"), pattern)


def _any(session: Session, paths: Iterable[str], pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(data) for _, data in session.tree.read_each([*paths]))


def _no_frontend(session: Session) -> bool:
    """True where pages are kept, and none says a word of a frontend."""
    from definition_of_done.project.layout import is_changelog_page, is_feature_page

    pages = [
        path
        for path in session.tree.tracked
        if is_feature_page(session, path) or is_changelog_page(session, path)
    ]
    return bool(pages) and not _any(session, pages, _FRONTEND)


_LACKS: Mapping[str, tuple[str, Callable[[Session], bool]]] = {
    GRAPHQL: ("no file imports Strawberry", lambda session: _no_code(session, _STRAWBERRY)),
    RBAC: ("no enums Path and Resource", lambda session: not sights.MEMBERS.seen(session)),
    TASKS: ("no file imports taskiq", lambda session: _no_code(session, _TASKS)),
    FRONTEND: ("no page has a section on the frontend", _no_frontend),
}

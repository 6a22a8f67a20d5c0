"""The feature pages whose code the branch brings: these features are released with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.sources import read_sources, spelt_in
from definition_of_done.project.docs.branch_pages import branch_pages, shipped
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.follow_ups import follow_ups, name_words, plain_words
from definition_of_done.project.docs.mentions import is_written, mentions_of, page_words
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.docs.plans import names_on, read_additions
from definition_of_done.project.docs.sections import (
    CRON,
    DATA_MODEL,
    DELTAS,
    FUTURE,
    IN_SCOPE,
    RBAC,
    SHIPPED,
    SURFACE,
)
from definition_of_done.project.layout import is_code, is_from_before
from definition_of_done.project.settings import PER_FEATURE

_PLANNED = (DATA_MODEL, SURFACE, RBAC, CRON, DELTAS)
# Words that leave a part to another branch.
_LATER = regex(
    r"\b(?:next|second|third|later|other|another|following|separate|own|coming|remaining"
    r"|follow-?up) (?:\w+ )?(?:branch(?:es)?|part|prs?|mr|(?:pull|merge) requests?|slice|step)\b"
    r"|\bpart (?:[2-9]|two|three|ii)\b"
    r"|\b(?:lands?|ships?|comes?|follows?) (?:apart|separately)\b",
    re.I,
)

_SHIPPED = regex(rb"^##\s+(?:what\s+(?:has |was |actually |we )?)?shipped\b", re.I | re.M)


@once
def landed_pages(session: Session) -> list[FeaturePage]:
    """Read the pages whose code the branch brings and that have not shipped before.

    There are none where releases are made apart.
    """
    if session.config["release"] != PER_FEATURE or not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    own = {session.config[key] for key in ("version-file", "version-source")}
    code = {
        path: letter
        for path, letter in changed.items()
        if letter != "D" and is_code(path) and path not in own and not session.config.excludes(path)
    }
    if not code:
        return []
    added = {path for path, letter in code.items() if letter == "A"}
    pages = [page for page in branch_pages(session) if _is_plan(session, page.path)]
    found = [page for page in pages if _lands(session, page, code, added)]
    # Beside a page that says what shipped, another may plan what comes next.
    final = [page for page in found if is_written(page, SHIPPED)]
    return final or found or list(_landed_before(session, added))


def _lands(
    session: Session, page: FeaturePage, code: Collection[str], added: Collection[str]
) -> bool:
    """True where a page of the branch says that the branch's code is what it plans."""
    if session.branch.changed[page.path] != "A":
        return is_written(page, SHIPPED) or _lists(page, added) or _names_revision(session, page)
    if _lists(page, code if is_written(page, SHIPPED) else added):
        return True
    if any(names_on(page_words(session)[page.path], read_additions(session))):
        return True
    # A fix in one of many files that a plan lists is not yet what it plans.
    deltas = mentions_of([page], DELTAS)
    named = {target for target in deltas.targets if target.endswith(".py")}
    return 2 * sum(deltas.has_path(path) for path in code) >= max(len(named), 1)


def _landed_before(session: Session, added: set[str]) -> Iterator[FeaturePage]:
    """Yield the plans of main that the branch leaves alone and whose code it adds."""
    changed = session.branch.changed
    pages = [
        feature_page_of(session, path)
        for path in (feature_paths(session) if added else ())
        if path not in changed
    ]
    # Many plans may list a file, but one plans a revision.
    own = [page for page in pages if _names_revision(session, page)]
    for page in own or pages:
        if (page in own or _lists(page, added)) and _is_plan(session, page.path):
            yield page


def _is_plan(session: Session, path: str) -> bool:
    """True for a page that did not say on the base that it shipped, and that no release adds."""
    if is_from_before(session, path):
        return False
    if _SHIPPED.search(_at_base(session, path)):
        return False
    changelog = shipped(session, [path]).get(path)
    return changelog is None or path.rpartition("/")[2].encode() not in _at_base(session, changelog)


def _at_base(session: Session, path: str) -> bytes:
    letter = session.branch.changed.get(path)
    try:
        if letter is None:
            return session.tree.read(path)
        return b"" if letter == "A" else session.branch.read_before(path)
    except (FileNotFoundError, Unreadable):
        return b""


def _lists(page: FeaturePage, paths: Iterable[str]) -> bool:
    deltas = mentions_of([page], DELTAS)
    return any(deltas.has_path(path) for path in paths)


def _names_revision(session: Session, page: FeaturePage) -> bool:
    """True where a page plans a revision that the branch adds."""
    plan = mentions_of([page], DATA_MODEL)
    return any(
        addition.kind == "revision" and plan.has_word(addition.name)
        for addition in read_additions(session)
    )


def leaves_the_rest(session: Session, page: FeaturePage) -> bool:
    """True where the branch lands a part, and Future additions names what another one brings.

    That is an item In scope, a thing of the plan that the code does not have, or one that says so.
    """
    future = mentions_of([page], FUTURE)
    if any(_LATER.search(statement) for statement in future.statements()):
        return True
    scope = {
        plain_words(item.text)
        for section in page.all_sections(IN_SCOPE)
        for item in section.all_items
    }
    names = {
        name_words(follow_up)
        for section in page.all_sections(FUTURE)
        for follow_up in follow_ups(page, section)
    }
    if scope & names:
        return True
    planned = {piece.text for section in page.all_sections(*_PLANNED) for piece in section.code}
    waiting = {name for name in planned if name.isidentifier() and future.has_word(name)}
    return bool(waiting - set(spelt_in(read_sources(session), waiting)))

"""The fragments of a changelog: each of a known kind, and one from each branch with code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed, nearest
from definition_of_done.engine.finding import AT_ONCE, Finding
from definition_of_done.engine.session import Session
from definition_of_done.project.changelog_style import (
    fragments_folder,
    has_kinds_in_text,
    is_fragment_path,
)
from definition_of_done.project.layout import PYPROJECT, changed_code
from definition_of_done.project.releases.kept_shape import KINDS
from definition_of_done.project.towncrier import Towncrier, read_towncrier

# Folders and files at the top that hold no code of the application.
_BESIDE = ("doc", "docs", "examples", "scripts", "tools", "benchmarks", "noxfile.py", "setup.py")
_TEXTS = frozenset(["md", "rst", "txt", "yaml", "yml"])
_NO_FRAGMENT = regex(
    r"[._].*|(?:readme|template)(?:\..*)?|.*\.(?:jinja2?|j2|toml|ini)", re.I | re.S
)


class Fragment(NamedTuple):
    """A file of the folder; `kind` is empty where its name has none that is known."""

    path: str
    kind: str
    is_empty: bool
    is_legacy: bool

    @property
    def called(self) -> str:
        """The part of the name that stands where a kind should, empty where there is none."""
        parts = self.path.rpartition("/")[2].split(".")[1:]
        return parts[0] if parts and parts[0] not in _TEXTS else ""


class Fragments(NamedTuple):
    """The fragments that stand in `folder`, and the file by which the branch owes one, if it does.

    `kinds` are those that are known, none where the team has names of its own. `unjudged` says why
    it is not known what the branch owes.
    """

    folder: str
    found: tuple[Fragment, ...]
    kinds: tuple[str, ...]
    owed_by: str = ""
    unjudged: str = ""


def read_fragments(session: Session) -> Fragments:
    """Read the fragments, and which one the branch owes."""
    folder, settings = fragments_folder(session), read_towncrier(session)
    known = settings or Towncrier(folder)
    paths = [path for path in session.tree.tracked if _is_fragment(session, known, path)]
    kinds = known.kinds if settings else _kinds_in(session, known, paths)
    found = tuple(_fragment(session, known, path, kinds) for path in paths)
    try:
        owed_by = "" if session.is_commit else _owed_by(session, known)
    except NotEvaluated as error:
        return Fragments(folder, found, kinds, unjudged=f"the fragment of the branch: {error}")
    return Fragments(folder, found, kinds, owed_by)


def _is_fragment(session: Session, settings: Towncrier, path: str) -> bool:
    if not is_fragment_path(session, path) or session.config.excludes(path):
        return False
    name = path.rpartition("/")[2]
    return not (_NO_FRAGMENT.fullmatch(name) or name.lower() in settings.ignored)


def _kinds_in(session: Session, settings: Towncrier, paths: list[str]) -> tuple[str, ...]:
    """The kinds of a team without towncrier's settings: those that its fragments have.

    None where most of them have no kind that anybody knows.
    """
    if has_kinds_in_text(settings.folder) or _is_of_scriv(session, settings.folder):
        return ()
    own = session.branch.changed
    older = [path for path in paths if path not in own]
    used = Counter(part for path in older for part in set(_parts(path)[1:]))
    # Other tools than towncrier have the kinds of Keep a Changelog.
    known = {*settings.kinds, *map(str.lower, KINDS)}
    kinds = (*known, *(part for part, number in used.items() if number > 1 and part.isalpha()))
    named = [path for path in older if known.intersection(_parts(path))]
    return () if len(named) * 2 < len(older) else tuple(sorted(set(kinds) - _TEXTS))


def _is_of_scriv(session: Session, folder: str) -> bool:
    """True where scriv writes the fragments, which has the kinds in their text."""
    if session.tree.exists(f"{folder}/scriv.ini"):
        return True
    there = [PYPROJECT] if session.tree.exists(PYPROJECT) else []
    return any(b"[tool.scriv]" in data for _, data in session.tree.read_each(there))


def _parts(path: str) -> list[str]:
    return path.rpartition("/")[2].lower().split(".")


def _fragment(session: Session, settings: Towncrier, path: str, kinds: tuple[str, ...]) -> Fragment:
    kind = next((part for part in _parts(path) if part in kinds), "")
    branch = session.branch
    # Those of reno stay for ever: thousands are not read again.
    is_legacy = not branch.change.whole and path not in branch.changed
    may_be_empty = is_legacy or kind in settings.silent or not session.tree.exists(path)
    is_empty = not may_be_empty and not session.tree.read(path).strip()
    return Fragment(path, kind, is_empty, is_legacy)


def _owed_by(session: Session, settings: Towncrier) -> str:
    """The file of the application for which the branch owes a fragment, empty where none is.

    A branch that takes fragments away makes a release of them.
    """
    code = [path for path in changed_code(session) if _is_application(session, path)]
    for path, letter in session.branch.changed.items() if code else ():
        is_gone = letter == "D" and is_fragment_path(session, path)
        if is_gone or _is_fragment(session, settings, path):
            return ""
    return next(filter(session.tree.exists, code), code[0] if code else "")


def _is_application(session: Session, path: str) -> bool:
    own = {session.config[key] for key in ("version-file", "version-source")}
    return path.partition("/")[0] not in _BESIDE and path not in own


def fragment_faults(fragments: Fragments) -> Iterator[Finding]:
    """Yield a finding for each fragment that is empty or of no known kind, and for one owed."""
    kinds = listed(fragments.kinds, "or")
    for fragment in fragments.found:
        if fragments.kinds and not fragment.kind:
            called = fragment.called
            message = f"a fragment of the unknown kind {called!r}{nearest(called, fragments.kinds)}"
            if not called:
                message = "a fragment without a kind"
            advice = f"name it <issue>.<kind>.md, of the kind {kinds}"
        elif fragment.is_empty:
            message, advice = "an empty fragment", "say in a line what a user gets"
        else:
            continue
        yield Finding(
            Spot(fragment.path),
            message,
            advice,
            symbol=fragment.path,
            begun=AT_ONCE,
            is_legacy=fragment.is_legacy,
        )
    if fragments.owed_by:
        message = f"the branch changes code, and adds no fragment to {fragments.folder}"
        of_kind = f" <issue>.<kind>.md, of the kind {kinds}" if kinds else ""
        advice = f"add one{of_kind}"
        yield Finding(Spot(fragments.owed_by), message, advice, symbol=fragments.folder)

"""Files that a branch deletes or empties, and without which the hooks of a box see less."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.overlay import Overlay
from definition_of_done.engine.registry import all_rules, is_selected
from definition_of_done.engine.sight import blind_sight, written
from definition_of_done.project.layout import is_blank, site_path
from definition_of_done.project.sights import sights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.engine.sight import Sight
    from definition_of_done.project.gates.checklist import Box, State


class Loss(NamedTuple):
    """A file that was there, and what its loss means."""

    path: str
    reason: str


def lost_files(session: Session) -> list[str]:
    """The files of the base that the branch deletes or empties."""
    changed = session.branch.changed if session.branch.base else {}
    old = [path for path, letter in changed.items() if letter != "A"]
    there = {path for path in old if session.tree.exists(path)}
    emptied = {path for path, data in session.tree.read_each(sorted(there)) if is_blank(path, data)}
    return [path for path in old if path in emptied or path not in there]


def loss_of(session: Session, state: State, lost: Sequence[str]) -> Loss | None:
    """The first of the lost files without which a box is not what it was."""
    if state.is_off:
        return None
    seen = [*_sights(session, state.box)]
    # A rule is before all about the first thing that it has to see.
    firsts = [sight for sights in seen for sight in sights[:1]]
    keys = [key for sight in firsts for key in sight.settings]
    for path in lost:
        if state.is_blind and (path in state.reason or _shows(session, seen, path)):
            return Loss(path, state.reason)
        if key := next((key for key in keys if path in _named(session, key)), ""):
            how = "empties" if session.tree.exists(path) else "deletes"
            return Loss(path, f"the branch {how} {path}: {written(session, key)}")
    return None


def _sights(session: Session, box: Box) -> Iterator[Sequence[Sight]]:
    """Yield the sights of each rule that proves a box."""
    for rule in all_rules():
        if rule.box == box.name and rule.proves and is_selected(rule.id, session.config):
            yield sights_of(rule)


def _named(session: Session, key: str) -> Sequence[str]:
    """The files that a setting names, as its default does."""
    value = site_path(session) if key == "mkdocs" else session.config[key]
    return [value] if isinstance(value, str) else [str(each) for each in value or ()]


def _shows(session: Session, seen: Sequence[Sequence[Sight]], path: str) -> bool:
    """True where a rule that sees nothing would see something, were the file as before."""
    before = session.with_values()
    tree = Overlay(before)
    tree.written[path] = session.branch.read_before(path)
    tree.adopt(path)
    before.tree = tree
    blind = [sights for sights in seen if blind_sight(session, sights)]
    return any(not blind_sight(before, sights) for sights in blind)

"""The identifiers of all migrations, and which of them the setting `since` leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.migrations.scan import Scan, scan

_UNKNOWN = "what since leaves out is not known: "
_AS_TEXT = "write it as a string, so that it is known without running it"


class LeftOut(NamedTuple):
    """What `since` leaves out: the paths of migrations, and their revisions."""

    paths: frozenset[str]
    revisions: frozenset[str]


NOTHING = LeftOut(frozenset(), frozenset())


def read_scans(session: Session) -> list[Scan]:
    """The identifiers of all tracked migrations that have a revision, by path.

    Raises Unreadable, with the path, for a broken file.
    """
    return session.cache.keep("judged scans", lambda: _judged(session))


def read_left_out(session: Session) -> LeftOut:
    """The migrations that no rule judges: those that `since` names, and their ancestors.

    Ancestors are what has run on a database at `since`: dependencies, too, as Alembic runs them
    first. Raises UsageError for a revision that no migration has, and Unreadable, with the path
    and the place, where the graph does not tell what comes before it.
    """
    if not session.config["since"]:
        return NOTHING
    return session.cache.keep("left out", lambda: _left_out(session))


def read_later_scans(session: Session) -> list[Scan]:
    """The scans without what `since` leaves out; raises as `read_left_out` does."""
    left = read_left_out(session)
    return [node for node in read_scans(session) if node.path not in left.paths]


def separate(session: Session, nodes: list[Scan]) -> Iterator[list[Scan]]:
    """The separate graphs: folders that refer to each other belong together."""
    folders = version_folders(session).folders
    if not session.config.is_set("versions") or len(folders) < 2:
        yield nodes
        return
    home = {node.path: max((f for f in folders if _in(node.path, f)), key=len) for node in nodes}
    owner: dict[str, set[str]] = {}
    for node in nodes:
        for name in (node.revision or "", *node.labels):
            owner.setdefault(name, set()).add(home[node.path])
    group = {folder: folder for folder in folders}
    for node in nodes:
        here = home[node.path]
        for name in (*node.parents, *node.depends):
            there = owner.get(name, set())
            if there and here not in there:
                old, new = group[min(there)], group[here]
                group = {folder: new if one == old else one for folder, one in group.items()}
    for one in sorted(set(group.values())):
        part = [node for node in nodes if group[home[node.path]] == one]
        if part:
            yield part


def _in(path: str, folder: str) -> bool:
    return path.startswith(folder + "/")


def _judged(session: Session) -> list[Scan]:
    nodes, broken = _scans(session)
    for error in broken:
        if not session.config.excludes(error.path):
            raise error
    return [node for node in nodes if not session.config.excludes(node.path)]


def _scans(session: Session) -> tuple[list[Scan], list[Unreadable]]:
    """The scans of all migrations, the excluded ones, too, and the files that are broken."""
    return session.cache.keep("scans", lambda: _scan_all(session))


def _scan_all(session: Session) -> tuple[list[Scan], list[Unreadable]]:
    nodes: list[Scan] = []
    broken: list[Unreadable] = []
    folders = version_folders(session)
    paths = [path for path in session.tree.tracked if folders.hold(path)]
    for path, data in session.tree.read_each(paths):
        try:
            one = scan(path, data)
        except Unreadable as error:
            error.path = path
            broken.append(error)
            continue
        if one.revision is not None or not one.is_certain:
            nodes.append(one)
    return nodes, broken


def _left_out(session: Session) -> LeftOut:
    nodes, broken = _scans(session)
    lines = [_Above(part) for part in separate(session, nodes)]
    since: list[str] = session.config["since"]
    try:
        for name in since:
            if not any(name in line.named for line in lines):
                _raise_unknown(session, name, nodes, broken)
        found = [(line, line.ancestors(session, since)) for line in lines]
    except Unreadable:
        if broken:
            # The one that is looked for may stand in the file that cannot be read.
            raise broken[0] from None
        raise
    return LeftOut(
        frozenset(one.path for line, names in found for name in names for one in line.named[name]),
        frozenset(name for _, names in found for name in names),
    )


def _raise_unknown(
    session: Session, name: str, nodes: list[Scan], broken: list[Unreadable]
) -> None:
    for node in nodes:
        if node.revision is None:
            what = f"{_UNKNOWN}no migration has {name!r}, and a revision is computed here"
            raise _error(session, node, "revision", what, _AS_TEXT)
    if broken:
        raise broken[0]
    known = sorted({node.revision for node in nodes if node.revision})
    longer = [one for one in known if one.startswith(name)]
    hint = f"; did you mean {longer[0]!r}?" if len(longer) == 1 else nearest(name, known)
    raise UsageError(f"since names a revision that no migration has: {name!r}{hint}")


class _Above:
    """One graph, to walk up in from a migration to its parents and dependencies."""

    def __init__(self, nodes: list[Scan]) -> None:
        self.nodes = nodes
        self.named: dict[str, list[Scan]] = {}
        for node in nodes:
            if node.revision is not None:
                self.named.setdefault(node.revision, []).append(node)
        self.labels = {label: node.revision for node in nodes for label in node.labels}

    def ancestors(self, session: Session, names: list[str]) -> set[str]:
        """Those of the names that are revisions here, with all that stands above them."""
        found = {name for name in names if name in self.named}
        queue = list(found)
        while queue:
            for name in self._above(session, queue.pop()):
                if name not in found:
                    found.add(name)
                    queue.append(name)
        return found

    def _above(self, session: Session, revision: str) -> Iterator[str]:
        *others, node = self.named[revision]
        for other in others:
            if (other.parents, other.depends) != (node.parents, node.depends):
                what = f"{_UNKNOWN}revision {revision!r} is also that of {other.path}"
                help = "give one of them a slug of its own"
                raise _error(session, node, "revision", what, help)
        if not node.is_certain:
            what = f"{_UNKNOWN}what {revision!r} comes after is computed"
            raise _error(session, node, "", what, _AS_TEXT)
        for name in filter(None, node.parents):
            if name not in self.named:
                raise self._missing(session, node, "down_revision", name)
            yield name
        for label in node.depends:
            name = self.labels.get(label) or label
            if name not in self.named:
                raise self._missing(session, node, "depends_on", name)
            yield name

    def _missing(self, session: Session, node: Scan, where: str, name: str) -> Unreadable:
        computed = next((one for one in self.nodes if one.revision is None), None)
        what = f"{_UNKNOWN}no migration has {name!r}, and "
        if computed:
            what += "a revision is computed here"
            return _error(session, computed, "revision", what, _AS_TEXT)
        computed = next((one for one in self.nodes if not one.shows_labels), None)
        if computed and where == "depends_on":
            what += "branch labels are computed here"
            return _error(session, computed, "branch_labels", what, _AS_TEXT)
        help = "name the revision of a migration that exists"
        return _error(session, node, where, f"{what}{node.revision!r} comes after it", help)


def _error(session: Session, node: Scan, where: str, message: str, help: str) -> Unreadable:
    """The error at one of a migration's identifiers, at the one that is computed without a name."""
    from definition_of_done.project.migrations.migration import IDENTIFIERS, read_identifiers

    found = zip(IDENTIFIERS, read_identifiers(node.path, session.tree.read(node.path)), strict=True)
    spots = [one.spot for name, one in found if one and (name == where or not one.is_literal)]
    spot = spots[0] if spots else Spot(node.path)
    return Unreadable(message, spot.line, spot.column, help=help, path=node.path)

"""Reads the identifiers of all migrations, and those that the setting `since` leaves out."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed, nearest
from definition_of_done.engine.session import once
from definition_of_done.project.alembic import tracked_migrations, version_folders
from definition_of_done.project.migrations.files.scan import Scan, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from definition_of_done.engine.session import Session

_UNKNOWN = "what since leaves out is not known: "
# The bytes of so many take less memory than Python itself.
_LONG = 1000
# The rules whose findings say as much.
_GRAPH, _KEPT = "alembic-single-head", "revision-immutable"
_AS_TEXT = "write it as a string, so that it is known without running it"


class LeftOut(NamedTuple):
    """The paths and the revisions of the migrations that `since` leaves out."""

    paths: frozenset[str]
    revisions: frozenset[str]


NOTHING = LeftOut(frozenset(), frozenset())


def read_sources(session: Session) -> Iterable[tuple[str, bytes]]:
    """Read the bytes of all tracked migrations by path; they are kept, but for a long history."""
    paths = tracked_migrations(session)
    if len(paths) > _LONG:
        return session.tree.read_each(paths)
    return session.cache.keep("all migrations", lambda: [*session.tree.read_each(paths)])


@once
def read_scans(session: Session) -> list[Scan]:
    """Read the identifiers of all tracked migrations that have a revision, by path."""
    nodes, broken = _scans(session)
    for error in broken:
        if not session.config.excludes(error.path):
            raise error
    return [node for node in nodes if not session.config.excludes(node.path)]


@once
def read_left_out(session: Session) -> LeftOut:
    """Read the migrations that no rule judges: those that `since` names, and their ancestors.

    Dependencies count as ancestors, as Alembic runs them first. Raises UsageError for a revision
    that no migration has, and Unreadable, with the path and the place, where the graph does not
    tell the ancestors.
    """
    since: list[str] = session.config["since"]
    if not since:
        return NOTHING
    nodes, broken = _scans(session)
    ancestries = [_Ancestry(part) for part in separate(session, nodes)]
    try:
        for name in since:
            if not any(name in ancestry.named for ancestry in ancestries):
                _raise_unknown(session, name, nodes, broken)
        found = [(ancestry, ancestry.ancestors(session, since)) for ancestry in ancestries]
    except Unreadable:
        if broken:
            # The file that cannot be read may have the revision.
            raise broken[0] from None
        raise
    return LeftOut(
        frozenset(
            node.path
            for ancestry, names in found
            for name in names
            for node in ancestry.named[name]
        ),
        frozenset(name for _, names in found for name in names),
    )


def read_later_scans(session: Session) -> list[Scan]:
    """Read the scans that `since` does not leave out; raises as `read_left_out` does."""
    left = read_left_out(session)
    return [node for node in read_scans(session) if node.path not in left.paths]


def read_judged_scans(session: Session) -> list[Scan]:
    """Read the same; all of them where the graph does not tell what `since` leaves out."""
    try:
        return read_later_scans(session)
    except Unreadable:
        return read_scans(session)


def separate(session: Session, nodes: list[Scan]) -> Iterator[list[Scan]]:
    """Yield the migrations of each graph: folders that refer to each other belong together."""
    versions = version_folders(session)
    if not versions.are_apart or len(versions.folders) < 2:
        yield nodes
        return
    home = {node.path: versions.innermost(node.path) for node in nodes}
    owner: dict[str, set[str]] = {}
    for node in nodes:
        for name in (node.revision or "", *node.labels):
            owner.setdefault(name, set()).add(home[node.path])
    group = {folder: folder for folder in versions.folders}
    for node in nodes:
        here = home[node.path]
        for name in (*node.parents, *node.depends):
            there = owner.get(name, set())
            if there and here not in there:
                old, new = group[min(there)], group[here]
                group = {folder: new if root == old else root for folder, root in group.items()}
    for root in sorted(set(group.values())):
        part = [node for node in nodes if group[home[node.path]] == root]
        if part:
            yield part


def reached(start: Iterable[str], near: Callable[[str], Iterable[str]]) -> set[str]:
    """The revisions that a walk from some of them comes to, these included."""
    found = set(start)
    queue = list(found)
    while queue:
        for name in near(queue.pop()):
            if name not in found:
                found.add(name)
                queue.append(name)
    return found


@once
def _scans(session: Session) -> tuple[list[Scan], list[Unreadable]]:
    """The scans of all migrations, also of excluded ones, and the errors of broken files."""
    nodes: list[Scan] = []
    broken: list[Unreadable] = []
    for path, data in read_sources(session):
        try:
            node = scan(path, data)
        except Unreadable as error:
            error.path = path
            broken.append(error)
            continue
        if node.revision is not None or not node.is_certain:
            nodes.append(node)
    return nodes, broken


def _raise_unknown(
    session: Session, name: str, nodes: list[Scan], broken: list[Unreadable]
) -> None:
    for node in nodes:
        if node.revision is None:
            message = f"{_UNKNOWN}no migration has {name!r}, and a revision is computed here"
            raise _error(session, node, "revision", message, _AS_TEXT)
    if broken:
        raise broken[0]
    known = sorted({node.revision for node in nodes if node.revision})
    longer = [revision for revision in known if revision.startswith(name)]
    # Two hashes always have some digits in common.
    near = nearest(name, known, alike=0.8)
    hint = f"; did you mean {longer[0]!r}?" if len(longer) == 1 else near
    folders = version_folders(session)
    if gone := [path for path in session.branch.change.deleted if folders.hold(path)]:
        hint = f"; the change deletes {listed(gone)}"
    raise UsageError(f"since names a revision that no migration has: {name!r}{hint}")


class _Ancestry:
    """One graph, walked from a migration up to its parents and dependencies."""

    def __init__(self, nodes: list[Scan]) -> None:
        self.nodes = nodes
        self.named: dict[str, list[Scan]] = {}
        for node in nodes:
            if node.revision is not None:
                self.named.setdefault(node.revision, []).append(node)
        self.labels = {label: node.revision for node in nodes for label in node.labels}

    def ancestors(self, session: Session, names: list[str]) -> set[str]:
        """The names that are revisions of this graph, and their ancestors."""
        own = [name for name in names if name in self.named]
        return reached(own, lambda name: self._above(session, name))

    def _above(self, session: Session, revision: str) -> Iterator[str]:
        *others, node = self.named[revision]
        for namesake in others:
            if (namesake.parents, namesake.depends) != (node.parents, node.depends):
                message = f"{_UNKNOWN}revision {revision!r} is also that of {namesake.path}"
                help = "give one of them a revision of its own"
                error = _error(session, node, "revision", message, help)
                error.follows = tuple(
                    (_GRAPH, each.path, revision) for each in self.named[revision]
                )
                raise error
        if not node.is_certain:
            message = f"{_UNKNOWN}what {revision!r} comes after is computed"
            raise _error(session, node, "", message, _AS_TEXT)
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
        computed = next((candidate for candidate in self.nodes if candidate.revision is None), None)
        message = f"{_UNKNOWN}no migration has {name!r}, and "
        if computed:
            message += "a revision is computed here"
            return _error(session, computed, "revision", message, _AS_TEXT)
        computed = next((candidate for candidate in self.nodes if not candidate.shows_labels), None)
        if computed and where == "depends_on":
            message += "branch labels are computed here"
            return _error(session, computed, "branch_labels", message, _AS_TEXT)
        help = "name the revision of a migration that exists"
        error = _error(session, node, where, f"{message}{node.revision!r} comes after it", help)
        error.follows = ((_GRAPH, node.path, name), (_KEPT, node.path, node.revision or ""))
        return error


def _error(session: Session, node: Scan, where: str, message: str, help: str) -> Unreadable:
    """Return the error at an identifier of a migration; `where` is its name.

    Without a name it is the one that is computed.
    """
    from definition_of_done.project.migrations.files.migration import read_identifiers

    spots = [
        identifier.spot
        for name, identifier in read_identifiers(node.path, session.tree.read(node.path)).items()
        if identifier and (name == where or not identifier.is_literal)
    ]
    spot = spots[0] if spots else Spot(node.path)
    return Unreadable(message, spot.line, spot.column, help=help, path=node.path)

"""The graph of all migrations, as Alembic builds it: heads, parents, branches, cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.migrations.history import (
    NOTHING,
    LeftOut,
    read_left_out,
    read_scans,
    separate,
)
from definition_of_done.project.migrations.scan import Scan

if TYPE_CHECKING:
    from definition_of_done.project.migrations.migration import Migration


class Heads(NamedTuple):
    """Several heads of one line, in the order of their paths.

    `shared` is the nearest revision that the first two descend from, None where there is none.
    `late` is the one head that the branch adds, `root` the branch's first migration on the way to
    it, which can be put after `other`; None where the branch adds none or several of them.
    `spot` is where to say so; `edits` put `root` after `other`.
    """

    heads: tuple[Scan, ...]
    shared: str | None
    late: Scan | None
    root: Scan | None
    other: Scan | None
    spot: Spot
    edits: tuple[Edit, ...]


class Fault(NamedTuple):
    """A fault of one migration: the spot, the migration, and the name that it is about."""

    spot: Spot
    node: Scan
    name: str
    others: tuple[Scan, ...] = ()


class Graph(NamedTuple):
    """What is wrong with the graph: each list is empty where nothing is."""

    duplicates: tuple[Fault, ...]
    unknown: tuple[Fault, ...]
    cycles: tuple[Fault, ...]
    heads: tuple[Heads, ...]


class History(NamedTuple):
    """A graph without a fault.

    `order` has each migration behind its parents and dependencies, else by path; `above` names
    the parents and dependencies of each revision, in the same order.
    """

    order: tuple[Scan, ...]
    above: dict[str, tuple[str, ...]]

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """Those of the names that are revisions, with all that stands above them."""
        found = {name for name in names if name in self.above}
        queue = list(found)
        while queue:
            new = [name for name in self.above[queue.pop()] if name not in found]
            found.update(new)
            queue += new
        return found

    def misplaced(self, names: Sequence[str]) -> tuple[str, str] | None:
        """The first of some revisions that stands behind one that comes after it, with that one.

        None where the graph allows their order.
        """
        at = {name: index for index, name in enumerate(names)}
        last: dict[str, int] = {}
        wrong = []
        for name, above in self.above.items():
            behind = max((last[one] for one in above), default=-1)
            if name in at and behind > at[name]:
                wrong.append((behind, at[name]))
            last[name] = max(behind, at.get(name, -1))
        return (names[min(wrong)[0]], names[min(wrong)[1]]) if wrong else None

    def in_order(self, names: Sequence[str], more: Iterable[str]) -> list[str]:
        """Some revisions, moved only where the graph does not allow their order, with others.

        Each of these stands before the first that comes after it, else at the end.
        """
        rank = {name: index for index, name in enumerate(self.above)}
        result = list(names) if not self.misplaced(names) else sorted(names, key=rank.__getitem__)
        for name in more:
            after = (at for at, one in enumerate(result) if name in self.ancestors([one]))
            result.insert(next(after, len(result)), name)
        return result


def read_graph(session: Session) -> Graph:
    """The graph of the session's migrations; raises Unreadable, with the path, for a broken file.

    The lines of `alembic.ini` make one graph; folders that the `versions` setting lists are
    separate ones unless a migration of one refers to a revision or branch of another. What `since`
    leaves out is part of it, and is no fault of its own where it says a revision twice or has
    several heads; where it is not known, all is judged. Raises UsageError for a `since` that no
    migration has.
    """
    return session.cache.keep("graph", lambda: _graph(session))


def read_history(session: Session) -> History | None:
    """The migrations in an order in which they run; raises Unreadable for a broken file.

    None where that order is not certain: where the graph has a fault, Python computes an
    identifier, or two graphs share a revision.
    """
    return session.cache.keep("history", lambda: _history(session))


def _graph(session: Session) -> Graph:
    nodes = read_scans(session)
    try:
        left = read_left_out(session)
    except Unreadable:
        left = NOTHING
    duplicates: list[Fault] = []
    unknown: list[Fault] = []
    cycles: list[Fault] = []
    heads: list[Heads] = []
    for part in separate(session, nodes):
        lines = _Lines(part, left)
        duplicates += lines.duplicates(session)
        unknown += lines.unknown(session)
        cycles += lines.cycles(session)
        heads += lines.several_heads(session)
    return Graph(tuple(duplicates), tuple(unknown), tuple(cycles), tuple(heads))


def _history(session: Session) -> History | None:
    lines = _Lines(read_scans(session))
    if not lines.is_certain or len(lines.map) < len(lines.nodes) or any(read_graph(session)):
        return None
    order = lines.in_order()
    above = {str(node.revision): tuple(lines.above(node)) for node in order}
    return History(tuple(order), above)


def read_heads(session: Session, folder: str) -> tuple[list[Scan], list[Scan]]:
    """The migrations of the graph that a folder is part of, and its heads by path.

    Where several heads stand in different folders, as lines of one project may, the folder's own.
    """
    inside = f"{folder}/"
    parts = separate(session, read_scans(session))
    nodes = next((part for part in parts if any(n.path.startswith(inside) for n in part)), [])
    lines = _Lines(nodes)
    heads = [node for name, node in lines.map.items() if name not in lines.children]
    own = [node for node in heads if node.path.startswith(inside)]
    return nodes, own if len(heads) > 1 and own else heads


class _Lines:
    """One graph: the last migration wins where two have the same revision, as in Alembic."""

    def __init__(self, nodes: list[Scan], left: LeftOut = NOTHING) -> None:
        self.nodes = nodes
        self.left = left
        self.is_certain = all(node.is_certain for node in nodes)
        self.shows_labels = all(node.shows_labels for node in nodes)
        self.map = {node.revision: node for node in nodes if node.revision is not None}
        self.labels = {label: node for node in nodes for label in node.labels}
        self.children: dict[str, list[str]] = {}
        for node in self.map.values():
            for parent in node.parents:
                self.children.setdefault(parent, []).append(node.revision or "")

    def duplicates(self, session: Session) -> Iterator[Fault]:
        first: dict[str, Scan] = {}
        for node in self.nodes:
            if node.revision is None:
                continue
            other = first.setdefault(node.revision, node)
            if other is not node and not self._stood(session, node, other):
                yield Fault(spot_of(session, node, "revision"), node, node.revision, (other,))

    def _stood(self, session: Session, *nodes: Scan) -> bool:
        """Whether `since` leaves out all of them, and the branch adds none."""
        paths = {node.path for node in nodes}
        return paths <= self.left.paths and not any(
            session.branch.changed.get(path) == "A" for path in paths
        )

    def unknown(self, session: Session) -> Iterator[Fault]:
        if not self.is_certain:
            return
        for node in self.nodes:
            for parent in node.parents:
                if parent not in self.map:
                    yield Fault(spot_of(session, node, "down_revision"), node, parent)
            for name in node.depends:
                if name not in self.map and name not in self.labels and self.shows_labels:
                    yield Fault(spot_of(session, node, "depends_on"), node, name)

    def cycles(self, session: Session) -> Iterator[Fault]:
        done: set[str] = set()
        for start in sorted(self.map, key=lambda one: self.map[one].path):
            cycle = self._cycle(start, done)
            if cycle:
                at = min(cycle, key=lambda node: node.path)
                turn = cycle.index(at)
                others = (*cycle[turn + 1 :], *cycle[:turn])
                spot = spot_of(session, at, "down_revision")
                yield Fault(spot, at, at.revision or "", others)

    def _cycle(self, start: str, done: set[str]) -> list[Scan]:
        """The first cycle on a walk up from `start`, from a migration to its parent and on."""
        trail: list[str] = []
        on_trail: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, left = stack.pop()
            if left:
                on_trail.discard(trail.pop())
                done.add(name)
                continue
            if name in on_trail:
                cycle = [self.map[one] for one in trail[trail.index(name) :]]
                done |= on_trail
                return cycle
            if name in done or name not in self.map:
                continue
            trail.append(name)
            on_trail.add(name)
            stack.append((name, True))
            stack += [(one, False) for one in self.above(self.map[name])]
        return []

    def above(self, node: Scan) -> Iterator[str]:
        """The parents and dependencies of a migration."""
        yield from node.parents
        for name in node.depends:
            labelled = self.labels.get(name)
            yield (labelled.revision or "") if labelled else name

    def in_order(self) -> list[Scan]:
        """The migrations, each behind what is above it, else by path; without those of a circle."""
        waits = {
            name: {one for one in self.above(node) if one in self.map}
            for name, node in self.map.items()
        }
        below: dict[str, list[str]] = {}
        for name, names in waits.items():
            for one in names:
                below.setdefault(one, []).append(name)
        ready = [(self.map[name].path, name) for name, names in waits.items() if not names]
        heapify(ready)
        order = []
        while ready:
            _, name = heappop(ready)
            order.append(self.map[name])
            for child in below.get(name, ()):
                waits[child].discard(name)
                if not waits[child]:
                    heappush(ready, (self.map[child].path, child))
        return order

    def several_heads(self, session: Session) -> Iterator[Heads]:
        heads = [node for name, node in self.map.items() if name not in self.children]
        # A label that Python computes may be what sets a head apart.
        if len(heads) < 2 or not self.is_certain or not self.shows_labels:
            return
        lines = self._branches()
        groups: dict[frozenset[str], list[Scan]] = {}
        for node in sorted(heads, key=lambda one: one.path):
            groups.setdefault(lines.get(node.revision or "", frozenset()), []).append(node)
        for group in groups.values():
            if len(group) > 1 and not self._continue_since(session, group):
                yield self._heads(session, group)

    def _continue_since(self, session: Session, heads: list[Scan]) -> bool:
        """Whether each head goes on from a revision of `since` that no other one goes on from."""
        since = set(session.config["since"]) if self.left.paths else set()
        taken: set[str] = set()
        for head in heads:
            own = since & {node.revision or "" for node in self._lineage(head)}
            if not own or own & taken:
                return False
            taken |= own
        return True

    def _branches(self) -> dict[str, frozenset[str]]:
        """The branch labels of each revision, as Alembic passes them down and up its line."""
        found: dict[str, set[str]] = {}
        for node in self.nodes:
            if not node.labels:
                continue
            for name in self._below(node.revision or ""):
                found.setdefault(name, set()).update(node.labels)
            up: Scan | None = node
            seen: set[str] = set()
            while up and up.revision not in seen and len(up.parents) < 2:
                name = up.revision or ""
                if len(self.children.get(name, ())) > 1:
                    break
                seen.add(name)
                found.setdefault(name, set()).update(node.labels)
                up = self.map.get(up.parents[0]) if up.parents else None
        return {name: frozenset(labels) for name, labels in found.items()}

    def _below(self, start: str) -> set[str]:
        seen, queue = {start}, [start]
        while queue:
            for child in self.children.get(queue.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    queue.append(child)
        return seen

    def _lineage(self, start: Scan) -> list[Scan]:
        """The ancestors of a migration and itself, the nearest first."""
        found, seen = [start], {start.revision}
        for node in found:
            for parent in node.parents:
                above = self.map.get(parent)
                if above and above.revision not in seen:
                    seen.add(above.revision)
                    found.append(above)
        return found

    def _heads(self, session: Session, heads: list[Scan]) -> Heads:
        first = {node.revision for node in self._lineage(heads[0])}
        shared = next((n.revision for n in self._lineage(heads[1]) if n.revision in first), None)
        added = {path for path, letter in session.branch.changed.items() if letter == "A"}
        late = [node for node in heads if node.path in added]
        if len(late) != 1:
            later = [node for node in heads if node.path not in self.left.paths]
            spot = spot_of(session, (later or heads)[-1], "revision")
            return Heads(tuple(heads), shared, None, None, None, spot, ())
        other = next(node for node in heads if node is not late[0])
        root = late[0]
        while len(root.parents) == 1:
            above = self.map.get(root.parents[0])
            if above is None or above.path not in added:
                break
            root = above
        spot = spot_of(session, late[0], "down_revision")
        is_certain = len(heads) == 2 and root.path not in self.left.paths
        edits = _reparented(session, root, other) if is_certain else ()
        return Heads(tuple(heads), shared, late[0], root, other, spot, edits)


def _read(session: Session, node: Scan) -> Migration:
    # Only for what is reported: the graph itself is built without a parse.
    from definition_of_done.project.migrations.migration import read_migration

    return session.cache.keep(
        f"migration {node.path}", lambda: read_migration(node.path, session.tree.read(node.path))
    )


def spot_of(session: Session, node: Scan, name: str) -> Spot:
    """Where a file names one of its identifiers; the file's start where it does not."""
    from definition_of_done.project.migrations.migration import IDENTIFIERS, read_identifiers

    found = session.cache.keep(
        f"identifiers {node.path}",
        lambda: read_identifiers(node.path, session.tree.read(node.path)),
    )
    identifier = found[IDENTIFIERS.index(name)]
    return identifier.spot if identifier else Spot(node.path)


def _reparented(session: Session, node: Scan, parent: Scan) -> tuple[Edit, ...]:
    """The edits that put a migration after another one, in the variable and in the docstring."""
    migration = _read(session, node)
    down = migration.down_revision
    if down is None or not down.is_text or not down.end or parent.revision is None:
        return ()
    text = session.tree.text(node.path).text[down.start : down.end]
    quote = text[0]
    if quote not in "'\"" or text[:3] == quote * 3 or quote in parent.revision:
        return ()
    edits = [Edit(node.path, down.start, down.end, f"{quote}{parent.revision}{quote}")]
    field = migration.header.fields.get("Revises") if migration.header else None
    if field and field.value == down.values[0]:
        edits.append(Edit(node.path, field.start, field.end, parent.revision))
    return tuple(edits)


def names(nodes: Iterable[Scan]) -> str:
    """Revisions with their paths, as a message lists them."""
    return listed([f"{node.revision!r} ({node.path})" for node in nodes])

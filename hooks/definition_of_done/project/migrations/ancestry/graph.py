"""The graph of all migrations, as Alembic builds it: heads, parents, branches, cycles."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.rewrites import InString, Rewrite
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import once
from definition_of_done.project.migrations.ancestry.history import (
    NOTHING,
    LeftOut,
    reached,
    read_left_out_if_known,
    read_scans,
    separate,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.ancestry.history import Scan
    from definition_of_done.project.migrations.ancestry.merged import Merged


class Heads(NamedTuple):
    """Several heads of one line, in the order of their paths.

    `shared` is the nearest revision that the first two descend from, None where there is none.
    `root` is the branch's first migration on the way to the one head that it adds, and `other` the
    head that `root` can be put after, so that one head is left. Both are None where the branch adds
    no head or several, or where that would leave several. `can_move` says that a migration of the
    branch can be put after another head. `spot` is where the heads are reported. `rewrite` puts
    `root` after `other`. `has_landed` says that one of them is on the base alone.
    """

    heads: tuple[Scan, ...]
    shared: str | None
    root: Scan | None
    other: Scan | None
    can_move: bool
    spot: Spot
    rewrite: Rewrite | None
    has_landed: bool


class Fault(NamedTuple):
    """A fault of one migration: the spot, the migration, and the name that it is about."""

    spot: Spot
    node: Scan
    name: str
    others: tuple[Scan, ...] = ()


class Graph(NamedTuple):
    """The faults of the graph, by kind."""

    duplicates: tuple[Fault, ...]
    unknown: tuple[Fault, ...]
    cycles: tuple[Fault, ...]
    heads: tuple[Heads, ...]


class History(NamedTuple):
    """A graph without a fault.

    `order` has each migration behind its parents and dependencies, else by path. `above` has the
    parents and dependencies of each revision, in the same order.
    """

    order: tuple[Scan, ...]
    above: dict[str, tuple[str, ...]]

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """The names that are revisions, and their ancestors."""
        return reached([name for name in names if name in self.above], self.above.__getitem__)

    def misplaced(self, names: Sequence[str]) -> tuple[str, str] | None:
        """The first revision that stands behind one of its descendants, with that descendant.

        None where the graph allows the order of the names.
        """
        at = {name: index for index, name in enumerate(names)}
        last: dict[str, int] = {}
        wrong = []
        for name, above in self.above.items():
            behind = max((last[parent] for parent in above), default=-1)
            if name in at and behind > at[name]:
                wrong.append((behind, at[name]))
            last[name] = max(behind, at.get(name, -1))
        return (names[min(wrong)[0]], names[min(wrong)[1]]) if wrong else None

    def in_order(self, names: Sequence[str], more: Iterable[str]) -> list[str]:
        """Put some revisions in an order that the graph allows, and insert more.

        The given order is kept where the graph allows it. Each of the others is inserted before
        its first descendant, else at the end.
        """
        rank = {name: index for index, name in enumerate(self.above)}
        result = list(names) if not self.misplaced(names) else sorted(names, key=rank.__getitem__)
        for name in more:
            after = (at for at, placed in enumerate(result) if name in self.ancestors([placed]))
            result.insert(next(after, len(result)), name)
        return result


@once
def read_graph(session: Session) -> Graph:
    """Read the faults of the graph of all migrations.

    The folders of `alembic.ini` make one graph. Those that the `versions` setting lists are
    separate graphs, unless a migration of one refers to a revision or branch of another. Migrations
    that `since` leaves out are part of the graph, but two of them may share a revision, and they
    may have several heads. Where it is not known which these are, all are judged.
    """
    return _graph(session)


@once
def read_history(session: Session) -> History | None:
    """Read the migrations in an order in which they can run.

    Returns None where the order is not certain: the graph has a fault, Python computes an
    identifier, or two graphs share a revision.
    """
    graph = _RevisionGraph(read_scans(session))
    if not graph.is_certain or len(graph.map) < len(graph.nodes) or any(read_graph(session)):
        return None
    order = graph.in_order()
    return History(tuple(order), {str(node.revision): tuple(graph.above(node)) for node in order})


def read_merged_graph(session: Session) -> Graph:
    """Read the faults of the graph that a merge of the branch into its base would give.

    Where the branch changes no migration, or none has landed since, it is that of the tree. Raises
    as `read_graph` does.
    """
    from definition_of_done.project.migrations.ancestry.merged import read_merged

    merged = read_merged(session)
    return _graph(session, merged) if merged else read_graph(session)


def _graph(session: Session, merged: Merged | None = None) -> Graph:
    nodes = merged.nodes if merged else read_scans(session)
    left = read_left_out_if_known(session)
    duplicates: list[Fault] = []
    unknown: list[Fault] = []
    cycles: list[Fault] = []
    heads: list[Heads] = []
    for part in separate(session, nodes):
        graph = _RevisionGraph(part, left, merged)
        copies = [*graph.duplicates(session)]
        duplicates += copies
        unknown += graph.unknown(session)
        if copies:
            # What comes after a revision comes after the migration that had it first.
            paths = {fault.node.path for fault in copies}
            firsts = [node for node in part if node.path not in paths]
            graph = _RevisionGraph(firsts, left, merged)
        cycles += graph.cycles(session)
        heads += graph.several_heads(session)
    return Graph(tuple(duplicates), tuple(unknown), tuple(cycles), tuple(heads))


class Line(NamedTuple):
    """The heads that carry the same branch labels; more than one where they wait to be joined."""

    labels: frozenset[str]
    heads: tuple[Scan, ...]


def read_lines(session: Session, folder: str) -> tuple[list[Scan], list[Line]]:
    """Read the migrations of the graph that a folder is part of, and the lines of that graph.

    Where the graph has several heads, only those in the folder count, if there are any.
    """
    inside = f"{folder}/"
    parts = separate(session, read_scans(session))
    nodes = next((part for part in parts if any(node.path.startswith(inside) for node in part)), [])
    lines = _RevisionGraph(nodes).lines()
    heads = [head for line in lines for head in line.heads]
    own = {head.path for head in heads if head.path.startswith(inside)}
    if len(heads) < 2 or not own:
        return nodes, lines
    kept = [
        Line(labels, tuple(head for head in heads if head.path in own)) for labels, heads in lines
    ]
    return nodes, [line for line in kept if line.heads]


class _RevisionGraph:
    """One graph. Of two migrations with one revision the last one counts, as in Alembic."""

    def __init__(
        self, nodes: list[Scan], left: LeftOut = NOTHING, merged: Merged | None = None
    ) -> None:
        self.nodes = nodes
        self.left = left
        # The base's own migrations are no files of the tree: nothing is reported there.
        self.landed = merged.landed if merged else frozenset()
        self.added = merged.added if merged else None
        self.is_certain = all(node.is_certain for node in nodes)
        self.shows_labels = all(node.shows_labels for node in nodes)
        self.map = {node.revision: node for node in nodes if node.revision is not None}
        self.labels = {label: node for node in nodes for label in node.labels}
        self.children: dict[str, list[str]] = {}
        for node in self.map.values():
            for parent in node.parents:
                self.children.setdefault(parent, []).append(node.revision or "")

    def duplicates(self, session: Session) -> Iterator[Fault]:
        named: dict[str, list[Scan]] = {}
        for node in self.nodes:
            if node.revision is not None:
                named.setdefault(node.revision, []).append(node)
        for name, nodes in named.items():
            if len(nodes) > 1:
                first, *newer = self._by_age(session, nodes)
                for node in newer:
                    if not (node.path in self.landed or self._stood(session, node, first)):
                        yield Fault(spot_of(session, node, "revision"), node, name, (first,))

    def _by_age(self, session: Session, nodes: list[Scan]) -> list[Scan]:
        """The migrations of one revision: those of the branch last, else by their filenames."""
        new = self._new(session)
        return sorted(
            nodes,
            key=lambda node: (
                node.path in new,
                node.path not in self.landed,
                node.path.rpartition("/")[2],
                node.path,
            ),
        )

    def _stood(self, session: Session, *nodes: Scan) -> bool:
        """True where `since` leaves out all of the migrations, and the branch adds none."""
        paths = {node.path for node in nodes}
        return paths <= self.left.paths and not any(
            session.branch.changed.get(path) == "A" for path in paths
        )

    def unknown(self, session: Session) -> Iterator[Fault]:
        if not self.is_certain:
            return
        for node in self.nodes:
            if node.path in self.landed:
                continue
            for parent in node.parents:
                if parent not in self.map:
                    yield Fault(spot_of(session, node, "down_revision"), node, parent)
            for name in node.depends:
                if name not in self.map and name not in self.labels and self.shows_labels:
                    yield Fault(spot_of(session, node, "depends_on"), node, name)

    def cycles(self, session: Session) -> Iterator[Fault]:
        done: set[str] = set()
        for start in sorted(self.map, key=lambda revision: self.map[revision].path):
            cycle = self._cycle(start, done)
            here = [node for node in cycle if node.path not in self.landed]
            if here:
                at = min(here, key=lambda node: node.path)
                turn = cycle.index(at)
                others = (*cycle[turn + 1 :], *cycle[:turn])
                spot = spot_of(session, at, "down_revision")
                yield Fault(spot, at, at.revision or "", others)

    def _cycle(self, start: str, done: set[str]) -> list[Scan]:
        """Find the first cycle on a walk up from `start`, from a migration to what is above it."""
        trail: dict[str, None] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, is_left = stack.pop()
            if is_left:
                del trail[name]
                done.add(name)
            elif name in trail:
                done.update(trail)
                names = list(trail)
                return [self.map[revision] for revision in names[names.index(name) :]]
            elif name not in done and name in self.map:
                trail[name] = None
                stack.append((name, True))
                stack += [(parent, False) for parent in self.above(self.map[name])]
        return []

    def above(self, node: Scan) -> Iterator[str]:
        """Yield the parents and dependencies of a migration."""
        yield from node.parents
        for name in node.depends:
            labelled = self.labels.get(name)
            yield (labelled.revision or "") if labelled else name

    def _known_above(self, name: str) -> list[str]:
        return [above for above in self.above(self.map[name]) if above in self.map]

    def in_order(self) -> list[Scan]:
        """The migrations, each behind those above it, else by path; without those of a circle."""
        waits = {name: {*self._known_above(name)} for name in self.map}
        below: dict[str, list[str]] = {}
        for name, names in waits.items():
            for parent in names:
                below.setdefault(parent, []).append(name)
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
        if not self.is_certain:
            return
        # A label that Python computes may set heads apart, but not two that it reaches both.
        for _, several in self.lines(computed=True):
            # What comes after a revision that is missing may yet come after another one.
            heads = tuple(head for head in several if len(several) > 1 and self._is_whole(head))
            if len(heads) > 1 and not self._continue_since(session, heads):
                yield from self._heads(session, heads)

    def _is_whole(self, head: Scan) -> bool:
        """True where each ancestor of a migration is there."""
        return all(name in self.map for node in self._lineage(head) for name in node.parents)

    def lines(self, *, computed: bool = False) -> list[Line]:
        """The heads by their branch labels, in the order of their paths.

        With `computed`, the path of a migration stands for labels that Python computes there.
        """
        heads = [node for name, node in self.map.items() if name not in self.children]
        branches = self._branches(computed=computed)
        groups: dict[frozenset[str], list[Scan]] = {}
        for node in sorted(heads, key=lambda head: head.path):
            groups.setdefault(branches.get(node.revision or "", frozenset()), []).append(node)
        return [Line(labels, tuple(group)) for labels, group in groups.items()]

    def _continue_since(self, session: Session, heads: Sequence[Scan]) -> bool:
        """True where each head descends from a revision of `since` of its own."""
        since = set(session.config["since"]) if self.left.paths else set()
        taken: set[str] = set()
        for head in heads:
            own = since & {node.revision or "" for node in self._lineage(head)}
            if not own or own & taken:
                return False
            taken |= own
        return True

    def _branches(self, *, computed: bool) -> dict[str, frozenset[str]]:
        """The branch labels of each revision, as Alembic passes them down and up its line."""
        found: dict[str, set[str]] = {}
        for node in self.nodes:
            labels = node.labels if node.shows_labels or not computed else (node.path,)
            if not labels:
                continue
            for name in reached([node.revision or ""], lambda name: self.children.get(name, ())):
                found.setdefault(name, set()).update(labels)
            up: Scan | None = node
            seen: set[str] = set()
            while up and up.revision not in seen and len(up.parents) < 2:
                name = up.revision or ""
                if len(self.children.get(name, ())) > 1:
                    break
                seen.add(name)
                found.setdefault(name, set()).update(labels)
                up = self.map.get(up.parents[0]) if up.parents else None
        return {name: frozenset(labels) for name, labels in found.items()}

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

    def _heads(self, session: Session, heads: tuple[Scan, ...]) -> Iterator[Heads]:
        first = {node.revision for node in self._lineage(heads[0])}
        shared = next(
            (node.revision for node in self._lineage(heads[1]) if node.revision in first), None
        )
        new = self._new(session)
        late = [node for node in heads if node.path in new]
        has_landed = any(node.path in self.landed for node in heads)
        if has_landed and not late:
            # These are the base's own.
            return
        roots = [self._move(node, heads, new) for node in late]
        can_move = any(roots)
        last = (late or [node for node in heads if node.path not in self.left.paths] or heads)[-1]
        spot = spot_of(session, last, "down_revision" if len(late) == 1 else "revision")
        root = other = rewrite = None
        if len(roots) == 1 and roots[0]:
            root = roots[0]
            other = next(node for node in heads if node is not last)
            if root.path not in self.left.paths:
                rewrite = _reparented(session, root, other)
        yield Heads(heads, shared, root, other, can_move, spot, rewrite, has_landed)

    def _new(self, session: Session) -> set[str]:
        """The paths of the migrations that the branch adds, and that are none of the base's."""
        from definition_of_done.project.migrations.ancestry.branch_migrations import (
            read_changed_revisions,
        )

        changed = session.branch.changed
        added = self.added or {path for path, letter in changed.items() if letter == "A"}
        mine = [node for node in self.nodes if node.path in added]
        # A file that the branch renames is not new.
        moved = read_changed_revisions(session) if mine else set()
        return {node.path for node in mine if node.revision not in moved}

    def _move(self, head: Scan, heads: tuple[Scan, ...], new: set[str]) -> Scan | None:
        """The first new migration on the way to a new head, where it can go after the other head.

        None where more than one head would be left, or the parents would run in a circle.
        """
        root, seen = head, set()
        while len(root.parents) == 1 and root.path not in seen:
            seen.add(root.path)
            above = self.map.get(root.parents[0])
            if above is None or above.path not in new:
                break
            root = above
        others = [node for node in heads if node is not head]
        would_end = [
            name
            for name in root.parents
            if len(self.children.get(name, ())) < 2 and name in self.map
        ]
        if len(others) > 1 or would_end or len(root.parents) > 1:
            return None
        is_above = root.revision in reached([others[0].revision or ""], self._known_above)
        return None if is_above else root


def spot_of(session: Session, node: Scan, name: str) -> Spot:
    """The spot of one of a file's identifiers, the file's start where it lacks it."""
    from definition_of_done.project.migrations.files.migration import read_identifiers

    found = session.cache.keep(
        f"identifiers {node.path}",
        lambda: read_identifiers(node.path, session.tree.read(node.path)),
    )
    identifier = found[name]
    return identifier.spot if identifier else Spot(node.path)


def _reparented(session: Session, node: Scan, parent: Scan) -> Rewrite | None:
    """The change that puts a migration after another, in the variable and in the docstring."""
    # Only migrations that are reported are parsed.
    from definition_of_done.project.migrations.files.migration import read_shared

    migration = read_shared(session, node.path)
    down = migration.down_revision
    if down is None or not (down.is_text and down.is_final) or parent.revision is None:
        return None
    text, last = session.tree.text(node.path), down.spot.end
    assert last is not None
    start, end = text.offset(down.spot.line, down.spot.column), text.offset(*last)
    if text.text[start:end] not in (f"'{down.values[0]}'", f'"{down.values[0]}"'):
        return None
    steps = [InString(start + 1, end - 1, parent.revision)]
    field = migration.header.fields.get("Revises") if migration.header else None
    if field and field.value == down.values[0]:
        steps.append(InString(field.start, field.end, parent.revision))
    return Rewrite(node.path, tuple(steps))


def names(nodes: Iterable[Scan]) -> str:
    """Revisions with their paths, as a message lists them."""
    return listed([f"{node.revision!r} ({node.path})" for node in nodes])

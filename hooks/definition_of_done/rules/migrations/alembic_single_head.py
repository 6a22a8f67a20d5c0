"""alembic-single-head: one head, no unknown parent, no duplicate, no cycle. Contract 3.6."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import GRAPH
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.ancestry.graph import Graph


_CHANGED = "revision-immutable"


@rule(
    id="alembic-single-head",
    contract="3.6",
    summary="the migrations have one head, and every parent exists once",
    why="Two branches that each add a migration after the same parent merge without a conflict,"
    " and `alembic upgrade head` then stops the deploy.",
    subject=GRAPH,
    box=boxes.MIGRATION,
    proves=True,
    fixes=True,
    good=example(),
    bad=example(revises="add_vendors", down_revision="add_vendors"),
)
def check(graph: Graph) -> Iterator[Finding]:
    from definition_of_done.project.migrations.ancestry.graph import names

    for spot, _, name, others in graph.duplicates:
        message = f"revision {name!r} is also that of {others[0].path}"
        yield Finding(spot, message, "give one of them a revision of its own", symbol=name)
    for spot, node, name, _ in graph.unknown:
        message = f"{name!r} is no revision of this project"
        advice = "name the revision of a migration that exists"
        follows = [(_CHANGED, node.path, node.revision or ""), (_CHANGED, "", name)]
        yield Finding(spot, message, advice, symbol=name, follows=follows)
    for spot, node, name, others in graph.cycles:
        circle = " -> ".join(repr(member.revision) for member in (node, *others, node))
        message = f"the parents run in a circle: {circle}"
        yield Finding(spot, message, "break it at the migration that came last", symbol=name)
    for several in graph.heads:
        is_pair = several.shared and len(several.heads) == 2
        after = f", both after {several.shared!r}" if is_pair else ""
        merge = " after the merge" if several.has_landed else ""
        message = f"{len(several.heads)} heads{merge}: {names(several.heads)}{after}"
        advice = "join them with `alembic merge heads`"
        if several.can_move:
            advice = f"put one after the other, or {advice}"
        if several.root and several.other:
            parent = several.other.revision
            advice = f"set down_revision = {parent!r} in {several.root.path}, and Revises there"
        advice = f"rebase, and {advice}" if several.has_landed else advice
        yield Finding(several.spot, message, advice, symbol="heads", rewrite=several.rewrite)

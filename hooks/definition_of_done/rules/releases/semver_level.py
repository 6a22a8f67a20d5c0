"""semver-level: the newest version is one step on, and a step large enough. Contract 7.2."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated, NotKept
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.releases.subjects import RELEASE
from definition_of_done.rules.sample import release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.release import Release


@rule(
    id="semver-level",
    contract="7.2",
    summary="a feature carries its version, one step on and as large as the change asks for",
    why="The frontend reads from the number alone whether it can wait, may use something new, or"
    " breaks on the day of the deploy.",
    subject=RELEASE,
    box=boxes.VERSION,
    due=DONE,
    good=release(),
    bad={
        "docs/changelog/1.3.0.md": None,
        **release("1.2.1", "version.py minor", "version.py patch"),
    },
)
def check(newest: Release) -> Iterator[Finding]:
    from definition_of_done.project.releases.levels import (
        level_fault,
        owed_fault,
        step_fault,
        unsaid_faults,
    )

    unjudged = [newest.evidence.unjudged]
    chosen = "" if newest.scheme.has_levels else f"the step: {newest.scheme.name} has no levels"
    if newest.fragments:
        from definition_of_done.project.releases.fragments import fragment_faults

        yield from fragment_faults(newest.fragments)
        unjudged.append(newest.fragments.unjudged)
    # version-sync reports a version that is missing.
    if newest.source.version is not None:
        if newest.owed:
            yield owed_fault(newest)
        else:
            yield from step_fault(newest) or level_fault(newest)
        yield from unsaid_faults(newest)
    if any(unjudged):
        raise NotEvaluated("; ".join(filter(None, [*unjudged, chosen])))
    if chosen:
        raise NotKept(chosen)

"""When a finding is due: at every commit, or when the feature is done. Contract, chapter 9.

A commit may leave open what the branch itself has begun. A push, CI, `check` by hand, `status` and
main hold it to everything.
"""

from __future__ import annotations

from definition_of_done.engine.finding import AT_ONCE
from definition_of_done.engine.rule import DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.report import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session


def waiting_among(session: Session, rules: Sequence[Rule]) -> Callable[[Finding], bool]:
    """A function that is true for a finding of these rules that a commit may leave open."""
    late = {rule.id for rule in rules if rule.due == DONE}

    def may_wait(finding: Finding) -> bool:
        if finding.begun is None:
            return finding.rule in late
        if finding.begun is AT_ONCE:
            return False
        return session.branch.begins(finding.begun.path, finding.begun.word)

    return may_wait


def defer(session: Session, may_wait: Callable[[Finding], bool], outcome: Outcome) -> None:
    """Tell what is still owed; take it out of the findings where a commit is judged."""
    waiting = [*filter(may_wait, outcome.findings)]
    outcome.owed = [finding for finding in waiting if not finding.is_warning]
    if waiting and session.is_commit:
        keys = {finding.key for finding in waiting}
        outcome.findings = [finding for finding in outcome.findings if finding.key not in keys]

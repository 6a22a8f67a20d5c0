"""One outcome of a run over several projects, with paths from the folder of the run."""

from __future__ import annotations

from definition_of_done.engine.report import Judged, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from definition_of_done.base.text import Text
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session


def merged(outer: Session, several: Sequence[Judged]) -> Judged:
    """All projects of a run as one: what a report shows of them; `outer` is the run's session."""
    rules = list(dict.fromkeys(rule for judged in several for rule in judged.rules))
    total = Outcome(rules)
    found: list[Finding] = []
    fixed: list[Finding] = []
    for judged in several:
        outcome = judged.outcome
        found += _moved(judged, outcome.findings)
        fixed += _moved(judged, judged.fixed)
        total.judged += outcome.judged
        total.accepted += outcome.accepted
        for note in outcome.notes:
            note.project = judged.session.folder.rstrip("/")
            total.notes.append(note)
    text = _text_of([judged.session for judged in several])
    return Judged(outer, rules, total.only(found), fixed, {}, text)


def _moved(judged: Judged, findings: Iterable[Finding]) -> list[Finding]:
    """Findings with their paths from the folder of the run."""
    folder = judged.session.folder
    # What a rule that always runs reads is no file of the project.
    loose = {rule.id for rule in judged.rules if getattr(rule.subject, "always", False)}
    return [
        finding.below(folder) if folder and finding.rule not in loose else finding
        for finding in findings
    ]


def _text_of(sessions: Sequence[Session]) -> Callable[[str], Text]:
    """A function that reads the text that a path from the folder of the run had when judged."""

    def read(path: str) -> Text:
        # A project that is nested in another has the longer folder.
        owners = [session for session in sessions if path.startswith(session.folder)]
        owner = max(owners, key=lambda session: len(session.folder))
        return owner.tree.text(path[len(owner.folder) :])

    return read

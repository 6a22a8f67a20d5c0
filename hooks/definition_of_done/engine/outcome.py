"""The outcome of a run: findings, notes, and what was judged."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated, NotKept, Unset
from definition_of_done.base.records import Record
from definition_of_done.engine.rule import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.rule import Rule


class Note(Record):
    """The reason why a rule could not be evaluated; `is_chosen` says that it is the settings.

    A note with `is_remark` tells something else than that. `is_kept` is False where the project
    keeps nothing of what the rule is about. `project` is its folder in a run over several, empty
    for that of the run's own folder.
    """

    rule: str
    message: str
    is_chosen: bool = False
    is_kept: bool = True
    is_remark: bool = False
    project: str = ""

    def __str__(self) -> str:
        where = f"{self.project}: " if self.project else ""
        kind = "" if self.is_remark else "not evaluated: "
        return f"{where}{self.rule}: {kind}{self.message}"


class Outcome:
    """The findings of a run in order, the number of files that were judged, and notes.

    `ran` has the ids of all rules of the run, `over_files` of those over files, `in_files` each of
    these with each path that it judged. `over_tree` has the ids of rules over the repository that
    ran to their end, `not_evaluated` of rules that did not. `stopped` maps the id of a rule that a
    broken file stopped to the keys of the findings that say so. `whole` says that nothing narrowed
    the run. `deleted` has the paths that the change deletes. `accepted` is the number of findings
    that the baseline took out. `owed` has the findings that are due when the feature is done; a
    commit does not report them.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.findings: list[Finding] = []
        self.owed: list[Finding] = []
        self.judged = 0
        self.notes: list[Note] = []
        self.accepted = 0
        self.whole = False
        self.deleted: list[str] = []
        self.ran = {rule.id for rule in rules}
        self.over_files: set[str] = set()
        self.in_files: set[tuple[str, str]] = set()
        self.over_tree: set[str] = set()
        self.not_evaluated: set[str] = set()
        self.stopped: dict[str, list[object]] = {}

    @property
    def evaluated(self) -> frozenset[str]:
        """The ids of the rules that were evaluated, of a file or of the repository."""
        return frozenset(self.over_tree | {rule for rule, _ in self.in_files})

    @property
    def fails(self) -> bool:
        """True where a finding is no warning."""
        return any(not finding.is_warning for finding in self.findings)

    def only(self, findings: Iterable[Finding]) -> Outcome:
        """Return this outcome with these findings alone, each once and in order."""
        self.findings = sorted(
            {finding.key: finding for finding in findings}.values(), key=lambda finding: finding.key
        )
        return self

    def note(self, rule: Rule, error: NotEvaluated) -> None:
        """Add a note, once: a rule could not be evaluated."""
        self.not_evaluated.add(rule.id)
        is_told = any((note.rule, note.message) == (rule.id, str(error)) for note in self.notes)
        if not is_told:
            is_kept, is_chosen = not isinstance(error, NotKept), isinstance(error, Unset)
            self.notes.append(Note(rule.id, str(error), is_chosen=is_chosen, is_kept=is_kept))

    def tell(self, rule: Rule, remarks: Iterable[str]) -> None:
        """Add what the facts of a rule have to tell besides its findings."""
        self.notes += [Note(rule.id, remark, is_remark=True) for remark in remarks]

    def leave_out(self, rule: Rule) -> None:
        """Add a note: the team does without the part of the contract that a rule is about."""
        message = f"{WITHOUT} names {rule.part}"
        self.notes.append(Note(rule.id, message, is_chosen=True, is_kept=False))
        self.not_evaluated.add(rule.id)

    def stop(self, rules: Iterable[Rule], finding: Finding) -> Finding:
        """Record that a broken file stops rules; returns the finding that says so."""
        for rule in rules:
            self.stopped.setdefault(rule.id, []).append(finding.key)
        return finding

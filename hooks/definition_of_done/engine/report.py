"""The outcome of a run, and what the formats of its report share: the summary, the statistics."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated, NotKept, Unset
from definition_of_done.base.records import Record
from definition_of_done.base.words import count, encodable, listed, printable
from definition_of_done.engine.rule import WITHOUT, FileSubject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from definition_of_done.base.text import Text
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session

_STATUS = "definition-of-done status"
FORMATS = ("text", "github", "gitlab", "json", "sarif")
# Those that name paths from the top of the repository.
FROM_TOP = ("github", "gitlab", "sarif")
# Of more findings of a rule than this, the text shows the first few.
_MOST = 20
_FIRST = 3


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


class Report(Record):
    """A run as the formats write it down.

    `rules` are those that ran, `fixed` what --fix mended. `folder` leads from the top of the
    repository to the root, with a slash at its end. `text` reads the text that a path had when it
    was judged, for the formats that show edits. `statistics` and `colour` say whether the text has
    them. `unfolded_by` is what shows all findings of a rule that has very many, empty where all are
    shown.
    """

    outcome: Outcome
    rules: Sequence[Rule] = ()
    fixed: Sequence[Finding] = ()
    folder: str = ""
    text: Callable[[str], Text] | None = None
    statistics: bool = False
    colour: bool = False
    unfolded_by: str = "--verbose"


class Judged(Record):
    """A project that was judged: by which rules, to which outcome, and what --fix mended.

    `new` has the bytes of files that a preview of --fix would write. `text` reads the text that a
    path of the findings had.
    """

    session: Session
    rules: Sequence[Rule]
    outcome: Outcome
    fixed: Sequence[Finding]
    new: Mapping[str, bytes]
    text: Callable[[str], Text]


def summary(outcome: Outcome) -> str:
    """The last line of a report."""
    findings, judged, accepted = outcome.findings, outcome.judged, outcome.accepted
    known = f", {accepted} accepted by the baseline" if accepted else ""
    if not findings:
        return f"no findings ({count(judged, 'file')} judged{known})"
    warnings = sum(finding.is_warning for finding in findings)
    errors = len(findings) - warnings
    found = count(errors, "finding") if errors else "no findings"
    if warnings:
        found += f"{' and' if errors else ', but'} {count(warnings, 'warning')}"
    files = len({finding.spot.path for finding in findings})
    fixable = sum(1 for finding in findings if finding.is_fixable)
    hint = f" ({fixable} fixable with --fix)" if fixable else ""
    return f"{found} in {count(files, 'file')}{hint}{known}"


def folded(findings: Sequence[Finding]) -> tuple[list[Finding], dict[str, int]]:
    """The findings, of a rule with very many the first alone; and how many of each are left out."""
    left_out = {rule: total - _FIRST for rule, total, _ in tally(findings) if total > _MOST}
    shown, seen = [], dict.fromkeys(left_out, 0)
    for finding in findings:
        if finding.rule in seen:
            seen[finding.rule] += 1
        if seen.get(finding.rule, 0) <= _FIRST:
            shown.append(finding)
    return shown, left_out


def fingerprint(finding: Finding, folder: str, seen: dict[str, int]) -> str:
    """A name for a finding that stays when lines move; `seen` counts those about the same thing."""
    import os
    from hashlib import sha256
    from urllib.parse import quote

    path = quote(os.fsencode(folder + finding.spot.path))
    key = "\0".join((finding.rule, path, encodable(finding.symbol or finding.message)))
    seen[key] = seen.get(key, 0) + 1
    # Two findings about one thing differ by their order alone.
    return f"{sha256(key.encode()).hexdigest()[:32]}:{seen[key]}"


def owed(findings: Sequence[Finding]) -> str:
    """The line on findings that are due when the feature is done."""
    verb = "is" if len(findings) == 1 else "are"
    return f"{count(len(findings), 'thing')} {verb} due before the push: {_STATUS}"


def told(notes: Sequence[Note], *, is_alone: bool) -> list[str]:
    """Each note in a line; the rules that the same setting keeps from judging share one.

    A rule about what the project does not keep says so where it runs alone.
    """
    chosen: dict[tuple[str, str], list[str]] = {}
    notes = [note for note in notes if note.is_kept or is_alone]
    for note in notes:
        if note.is_chosen:
            chosen.setdefault((note.project, note.message), []).append(note.rule)
    lines = [
        f"{project}{': ' if project else ''}{listed(rules)}: not judged: {message}"
        for (project, message), rules in chosen.items()
    ]
    return [*map(str, (note for note in notes if not note.is_chosen)), *lines]


def not_judged(several: Iterable[tuple[Session, Sequence[Rule]]]) -> str:
    """The line on files that the rules would judge, did git know them, or an empty text."""
    paths = [path for session, rules in several for path in _not_judged(session, rules)]
    return _to_add(paths, "untracked file", "not judged")


def unstaged(sessions: Iterable[Session]) -> str:
    """The line on files that are judged as the work tree has them, or an empty text."""
    paths = [session.folder + path for session in sessions for path in session.tree.unstaged]
    return _to_add(paths, "file", "judged with edits that are not staged")


def _to_add(paths: Sequence[str], noun: str, what: str) -> str:
    if not paths:
        return ""
    shown = ", ".join([*paths[:3], *(["..."] if paths[3:] else [])])
    verb = "is" if len(paths) == 1 else "are"
    return f"{count(len(paths), noun)} {verb} {what}, git add first: {printable(shown)}\n"


def _not_judged(session: Session, rules: Sequence[Rule]) -> list[str]:
    # Several subjects are about the same files.
    kinds = {
        (rule.subject.shown_suffix, rule.subject.concerns)
        for rule in rules
        if isinstance(rule.subject, FileSubject)
    }
    # A runner calls the hooks over the repository without files, too.
    return [
        session.folder + path
        for path in (session.tree.untracked() if kinds and not session.tree.commit else ())
        if any(path.endswith(end) and concerns(session, path) for end, concerns in kinds)
        and not session.config.excludes(path)
    ]


def tally(findings: Sequence[Finding]) -> list[tuple[str, int, int]]:
    """Each rule with its findings and its fixable ones, counted; the most frequent rule first."""
    found: dict[str, list[int]] = {}
    for finding in findings:
        counts = found.setdefault(finding.rule, [0, 0])
        counts[0] += 1
        counts[1] += finding.is_fixable
    rows = [(rule, total, fixable) for rule, (total, fixable) in found.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def table(findings: Sequence[Finding]) -> list[str]:
    """The statistics in lines, one for each rule that found something."""
    rows = tally(findings)
    digits = max((len(str(total)) for _, total, _ in rows), default=0)
    width = max((len(rule) for rule, _, _ in rows), default=0)
    return [
        f"{total:{digits}}  {rule:{width}}  {f'{fixable} fixable' if fixable else ''}".rstrip()
        for rule, total, fixable in rows
    ]

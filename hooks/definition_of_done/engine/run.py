"""The loop: files outside, rules inside, so that each file is read and parsed once."""

from __future__ import annotations

import os

from definition_of_done.base.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.engine.config import PER_FILE
from definition_of_done.engine.finding import BASELINE_FILE, UNREADABLE, Finding
from definition_of_done.engine.registry import known_ids
from definition_of_done.engine.report import Outcome
from definition_of_done.engine.rule import FileSubject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    from definition_of_done.engine.rule import RepositorySubject, Rule
    from definition_of_done.engine.session import Progress, Session
    from definition_of_done.engine.verdicts import Verdicts

    Step: TypeAlias = Callable[[str], None]
    FileRules: TypeAlias = Mapping[FileSubject[Any], Sequence[Rule]]
    TreeRule: TypeAlias = tuple[Rule, RepositorySubject[Any]]
    Refusals: TypeAlias = dict[Callable[[Session, str], None], list[str]]


def run(session: Session, rules: Sequence[Rule], files: Sequence[str] | None) -> Outcome:
    """Judge `files`, and leave out what the baseline accepts and what a commit may leave open.

    None stands for the files of the change where a base is named, else for all tracked files. Rules
    over the repository run whenever the change concerns them, whatever the files. Raises UsageError
    for a baseline that cannot be read.
    """
    outcome = _without_accepted(session, find(session, rules, files))
    if session.is_reported:
        outcome.findings = [*filter(session.is_reported, outcome.findings)]
    if not outcome.findings:
        return outcome
    from definition_of_done.engine.due import defer, waiting_among

    reported = [finding for finding in outcome.findings if not finding.is_legacy]
    session.config.mark_warnings(reported)
    may_wait = waiting_among(session, rules)
    if any(finding.lack or finding.follows for finding in reported):
        from definition_of_done.engine.lacks import joined, without_followers

        is_left_out = may_wait if session.is_commit else lambda _: False
        reported = joined(without_followers(reported, is_left_out))
    outcome.findings = reported
    defer(session, may_wait, outcome)
    for rule in rules:
        if rule.completes is None:
            continue
        if found := [finding for finding in outcome.findings if finding.rule == rule.id]:
            rule.completes(session, found)
    session.cache.save()
    return outcome


def _without_accepted(session: Session, outcome: Outcome) -> Outcome:
    try:
        baseline = session.tree.read(BASELINE_FILE)
    except OSError:
        return outcome
    from definition_of_done.engine.baseline import accepted

    return accepted(session, outcome, baseline)


def measure(session: Session, rules: Sequence[Rule]) -> Outcome:
    """Judge the present state of all files, without a branch and without a baseline."""
    session.branch.mark_whole()
    return find(session, rules, None)


def find(session: Session, rules: Sequence[Rule], files: Sequence[str] | None) -> Outcome:
    """Judge as `run` does, without a baseline."""
    file_rules: dict[FileSubject[Any], list[Rule]] = {}
    tree_rules: list[TreeRule] = []
    outcome = Outcome(rules)
    for rule in rules:
        if rule.is_left_out(session.config):
            outcome.leave_out(rule)
        elif isinstance(rule.subject, FileSubject):
            file_rules.setdefault(rule.subject, []).append(rule)
        else:
            tree_rules.append((rule, rule.subject))
    session.cache.rules = [rule.id for rule in rules]
    outcome.over_files = {rule.id for same_subject in file_rules.values() for rule in same_subject}
    paths = _paths(session, file_rules, files) if file_rules else []
    step = _steps(session.progress, len(paths) + len(tree_rules))
    judge = _FileJudge(session, file_rules, outcome)
    findings: list[Finding] = []
    judged = set()
    _refuse_changed(session, tree_rules, paths if judge.refusals else [])
    for path in paths:
        step(path)
        found = judge.findings(path)
        if found is not None:
            findings += found
            judged.add(path)
    outcome.whole = files is None and not session.branch.named_base
    if tree_rules:
        findings += _judge_tree(session, tree_rules, judged, outcome, step)
        change = session.branch.change
        outcome.whole, outcome.deleted = change.whole, change.deleted
    session.cache.save()
    outcome.judged = len(judged)
    return outcome.only(findings)


def _refuse_changed(session: Session, rules: Sequence[TreeRule], judged: Sequence[str]) -> None:
    """Let the subjects refuse what the change touches, but for files that are asked for anyway."""
    refusals = _refusals([rule for rule, _ in rules])
    if not refusals:
        return
    for path in sorted(session.branch.change.touched.keys() - judged):
        _refuse(session, refusals, path)
        session.tree.forget(path)


def _refusals(rules: Iterable[Rule]) -> Refusals:
    """The functions by which subjects refuse a path, with the ids of the rules of each."""
    found: Refusals = {}
    for rule in rules:
        if rule.subject.refuses:
            found.setdefault(rule.subject.refuses, []).append(rule.id)
    return found


def _refuse(session: Session, refusals: Refusals, path: str) -> None:
    """Let subjects refuse a path, unless `per-file-ignores` names it for one of their rules."""
    is_ignored = bool(session.config[PER_FILE])
    for refuse, ids in refusals.items():
        if not (is_ignored and any(session.config.ignores(id, path) for id in ids)):
            refuse(session, path)


def _paths(session: Session, rules: FileRules, files: Sequence[str] | None) -> list[str]:
    """The paths that may concern rules over files, by their suffixes."""
    suffixes = tuple({subject.suffix for subject in rules})
    return [
        path
        for path in _candidates(session, files)
        if path.endswith(suffixes) and not session.config.excludes(path)
    ]


def _candidates(session: Session, files: Sequence[str] | None) -> Iterable[str]:
    tree = session.tree
    if files is not None:
        return sorted({*files, *(_not_handed_over(session) if tree.commit else ())})
    change = session.branch.change
    if session.branch.named_base:
        return sorted(path for path, letter in change.touched.items() if letter != "D")
    # A link is not judged; a file that is deleted from the work tree is passed over later.
    return [path for path in tree.tracked if tree.commit or not os.path.islink(tree.full(path))]


def _not_handed_over(session: Session) -> Iterable[str]:
    """The files of a pushed commit that the work tree lacks, so that no runner names them."""
    change = session.branch.change
    touched = [path for path, letter in change.touched.items() if letter != "D"]
    pushed = session.tree.tracked if change.whole else touched
    return [path for path in pushed if not os.path.lexists(session.tree.full(path))]


def _steps(progress: Progress | None, total: int) -> Step:
    """A function that tells `progress` the name of each step as it begins."""
    if progress is None:
        return lambda _: None
    from itertools import count

    done = count()
    return lambda name: progress(next(done), total, name)


class _FileJudge:
    """Judges files by the rules over files; each file is read once for all of them."""

    def __init__(self, session: Session, rules: FileRules, outcome: Outcome) -> None:
        self._session = session
        self._rules = rules
        self._outcome = outcome
        self._verdicts: Verdicts | None = None
        # Several subjects are about the same files, and which these are is asked once.
        scopes: dict[object, list[FileSubject[Any]]] = {}
        for subject in rules:
            scope = (subject.suffix, subject.concerns, subject.leaves_out)
            scopes.setdefault(scope, []).append(subject)
        self._scopes = list(scopes.values())
        self._has_ignores = bool(session.config[PER_FILE])
        self.refusals = _refusals(rule for of_subject in rules.values() for rule in of_subject)

    def findings(self, path: str) -> list[Finding] | None:
        """Findings in one file, None where no rule judges it, or it is gone."""
        findings: list[Finding] = []
        evaluated: set[str] = set()
        try:
            judging = self._judging(path)
        except Unreadable as error:
            # Where nobody knows what is left out, no rule judges the file.
            return [_unreadable(error.path, error)]
        for subject in judging:
            rules = self._wanted(subject, path)
            if rules and self._is_clear(subject, path):
                evaluated.update(rule.id for rule in rules)
            elif rules:
                findings += self._judge(subject, rules, path, evaluated)
        _refuse(self._session, self.refusals, path)
        if not evaluated:
            self._session.tree.forget(path)
            return None
        self._outcome.in_files.update((rule, path) for rule in evaluated)
        findings = _without_ignored(self._session, findings, {path}, evaluated)
        if not any(finding.is_fixable for finding in findings):
            # A fix needs the bytes that were judged.
            self._session.tree.forget(path)
        return findings

    def _judging(self, path: str) -> list[FileSubject[Any]]:
        """The subjects that a file concerns, without those that leave it out."""
        session = self._session
        found: list[FileSubject[Any]] = []
        # Several scopes may leave a file out by one function.
        answers: dict[object, bool] = {None: False}
        for subjects in self._scopes:
            first = subjects[0]
            leaves_out = first.leaves_out
            if answers.get(leaves_out) or not path.endswith(first.suffix):
                continue
            if not first.concerns(session, path):
                continue
            if leaves_out and leaves_out not in answers:
                answers[leaves_out] = leaves_out(session, path)
            if not answers[leaves_out]:
                found += subjects
        return found

    def _wanted(self, subject: FileSubject[Any], path: str) -> Sequence[Rule]:
        """The subject's rules but those that `per-file-ignores` takes off the file."""
        rules = self._rules[subject]
        if not self._has_ignores:
            return rules
        return [rule for rule in rules if not self._session.config.ignores(rule.id, path)]

    def _judge(
        self, subject: FileSubject[Any], rules: Sequence[Rule], path: str, evaluated: set[str]
    ) -> list[Finding]:
        """Findings of one subject's rules in a file; adds the ids of those that ran."""
        if self._verdicts is None:
            from definition_of_done.engine.verdicts import Verdicts

            self._verdicts = Verdicts(self._session, self._rules)
        key = self._verdicts.key(subject, path)
        known = self._verdicts.recall(subject, path, key)
        if known is not None:
            if known and known[0].rule == UNREADABLE:
                return [self._stop(rules, known[0], evaluated)]
            evaluated.update(rule.id for rule in rules)
            return known
        try:
            facts = subject.read(self._session, path)
        except FileNotFoundError:
            return []
        except (Unreadable, RecursionError, OSError) as error:
            broken = _unreadable(path, _fault(path, error))
            if isinstance(error, Unreadable) and error.path in ("", path):
                self._verdicts.remember(subject, path, key, (), [broken])
            return [self._stop(rules, broken, evaluated)]
        found: list[Finding] = []
        if subject.judges and not subject.judges(facts):
            evaluated.update(rule.id for rule in rules)
        else:
            for rule in rules:
                found += _check(self._session, rule, facts, self._outcome, evaluated)
        if key is not None and evaluated.issuperset(rule.id for rule in rules):
            asked = facts.asked if subject.answers else ()
            self._verdicts.remember(subject, path, key, asked, found)
        return found

    def _is_clear(self, subject: FileSubject[Any], path: str) -> bool:
        try:
            return subject.is_clear is not None and subject.is_clear(self._session, path)
        except OSError:
            # Whoever reads the file says what is wrong.
            return False

    def _stop(self, rules: Sequence[Rule], broken: Finding, evaluated: set[str]) -> Finding:
        """Record that a file that cannot be read stops rules; returns the finding that says so."""
        evaluated.add(UNREADABLE)
        return self._outcome.stop(rules, broken)


def _fault(path: str, error: Unreadable | RecursionError | OSError) -> Unreadable:
    """The error as an Unreadable that says why a file cannot be judged."""
    if isinstance(error, OSError):
        return Unreadable(f"cannot be read: {error.strerror}")
    return error if isinstance(error, Unreadable) else _too_deep(path)


def _judge_tree(
    session: Session, rules: Sequence[TreeRule], judged: set[str], outcome: Outcome, step: Step
) -> list[Finding]:
    """Findings of the rules over the repository that the change concerns.

    Adds the files that they read to `judged`.
    """
    findings: list[Finding] = []
    for rule, subject in rules:
        step(rule.id)
        if not _is_concerned(session, subject):
            continue
        try:
            facts = subject.read(session)
        except (Unreadable, RecursionError) as error:
            fault = error if isinstance(error, Unreadable) else _too_deep(_deepest(session))
            findings.append(outcome.stop([rule], _unreadable(fault.path, fault)))
            continue
        except NotEvaluated as error:
            outcome.note(rule, error)
            continue
        except FileNotFoundError as error:
            raise _half_deleted(session, error) from None
        outcome.tell(rule, session.remarks)
        session.remarks = []
        findings += _check(session, rule, facts, outcome, outcome.over_tree)
    judged |= session.tree.paths_read | session.tree.scanned
    paths = session.tree.paths_read | {finding.spot.path for finding in findings}
    return _without_ignored(session, findings, paths, outcome.over_tree)


def _half_deleted(session: Session, error: FileNotFoundError) -> Exception:
    """The error that says what to do about a file that git lists and the work tree lacks."""
    for path in session.tree.tracked:
        if session.tree.full(path) == error.filename:
            advice = "stage that with git rm, or restore it with git checkout"
            return UsageError(f"{path} is deleted in the work tree alone: {advice}")
    return error


def _is_concerned(session: Session, subject: RepositorySubject[Any]) -> bool:
    change = session.branch.change
    # The tree of a merge is new, though each of its files may be that of one side.
    paths = change.touched if subject.diff else {**change.touched, **change.merged}
    return subject.always or change.whole or any(subject.concerns(session, path) for path in paths)


def _check(
    session: Session, rule: Rule, facts: object, outcome: Outcome, evaluated: set[str]
) -> list[Finding]:
    """Findings of one rule; adds its id where it ran to its end."""
    found: list[Finding] = []
    try:
        for finding in rule.findings(facts, session.config):
            found.append(finding)
        evaluated.add(rule.id)
    except NotEvaluated as error:
        # Findings up to here stand. A comment may silence one that was not found: it is not judged.
        outcome.note(rule, error)
    except RecursionError:
        path = getattr(facts, "path", None) or _deepest(session)
        found.append(outcome.stop([rule], _unreadable(path, _too_deep(path))))
    return [finding for finding in found if _is_wanted(session, rule.id, finding.spot.path)]


def _is_wanted(session: Session, id: str, path: str) -> bool:
    return not (session.config.excludes(path) or session.config.ignores(id, path))


def _unreadable(path: str, error: Unreadable) -> Finding:
    from definition_of_done.base.spots import Spot

    spot = Spot(path, error.line, error.column)
    return Finding(
        spot, error.message, error.help, symbol=path, rule=UNREADABLE, follows=error.follows
    )


def _too_deep(path: str) -> Unreadable:
    return Unreadable("nested too deeply to be judged", path=path)


def _deepest(session: Session) -> str:
    """The file whose code is nested the most deeply, of those that were read."""
    from definition_of_done.readers.python import depth

    paths = sorted(path for path in session.tree.paths_read if path.endswith(".py"))
    return max(paths, key=lambda path: depth(session.tree.read(path)), default="")


def _without_ignored(
    session: Session, findings: list[Finding], paths: set[str], evaluated: set[str]
) -> list[Finding]:
    """The findings that no comment silences, and findings about comments."""
    result = [finding for finding in findings if finding.spot.path not in paths]
    for path in paths:
        here = [finding for finding in findings if finding.spot.path == path]
        try:
            data = session.tree.read(path)
        except OSError:
            data = b""
        if b"dod:" in data:
            from definition_of_done.engine.suppressions import apply_ignores

            # A comment for a rule that leaves the file alone is not blamed for silencing nothing.
            wanted = {id for id in evaluated & known_ids().keys() if _is_wanted(session, id, path)}
            here = apply_ignores(path, data, here, wanted)
        result += here
    return result

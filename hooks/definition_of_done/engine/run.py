"""The loop: files outside, rules inside, so that each file is read and parsed once."""

import os

from definition_of_done.engine.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.engine.finding import Finding, Spot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.subject import FileSubject

UNREADABLE = "unreadable"
BASELINE_FILE = ".definition-of-done-baseline.toml"


class Outcome:
    """What a run found: findings in order, how many files were judged, and notes.

    A note says in one line which rule could not be evaluated, and why. `in_files` has each id of
    a rule with each path that it judged, `over_files` the ids of all rules over files, `over_tree`
    those over the repository that ran to their end, `not_evaluated` those that did not; `whole`
    says that nothing narrowed the run, `deleted` what the change deletes. `accepted` counts what
    the baseline took out.
    """

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self.findings: list[Finding] = []
        self.judged = 0
        self.notes: list[str] = []
        self.accepted = 0
        self.whole = False
        self.deleted: list[str] = []
        self.ran = {rule.id for rule in rules}
        self.over_files: set[str] = set()
        self.in_files: set[tuple[str, str]] = set()
        self.over_tree: set[str] = set()
        self.not_evaluated: set[str] = set()

    def only(self, findings: "Iterable[Finding]") -> "Outcome":
        """The same outcome with these findings, each once and in order."""
        self.findings = sorted({one.key: one for one in findings}.values(), key=lambda one: one.key)
        return self

    def note(self, rule: "Rule", error: NotEvaluated) -> None:
        """Say that a rule could not be evaluated."""
        self.notes.append(f"{rule.id}: not evaluated: {error}")
        self.not_evaluated.add(rule.id)


def run(session: "Session", rules: "Sequence[Rule]", files: "Sequence[str] | None") -> Outcome:
    """Judge `files` (None: those of the change where a base is named, else all tracked ones).

    Rules over the repository run whenever the change concerns them, whatever the files. What the
    baseline accepts is left out. Raises UsageError for a baseline that cannot be read.
    """
    outcome = find(session, rules, files)
    try:
        session.read(BASELINE_FILE)
    except OSError:
        return outcome
    from definition_of_done.engine.baseline import accepted

    return accepted(session, outcome)


def find(session: "Session", rules: "Sequence[Rule]", files: "Sequence[str] | None") -> Outcome:
    """As `run`, with what the baseline accepts."""
    from definition_of_done.engine.subject import FileSubject

    file_rules: dict[FileSubject[Any], list[Rule]] = {}
    tree_rules = []
    for rule in rules:
        if isinstance(rule.subject, FileSubject):
            file_rules.setdefault(rule.subject, []).append(rule)
        else:
            tree_rules.append(rule)
    outcome = Outcome(rules)
    outcome.over_files = {rule.id for rules in file_rules.values() for rule in rules}
    findings: list[Finding] = []
    judged = set()
    if file_rules:
        suffixes = tuple({subject.suffix for subject in file_rules})
        for path in _candidates(session, files):
            if path.endswith(suffixes) and not session.config.excludes(path):
                ran = _judge_file(session, path, file_rules, outcome)
                if ran is not None:
                    findings += ran
                    judged.add(path)
    outcome.whole = files is None and not session.named_base
    if tree_rules:
        findings += _judge_tree(session, tree_rules, judged, outcome)
        outcome.whole, outcome.deleted = session.change.whole, session.change.deleted
    outcome.judged = len(judged)
    return outcome.only(findings)


def _candidates(session: "Session", files: "Sequence[str] | None") -> "Iterable[str]":
    if files is not None:
        return sorted(set(files))
    change = session.change
    if session.named_base:
        return sorted(path for path, letter in change.touched.items() if letter != "D")
    # A tracked file that is deleted from the work tree, or a link, is nobody's to judge.
    return [
        path
        for path in session.tracked
        if session.new_side or not os.path.islink(session.full(path))
    ]


def _judge_file(
    session: "Session",
    path: str,
    file_rules: "dict[FileSubject[Any], list[Rule]]",
    outcome: Outcome,
) -> list[Finding] | None:
    """Findings in one file, None where no rule is concerned with it or it is gone."""
    findings: list[Finding] = []
    evaluated: set[str] = set()
    for subject, rules in file_rules.items():
        if not path.endswith(subject.suffix) or not subject.concerns(session, path):
            continue
        try:
            facts = subject.read(session, path)
        except Unreadable as error:
            findings.append(_unreadable(path, error))
            evaluated.add(UNREADABLE)
            continue
        except FileNotFoundError:
            continue
        except OSError as error:
            findings.append(_unreadable(path, Unreadable(f"cannot be read: {error.strerror}")))
            evaluated.add(UNREADABLE)
            continue
        for rule in rules:
            findings += _check(session, rule, facts, outcome, evaluated)
    if not evaluated:
        return None
    outcome.in_files.update((rule, path) for rule in evaluated)
    findings = _without_ignored(session, findings, {path}, evaluated)
    session.forget(path)
    return findings


def _judge_tree(
    session: "Session", rules: "list[Rule]", judged: set[str], outcome: Outcome
) -> list[Finding]:
    findings: list[Finding] = []
    evaluated = outcome.over_tree
    for rule in rules:
        concerned = session.change.whole or any(
            rule.subject.concerns(session, path) for path in session.change.touched
        )
        if not concerned:
            continue
        try:
            facts = rule.subject.read(session)  # type: ignore[call-arg]  # a RepositorySubject
        except Unreadable as error:
            findings.append(_unreadable(error.path, error))
            continue
        except NotEvaluated as error:
            outcome.note(rule, error)
            continue
        findings += _check(session, rule, facts, outcome, evaluated)
    read = session.paths_read
    judged |= read
    return _without_ignored(
        session, findings, read | {one.spot.path for one in findings}, evaluated
    )


def _check(
    session: "Session", rule: "Rule", facts: object, outcome: Outcome, evaluated: set[str]
) -> list[Finding]:
    found: list[Finding] = []
    arguments = (facts, session.config) if rule.settings else (facts,)
    try:
        for finding in rule.check(*arguments):
            finding.rule = rule.id
            found.append(finding)
        evaluated.add(rule.id)
    except NotEvaluated as error:
        # What it found until then stands; a comment for what it would have found does, too.
        outcome.note(rule, error)
    return [one for one in found if not session.config.excludes(one.spot.path)]


def _unreadable(path: str, error: Unreadable) -> Finding:
    return Finding(
        Spot(path, error.line, error.column),
        error.message,
        error.help,
        symbol=path,
        rule=UNREADABLE,
    )


def _without_ignored(
    session: "Session", findings: list[Finding], paths: set[str], evaluated: set[str]
) -> list[Finding]:
    result = [one for one in findings if one.spot.path not in paths]
    for path in paths:
        here = [one for one in findings if one.spot.path == path]
        try:
            data = session.read(path)
        except OSError:
            data = b""
        if b"dod:" in data:
            from definition_of_done.engine.suppressions import apply_ignores

            here = apply_ignores(path, data, here, evaluated)
        result += here
    return result


def enabled(rules: "Sequence[Rule]", config: "Config") -> "list[Rule]":
    """The rules of the suite that the configuration's select and ignore leave in."""
    selected, ignored = config["select"], config["ignore"]
    return [
        rule
        for rule in rules
        # A rule with stages of its own is costly, or needs more than files: it is asked for.
        if (rule.id in selected or not (selected or rule.stages)) and rule.id not in ignored
    ]


def named_paths(session: "Session", files: "Iterable[str]") -> list[str]:
    """Paths below the root for the files of a command line; a folder stands for its files.

    Raises UsageError for a path outside of the work tree or one that does not exist. A path in
    the work tree but not below the root is passed over: it belongs to another project of it.
    """
    from definition_of_done.engine.git import work_tree

    top = work_tree(session.root)
    cwd = os.getcwd()
    paths: list[str] = []
    for name in files:
        full = os.path.normpath(os.path.join(cwd, name))
        if not _below(full, top):
            parent, base = os.path.split(full)
            full = os.path.join(os.path.realpath(parent), base)
        if not _below(full, top):
            raise UsageError(f"{name!r} is outside of the work tree {top!r}")
        if not _below(full, session.root):
            continue
        path = os.path.relpath(full, session.root).replace(os.sep, "/")
        if os.path.isdir(full):
            prefix = "" if path == "." else path + "/"
            paths += [one for one in session.tracked if one.startswith(prefix)]
        elif session.exists(path):
            paths.append(path)
        elif os.path.exists(full):
            raise UsageError(f"{name!r} is not a regular file")
        else:
            raise UsageError(f"no such file: {name!r}")
    return paths


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

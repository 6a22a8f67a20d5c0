"""The loop: files outside, rules inside, so that each file is read and parsed once."""

import os

from definition_of_done.engine.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.engine.finding import Finding, Spot
from definition_of_done.engine.text import is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Set
    from typing import Any, TypeAlias

    from definition_of_done.engine.conclusions import Conclusion, Conclusions
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.subject import FileSubject, RepositorySubject
    from definition_of_done.engine.verdicts import Verdicts

    Progress: TypeAlias = Callable[[int, int, str], None]

UNREADABLE = "unreadable"
BASELINE_FILE = ".definition-of-done-baseline.toml"


class Note:
    """That a rule could not be evaluated, and why."""

    __slots__ = ("message", "rule")

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return f"{self.rule}: not evaluated: {self.message}"


class Outcome:
    """What a run found: findings in order, how many files were judged, and notes.

    `in_files` has each id of a rule with each path that it judged, `over_files` the ids of all
    rules over files, `over_tree` those over the repository that ran to their end, `not_evaluated`
    those that did not; `stopped` maps rules that a broken file kept from it to the keys of the
    findings that say so. `whole` says that nothing narrowed the run, `deleted` what the change
    deletes. `accepted` counts what the baseline took out. `verdicts` are those of earlier runs,
    None until one was asked for.
    """

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self.findings: list[Finding] = []
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
        self.verdicts: Verdicts | None = None

    @property
    def evaluated(self) -> frozenset[str]:
        """The ids of the rules that were evaluated, of a file or of the repository."""
        return frozenset(self.over_tree | {rule for rule, _ in self.in_files})

    def only(self, findings: "Iterable[Finding]") -> "Outcome":
        """The same outcome with these findings, each once and in order."""
        self.findings = sorted({one.key: one for one in findings}.values(), key=lambda one: one.key)
        return self

    def note(self, rule: "Rule", error: NotEvaluated) -> None:
        """Say that a rule could not be evaluated."""
        self.notes.append(Note(rule.id, str(error)))
        self.not_evaluated.add(rule.id)

    def take(self, known: "Conclusion") -> None:
        """Say of rules over the repository what was concluded in an earlier run."""
        self.over_tree.update(known.evaluated)
        self.notes += [Note(rule, message) for rule, message in known.notes]
        self.not_evaluated.update(rule for rule, _ in known.notes)

    def stop(self, rules: "Iterable[Rule]", finding: Finding) -> Finding:
        """The finding for a file that keeps rules from being evaluated."""
        for rule in rules:
            self.stopped.setdefault(rule.id, []).append(finding.key)
        return finding


def run(
    session: "Session",
    rules: "Sequence[Rule]",
    files: "Sequence[str] | None",
    progress: "Progress | None" = None,
) -> Outcome:
    """Judge `files` (None: those of the change where a base is named, else all tracked ones).

    Rules over the repository run whenever the change concerns them, whatever the files. What the
    baseline accepts is left out. `progress` is called before each file and each of these rules.
    Raises UsageError for a baseline that cannot be read.
    """
    outcome = find(session, rules, files, progress)
    try:
        session.read(BASELINE_FILE)
    except OSError:
        return outcome
    from definition_of_done.engine.baseline import accepted

    return accepted(session, outcome)


def find(
    session: "Session",
    rules: "Sequence[Rule]",
    files: "Sequence[str] | None",
    progress: "Progress | None" = None,
) -> Outcome:
    """As `run`, with what the baseline accepts."""
    from definition_of_done.engine.subject import FileSubject

    file_rules: dict[FileSubject[Any], list[Rule]] = {}
    tree_rules = []
    for rule in rules:
        if isinstance(rule.subject, FileSubject):
            file_rules.setdefault(rule.subject, []).append(rule)
        else:
            tree_rules.append(rule)
    findings: list[Finding] = []
    outcome = Outcome(rules)
    session.rules = [rule.id for rule in rules]
    outcome.over_files = {rule.id for rules in file_rules.values() for rule in rules}
    judged = set()
    paths: list[str] = []
    if file_rules:
        suffixes = tuple({subject.suffix for subject in file_rules})
        paths = [
            path
            for path in _candidates(session, files)
            if path.endswith(suffixes) and not session.config.excludes(path)
        ]
    step = _steps(progress, len(paths) + len(tree_rules))
    left_out, unknown = _left_out(session, paths)
    for path in paths:
        step(path)
        if path in left_out:
            continue
        error = unknown.get(path)
        ran = [error] if error else _judge_file(session, path, file_rules, outcome)
        if ran is not None:
            findings += ran
            judged.add(path)
    outcome.whole = files is None and not session.named_base
    if tree_rules:
        with session.trace:
            findings += _judge_tree(session, tree_rules, judged, outcome, step)
        outcome.whole, outcome.deleted = session.change.whole, session.change.deleted
    for store in session.stores.values():
        store.save()
    outcome.judged = len(judged)
    return outcome.only(findings)


def _steps(progress: "Progress | None", total: int) -> "Callable[[str], None]":
    """What tells `progress` the name of each step as it begins."""
    if progress is None:
        return lambda _: None
    from itertools import count

    done = count()
    return lambda name: progress(next(done), total, name)


def _candidates(session: "Session", files: "Sequence[str] | None") -> "Iterable[str]":
    if files is not None:
        return sorted({*files, *(_not_handed_over(session) if session.new_side else ())})
    change = session.change
    if session.named_base:
        return sorted(path for path, letter in change.touched.items() if letter != "D")
    # A tracked file that is deleted from the work tree, or a link, is nobody's to judge.
    return [
        path
        for path in session.tracked
        if session.new_side or not os.path.islink(session.full(path))
    ]


def _not_handed_over(session: "Session") -> "Iterable[str]":
    """Files of a commit that a runner cannot name: another one is checked out, which lacks them."""
    change = session.change
    touched = [path for path, letter in change.touched.items() if letter != "D"]
    pushed = session.tracked if change.whole else touched
    return [path for path in pushed if not os.path.lexists(session.full(path))]


def _left_out(session: "Session", paths: list[str]) -> "tuple[Set[str], dict[str, Finding]]":
    """Those of the paths that `since` leaves out; where that is not known, what keeps it from it.

    That finding, by the path of each migration.
    """
    if not session.config["since"]:
        return frozenset(), {}
    from definition_of_done.migrations import left_out, version_folders

    folders = version_folders(session)
    migrations = [path for path in paths if folders.hold(path)]
    if not migrations:
        return frozenset(), {}
    try:
        return left_out(session), {}
    except Unreadable as error:
        return frozenset(), dict.fromkeys(migrations, _unreadable(error.path, error))


def _judge_file(
    session: "Session",
    path: str,
    file_rules: "dict[FileSubject[Any], list[Rule]]",
    outcome: Outcome,
) -> list[Finding] | None:
    """Findings in one file, None where no rule is concerned with it, or it is gone."""
    findings: list[Finding] = []
    evaluated: set[str] = set()
    for subject, rules in file_rules.items():
        if not path.endswith(subject.suffix) or not subject.concerns(session, path):
            continue
        verdicts = _verdicts(session, file_rules, outcome)
        key = verdicts.key(subject, path)
        known = verdicts.recall(key)
        if known is not None:
            findings += known
            evaluated.update(rule.id for rule in rules)
            continue
        try:
            facts = subject.read(session, path)
        except (Unreadable, RecursionError) as error:
            said = error if isinstance(error, Unreadable) else _too_deep(path)
            findings.append(outcome.stop(rules, _unreadable(path, said)))
            evaluated.add(UNREADABLE)
            continue
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable = _unreadable(path, Unreadable(f"cannot be read: {error.strerror}"))
            findings.append(outcome.stop(rules, unreadable))
            evaluated.add(UNREADABLE)
            continue
        found = [one for rule in rules for one in _check(session, rule, facts, outcome, evaluated)]
        findings += found
        if evaluated.issuperset(rule.id for rule in rules):
            verdicts.remember(key, found)
    if not evaluated:
        return None
    outcome.in_files.update((rule, path) for rule in evaluated)
    findings = _without_ignored(session, findings, {path}, evaluated)
    if not any(one.edits for one in findings):
        # An edit is meant for the bytes that were judged.
        session.forget(path)
    return findings


def _verdicts(
    session: "Session", file_rules: "dict[FileSubject[Any], list[Rule]]", outcome: Outcome
) -> "Verdicts":
    if outcome.verdicts is None:
        from definition_of_done.engine.verdicts import Verdicts

        outcome.verdicts = Verdicts(session, file_rules)
    return outcome.verdicts


def _judge_tree(
    session: "Session",
    rules: "list[Rule]",
    judged: set[str],
    outcome: Outcome,
    step: "Callable[[str], None]",
) -> list[Finding]:
    conclusions = _conclusions(session, rules)
    known = conclusions.recall() if conclusions else None
    if known:
        outcome.take(known)
        judged.update(known.read)
        return known.findings
    findings: list[Finding] = []
    evaluated = outcome.over_tree
    before = len(outcome.notes)
    for rule in rules:
        step(rule.id)
        if not _is_concerned(session, rule):
            continue
        subject: RepositorySubject[Any] = rule.subject  # type: ignore[assignment]
        try:
            facts = subject.read(session)
        except (Unreadable, RecursionError) as error:
            said = error if isinstance(error, Unreadable) else _too_deep(_deepest(session))
            findings.append(outcome.stop([rule], _unreadable(said.path, said)))
            continue
        except NotEvaluated as error:
            outcome.note(rule, error)
            continue
        findings += _check(session, rule, facts, outcome, evaluated)
    read = session.paths_read
    judged |= read
    findings = _without_ignored(
        session, findings, read | {one.spot.path for one in findings}, evaluated
    )
    if conclusions and not any(rule.id in outcome.stopped for rule in rules):
        notes = [(note.rule, note.message) for note in outcome.notes[before:]]
        conclusions.remember(findings, notes, evaluated, read)
    return findings


def _is_concerned(session: "Session", rule: "Rule") -> bool:
    subject: RepositorySubject[Any] = rule.subject  # type: ignore[assignment]
    return (
        subject.always
        or session.change.whole
        or any(subject.concerns(session, path) for path in session.change.touched)
    )


def _conclusions(session: "Session", rules: "Sequence[Rule]") -> "Conclusions | None":
    """Those of earlier runs, None where no rule is concerned or one looks past the session."""
    subjects: list[RepositorySubject[Any]] = [rule.subject for rule in rules]  # type: ignore[misc]
    if any(subject.outside for subject in subjects):
        return None
    if not any(_is_concerned(session, rule) for rule in rules):
        return None
    from definition_of_done.engine.conclusions import Conclusions

    return Conclusions(session)


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
    except RecursionError:
        path = getattr(facts, "path", None) or _deepest(session)
        found.append(outcome.stop([rule], _unreadable(path, _too_deep(path))))
    return [one for one in found if not session.config.excludes(one.spot.path)]


def _unreadable(path: str, error: Unreadable) -> Finding:
    return Finding(
        Spot(path, error.line, error.column),
        error.message,
        error.help,
        symbol=path,
        rule=UNREADABLE,
    )


def _too_deep(path: str) -> Unreadable:
    return Unreadable("nested too deeply to be judged", path=path)


def _deepest(session: "Session") -> str:
    """The file, of those that were read, whose code is nested the most deeply."""
    from definition_of_done.readers.python import depth

    paths = sorted(path for path in session.paths_read if path.endswith(".py"))
    return max(paths, key=lambda path: depth(session.read(path)), default="")


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


def named_paths(session: "Session", files: "Iterable[str]") -> list[str]:
    """Paths below the root for the files of a command line; a folder stands for its files.

    Raises UsageError for a path outside of the work tree or one that does not exist. A path in
    the work tree but not below the root is passed over: it belongs to another project of it.
    """
    from definition_of_done.engine.git import work_tree

    top = work_tree(session.root)
    cwd = os.getcwd()
    is_root = cwd == session.root and os.sep == "/"
    paths: list[str] = []
    for name in files:
        if is_root and _is_plain(name) and not session.new_side and os.path.isfile(name):
            # As runners pass files: of thousands, each would be taken apart and joined again.
            paths.append(name)
            continue
        full = os.path.normpath(os.path.join(cwd, name))
        if not is_below(full, top):
            parent, base = os.path.split(full)
            full = os.path.join(os.path.realpath(parent), base)
        if not is_below(full, top):
            raise UsageError(f"{name!r} is outside of the work tree {top!r}")
        if not is_below(full, session.root):
            continue
        path = os.path.relpath(full, session.root).replace(os.sep, "/")
        if os.path.isdir(full):
            prefix = "" if path == "." else path + "/"
            paths += [one for one in session.tracked if one.startswith(prefix)]
        elif session.exists(path):
            paths.append(path)
        elif session.new_side and os.path.lexists(full):
            # The commit that is judged deletes it, and another one is checked out.
            continue
        elif os.path.exists(full):
            raise UsageError(f"{name!r} is not a regular file")
        else:
            raise UsageError(f"no such file: {name!r}")
    return paths


def _is_plain(name: str) -> bool:
    """Whether a name is a path in its shortest form."""
    around = f"/{name}/"
    return not ("//" in around or "/./" in around or "/../" in around)

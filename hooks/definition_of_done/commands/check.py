"""`definition-of-done check`: judge files by all rules and report; a single hook uses it, too."""

from __future__ import annotations

import os
import sys

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import count, listed, printable, wants_colour, write
from definition_of_done.engine.git import work_tree
from definition_of_done.engine.registry import enabled, known_ids
from definition_of_done.engine.report import (
    FROM_TOP,
    Judged,
    Report,
    not_judged,
    owed,
    summary,
    table,
    told,
)
from definition_of_done.engine.run import run as run_rules
from definition_of_done.engine.session import in_project
from definition_of_done.project.settings import SETTINGS, open_projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    from definition_of_done.commands._parser import Parser
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.report import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.session import Session

FROM_RUNNER = "--from-runner"
# The flags of keys that a run by hand sets.
_COMMON = ("--select", "--ignore", "--exclude")
DESCRIPTION = (
    "Run every enabled rule in one process. Exit code 0: clean; 1: findings, or"
    " files were changed by --fix; 2: usage, configuration or internal error."
)


class _NoOptions:
    """The options of a command line that has none: argparse would cost as much as the run."""

    format = "text"
    base = None
    fix = diff = require_base = statistics = verbose = False


def add_arguments(parser: Parser) -> None:
    """Give a parser the options of the command."""
    from definition_of_done.commands.options import add_options

    keys = [key for key in SETTINGS if key != "base"]
    actions = add_options(parser, keys, fixes=True)
    parser.add_argument(
        "--since-version",
        metavar="VERSION",
        help="only what is new since a version of definition-of-done: before its `rev` is raised;"
        " default: everything",
    )
    runner = parser.add_argument(
        FROM_RUNNER,
        action="store_true",
        help="FILES come from a hook runner: none means no file to judge, not the whole project",
    )
    parser.leave_for_help_all(
        *(action for action in actions if action.option_strings[-1] not in _COMMON), runner
    )


def run(options: argparse.Namespace) -> int:
    """Run the suite as parsed options say; returns the exit code."""
    files = options.files if options.from_runner else options.files or None
    return judge(None, files, options, from_runner=options.from_runner)


def judge(
    rules: Sequence[Rule] | None,
    files: Sequence[str] | None,
    options: Any = None,
    *,
    from_runner: bool = False,
) -> int:
    """Run rules with parsed options, print the report, return the exit code.

    None stands for the suite: all that the configuration's select and ignore leave in. Each project
    of the run is judged by its own configuration. Raises UsageError for those that cannot be, when
    the others have been reported.
    """
    options = options or _NoOptions()
    # pre-commit and prek set the variable for every hook.
    by_runner = from_runner or "PRE_COMMIT" in os.environ
    since = _since(options)
    projects = open_projects(os.getcwd(), options)
    parts = projects.concerned(files, by_change=_read_changes(rules), from_runner=by_runner)
    several, errors = [], []
    for session, paths in parts:
        session.from_runner = by_runner
        try:
            several.append(in_project(session.folder, _judge, session, rules, paths, options))
        except UsageError as error:
            errors.append(str(error))
    if projects.outside:
        from definition_of_done.project.overlooked import homeless

        errors += homeless(projects.outer, projects.outside, rules)
    if since and options.format == "text":
        _tell_news(several, since)
    code = _report(projects.outer, several, options, by_runner=by_runner) if several else 2
    if rules is None and options.format == "text" and not options.diff:
        _tell_owed(several)
    if files is None and not options.diff:
        sys.stderr.write(not_judged((judged.session, judged.rules) for judged in several))
    if projects.passed_over and not by_runner:
        sys.stderr.write(_passed_over(projects.outer.tree.nested))
    if errors:
        raise UsageError("; ".join(errors))
    return code


def _read_changes(rules: Sequence[Rule] | None) -> bool:
    """True where a rule over the repository is among the rules, of which None is the suite."""
    return rules is None or not all(hasattr(rule.subject, "suffix") for rule in rules)


def _passed_over(folders: Sequence[str]) -> str:
    names = printable(listed([folder.rstrip("/") for folder in folders]))
    return f"not judged: files outside of {names}, which have the only configurations\n"


def _judge(
    session: Session,
    rules: Sequence[Rule] | None,
    paths: Sequence[str] | None,
    options: Any,
) -> Judged:
    """Judge one project."""
    if rules is None:
        rules = enabled(known_ids(), session.config)
    if since := _since(options):
        from definition_of_done.engine.news import is_new, novelties

        rules = list({new.rule.id: new.rule for new in novelties(rules, since)}.values())
        session.is_reported = is_new(since)
        if not options.base:
            # A staged `rev` concerns no hook over the repository.
            session.branch.mark_whole()
    if session.branch.named_base:
        # An unknown base is an error even where no rule asks for the change.
        _ = session.branch.change
    new: dict[str, bytes] = {}
    if options.diff:
        from definition_of_done.engine.fixing import preview

        if not options.fix or options.format != "text":
            raise UsageError("--diff shows what --fix would write: it goes with --fix, as text")
        outcome, fixed, new = preview(session, rules, paths)
    else:
        outcome, fixed = _watched(session, rules, paths, options)
    if options.require_base:
        session.branch.require_base()
    if options.format in ("json", "sarif"):
        from definition_of_done.engine.fixing import resolve

        resolve(session, outcome.findings)
    return Judged(session, rules, outcome, fixed, new, session.tree.text)


def _since(options: Any) -> str:
    """The version of --since-version, empty without it; raises UsageError where it is none."""
    version = getattr(options, "since_version", None)
    if version is None:
        return ""
    from definition_of_done.engine.news import read_version

    if options.fix:
        raise UsageError("--since-version shows what is new, and --fix mends all: give one")
    return read_version(version)


def _tell_news(several: Sequence[Judged], version: str) -> None:
    """Print what is new since a version, once for all projects."""
    from definition_of_done.engine.news import novelties

    rules = {rule.id: rule for judged in several for rule in judged.rules}
    news = novelties([*rules.values()], version)
    lines = [f"new in {new.since}: {new.rule.id}: {new.finds}\n" for new in news]
    write("".join(lines) or f"nothing is new since {version}\n")


def _tell_owed(several: Sequence[Judged]) -> None:
    """Print how much is due later; runners show nothing of a hook that passes."""
    due = [finding for judged in several if _is_told(judged) for finding in judged.outcome.owed]
    if due:
        write(f"{owed(due)}\n")


def _is_told(judged: Judged) -> bool:
    session = judged.session
    is_main = session.branch.change.whole and session.branch.is_main
    return not is_main and bool(judged.outcome.fails or not session.is_commit)


def _watched(
    session: Session,
    rules: Sequence[Rule],
    paths: Sequence[str] | None,
    options: Any,
) -> tuple[Outcome, list[Finding]]:
    """Run the rules, and fix on demand, under a line of progress where somebody watches."""
    progress = None
    if sys.stderr.isatty():
        from definition_of_done.engine.progress import ProgressLine, wanted

        progress = ProgressLine(sys.stderr) if wanted(sys.stderr, options.format) else None
        session.progress = progress
    try:
        if options.fix:
            from definition_of_done.engine.fixing import run_and_fix

            return run_and_fix(session, rules, paths)
        return run_rules(session, rules, paths), []
    finally:
        if progress:
            progress.clear()


def _report(
    outer: Session,
    several: Sequence[Judged],
    options: Any,
    *,
    by_runner: bool,
) -> int:
    """Print what was fixed, what is left, and what was not evaluated; returns the exit code.

    With --diff, print the diff of what --fix would write, and on standard error the findings that
    it leaves.
    """
    whole = several[0]
    if len(several) > 1 or whole.session.folder:
        from definition_of_done.engine.merging import merged

        whole = merged(outer, several)
    outcome, fixed = whole.outcome, whole.fixed
    format, diff = options.format, options.diff
    report = Report(
        outcome,
        rules=whole.rules,
        fixed=fixed,
        folder=_below_top(outer) if format in FROM_TOP else "",
        text=whole.text,
        statistics=options.statistics and not diff,
        colour=format == "text" and not diff and wants_colour(),
        unfolded_by=_unfolded_by(options, by_runner=by_runner),
    )
    if diff:
        _show(several)
        if outcome.findings:
            from definition_of_done.engine.rendering import render

            sys.stderr.write(render("text", report))
        return 1 if outcome.fails or any(judged.new for judged in several) else 0
    if format == "text" and not (fixed or outcome.findings):
        # So most hooks of a commit end, and most of the report is not imported.
        write(f"{summary(outcome)}\n")
    else:
        from definition_of_done.engine.rendering import mended, render

        if fixed and format == "text":
            write(mended(report))
        write(render(format, report))
    if fixed and format == "text":
        write(f"{count(len(fixed), 'finding')} fixed: look at the changes, then git add them\n")
    if report.statistics and format in ("github", "gitlab"):
        sys.stderr.write("".join(f"{row}\n" for row in table(outcome.findings)))
    for line in told(outcome.notes, is_alone=len(whole.rules) == 1):
        sys.stderr.write(f"{printable(line)}\n")
    return 1 if outcome.fails or fixed else 0


def _unfolded_by(options: Any, *, by_runner: bool) -> str:
    """The words by which the report shows all findings; empty where it does."""
    if options.verbose:
        return ""
    # A hook's entry takes no option of the moment.
    return "definition-of-done check --verbose" if by_runner else "--verbose"


def _show(several: Sequence[Judged]) -> None:
    from definition_of_done.engine.writing import diff

    for judged in several:
        write("".join(diff(judged.session, judged.new)))


def _below_top(session: Session) -> str:
    """The folder of the root below the top of the repository, with a slash at its end."""
    folder = os.path.relpath(session.root, work_tree(session.root)).replace(os.sep, "/")
    return "" if folder == "." else f"{folder}/"

"""`definition-of-done check`: judge files by all rules and report; a single hook uses it, too."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from definition_of_done.commands._parser import Parser
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.outcome import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.run import Progress
    from definition_of_done.engine.session import Session

FROM_RUNNER = "--from-runner"
# The flags of keys that a run by hand sets.
_COMMON = ("--select", "--ignore", "--exclude")
HELP = "judge files, by default the whole project"
DESCRIPTION = (
    "Run every enabled rule in one process. Exit code 0: clean; 1: findings, or"
    " files were changed by --fix; 2: usage, configuration or internal error."
)


def add_arguments(parser: Parser) -> None:
    """Give a parser the options of the command."""
    from definition_of_done.commands.options import add_options
    from definition_of_done.project.settings import SETTINGS

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
    options: argparse.Namespace | None = None,
    *,
    from_runner: bool = False,
) -> int:
    """Run rules with parsed options, print the report, return the exit code.

    None stands for the suite: all that the configuration's select and ignore leave in.
    """
    from definition_of_done.engine.paths import named_paths
    from definition_of_done.project.settings import open_project

    session, is_suite = open_project(os.getcwd(), options), rules is None
    # pre-commit and prek set the variable for every hook.
    session.from_runner = from_runner or "PRE_COMMIT" in os.environ
    if rules is None:
        from definition_of_done.engine.registry import enabled, known_ids

        rules = enabled(known_ids(), session.config)
    version = getattr(options, "since_version", None)
    if options and version is not None:
        rules, session.is_reported = _only_new(rules, version, options)
        if not options.base:
            # A staged `rev` concerns no hook over the repository.
            session.branch.mark_whole()
    if session.branch.named_base:
        # An unknown base is an error even where no rule asks for the change.
        _ = session.branch.change
    paths = None if files is None else named_paths(session, files)
    format = options.format if options else "text"
    if options and options.diff:
        return _show(session, rules, paths, options)
    outcome, fixed = _watched(session, rules, paths, format, fix=bool(options and options.fix))
    if options and options.require_base:
        session.branch.require_base()
    if format in ("json", "sarif"):
        from definition_of_done.engine.fixing import resolve

        resolve(session, outcome.findings)
    _report(session, rules, outcome, fixed, options)
    if is_suite and format == "text":
        _tell_owed(session, outcome)
    if files is None:
        from definition_of_done.engine.report import not_judged

        sys.stderr.write(not_judged(session, rules))
    return 1 if outcome.fails or fixed else 0


def _only_new(
    rules: Sequence[Rule], version: str, options: argparse.Namespace
) -> tuple[list[Rule], Callable[[Finding], bool]]:
    """The rules with something new since a version, told as text, and what of them is new."""
    from definition_of_done.base.errors import UsageError
    from definition_of_done.base.printing import write
    from definition_of_done.engine.news import is_new, novelties, read_version

    if options.fix:
        raise UsageError("--since-version shows what is new, and --fix mends all: give one")
    version = read_version(version)
    found = [*novelties(rules, version)]
    if options.format == "text":
        lines = [f"new in {new.since}: {new.rule.id}: {new.finds}\n" for new in found]
        write("".join(lines) or f"nothing is new since {version}\n")
    return list({new.rule.id: new.rule for new in found}.values()), is_new(version)


def _tell_owed(session: Session, outcome: Outcome) -> None:
    """Print how much is due later; runners show nothing of a hook that passes."""
    is_main = session.branch.change.whole and session.branch.is_main
    if outcome.owed and not is_main and (outcome.fails or not session.is_commit):
        from definition_of_done.base.printing import write
        from definition_of_done.engine.report import owed

        write(f"{owed(outcome.owed)}\n")


def _show(
    session: Session,
    rules: Sequence[Rule],
    paths: Sequence[str] | None,
    options: argparse.Namespace,
) -> int:
    """Print the diff of what --fix would write, and on standard error the findings that it leaves.

    Returns 1 where there is either.
    """
    from definition_of_done.base.errors import UsageError
    from definition_of_done.base.printing import write
    from definition_of_done.engine.fixing import preview
    from definition_of_done.engine.rendering import render
    from definition_of_done.engine.report import Report
    from definition_of_done.engine.writing import diff

    if not options.fix or options.format != "text":
        raise UsageError("--diff shows what --fix would write: it goes with --fix, as text")
    outcome, _, new = preview(session, rules, paths)
    if options.require_base:
        session.branch.require_base()
    write("".join(diff(session, new)))
    if outcome.findings:
        sys.stderr.write(render("text", Report(outcome, rules=rules)))
    return 1 if outcome.fails or new else 0


def _watched(
    session: Session,
    rules: Sequence[Rule],
    paths: Sequence[str] | None,
    format: str,
    *,
    fix: bool,
) -> tuple[Outcome, list[Finding]]:
    """Run the rules, and fix on demand, under a line of progress where somebody watches."""
    progress = None
    if sys.stderr.isatty():
        from definition_of_done.engine.progress import Progress, wanted

        progress = Progress(sys.stderr) if wanted(sys.stderr, format) else None
    try:
        return _run(session, rules, paths, progress, fix=fix)
    finally:
        if progress:
            progress.clear()


def _run(
    session: Session,
    rules: Sequence[Rule],
    paths: Sequence[str] | None,
    progress: Progress | None,
    *,
    fix: bool,
) -> tuple[Outcome, list[Finding]]:
    if fix:
        from definition_of_done.engine.fixing import run_and_fix

        return run_and_fix(session, rules, paths, progress)
    from definition_of_done.engine.run import run

    return run(session, rules, paths, progress), []


def _report(
    session: Session,
    rules: Sequence[Rule],
    outcome: Outcome,
    fixed: Sequence[Finding],
    options: argparse.Namespace | None,
) -> None:
    """Print what was fixed, what is left, and what was not evaluated."""
    from definition_of_done.base.printing import printable, wants_colour, write
    from definition_of_done.base.words import count
    from definition_of_done.engine.rendering import render
    from definition_of_done.engine.report import Report, table, told

    format = options.format if options else "text"
    if fixed and format == "text":
        lines = (f"{finding.spot.path}: {finding.rule}: {finding.message}" for finding in fixed)
        write("".join(f"fixed: {printable(line)}\n" for line in lines))
    report = Report(
        outcome,
        rules=rules,
        fixed=fixed,
        folder=_below_top(session) if format in ("github", "sarif") else "",
        text=session.tree.text,
        statistics=bool(options and options.statistics),
        colour=format == "text" and wants_colour(),
    )
    write(render(format, report))
    if fixed and format == "text":
        write(f"{count(len(fixed), 'finding')} fixed: look at the changes, then git add them\n")
    if report.statistics and format == "github":
        sys.stderr.write("".join(f"{row}\n" for row in table(outcome.findings)))
    for line in told(outcome.notes):
        sys.stderr.write(f"{printable(line)}\n")


def _below_top(session: Session) -> str:
    """The folder of the root below the top of the repository, with a slash at its end."""
    from definition_of_done.engine.git import work_tree

    folder = os.path.relpath(session.root, work_tree(session.root)).replace(os.sep, "/")
    return "" if folder == "." else f"{folder}/"

"""One rule as a console script: `<id> [--fix] [--format F] [--base REF] [FILES...]`."""

import os
import sys

from definition_of_done.engine.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from definition_of_done.engine.config import Setting
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.run import Outcome
    from definition_of_done.engine.session import Session


def run_hook(rule: "Rule", argv: "Sequence[str] | None" = None) -> int:
    """Run one rule on a command line (default: sys.argv); returns the exit code 0, 1 or 2."""
    words = list(sys.argv[1:] if argv is None else argv)
    suffix = getattr(rule.subject, "suffix", None)
    plain = not any(word.startswith("-") for word in words)
    if plain and words and suffix and not any(_may_concern(word, suffix) for word in words):
        return 0
    return guarded(rule.id, lambda: _run(rule, words))


def _may_concern(word: str, suffix: str) -> bool:
    return word.endswith(suffix) or not os.path.isfile(word)


def _run(rule: "Rule", words: "list[str]") -> int:
    options = None
    if words and any(word.startswith("-") for word in words):
        # argparse costs half a start of Python, and runners mostly pass files alone.
        options = _parser(rule).parse_args(words)
        words = options.files
    return judge([rule], words or None, options)


def judge(
    rules: "Sequence[Rule] | None",
    files: "Sequence[str] | None",
    options: "argparse.Namespace | None" = None,
) -> int:
    """Run rules with parsed options, print the report, return the exit code.

    None stands for the suite: all that the configuration's select and ignore leave in.
    """
    from definition_of_done.engine.report import (
        Report,
        count,
        printable,
        render,
        table,
        wants_colour,
        write,
    )
    from definition_of_done.engine.run import named_paths
    from definition_of_done.engine.session import open_session

    session = open_session(os.getcwd(), options)
    session.refuse_interrupted()
    if rules is None:
        from definition_of_done.engine.registry import enabled, known_ids

        rules = enabled(known_ids(), session.config)
    if session.named_base:
        # A base that does not exist is an error even where no rule asks for the change.
        _ = session.change
    paths = None if files is None else named_paths(session, files)
    format = options.format if options else "text"
    outcome, fixed = _watched(session, rules, paths, format, fix=bool(options and options.fix))
    if options and options.require_base:
        session.require_base()
    if fixed and format == "text":
        lines = (f"{one.spot.path}: {one.rule}: {one.message}" for one in fixed)
        write("".join(f"fixed: {printable(line)}\n" for line in lines))
    report = Report(
        outcome,
        rules=rules,
        fixed=fixed,
        folder=_below_top(session) if format in ("github", "sarif") else "",
        statistics=bool(options and options.statistics),
        colour=format == "text" and wants_colour(),
    )
    write(render(format, report))
    if fixed and format == "text":
        write(f"{count(len(fixed), 'finding')} fixed: look at the changes, then git add them\n")
    if report.statistics and format == "github":
        sys.stderr.write("".join(f"{row}\n" for row in table(outcome.findings)))
    for note in outcome.notes:
        sys.stderr.write(f"{printable(str(note))}\n")
    return 1 if outcome.findings or fixed else 0


def _watched(
    session: "Session",
    rules: "Sequence[Rule]",
    paths: "Sequence[str] | None",
    format: str,
    *,
    fix: bool,
) -> "tuple[Outcome, list[Finding]]":
    """Run, and fix where that is asked for, under a line of progress where somebody watches."""
    progress = None
    if sys.stderr.isatty():
        from definition_of_done.engine.progress import Progress, wanted

        progress = Progress(sys.stderr) if wanted(sys.stderr, format) else None
    try:
        if fix:
            from definition_of_done.engine.fixing import run_and_fix

            return run_and_fix(session, rules, paths, progress)
        from definition_of_done.engine.run import run

        return run(session, rules, paths, progress), []
    finally:
        if progress:
            progress.clear()


def _below_top(session: "Session") -> str:
    """The root as seen from the top of the repository, which GitHub names files from."""
    from definition_of_done.engine.git import work_tree

    folder = os.path.relpath(session.root, work_tree(session.root)).replace(os.sep, "/")
    return "" if folder == "." else f"{folder}/"


def add_options(
    parser: "argparse.ArgumentParser", keys: "Sequence[str]", fixes: bool, *, aliases: bool = False
) -> None:
    """Give a parser the options of every hook, and a flag for each configuration key in `keys`.

    `aliases` adds the shorter flags that some keys have.
    """
    from definition_of_done.engine.config import SETTINGS, SEVERAL
    from definition_of_done.engine.report import FORMATS

    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILES",
        help="files or folders to judge; default: all tracked files, with --base those it changes",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="mend what is certain" if fixes else "accepted; this hook has nothing to mend",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        metavar="FORMAT",
        default="text",
        help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}; default: text",
    )
    parser.add_argument(
        "--statistics", action="store_true", help="also count the findings of each rule"
    )
    parser.add_argument(
        "--base",
        metavar="REF",
        help="judge the change since the merge base of REF and HEAD; default: what is staged",
    )
    parser.add_argument(
        "--require-base", action="store_true", help="exit 2 where there is no base to judge against"
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="neither take nor keep verdicts of earlier runs"
    )
    for key in keys:
        setting = SETTINGS[key]
        if setting.kind in ("names", "reasons"):
            # A table has no form on a command line.
            continue
        flags = [f"--{key}", *([setting.alias] if aliases and setting.alias else [])]
        if setting.kind == "flag":
            parser.add_argument(*flags, action="store_true", default=None, help=setting.help)
            continue
        several = setting.kind in SEVERAL
        parser.add_argument(
            *flags,
            metavar="FILE" if setting.kind == "input" else setting.kind.upper().rstrip("S"),
            type=int if setting.kind == "number" else str,
            action="append" if several else "store",
            help=setting.help + _default(setting) + (" (may be repeated)" if several else ""),
        )


def _default(setting: "Setting") -> str:
    value = setting.found or setting.default
    shown = ", ".join(value) if isinstance(value, list) else value
    return f"; default: {shown or 'none'}"


def _parser(rule: "Rule") -> "argparse.ArgumentParser":
    import argparse

    from definition_of_done.engine.explain import help_of

    first, last = help_of(rule)
    parser = argparse.ArgumentParser(
        prog=rule.id,
        description=first,
        epilog=last,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_options(parser, rule.keys, rule.fixes, aliases=True)
    return parser


def guarded(name: str, body: "Callable[[], int]") -> int:
    """Run `body`; every error becomes one line on standard error and exit code 2."""
    try:
        return body()
    except UsageError as error:
        return _fail(name, str(error))
    except BrokenPipeError:
        # The reader of our output left; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except RecursionError:
        return _fail(name, "a file is nested too deeply to be read")
    except KeyboardInterrupt:
        return _fail(name, "interrupted")
    except Exception as error:
        if os.environ.get("DEFINITION_OF_DONE_TRACEBACK"):
            raise
        frame = error.__traceback__
        while frame and frame.tb_next:
            frame = frame.tb_next
        where = ""
        if frame:
            file = os.path.basename(frame.tb_frame.f_code.co_filename)
            where = f" ({file}:{frame.tb_lineno})"
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return _fail(
            name,
            f"internal error: {said}{where};"
            " set DEFINITION_OF_DONE_TRACEBACK=1 for the traceback, and please report it",
        )


def _fail(name: str, message: str) -> int:
    from definition_of_done.engine.report import printable

    sys.stderr.write(
        f"{name}: error: {printable(message)}\n".encode("ascii", "backslashreplace").decode()
    )
    return 2

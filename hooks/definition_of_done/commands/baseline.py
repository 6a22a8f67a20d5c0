"""`definition-of-done baseline`: accept what is found today."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import count, printable, write
from definition_of_done.engine.baseline import counted, dumped, read_counts
from definition_of_done.engine.finding import BASELINE_FILE as NAME
from definition_of_done.engine.news import OPTION, is_new, read_version
from definition_of_done.engine.registry import enabled, known_ids
from definition_of_done.engine.run import measure
from definition_of_done.engine.session import in_project
from definition_of_done.engine.writing import diff, write_all
from definition_of_done.project.settings import open_projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from definition_of_done.engine.baseline import Counts, Key
    from definition_of_done.engine.report import Outcome
    from definition_of_done.engine.session import Session

DESCRIPTION = (
    f"Write {NAME} with every present finding of the enabled hooks, so that only new ones are"
    " reported from now on. Branches are not judged: what a hook finds in a diff belongs to the"
    " branch. Exit code 0: done; 2: refused, in one line."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "--update",
        action="store_true",
        help="only shrink it: take out what is no longer found, accept nothing new",
    )
    parser.add_argument(
        OPTION,
        metavar="VERSION",
        help="accept only what is new since a version of definition-of-done, and keep the rest as"
        " it is; default: all that is found",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change as a diff, write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Write the baseline of each project as parsed options say; returns the exit code.

    Raises UsageError where `--update` or `--since-version` finds a baseline that cannot be read,
    and where it cannot be written.
    """
    if options.update and options.since_version is not None:
        raise UsageError(f"--update only shrinks, and {OPTION} accepts what is new: give one")
    version = "" if options.since_version is None else read_version(options.since_version)
    for session in open_projects(os.getcwd()).all():
        in_project(session.folder, _write, session, options, version)
    return 0


def _write(session: Session, options: argparse.Namespace, version: str) -> None:
    """Write the baseline of one project; `version` is the one since which findings are new."""
    old = _old(session, must_be_right=options.update or bool(version))
    outcome = measure(session, enabled(known_ids(), session.config))
    counts = counted(outcome.findings)
    if version:
        new_ones = counted(filter(is_new(version), outcome.findings))
        counts = {**old, **{key: max(old.get(key, 0), n) for key, n in new_ones.items()}}
    elif options.update:
        counts = _shrunk(session, old, counts, outcome)
    else:
        # What could not be evaluated here stays accepted.
        kept = {key: n for key, n in old.items() if key[0] in outcome.not_evaluated}
        counts.update({key: max(n, counts.get(key, 0)) for key, n in kept.items()})
    new = dumped(counts, outcome.findings) if counts else None
    if options.dry_run:
        write("".join(diff(session, {NAME: new or b""})))
        return
    if new:
        write_all(session, {NAME: new})
    elif os.path.exists(session.tree.full(NAME)):
        try:
            os.unlink(session.tree.full(NAME))
        except OSError as error:
            raise UsageError(f"{NAME}: cannot be removed: {error.strerror}") from None
    hooks, name = count(len({rule for rule, _, _ in counts}), "hook"), session.folder + NAME
    write(f"{printable(name)}: {count(sum(counts.values()), 'finding')} of {hooks} accepted\n")


def _old(session: Session, *, must_be_right: bool) -> dict[Key, int]:
    try:
        return read_counts(session.tree.read(NAME))
    except OSError:
        return {}
    except UsageError:
        if must_be_right:
            raise
        return {}


def _shrunk(session: Session, old: Counts, present: Counts, outcome: Outcome) -> dict[Key, int]:
    """The old counts, each at most the present one where the run judged all that it counts."""
    broken = {finding.spot.path for finding in outcome.findings if finding.rule not in outcome.ran}
    kept = {}
    for key, number in old.items():
        rule, path, _ = key
        # What was not judged may still be there: a hook did not run, or a file is broken. The
        # engine's own findings are found without any hook.
        unjudged = (
            rule not in outcome.ran
            or rule in outcome.not_evaluated
            or session.config.ignores(rule, path)
            or path in broken
        )
        kept[key] = number if unjudged and rule in known_ids() else min(number, present.get(key, 0))
    return {key: number for key, number in kept.items() if number}

"""Accepted findings: `.definition-of-done-baseline.toml`, counts by rule, path and symbol.

A finding within its count is not reported; what is above it is. A count that this run proves too
high is a finding itself, so that the file only shrinks. Lines are no part of it: an edit above an
accepted finding changes nothing.
"""

import os

from definition_of_done.engine.change import Change, added_lines
from definition_of_done.engine.errors import Unreadable, UsageError
from definition_of_done.engine.finding import Finding, Spot
from definition_of_done.engine.run import BASELINE_FILE as NAME
from definition_of_done.engine.run import find

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.run import Outcome
    from definition_of_done.engine.session import Session

    Key: TypeAlias = tuple[str, str, str]
    Counts: TypeAlias = Mapping[Key, int]

BASELINE = "baseline"
HELP = "write the baseline of accepted findings"
_WHAT = (
    f"Write {NAME} with every present finding of the enabled hooks, so that only new ones are"
    " reported from now on. Branches are not judged: what a hook finds in a diff belongs to the"
    " branch. Exit code 0: done; 2: refused, in one line."
)
_UPDATE = "definition-of-done baseline --update"
_HEAD = f"# Findings that are accepted, by hook, file and symbol. To shrink it: {_UPDATE}\n"
_SHAPE = '[hook-id."path"] with "symbol" = a count of at least 1'


def accepted(session: "Session", outcome: "Outcome") -> "Outcome":
    """The outcome without the findings that the baseline accepts, with those about its entries.

    Raises UsageError for a baseline that cannot be read.
    """
    try:
        data = session.read(NAME)
    except OSError:
        return outcome
    if not _may_matter(data, outcome):
        return outcome
    counts = _counts(data)
    left = dict(counts)
    reported = []
    for one in _new_last(session, outcome.findings, counts):
        key = key_of(one)
        if left.get(key, 0):
            left[key] -= 1
        else:
            reported.append(one)
    stale = [key for key, count in left.items() if count and _is_judged(session, outcome, key)]
    outcome.accepted = len(outcome.findings) - len(reported)
    return outcome.only([*reported, *_about(data, stale, counts, left)])


def _new_last(
    session: "Session", findings: "Sequence[Finding]", counts: "Counts"
) -> "Sequence[Finding]":
    """The findings in an order in which those that the branch brings are beyond the counts."""
    found = counted(findings)
    beyond = {
        one.spot.path for one in findings if 0 < counts.get(key_of(one), 0) < found[key_of(one)]
    }
    if not beyond:
        return findings
    base = session.base or "HEAD"
    new = {path: added_lines(session.root, path, base, session.new_side) for path in beyond}
    return sorted(findings, key=lambda one: one.spot.line in new.get(one.spot.path, ()))


def key_of(finding: Finding) -> "Key":
    """What the baseline knows of a finding, as text that UTF-8 can hold."""
    return (finding.rule, _utf8(finding.spot.path), _utf8(finding.symbol))


def _utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _may_matter(data: bytes, outcome: "Outcome") -> bool:
    """Whether the baseline could say something of this run: a byte search, as TOML is costly."""
    if outcome.findings or outcome.whole:
        return True
    paths = {path for _, path in outcome.in_files}.union(outcome.deleted)
    return any(_utf8(path).encode() in data for path in paths)


def _is_judged(session: "Session", outcome: "Outcome", key: "Key") -> bool:
    """Whether this run looked at all that the entry counts, and so would have found it."""
    rule, path, _ = key
    if rule in outcome.over_files:
        return (rule, path) in outcome.in_files or _is_gone(session, path)
    # What a hook over the repository looks at is certain only where nothing narrows the run.
    return outcome.whole and rule in outcome.over_tree


def _is_gone(session: "Session", path: str) -> bool:
    return not session.exists(path) and path not in {_utf8(one) for one in session.tracked}


def _counts(data: bytes) -> "dict[Key, int]":
    """The counts of a baseline's bytes.

    Raises UsageError, with the line and column, where it is in conflict, no TOML or no baseline.
    """
    from definition_of_done.readers.toml import read_toml

    for at, text in enumerate(data.splitlines(), 1):
        if text.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
            raise UsageError(
                f"{NAME}:{at}:1: it is in a merge conflict: run `definition-of-done baseline`"
            )
    try:
        tables = read_toml(NAME, data)
    except Unreadable as error:
        place = f"{NAME}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; run `definition-of-done baseline`") from None
    counts = {}
    for rule, paths in tables.items():
        for path, symbols in paths.items() if isinstance(paths, dict) else [("", None)]:
            for symbol, number in symbols.items() if isinstance(symbols, dict) else [("", 0)]:
                # True is an int.
                if type(number) is not int or number < 1:
                    line = _line(data, rule, path, symbol)
                    raise UsageError(f"{NAME}:{line}:1: not an entry of a baseline: {_SHAPE}")
                counts[rule, path, symbol] = number
    return counts


def _line(data: bytes, rule: str, path: str, symbol: str) -> int:
    """The line of an entry, else the nearest one that can be told."""
    import tomli_w

    document: dict[str, object] = {rule: {path: {symbol: 1}} if path else {}}
    lines = data.decode("utf-8", "replace").splitlines()
    header, *entry = tomli_w.dumps(document).splitlines()
    if header not in lines:
        starts = (f"[{rule}", f'["{rule}"', f"{rule} ", f"{rule}=")
        return next((at for at, line in enumerate(lines, 1) if line.startswith(starts)), 1)
    first = lines.index(header)
    for at in range(first + 1, len(lines)) if entry else ():
        if lines[at].startswith("["):
            break
        if lines[at].startswith(entry[0].removesuffix("1")):
            return at + 1
    return first + 1


def _about(
    data: bytes, stale: "Iterable[Key]", counts: "Counts", left: "Counts"
) -> "Iterator[Finding]":
    """What to say of entries whose counts are too high."""
    for key in stale:
        rule, path, symbol = key
        found = counts[key] - left[key]
        message = f"{counts[key]} of {rule} in {path} accepted for {symbol!r}, {found} found"
        spot = Spot(NAME, _line(data, *key))
        yield Finding(spot, message, f"run `{_UPDATE}`", symbol=" ".join(key), rule=BASELINE)


def dumped(counts: "Counts") -> bytes:
    """The bytes of a baseline: sorted, one table for each hook and file."""
    import tomli_w

    tables: dict[str, dict[str, dict[str, int]]] = {}
    for (rule, path, symbol), count in sorted(counts.items()):
        tables.setdefault(rule, {}).setdefault(path, {})[symbol] = count
    return (_HEAD + "\n" + tomli_w.dumps(tables)).encode()


def counted(findings: "Iterable[Finding]") -> "dict[Key, int]":
    """How many findings each key has."""
    counts: dict[Key, int] = {}
    for one in findings:
        counts[key_of(one)] = counts.get(key_of(one), 0) + 1
    return counts


def measured(session: "Session", rules: "Sequence[Rule]") -> "Outcome":
    """All findings in the present state of the files, none of a branch and none accepted."""
    session.keep("change", lambda: Change(session.root, {}, whole=True, state_only=True))
    session.keep("bases", lambda: (None, None))
    return find(session, rules, None)


def add_arguments(parser: "argparse.ArgumentParser") -> None:
    """Give a parser what the command is told."""
    parser.description = _WHAT
    parser.add_argument(
        "--update",
        action="store_true",
        help="only shrink it: take out what is no longer found, accept nothing new",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change as a diff, write nothing"
    )


def run_baseline(options: "argparse.Namespace") -> int:
    """Write the baseline as parsed options say; returns the exit code.

    Raises UsageError where `--update` finds a baseline that cannot be read, and where it cannot
    be written.
    """
    from definition_of_done.engine.registry import enabled, known_ids
    from definition_of_done.engine.report import count, write
    from definition_of_done.engine.session import open_session
    from definition_of_done.engine.transaction import diff, write_all

    session = open_session(os.getcwd())
    session.refuse_interrupted()
    old = _old(session, must_be_right=options.update)
    outcome = measured(session, enabled(known_ids(), session.config))
    counts = counted(outcome.findings)
    if options.update:
        counts = _shrunk(old, counts, outcome)
    else:
        # What could not be evaluated here stays accepted.
        kept = {key: n for key, n in old.items() if key[0] in outcome.not_evaluated}
        counts.update({key: max(n, counts.get(key, 0)) for key, n in kept.items()})
    new = dumped(counts) if counts else None
    if options.dry_run:
        write("".join(diff(session, {NAME: new or b""})))
        return 0
    if new:
        write_all(session, {NAME: new})
    elif os.path.exists(session.full(NAME)):
        try:
            os.unlink(session.full(NAME))
        except OSError as error:
            raise UsageError(f"{NAME}: cannot be removed: {error.strerror}") from None
    hooks = count(len({rule for rule, _, _ in counts}), "hook")
    write(f"{NAME}: {count(sum(counts.values()), 'finding')} of {hooks} accepted\n")
    return 0


def _old(session: "Session", *, must_be_right: bool) -> "dict[Key, int]":
    try:
        return _counts(session.read(NAME))
    except OSError:
        return {}
    except UsageError:
        if must_be_right:
            raise
        return {}


def _shrunk(old: "Counts", found: "Counts", outcome: "Outcome") -> "dict[Key, int]":
    broken = {one.spot.path for one in outcome.findings if one.rule not in outcome.ran}
    kept = {}
    for key, count in old.items():
        rule, path, _ = key
        # What was not looked at may still be there: a hook that is left out, a broken file.
        unseen = rule not in outcome.ran or rule in outcome.not_evaluated or path in broken
        kept[key] = count if unseen and not _is_pseudo(rule) else min(count, found.get(key, 0))
    return {key: count for key, count in kept.items() if count}


def _is_pseudo(rule: str) -> bool:
    """Whether the engine itself finds it, and no hook: `unreadable` and `suppression`."""
    from definition_of_done.engine.registry import known_ids

    return rule not in known_ids()

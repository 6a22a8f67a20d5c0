"""Accepted findings: `.definition-of-done-baseline.toml`, counts by rule, path and symbol.

A finding within its count is not reported; what is above it is. A count that this run proves too
high is a finding itself, so that the file only shrinks. Lines are no part of it: an edit above an
accepted finding changes nothing.
"""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import encodable
from definition_of_done.engine.finding import BASELINE_FILE as NAME
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.news import order, since_of, since_of_rule
from definition_of_done.engine.rule import FIRST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from definition_of_done.engine.report import Outcome
    from definition_of_done.engine.session import Session

    Key: TypeAlias = tuple[str, str, str]
    Counts: TypeAlias = Mapping[Key, int]

BASELINE = "baseline"
UPDATE = "definition-of-done baseline --update"
_HEAD = f"# Findings that are accepted, by hook, file and symbol. To shrink it: {UPDATE}\n"
_NEW = "# new in %s"
_SHAPE = '[hook-id."path"] with "symbol" = a count of at least 1'


def accepted(session: Session, outcome: Outcome, data: bytes) -> Outcome:
    """The outcome without what the baseline's bytes accept, and with findings about stale entries.

    Raises UsageError for a baseline that cannot be read.
    """
    if not _may_matter(data, outcome):
        return outcome
    counts = read_counts(data)
    left = dict(counts)
    reported = []
    for finding in _new_last(session, outcome.findings, counts):
        key = key_of(finding)
        if left.get(key, 0):
            left[key] -= 1
        else:
            reported.append(finding)
    stale = [key for key, count in left.items() if count and _is_judged(session, outcome, key)]
    outcome.accepted = len(outcome.findings) - len(reported)
    return outcome.only([*reported, *_about(data, stale, counts, left)])


def _new_last(session: Session, findings: Sequence[Finding], counts: Counts) -> Sequence[Finding]:
    """The findings, those on added lines last: the counts accept the others first."""
    found = counted(findings)
    overfull = {
        finding.spot.path
        for finding in findings
        if 0 < counts.get(key_of(finding), 0) < found[key_of(finding)]
    }
    if not overfull:
        return findings
    new = {path: session.branch.lines_added(path) for path in overfull}
    return sorted(findings, key=lambda finding: finding.spot.line in new.get(finding.spot.path, ()))


def key_of(finding: Finding) -> Key:
    """The key of a finding in the baseline, as text that UTF-8 can hold."""
    return (finding.rule, encodable(finding.spot.path), encodable(finding.symbol))


def _may_matter(data: bytes, outcome: Outcome) -> bool:
    """True where the baseline may name something that this run judged."""
    if outcome.findings or outcome.whole:
        return True
    # A byte search is enough, and TOML is costly.
    paths = {path for _, path in outcome.in_files}.union(outcome.deleted)
    return any(encodable(path).encode() in data for path in paths)


def _is_judged(session: Session, outcome: Outcome, key: Key) -> bool:
    """True where this run judged everything that the entry counts."""
    rule, path, _ = key
    if rule in outcome.ran and session.config.ignores(rule, path):
        # It may still be there: a narrower `per-file-ignores` shows it again.
        return False
    if rule in outcome.over_files:
        return (rule, path) in outcome.in_files or _is_gone(session, path)
    # A run that is narrowed may leave out a part of what a hook over the repository reads.
    return outcome.whole and rule in outcome.over_tree


def _is_gone(session: Session, path: str) -> bool:
    """True for a path that the project has no longer: it may be another project's by now."""
    if session.territory.home(path):
        return True
    return not session.tree.exists(path) and path not in {
        encodable(tracked) for tracked in session.tree.tracked
    }


def read_counts(data: bytes) -> dict[Key, int]:
    """The counts of a baseline's bytes.

    Raises UsageError, with the line and column, for a merge conflict, and for what is no TOML or
    no baseline.
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
                # In Python, True is an int.
                if type(number) is not int or number < 1:
                    line = _line(data, rule, path, symbol)
                    raise UsageError(f"{NAME}:{line}:1: not an entry of a baseline: {_SHAPE}")
                counts[rule, path, symbol] = number
    return counts


def _line(data: bytes, rule: str, path: str, symbol: str) -> int:
    """The line of an entry, else of its table, else of its hook, else the first."""
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


def _about(data: bytes, stale: Iterable[Key], counts: Counts, left: Counts) -> Iterator[Finding]:
    """Findings about the entries whose counts are too high."""
    for key in stale:
        rule, path, symbol = key
        found = counts[key] - left[key]
        message = f"{counts[key]} of {rule} in {path} accepted for {symbol!r}, {found} found"
        spot = Spot(NAME, _line(data, *key))
        yield Finding(spot, message, f"run `{UPDATE}`", symbol=" ".join(key), rule=BASELINE)


def dumped(counts: Counts, findings: Iterable[Finding] = ()) -> bytes:
    """The bytes of a baseline: sorted, one table for each hook and file.

    In a table, what a later version than the first one finds stands below a comment that names it;
    `findings` tell that of verdicts.
    """
    versions = {key_of(finding): since_of(finding) for finding in findings}
    tables: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for key in sorted(counts):
        since = versions.get(key) or since_of_rule(key[0])
        table = tables.setdefault(key[:2], {})
        table.setdefault(since, {})[key[2]] = counts[key]
    return (_HEAD + "".join(map(_table, tables, tables.values()))).encode()


def _table(name: tuple[str, str], versions: Mapping[str, Mapping[str, int]]) -> str:
    import tomli_w

    lines: list[str] = []
    for since in sorted(versions, key=order):
        rule, path = name
        header, *entries = tomli_w.dumps({rule: {path: versions[since]}})[:-1].split("\n")
        lines += [*([] if lines else ["", header]), *([] if since == FIRST else [_NEW % since])]
        lines += entries
    return "".join(f"{line}\n" for line in lines)


def counted(findings: Iterable[Finding]) -> dict[Key, int]:
    """The number of findings of each key."""
    counts: dict[Key, int] = {}
    for finding in findings:
        key = key_of(finding)
        counts[key] = counts.get(key, 0) + 1
    return counts

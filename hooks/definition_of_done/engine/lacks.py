"""One finding for all that a thing lacks, and none for what follows from that."""

from __future__ import annotations

from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def joined(findings: Sequence[Finding]) -> list[Finding]:
    """The findings in their order, those about what one thing lacks as one.

    Each has a symbol of its own in the baseline, so that one that is accepted does not accept the
    next.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        lack = finding.lack
        key = (lack.start, lack.group or finding.spot.key) if lack else finding.key
        # What may wait is told apart from what may not.
        begun = (finding.begun.path, finding.begun.word) if finding.begun else None
        groups.setdefault((finding.rule, key, begun), []).append(finding)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups.values()]


def without_followers(
    findings: Sequence[Finding], is_left_out: Callable[[Finding], bool]
) -> list[Finding]:
    """The findings but for those that follow from another one, which takes over their edits.

    An error that follows a warning, or a finding that `is_left_out` at a commit, would be lost.
    """
    named = {
        (found.rule, path, symbol): found
        for found in reversed(findings)
        for path in (found.spot.path, "")
        for symbol in (found.symbol, "")
    }

    def leader_of(finding: Finding) -> Finding | None:
        leader = next((named[key] for key in finding.follows if key in named), None)
        if leader is None or (leader.is_warning and not finding.is_warning):
            return None
        return None if is_left_out(leader) and not is_left_out(finding) else leader

    kept = []
    for finding in findings:
        line = [finding]
        while (above := leader_of(line[-1])) and above not in line:
            line.append(above)
        leader = line[-1]
        # Of those that follow each other in a circle none may be lost.
        if above or leader is finding:
            kept.append(finding)
            continue
        leader.leads += (finding,)
        if finding.edits and not leader.is_fixable:
            leader.edits = finding.edits
            leader.help += ", or run with --fix"
    return kept


def _joined(group: Sequence[Finding]) -> Finding:
    first = group[0]
    lacks = [finding.lack for finding in group if finding.lack]
    ending = f"; or {lacks[0].instead}" if lacks[0].instead else ""
    message = f"{lacks[0].start} {listed([lack.noun for lack in lacks], 'or')}"
    symbol = " ".join(finding.symbol for finding in group)
    help = "; ".join(_advice([lack.advice for lack in lacks])) + ending
    whole = Finding(first.spot, message, help, symbol=symbol, rule=first.rule, begun=first.begun)
    whole.is_warning = first.is_warning
    whole.leads = tuple(follower for finding in group for follower in finding.leads)
    return whole


def _advice(advice: Sequence[str]) -> Iterator[str]:
    """Yield each piece of advice once, what is to be created in one list."""
    different = dict.fromkeys(advice)
    new = [text.removeprefix("create ") for text in different if text.startswith("create ")]
    if new:
        yield f"create {listed(new)}"
    yield from (text for text in different if not text.startswith("create "))

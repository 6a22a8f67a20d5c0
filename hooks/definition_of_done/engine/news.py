"""The news of a version: rules that came with it, and new verdicts of rules that stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.registry import known_ids, load_rule
from definition_of_done.engine.rule import FIRST, Rule

OPTION = "--since-version"
_VERSION = regex(r"v?(\d{1,6}(?:\.\d{1,6}){0,2})")


class Novelty(NamedTuple):
    """A rule, or a new verdict of one, with the version that it came with; `finds` says what."""

    rule: Rule
    since: str
    finds: str


def read_version(text: str) -> str:
    """The version in `0.1`, `v0.1` or `0.1.0`; raises UsageError for any other text."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise UsageError(f"{OPTION}: {text!r} is no version; write it as {FIRST}")
    return found[1]


def novelties(rules: Sequence[Rule], version: str) -> Iterator[Novelty]:
    """Yield what of the rules came after a version."""
    for rule in rules:
        if _is_later(rule.since, version):
            yield Novelty(rule, rule.since, rule.summary)
            continue
        for new in rule.news:
            if _is_later(new.since, version):
                yield Novelty(rule, new.since, new.finds)


def since_of(finding: Finding) -> str:
    """The version with which a finding came: its rule's, or that of the verdict."""
    text = f"{finding.spot.path}: {finding.message}"
    news = load_rule(finding.rule).news if finding.rule in known_ids() else ()
    found = (new.since for new in news if re.search(new.pattern, text))
    return next(found, since_of_rule(finding.rule))


def since_of_rule(id: str) -> str:
    """The version with which a rule came; the engine's own findings were always there."""
    return load_rule(id).since if id in known_ids() else FIRST


def is_new(version: str) -> Callable[[Finding], bool]:
    """A function that says of a finding whether it came after a version."""
    return lambda finding: _is_later(since_of(finding), version)


def _is_later(version: str, than: str) -> bool:
    return order(version) > order(than)


def order(version: str) -> list[int]:
    """The key that sorts versions; `0.1` is `0.1.0`."""
    numbers = [int(part) for part in version.split(".")]
    return [*numbers, 0, 0][:3]

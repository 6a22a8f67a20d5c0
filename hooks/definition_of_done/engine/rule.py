"""A rule: an id, the contract's number, the reason, the subject that it reads, and its check.

A rule file holds one call of `rule(...)` as the decorator of a generator that takes the facts
(and the settings, if it names some) and yields findings. Nothing else: the engine selects the
files, reads them, sorts and prints the findings and derives the exit code.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias, TypeVar

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.subject import FileSubject, RepositorySubject

    Facts = TypeVar("Facts")
    Subject: TypeAlias = FileSubject[Facts] | RepositorySubject[Facts]
    Check: TypeAlias = (
        Callable[[Facts], Iterator[Finding]] | Callable[[Facts, Config], Iterator[Finding]]
    )
    Files: TypeAlias = Mapping[str, str | None]
    Completes: TypeAlias = Callable[[Session, Sequence[Finding]], None]

# When a rule's findings are due.
COMMIT, DONE = "commit", "done"
# The version that the first rules came with.
FIRST = "0.1"
# Stands for the number of a rule that the contract does not ask for.
BEYOND = "beyond"
# The key that names the parts of the contract that a team does without.
WITHOUT = "without"


class New:
    """A verdict that a rule gained with a version: `finds` says what it finds.

    `pattern` is a regular expression that is found in `path: message` of its findings alone.
    """

    __slots__ = ("finds", "pattern", "since")

    def __init__(self, since: str, finds: str, pattern: str) -> None:
        self.since = since
        self.finds = finds
        self.pattern = pattern


class Rule:
    """One rule of the contract; made by `rule(...)`, run by the engine.

    `good` and `bad` map paths to contents; laid over the sample backend, `good` leaves it clean
    and `bad` yields findings of this rule alone. A value of None deletes the file. `box` is the
    box of the checklist that a finding proves wrong, empty for none; `proves` says that the rule
    proves the box where it finds nothing. `due` is COMMIT or DONE. `part` is the part of the
    contract that the rule is about as a whole, where a team may do without it. `since` is the
    version that the rule came with, `news` are verdicts that came later.
    """

    def __init__(
        self,
        check: Check[Any],
        *,
        id: str,
        contract: str,
        summary: str,
        why: str,
        subject: Subject[Any],
        good: Files,
        bad: Files,
        box: str = "",
        proves: bool = False,
        due: str = COMMIT,
        settings: Sequence[str] = (),
        fixes: bool = False,
        stages: Sequence[str] = (),
        completes: Completes | None = None,
        part: str = "",
        since: str = FIRST,
        news: Sequence[New] = (),
    ) -> None:
        self.check = check
        self.id = id
        self.contract = contract
        self.summary = summary
        self.why = why
        self.subject = subject
        self.good = good
        self.bad = bad
        self.box = box
        self.proves = proves
        self.due = due
        self.settings = tuple(settings)
        self.fixes = fixes
        self.stages = tuple(stages)
        self.completes = completes
        self.part = part
        self.since = since
        self.news = tuple(news)
        self.module: str = check.__module__

    @property
    def keys(self) -> list[str]:
        """The configuration keys that the rule depends on, its subject's first, each once."""
        parts = [WITHOUT] if self.part else []
        return list(dict.fromkeys((*self.subject.settings, *self.settings, *parts)))

    @property
    def is_beyond(self) -> bool:
        """True where the contract does not ask for it."""
        return self.contract == BEYOND

    @property
    def family(self) -> str:
        """The folder of rules that the rule stands in."""
        return self.module.split(".")[-2]

    def is_left_out(self, config: Config) -> bool:
        """True for a rule about a part of the contract that the team names under `without`."""
        return bool(self.part) and self.part in config.values.get(WITHOUT, ())

    def findings(self, facts: object, config: Config) -> Iterator[Finding]:
        """Yield the check's findings, stamped with the rule's id; raises NotEvaluated."""
        check: Callable[..., Iterator[Finding]] = self.check
        for finding in check(facts, config) if self.settings else check(facts):
            finding.rule = self.id
            yield finding

    def __repr__(self) -> str:
        return f"<rule {self.id}>"


def rule(
    *,
    id: str,
    contract: str,
    summary: str,
    why: str,
    subject: Subject[Facts],
    good: Files,
    bad: Files,
    box: str = "",
    proves: bool = False,
    due: str = COMMIT,
    settings: Sequence[str] = (),
    fixes: bool = False,
    stages: Sequence[str] = (),
    completes: Completes | None = None,
    part: str = "",
    since: str = FIRST,
    news: Sequence[New] = (),
) -> Callable[[Check[Facts]], Rule]:
    """Declare the decorated generator as a rule.

    `contract` is the rule's number in the contract, or BEYOND; `summary` one sentence without a
    full stop;
    `box` and `proves` its place in the checklist of chapter 8; `due` says when its findings are
    due, at every commit or when the feature is done; `settings` the configuration keys
    that the check reads (it then takes them as its second argument); `fixes` says that some
    findings carry edits; `stages` replaces the manifest's default stage. `completes` gives the
    findings of a report what depends on other files than the one that they are in, so that their
    verdicts do not. `part` is the part of the contract that the whole rule is about. `since` is
    the version that the rule comes with, and `news` are the verdicts that it gained later, by which
    a team that raises its `rev` sees what is new.
    """

    def declare(check: Check[Facts]) -> Rule:
        return Rule(
            check,
            id=id,
            contract=contract,
            summary=summary,
            why=why,
            subject=subject,
            good=good,
            bad=bad,
            box=box,
            proves=proves,
            due=due,
            settings=settings,
            fixes=fixes,
            stages=stages,
            completes=completes,
            part=part,
            since=since,
            news=news,
        )

    return declare

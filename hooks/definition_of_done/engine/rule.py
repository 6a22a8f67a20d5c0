"""A rule: an id, the contract's number, the reason, the subject that it reads, and its check.

A rule file holds one call of `rule(...)` as the decorator of a generator that takes the facts
(and the settings, if it names some) and yields findings. Nothing else: the engine selects the
files, reads them, sorts and prints the findings and derives the exit code.
"""

from __future__ import annotations

from definition_of_done.base.records import About, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from definition_of_done.base.records import Facts_co
    from definition_of_done.engine.config import Config
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.subject import FileSubject, RepositorySubject

    Subject: TypeAlias = FileSubject[Facts_co] | RepositorySubject[Facts_co]
    Check: TypeAlias = (
        Callable[[Facts_co], Iterator[Finding]] | Callable[[Facts_co, Config], Iterator[Finding]]
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


class New(Record):
    """A verdict that a rule gained with a version: `finds` says what it finds.

    `pattern` is a regular expression that is found in `path: message` of its findings alone.
    """

    since: str
    finds: str
    pattern: str


class Rule(Record, About["Facts_co"]):
    """One rule of the contract: the decorator of its check, run by the engine.

    `contract` is its number in the contract, or BEYOND; `summary` one sentence without a full stop.
    `good` and `bad` map paths to contents; laid over the sample backend, `good` leaves it clean
    and `bad` yields findings of this rule alone. A value of None deletes the file. `box` is the
    box of the checklist that a finding proves wrong, empty for none; `proves` says that the rule
    proves the box where it finds nothing. `due` is COMMIT or DONE. `settings` are the keys that the
    check reads: it then takes them as its second argument. `fixes` says that some findings carry
    edits. `stages` replaces the manifest's default stage. `completes` gives the findings of a
    report what depends on other files than the one that they are in, so that their verdicts do not.
    `part` is the part of the contract that the rule is about as a whole, where a team may do
    without it. `since` is the version that the rule came with, `news` are verdicts that came later.
    """

    id: str
    contract: str
    summary: str
    why: str
    subject: Subject[Facts_co]
    good: Files
    bad: Files
    box: str = ""
    proves: bool = False
    due: str = COMMIT
    settings: Sequence[str] = ()
    fixes: bool = False
    stages: Sequence[str] = ()
    completes: Completes | None = None
    part: str = ""
    since: str = FIRST
    news: Sequence[New] = ()

    def __call__(self, check: Check[Facts_co]) -> Rule[Facts_co]:
        """Take the decorated generator as the rule's check."""
        self.check = check
        self.module: str = check.__module__
        return self

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


# As a decorator it has a small letter.
rule = Rule

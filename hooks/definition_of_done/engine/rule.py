"""A rule: an id, the contract's number, the reason, the subject that it reads, and its check.

The subject makes files, or a part of the repository, into facts.

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

    Subject: TypeAlias = "FileSubject[Facts_co] | RepositorySubject[Facts_co]"
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


def nothing_else(session: Session, path: str) -> None:
    """Return no `inputs`: the facts depend on path, bytes and settings alone."""


class FileSubject(Record, About["Facts_co"]):
    """One file at a time, chosen by its path.

    `suffix` is asked before the configuration is read. It filters files in the manifest, too,
    unless `usual` stands there instead. `concerns(session, path)` decides.
    `read(session, path)` returns the facts or raises Unreadable. `settings` are the keys that
    `concerns` reads.
    `inputs(session, path)` returns all that the facts depend on besides the path, the bytes and the
    settings. It is None where verdicts are not cached: the facts depend on more, or cost nothing.
    `answers(session, path, asked)` changes where the answer to a question of `asked` changes.
    The facts of such a subject tell, as `asked`, which questions about other files its rules asked.
    `leaves_out(session, path)` is true for a file that concerns the subject and is not judged all
    the same. It raises Unreadable, with the path, where that is not known.
    `is_clear(session, path)` is true for a file whose bytes show that no rule of the subject can
    find anything in it: to ask for its verdict would take longer.
    `judges(facts)` is false for facts in which no rule of the subject can find anything. The rules
    are not asked then, and count as evaluated.
    `refuses(session, path)` raises UsageError for a file that looks like the subject's, but lies
    where no setting says so: a rule that passes it over would pass for having judged it.
    `sights` name the things without any of which the rules of the subject work in vain.
    """

    name: str
    suffix: str
    concerns: Callable[[Session, str], bool]
    read: Callable[[Session, str], Facts_co]
    settings: Sequence[str] = ()
    usual: str = ""
    inputs: Callable[[Session, str], object] | None = None
    answers: Callable[[Session, str, Sequence[str]], object] | None = None
    leaves_out: Callable[[Session, str], bool] | None = None
    is_clear: Callable[[Session, str], bool] | None = None
    judges: Callable[[Facts_co], bool] | None = None
    refuses: Callable[[Session, str], None] | None = None
    sights: Sequence[str] = ()

    @property
    def shown_suffix(self) -> str:
        """The suffix of the manifest and the documentation."""
        return self.usual or self.suffix


class RepositorySubject(Record, About["Facts_co"]):
    """A part of the repository as a whole.

    `concerns(session, path)` is true for a changed or deleted path that is part of it. A rule runs
    when there is one, or when nothing is staged; with `always` it runs whatever changed.
    `read(session)` returns the facts or raises Unreadable. `diff` is true where the facts are
    changes since a base: there are none without a base. It is a text where only a part of the facts
    needs a base, and names that part. `accept` says how a finding is accepted where it stands at no
    line that takes a comment. `refuses` is as with a FileSubject, for a path that is changed.
    `sights` name the things without any of which the rules work in vain.
    """

    name: str
    concerns: Callable[[Session, str], bool]
    read: Callable[[Session], Facts_co]
    settings: Sequence[str] = ()
    diff: bool | str = False
    always: bool = False
    accept: str = ""
    refuses: Callable[[Session, str], None] | None = None
    sights: Sequence[str] = ()


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

"""A rule: an id, the contract's number, why it exists, what it reads, and its check.

A rule file holds one call of `rule(...)` as the decorator of a generator that takes the facts
(and the settings, if it names some) and yields findings. Nothing else: the engine selects the
files, reads them, sorts and prints the findings and derives the exit code.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.subject import FileSubject, RepositorySubject

    Check: TypeAlias = Callable[..., Iterator[Finding]]
    Files: TypeAlias = Mapping[str, str | None]


class Rule:
    """One rule of the contract; made by `rule(...)`, run by the engine.

    `good` and `bad` map paths to contents; laid over the sample backend, `good` leaves it clean
    and `bad` yields findings of this rule alone. A value of None deletes the file.
    """

    def __init__(
        self,
        check: "Check",
        *,
        id: str,
        contract: str,
        summary: str,
        why: str,
        subject: "FileSubject[Any] | RepositorySubject[Any]",
        good: "Files",
        bad: "Files",
        settings: "Sequence[str]" = (),
        fixes: bool = False,
        stages: "Sequence[str]" = (),
    ) -> None:
        self.check = check
        self.id = id
        self.contract = contract
        self.summary = summary
        self.why = why
        self.subject = subject
        self.good = good
        self.bad = bad
        self.settings = tuple(settings)
        self.fixes = fixes
        self.stages = tuple(stages)
        self.module = check.__module__

    @property
    def keys(self) -> "list[str]":
        """The configuration keys that the rule depends on, its subject's first, each once."""
        return list(dict.fromkeys((*self.subject.settings, *self.settings)))

    def main(self, argv: "Sequence[str] | None" = None) -> int:
        """Run this rule alone, as the console script named as its id; returns the exit code."""
        from definition_of_done.engine.hook import run_hook

        return run_hook(self, argv)

    def __repr__(self) -> str:
        return f"<rule {self.id}>"


def rule(
    *,
    id: str,
    contract: str,
    summary: str,
    why: str,
    subject: "FileSubject[Any] | RepositorySubject[Any]",
    good: "Files",
    bad: "Files",
    settings: "Sequence[str]" = (),
    fixes: bool = False,
    stages: "Sequence[str]" = (),
) -> "Callable[[Check], Rule]":
    """Declare the decorated generator as a rule.

    `contract` is the rule's number in the contract; `summary` one sentence without a full stop;
    `settings` the configuration keys that the check reads (it then takes them as its second
    argument); `fixes` says that some findings carry edits; `stages` replaces the manifest's
    default stage.
    """

    def declare(check: "Check") -> Rule:
        return Rule(
            check,
            id=id,
            contract=contract,
            summary=summary,
            why=why,
            subject=subject,
            good=good,
            bad=bad,
            settings=settings,
            fixes=fixes,
            stages=stages,
        )

    return declare

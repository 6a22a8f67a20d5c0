"""Findings, which rules yield: a fault at a spot, with the edits that mend it."""

from __future__ import annotations

from definition_of_done.base.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.base.rewrites import Rewrite
    from definition_of_done.base.spots import Edit, Spot

# The rule of the engine's own finding about a file that cannot be parsed.
UNREADABLE = "unreadable"
BASELINE_FILE = ".definition-of-done-baseline.toml"


class Begun(Record):
    """A file or folder that the branch may have brought, or a word of a file."""

    path: str
    word: str = ""


# What no later commit makes right, in a rule that is due when the feature is done.
AT_ONCE = Begun("")


class Lack(Record):
    """A part that is missing: `start` and `noun` are the sentence, `advice` says how to add it.

    Findings with one start at one spot, or of one `group` where that is named, are reported as one;
    `instead` says what else to do.
    """

    start: str
    noun: str
    advice: str
    instead: str = ""
    group: str = ""


class Finding:
    """One thing that is wrong.

    `message` says what is wrong and names the thing; `help` says in the imperative what to do;
    `symbol` names the thing without a position (`vendor_credits.amount`), for the baseline;
    `edits` mend it, all together or not at all. In a Python file a `rewrite` does, which becomes
    edits when they are asked for. `rule` is stamped by the engine. `begun` is what a commit may
    leave like that if the branch has begun it; None leaves that to the rule's `due`. `follows` are
    the rule, path and symbol of findings that say as much, each empty for whichever: beside one of
    them it is not reported, and is among those that the other one `leads`.
    `is_legacy` marks a fault of what the branch leaves as its base has it: a baseline may accept
    it, and it is not reported. `is_warning` is marked by the engine: the finding is shown, and
    fails nothing. `awaits` is the box of the checklist by which comes what a page names and does
    not exist yet, where that is another one than the rule's.
    """

    __slots__ = (
        *("awaits", "begun", "edits", "follows", "help", "is_legacy", "is_warning", "lack"),
        *("leads", "message", "rewrite", "rule", "spot", "symbol"),
    )

    def __init__(
        self,
        spot: Spot,
        message: str,
        help: str = "",
        *,
        symbol: str = "",
        edits: Iterable[Edit] = (),
        rewrite: Rewrite | None = None,
        rule: str = "",
        begun: Begun | None = None,
        lack: Lack | None = None,
        follows: Iterable[tuple[str, str, str]] = (),
        is_legacy: bool = False,
        awaits: str = "",
    ) -> None:
        self.spot = spot
        self.message = message
        self.help = help
        self.symbol = symbol
        self.edits = tuple(edits)
        self.rewrite = rewrite
        self.rule = rule
        self.begun = begun
        self.lack = lack
        self.follows = tuple(follows)
        self.is_legacy = is_legacy
        self.awaits = awaits
        self.is_warning = False
        self.leads: tuple[Finding, ...] = ()

    @property
    def severity(self) -> str:
        """`error` or `warning`, as the settings and the formats of reports say it."""
        return "warning" if self.is_warning else "error"

    @property
    def is_fixable(self) -> bool:
        """True where --fix mends it, as far as that is known without making the change."""
        return bool(self.edits or self.rewrite)

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """The order of findings in a report; two with the same key are one."""
        return (*self.spot.key, self.rule, self.message)

    def below(self, folder: str) -> Finding:
        """The finding as a report shows it from a folder further up; `folder` ends with a slash."""
        from copy import copy

        from definition_of_done.base.spots import Edit, Spot

        spot, moved = self.spot, copy(self)
        moved.spot = Spot(folder + spot.path, spot.line, spot.column, spot.end)
        moved.edits = tuple(
            Edit(folder + edit.path, edit.start, edit.end, edit.text) for edit in self.edits
        )
        return moved

    def __repr__(self) -> str:
        path, line, column = self.spot.key
        return f"<{path}:{line}:{column}: {self.rule}: {self.message}>"

"""What rules yield: a finding at a spot, with the edits that would mend it."""

# The path on which nothing concerns a hook must stay near bare Python, and dataclasses or
# typing would cost as much again: hence plain classes with slots here and in engine/rule.py.

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Spot:
    """A place in a file: path relative to the root with `/`, line and column from 1.

    Columns count code points. `end` is the line and column behind the thing that stands there,
    None where it is not known; two spots with the same start are equal.
    """

    __slots__ = ("column", "end", "line", "path")

    def __init__(
        self, path: str, line: int = 1, column: int = 1, end: "tuple[int, int] | None" = None
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end = end

    @classmethod
    def of(cls, path: str, line: int, column: int, length: int) -> "Spot":
        """The spot of so many code points on one line."""
        return cls(path, line, column, (line, column + length))

    def __repr__(self) -> str:
        return f"Spot({self.path!r}, {self.line}, {self.column})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spot) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[str, int, int]:
        """Path, line and column, in the order of a report."""
        return (self.path, self.line, self.column)


class Edit:
    """Replace the characters [start, end) of a file's decoded text with `text`.

    Offsets count code points after a BOM is taken off and before newlines are translated.
    """

    __slots__ = ("end", "path", "start", "text")

    def __init__(self, path: str, start: int, end: int, text: str) -> None:
        self.path = path
        self.start = start
        self.end = end
        self.text = text


class Finding:
    """One thing that is wrong.

    `message` says what is wrong and names the thing; `help` says in the imperative what to do;
    `symbol` names the thing without a position (`vendor_credits.amount`), for the baseline;
    `edits` mend it, all together or not at all. `rule` is stamped by the engine.
    """

    __slots__ = ("edits", "help", "message", "rule", "spot", "symbol")

    def __init__(
        self,
        spot: Spot,
        message: str,
        help: str = "",
        *,
        symbol: str = "",
        edits: "Iterable[Edit]" = (),
        rule: str = "",
    ) -> None:
        self.spot = spot
        self.message = message
        self.help = help
        self.symbol = symbol
        self.edits = tuple(edits)
        self.rule = rule

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """What orders findings, and tells one from another."""
        return (*self.spot.key, self.rule, self.message)

    def __repr__(self) -> str:
        path, line, column = self.spot.key
        return f"<{path}:{line}:{column}: {self.rule}: {self.message}>"


def listed(words: "Sequence[str]") -> str:
    """Words as a message lists them: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

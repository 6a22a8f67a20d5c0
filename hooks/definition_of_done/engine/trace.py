"""What git and the file system were asked, and what stands for each answer."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

# To ask a longer list again costs as much as to come to a conclusion anew.
MOST = 1_000


class Trace:
    """The questions that were asked while it was entered, in order, with digests of the answers.

    `is_whole` says that none was left out.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.answers: dict[str, bytes] = {}
        self.is_whole = wanted
        self._depth = 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: "BaseException | None",
        traceback: "TracebackType | None",
    ) -> None:
        self._depth -= 1

    def expect(self, questions: int) -> None:
        """Follow no longer what is going to be too long, when so many are asked at once."""
        if self._depth and len(self.answers) + questions > MOST:
            self.is_whole = False

    def note(self, question: str, answer: object) -> None:
        """Add what a question was answered with: bytes, what `repr` tells apart, or an error."""
        if not self.is_whole or not self._depth or question in self.answers:
            return
        if len(self.answers) == MOST:
            self.is_whole = False
            return
        from definition_of_done.engine.store import digest

        self.answers[question] = (
            digest("bytes", answer) if isinstance(answer, bytes) else digest(repr(answer))
        )

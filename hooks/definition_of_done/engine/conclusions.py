"""Conclusions of earlier runs: what rules over the repository found, while nothing has changed.

Such a rule reads whatever it needs, so that nothing tells in advance what its verdict depends on.
A conclusion is kept with all that git and the file system were asked on the way to it. Where they
answer the same again, one after the other, the rules would go the same way to the same end.
"""

from definition_of_done.engine.store import digest
from definition_of_done.engine.verdicts import pack_findings, settings_of, unpack_findings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session

_DIGEST = 16
# No name is empty.
_BETWEEN = b"\0\0"


class Conclusion:
    """What rules found, which of them ran to their end, and the paths that they read.

    `notes` has the id of each rule that could not be evaluated with the reason.
    """

    def __init__(
        self,
        findings: "list[Finding]",
        notes: "Sequence[tuple[str, str]]",
        evaluated: "Iterable[str]",
        read: "Iterable[str]",
    ) -> None:
        self.findings = findings
        self.notes = notes
        self.evaluated = evaluated
        self.read = read


class Conclusions:
    """What is known of the repository for the rules of a run; made before any of them reads."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._store = session.store()
        asked = (session.named_base, session.new_side, sorted(session.paths_read))
        self._key = digest(repr(("conclusion", settings_of(session.config), asked)))

    def recall(self) -> Conclusion | None:
        """What was concluded, None where that is not known or may no longer hold.

        Raises UsageError as the rules would.
        """
        kept = self._store.get(self._key)
        if kept is None:
            return None
        end = 4 + _DIGEST * int.from_bytes(kept[:4], "little")
        try:
            asked, evaluated, read, notes, findings = kept[end:].split(_BETWEEN)
            found = Conclusion(
                unpack_findings(findings) if findings else [],
                _notes(notes) if notes else [],
                _names(evaluated),
                _names(read),
            )
            questions = zip(_names(asked), range(4, end, _DIGEST), strict=True)
            holds = all(self._answer(name) == kept[at : at + _DIGEST] for name, at in questions)
        except (ValueError, TypeError, LookupError):
            return None
        return found if holds else None

    def _answer(self, question: str) -> bytes | None:
        answers = self._session.trace.answers
        if question not in answers:
            try:
                self._session.ask(question)
            except OSError:
                # What kept it from an answer is one, too.
                return answers.get(question)
        return answers.get(question)

    def remember(
        self,
        findings: "Sequence[Finding]",
        notes: "Sequence[tuple[str, str]]",
        evaluated: "Iterable[str]",
        read: "Iterable[str]",
    ) -> None:
        """Keep a conclusion, unless the way to it was too long."""
        trace = self._session.trace
        if not trace.is_whole:
            return
        parts = [_bytes(one) for one in (trace.answers, evaluated, sorted(read))]
        parts.append(_packed(notes) if notes else b"")
        parts.append(pack_findings(findings) if findings else b"")
        answers = b"".join((len(trace.answers).to_bytes(4, "little"), *trace.answers.values()))
        self._store.put(self._key, answers + _BETWEEN.join(parts))


def _bytes(names: "Iterable[str]") -> bytes:
    return "\0".join(names).encode("utf-8", "surrogatepass")


def _names(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogatepass").split("\0") if data else []


def _packed(notes: "Sequence[tuple[str, str]]") -> bytes:
    import json

    return json.dumps(notes).encode()


def _notes(data: bytes) -> list[tuple[str, str]]:
    import json

    return [(rule, message) for rule, message in json.loads(data)]

"""Verdicts of earlier runs: a file that was judged before is neither parsed nor judged again.

A verdict is what the rules of one subject found in one file. Its key is all that it depends on:
the path, the bytes, the settings and the rules. One store holds those of a project for one set of
rules, so that hooks that run side by side have stores of their own. Clean files, nearly all of
them, take 20 bytes and no JSON. Few verdicts hang on other files: under their key stands what the
facts asked about these, and the answers of today are part of a second key.
"""

from __future__ import annotations

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.store import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.rule import FileSubject, Rule
    from definition_of_done.engine.session import Session

# Starts the entry of a verdict that asked about other files: the questions follow.
_ASKED = b"?"


class Verdicts:
    """The verdicts of earlier runs on files, for these rules by subject."""

    def __init__(self, session: Session, rules: Mapping[FileSubject[Any], Sequence[Rule]]) -> None:
        self._session = session
        self._store = session.cache.store()
        settings = _settings_of(session.config)
        self._starts = {
            subject: repr((subject.name, [rule.id for rule in same_subject], settings))
            for subject, same_subject in rules.items()
        }

    def key(self, subject: FileSubject[Any], path: str) -> bytes | None:
        """The key of the verdict on a file, None where it is not kept."""
        if self._store.is_off or subject.inputs is None:
            return None
        try:
            data = self._session.tree.read(path)
        except OSError:
            return None
        inputs = subject.inputs(self._session, path)
        return digest(repr((self._starts[subject], path, inputs)), data)

    def recall(
        self, subject: FileSubject[Any], path: str, key: bytes | None
    ) -> list[Finding] | None:
        """The findings under a key, None where the verdict is not known."""
        if key is None or (kept := self._store.get(key)) is None:
            return None
        if kept.startswith(_ASKED):
            asked = kept.removeprefix(_ASKED).decode("utf-8", "surrogatepass").split("\0")
            kept = self._store.get(self._answered(subject, path, key, asked))
            if kept is None:
                return None
        try:
            return unpack_findings(kept) if kept else []
        except (ValueError, TypeError, LookupError):
            return None

    def remember(
        self,
        subject: FileSubject[Any],
        path: str,
        key: bytes | None,
        asked: Sequence[str],
        findings: Sequence[Finding],
    ) -> None:
        """Keep findings under a key; where they hang on other files, under one that names these.

        `asked` is what the facts asked about other files.
        """
        if key is None:
            return
        if asked:
            self._store.put(key, _ASKED + "\0".join(asked).encode("utf-8", "surrogatepass"))
            key = self._answered(subject, path, key, asked)
        self._store.put(key, pack_findings(findings) if findings else b"")

    def _answered(
        self, subject: FileSubject[Any], path: str, key: bytes, asked: Sequence[str]
    ) -> bytes:
        """The key of a verdict that depends on the project's answers to questions."""
        assert subject.answers is not None
        return digest(repr(subject.answers(self._session, path, asked)), key)


def _settings_of(config: Config) -> object:
    """A value that changes with the settings."""
    return sorted(config.values.items()), sorted(config.tables.items())


def pack_findings(findings: Sequence[Finding]) -> bytes:
    """Findings as bytes, one at least."""
    import json

    from definition_of_done.readers.packed import pack

    # An edit or rewrite that several findings share stays one.
    different = dict.fromkeys(finding.rewrite for finding in findings)
    rewrites = {rewrite: number for number, rewrite in enumerate(different)}
    edits = list(dict.fromkeys(edit for finding in findings for edit in finding.edits))
    rows = [
        (
            *finding.spot.key,
            finding.spot.end,
            finding.rule,
            finding.message,
            finding.help,
            finding.symbol,
            [edits.index(edit) for edit in finding.edits],
            finding.begun and (finding.begun.path, finding.begun.word),
            rewrites[finding.rewrite],
            finding.is_legacy,
        )
        for finding in findings
    ]
    written = [(edit.path, edit.start, edit.end, edit.text) for edit in edits]
    made = [rewrite and pack(rewrite, _kinds()) for rewrite in rewrites]
    return json.dumps((rows, written, made), separators=(",", ":")).encode()


def unpack_findings(kept: bytes) -> list[Finding]:
    """The findings of `pack_findings`; raises ValueError, TypeError or LookupError for others."""
    import json

    from definition_of_done.readers.packed import unpack

    rows, written, made = json.loads(kept)
    rewrites = [rewrite and unpack("", rewrite, _kinds()) for rewrite in made]
    edits = [Edit(*fields) for fields in written]
    return [
        Finding(
            Spot(path, line, column, end and tuple(end)),
            message,
            help,
            symbol=symbol,
            edits=[edits[number] for number in numbers],
            rewrite=rewrites[rewrite],
            rule=rule,
            begun=begun and Begun(*begun),
            is_legacy=is_legacy,
        )
        for (path, line, column, end, rule, message, help, symbol, *more) in rows
        for numbers, begun, rewrite, is_legacy in [more]
    ]


def _kinds() -> list[type]:
    """The records that a rewrite consists of; few findings have one."""
    from definition_of_done.base.rewrites import KINDS, Rewrite

    return [Rewrite, *KINDS]

"""Apply the edits of findings: each file in one step, and nothing but the edits."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import read_regular, write_atomically
from definition_of_done.base.text import BOM, splice
from definition_of_done.engine.run import run
from definition_of_done.engine.writing import target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.base.spots import Edit
    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.outcome import Outcome
    from definition_of_done.engine.rule import Rule
    from definition_of_done.engine.run import Progress
    from definition_of_done.engine.session import Session

_ROUNDS = 10


def run_and_fix(
    session: Session,
    rules: Sequence[Rule],
    files: Sequence[str] | None,
    progress: Progress | None = None,
) -> tuple[Outcome, list[Finding]]:
    """Run, apply the edits, and run again: return what is left, and what was fixed.

    Findings whose edits overlap are fixed one after the other. Raises UsageError where a file
    cannot be written; it is then whole, as it was before.
    """
    fixed: list[Finding] = []
    for _ in range(_ROUNDS):
        outcome = run(session, rules, files, progress)
        done = _apply(session, outcome.findings)
        if not done:
            return outcome, fixed
        fixed += done
    return run(session, rules, files, progress), fixed


def _apply(session: Session, findings: Sequence[Finding]) -> list[Finding]:
    taken: dict[str, list[Edit]] = {}
    done = []
    for finding in findings:
        resolve(session, finding)
        # One edit may mend several findings.
        new = [edit for edit in finding.edits if edit not in taken.get(edit.path, ())]
        is_free = finding.edits and all(
            _is_free(edit, taken.get(edit.path, ())) and _is_work_tree(session, edit.path)
            for edit in new
        )
        if is_free:
            done.append(finding)
            for edit in new:
                taken.setdefault(edit.path, []).append(edit)
    full = {path: target(session, path) for path in taken}
    for path, edits in taken.items():
        _write(session, path, full[path], edits)
    if done:
        # Not earlier: the edits are meant for the bytes that were read.
        session.rewritten()
    return done


def resolve(session: Session, finding: Finding) -> None:
    """Make the edits of a finding's rewrite; where that is refused, the help says why."""
    if finding.rewrite is None:
        return
    from definition_of_done.readers.python_compare import Refused
    from definition_of_done.readers.python_edit import edits_of

    path, steps = finding.rewrite
    try:
        finding.edits = edits_of(path, session.tree.read(path), steps)
    except Refused as error:
        finding.help += f"; --fix leaves it: {error}"
    finding.rewrite = None


def _is_free(edit: Edit, taken: Sequence[Edit]) -> bool:
    """True where an edit neither overlaps one that is taken nor starts where it does."""
    return all(
        edit.start != earlier.start and (edit.end <= earlier.start or earlier.end <= edit.start)
        for earlier in taken
    )


def _is_work_tree(session: Session, path: str) -> bool:
    """True where the bytes that were judged are those in the work tree, as a fix needs."""
    if not session.tree.commit:
        return path not in session.tree.sparse
    try:
        return read_regular(session.tree.full(path)) == session.tree.read(path)
    except OSError:
        return False


def edited(session: Session, path: str, edits: Sequence[Edit]) -> bytes:
    """The bytes of a file after edits of its text, in its own encoding and with its BOM."""
    text = session.tree.text(path)
    new = splice(text, edits).encode(text.encoding)
    return (BOM if session.tree.read(path).startswith(BOM) else b"") + new


def _write(session: Session, path: str, full: str, edits: Sequence[Edit]) -> None:
    try:
        if not session.tree.commit and read_regular(full) != session.tree.read(path):
            raise UsageError(f"{path} was changed while it was judged: run this again")
        write_atomically(full, edited(session, path, edits))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None

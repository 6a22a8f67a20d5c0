"""Apply the edits of findings: each file in one step, and nothing but the edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

from definition_of_done.base.errors import Refused, UsageError
from definition_of_done.base.files import read_regular
from definition_of_done.base.rewrites import DropComments, Rewrite, SetKeyword
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import splice
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.overlay import Overlay
from definition_of_done.engine.report import Outcome
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.run import run
from definition_of_done.engine.session import Session
from definition_of_done.engine.writing import encoded, target, write_one

_ROUNDS = 10
_MOST = 100


def run_and_fix(
    session: Session, rules: Sequence[Rule], files: Sequence[str] | None
) -> tuple[Outcome, list[Finding]]:
    """Run, apply the edits, and run again: return what is left, and what was fixed.

    Findings whose edits overlap are fixed one after the other. Raises UsageError where a file
    cannot be written; it is then whole, as it was before.
    """
    fixed: list[Finding] = []
    for _ in range(_ROUNDS):
        outcome = run(session, rules, files)
        done = _apply(session, outcome.findings)
        if not done:
            return outcome, fixed
        fixed += done
    return run(session, rules, files), fixed


def preview(
    session: Session, rules: Sequence[Rule], files: Sequence[str] | None
) -> tuple[Outcome, list[Finding], dict[str, bytes]]:
    """Do as `run_and_fix` does without a write: the new bytes of each file are returned, too."""
    real = session.tree
    session.tree = preview = Overlay(session)
    try:
        return *run_and_fix(session, rules, files), preview.written
    finally:
        session.tree = real
        session.rewritten()


def _apply(session: Session, findings: Sequence[Finding]) -> list[Finding]:
    taken: dict[str, list[Edit]] = {}
    done = []
    _resolve_together(session, findings)
    resolve(session, findings)
    applied: tuple[Edit, ...] = ()
    for finding in findings:
        if finding.edits and finding.edits is applied:
            done.append(finding)
            continue
        # One edit may mend several findings.
        new = [edit for edit in finding.edits if edit not in taken.get(edit.path, ())]
        is_free = finding.edits and all(
            _is_free(edit, taken.get(edit.path, ())) and _is_work_tree(session, edit.path)
            for edit in new
        )
        if is_free:
            done.append(finding)
            applied = finding.edits
            for edit in new:
                taken.setdefault(edit.path, []).append(edit)
    full = {path: target(session, path) for path in taken}
    for path, edits in taken.items():
        _write(session, path, full[path], edits)
    if done:
        # Not earlier: the edits are meant for the bytes that were read.
        session.rewritten()
    return done


def resolve(session: Session, findings: Iterable[Finding]) -> None:
    """Make the edits of the findings' rewrites; where one is refused, the help says why.

    Findings with one rewrite share its edits. Of very many in one file only the first are made, as
    each takes a pass through the file.
    """
    made: dict[Rewrite, tuple[Edit, ...] | Refused] = {}
    passes: Counter[str] = Counter()
    for finding in findings:
        rewrite = finding.rewrite
        if rewrite is None:
            continue
        if rewrite not in made and passes[rewrite.path] < _MOST:
            passes[rewrite.path] += 1
            try:
                made[rewrite] = made_edits(session, rewrite)
            except Refused as error:
                made[rewrite] = error
        edits = made.get(rewrite)
        if isinstance(edits, Refused):
            # Below the lines that it gives, and else behind its one line.
            mark = "\n" if "\n" in finding.help else "; "
            finding.help += f"{mark}--fix leaves it: {edits}"
        if edits is not None:
            finding.rewrite = None
            finding.edits = () if isinstance(edits, Refused) else edits


def made_edits(session: Session, rewrite: Rewrite | None) -> tuple[Edit, ...]:
    """The verified edits of a rewrite; raises Refused where they are not safe."""
    if rewrite is None:
        return ()
    from definition_of_done.readers.python_edit import edits_of

    return edits_of(rewrite.path, session.tree.read(rewrite.path), rewrite.steps)


def _resolve_together(session: Session, findings: Iterable[Finding]) -> None:
    """Make the edits of all rewrites in a file at once that do not touch each other."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        rewrite = finding.rewrite
        if rewrite and all(isinstance(step, DropComments | SetKeyword) for step in rewrite.steps):
            groups.setdefault(rewrite.path, []).append(finding)
    for path, several in groups.items():
        steps = [step for finding in several if finding.rewrite for step in finding.rewrite.steps]
        with suppress(Refused):
            edits = made_edits(session, Rewrite(path, tuple(steps)))
            for finding in several:
                finding.edits, finding.rewrite = edits, None


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
    if isinstance(session.tree, Overlay) and path in session.tree.written:
        # It would differ from the commit by now.
        return False
    try:
        return read_regular(session.tree.full(path)) == session.tree.read(path)
    except OSError:
        return False


def edited(session: Session, path: str, edits: Sequence[Edit]) -> bytes:
    """The bytes of a file after edits of its text, in its own encoding and with its BOM."""
    text = session.tree.text(path)
    return encoded(session, text, splice(text, edits))


def _write(session: Session, path: str, full: str, edits: Sequence[Edit]) -> None:
    if isinstance(session.tree, Overlay):
        session.tree.written[path] = edited(session, path, edits)
        return
    try:
        if not session.tree.commit and read_regular(full) != session.tree.read(path):
            raise UsageError(f"{path} was changed while it was judged: run this again")
        write_one(full, edited(session, path, edits))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None

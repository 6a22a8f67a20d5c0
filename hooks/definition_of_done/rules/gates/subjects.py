"""The subjects of the rules about suppressions, lengths and the checklist."""

from __future__ import annotations

from definition_of_done.engine.rule import FileSubject, RepositorySubject, nothing_else
from definition_of_done.project.since import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.gates.body import Marks
    from definition_of_done.project.gates.length import Length
    from definition_of_done.project.gates.suppressions import Blanket

# Each comment that silences a checker holds one of these. A file without them imports nothing.
_SILENCING = (b"noqa", b"ignore", b"pyre-fixme", b"pylint:", b"mypy:", b"nosec")


def _silences_nothing(session: Session, path: str) -> bool:
    lower = session.tree.read(path).lower()
    return not any(word in lower for word in _SILENCING)


def _read_blankets(session: Session, path: str) -> list[Blanket]:
    from definition_of_done.project.gates.suppressions import read_blankets

    return read_blankets(path, session.tree.read(path))


BLANKETS: FileSubject[list[Blanket]] = FileSubject(
    "suppressions of a Python file",
    suffix=".py",
    concerns=lambda _, __: True,
    read=_read_blankets,
    settings=("since",),
    inputs=nothing_else,
    leaves_out=is_left_out,
    is_clear=_silences_nothing,
    sights=("PYTHON",),
)


def _read_length(session: Session, path: str) -> Length:
    from definition_of_done.project.gates.length import read_length

    return read_length(path, session.tree.read(path))


LENGTH: FileSubject[Length] = FileSubject(
    "length of a file",
    suffix="",
    usual=".py",
    concerns=lambda session, path: path.endswith(tuple(session.config["max-lines-for"])),
    read=_read_length,
    settings=("max-lines-for", "since"),
    leaves_out=is_left_out,
    sights=("MEASURED",),
)


def _read_marks(session: Session) -> Marks:
    from definition_of_done.project.gates.body import read_marks

    return read_marks(session)


BODY: RepositorySubject[Marks] = RepositorySubject(
    "text of the pull request",
    concerns=lambda _, __: True,
    read=_read_marks,
    settings=("body", "check-commands", "test-commands"),
    always=True,
    accept="the text is no file of the project, so nothing in it is accepted",
    sights=("BOXES",),
)

"""Chapters 5 and 8 of the contract: suppressions, the length of files, the checklist."""

from definition_of_done.engine.subject import FileSubject, RepositorySubject, late, nothing_else

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.gates.body_facts import Mark
    from definition_of_done.gates.length_facts import Length
    from definition_of_done.gates.suppression_facts import Blanket


# Each comment that silences a checker holds one of these.
_SILENCING = (b"noqa", b"ignore", b"pyright:", b"pylint:", b"mypy:")


def _read_blankets(session: "Session", path: str) -> "list[Blanket]":
    data = session.read(path)
    lower = data.lower()
    if not any(word in lower for word in _SILENCING):
        return []
    from definition_of_done.gates.suppression_facts import read_blankets

    return read_blankets(path, data)


BLANKETS: "FileSubject[list[Blanket]]" = FileSubject(
    "suppressions of a Python file",
    suffix=".py",
    concerns=lambda _, __: True,
    read=_read_blankets,
    settings=("since",),
    inputs=nothing_else,
)


def _read_length(session: "Session", path: str) -> "Length":
    from definition_of_done.gates.length_facts import read_length

    return read_length(path, session.read(path))


LENGTH: "FileSubject[Length]" = FileSubject(
    "length of a file",
    suffix="",
    usual=".py",
    concerns=lambda session, path: path.endswith(tuple(session.config["max-lines-for"])),
    read=_read_length,
    settings=("max-lines-for", "since"),
)

BODY: "RepositorySubject[list[Mark]]" = RepositorySubject(
    "text of the pull request",
    outside=True,
    concerns=lambda _, __: True,
    read=late("definition_of_done.gates.body_facts:read_marks"),
    settings=("body",),
    always=True,
    accept="the text is no file of the project, so nothing in it is accepted",
)

"""file-length: a file that is too long is split. Contract 5.2."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.gates.examples import lines
from definition_of_done.rules.gates.subjects import LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.gates.length import Length


@rule(
    id="file-length",
    contract="5.2",
    summary="no file has more lines than max-file-lines",
    why="What is read only in parts is changed in parts: two people work on one long file, and"
    " neither knows what it does as a whole.",
    subject=LENGTH,
    box=boxes.TASK_ALL,
    settings=("max-file-lines",),
    good=lines(36),
    bad=lines(37),
)
def check(length: Length, settings: Config) -> Iterator[Finding]:
    most = settings["max-file-lines"]
    if length.lines > most:
        message = f"the file has {length.lines} lines, and max-file-lines is {most}"
        yield Finding(length.spot, message, "split it by what changes together", symbol="length")

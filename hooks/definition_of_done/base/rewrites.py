"""Changes of a Python file as plain data: a rule names them, and `readers` makes and verifies them.

A finding carries them unmade, because libcst, which makes them, takes longer to load than most
hooks run.
"""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Step: TypeAlias = (
        "InString | Annotate | Declare | InBody | AddFunction | SetKeyword | DropComments"
    )


class InString(NamedTuple):
    """Put `text` for the characters [start, end) of the file, which lie in one string literal."""

    start: int
    end: int
    text: str


class Annotate(NamedTuple):
    """Annotate a module-level variable with the union of `types`, as the template spells them.

    `lowest` is the minor version of the oldest Python 3 that loads the file, None where it is not
    known.
    """

    name: str
    types: tuple[str, ...]
    lowest: int | None


class Declare(NamedTuple):
    """Add the module-level variable `name`, annotated as `Annotate` does it, with the value None.

    It stands below the last of the variables `after` that the module assigns.
    """

    name: str
    after: tuple[str, ...]
    types: tuple[str, ...]
    lowest: int | None


class InBody(NamedTuple):
    """Put statements for those with the numbers [first, last) of a function's body.

    Numbers count from 0, a docstring included; equal ones insert. The function is the last of its
    name at module level. `imports` are import statements that bind the names that the file lacks.
    """

    function: str
    first: int
    last: int
    source: str
    imports: tuple[str, ...] = ()


class AddFunction(NamedTuple):
    """Add a function at the end of the module, which has none of its name."""

    source: str
    imports: tuple[str, ...] = ()


class SetKeyword(NamedTuple):
    """Give the call that starts at an offset the keyword argument `name`, a string.

    An argument of that name is replaced.
    """

    start: int
    name: str
    text: str


class DropComments(NamedTuple):
    """Remove the lines with these numbers, each of which holds a comment alone."""

    lines: tuple[int, ...]


KINDS: tuple[type[Step], ...] = (
    *(InString, Annotate, Declare, InBody, AddFunction, SetKeyword, DropComments),
)


class Rewrite(NamedTuple):
    """The steps that mend one finding in one file, all together or not at all."""

    path: str
    steps: tuple[Step, ...]


def spelled(
    types: Sequence[str], lowest: int | None, prefix: str = "", optional: str = "Optional"
) -> str:
    """The annotation that joins types, for a Python 3 of a minor version and all newer ones.

    `prefix` is that of the names of `collections.abc` or `typing`. `optional` is the one of
    `Optional` and `Union` that stands for one type or None.
    """
    names = [kind.replace("Sequence", f"{prefix}Sequence") for kind in types]
    if lowest is None or lowest >= 10 or len(names) == 1:
        return " | ".join(names)
    if optional == "Optional" and len(names) == 2:
        return f"{prefix}Optional[{names[0]}]"
    return f"{prefix}Union[{', '.join(names)}]"

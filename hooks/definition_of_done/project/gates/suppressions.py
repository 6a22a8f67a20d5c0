"""The comments of a Python file that silence a checker and name no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.python import read_comments

# Asked first: to tokenise a file costs more than all the rest.
_MARKS = regex(rb"noqa|ty(?:pe)?:\s*ignore|pyright:|pyrefly:|pyre-|pylint:|mypy:|nosec", re.I)
# A code stands behind a colon; without one it is no code to the checker.
_CODED = r"\s*:\s*[A-Z]+[0-9]+"
_NOT_BRACKETS = r"(?=[\s\[]|$)(?!\s*\[\s*[\w-])"


class _Form(NamedTuple):
    """A form that silences a checker as a whole, `where` it does so, and the form with a code."""

    blanket: re.Pattern[str]
    where: str
    coded: str


_FORMS = (
    _Form(regex(rf"noqa(?![\w-])(?!{_CODED})", re.I), "line", "# noqa: F401"),
    _Form(regex(rf"type:\s*ignore{_NOT_BRACKETS}"), "line", "# type: ignore[arg-type]"),
    _Form(
        regex(rf"pyright:\s*ignore{_NOT_BRACKETS}"),
        "line",
        "# pyright: ignore[reportArgumentType]",
    ),
    _Form(regex(rf"ty:\s*ignore{_NOT_BRACKETS}"), "line", "# ty: ignore[invalid-argument-type]"),
    _Form(
        regex(rf"pyrefly:\s*ignore{_NOT_BRACKETS}"),
        "line",
        "# pyrefly: ignore[bad-argument-type]",
    ),
    _Form(regex(r"pyrefly:\s*ignore-errors\b"), "file", "# pyrefly: ignore[bad-argument-type]"),
    _Form(regex(r"pyre-(?:ignore|fixme)(?![\w-])(?!\[\s*\d)"), "line", "# pyre-ignore[6]"),
    _Form(
        regex(r"pyre-ignore-all-errors(?![\w-])(?!\[\s*\d)"),
        "file",
        "# pyre-ignore-all-errors[6]",
    ),
    # Bandit takes a test by its number or by its name, such as assert_used.
    _Form(
        regex(r"nosec(?![\w-])(?!\s*:?\s*(?:B[0-9]{3}|[a-z]+_[a-z_]+)\b)", re.I),
        "line",
        "# nosec B101",
    ),
    _Form(regex(rf"ruff:\s*noqa\b(?!{_CODED})", re.I), "file", "# ruff: noqa: F401"),
    _Form(regex(rf"flake8[:=]\s*noqa\b(?!{_CODED})", re.I), "file", "# flake8: noqa: F401"),
    _Form(
        regex(r"pylint:\s*disable(?:-next)?\s*=\s*(?:[\w-]+\s*,\s*)*all(?![\w-])"),
        "scope",
        "# pylint: disable=unused-import",
    ),
    _Form(
        regex(r"mypy:\s*(?:[\w-]+(?:\s*=\s*[\w\"'-]+)?\s*,\s*)*ignore-errors\b(?!\s*=\s*F)"),
        "file",
        '# mypy: disable-error-code="arg-type"',
    ),
)


class Blanket(NamedTuple):
    """A suppression that names no rule: its text, `where` it silences, and the form with a rule."""

    spot: Spot
    text: str
    where: str
    coded: str


def read_blankets(path: str, data: bytes) -> list[Blanket]:
    """The blanket suppressions of a file's bytes; raises Unreadable where it is not text."""
    return [*_blankets(path, data)] if _MARKS.search(data) else []


def _blankets(path: str, data: bytes) -> Iterator[Blanket]:
    for comment in read_comments(path, data):
        # One comment may hold several suppressions, each behind a # of its own.
        column = comment.column - 1
        for part in comment.text.split("#"):
            text = part.strip()
            for form in _FORMS:
                if found := form.blanket.match(text):
                    length = 1 + len(part) - len(part.lstrip()) + found.end()
                    spot = Spot.of(path, comment.line, column, length)
                    yield Blanket(spot, f"# {found[0].strip()}", form.where, form.coded)
            column += len(part) + 1

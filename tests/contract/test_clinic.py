"""A feature of a third shape: what breaks it, and what else is honest.

Its models stand in a package of many files and take columns from aliases, keys are composite, one
table is an association, queries and mutations have names of their own, and there are two schemas.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable

from tests.contract.worlds import Case, Edit, World, all_of
from tests.sample import CLINIC_BASE, CLINIC_FEATURE, SAMPLE_FOLDER

CLINIC = World("clinic", CLINIC_BASE, CLINIC_FEATURE)
CASES = tomllib.loads(SAMPLE_FOLDER.with_name("sample_clinic").joinpath("cases.toml").read_text())


def edits_of(told: list[list[str]]) -> dict[str, Edit]:
    """The edits as a case has them, with all pieces of a file in one."""
    edits: dict[str, Edit] = {}
    pieces: dict[str, list[tuple[str, str]]] = {}
    for path, *texts in told:
        match texts:
            case [old, new]:
                edits[path] = pieces.setdefault(path, [])
                pieces[path].append((old, new))
            case [text]:
                edits[path] = CLINIC.whole[text[1:]] if text.startswith("@") else text
            case _:
                edits[path] = None
    return edits


ROWS = [
    Case(
        told["sentence"],
        told["name"],
        CLINIC,
        edits_of(told["edits"]),
        tuple(told.get("finds", ())),
        landed=edits_of(told.get("landed", [])),
    )
    for told in CASES["case"]
]


@all_of(ROWS)
def test_clinic(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds


def test_both_whole() -> None:
    honest = [case for case in ROWS if not case.finds]
    assert len(honest) >= 60
    assert len(ROWS) - len(honest) >= 200

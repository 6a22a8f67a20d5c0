"""The identifiers of a migration, read without a parser and with one."""

from __future__ import annotations

import pytest

from definition_of_done.project.migrations.ancestry.history import scan
from definition_of_done.project.migrations.files.migration import read_identifiers

USUAL = """\
revision: str = "add_notes"
down_revision: str | None = "add_vendors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
"""
LATER = USUAL.replace("add_notes", "drop_notes")


@pytest.mark.parametrize(
    ("source", "revision", "parents"),
    [
        (f'"""Add notes."""\n\n{USUAL}', "add_notes", ("add_vendors",)),
        (f'"""Add notes."""\n\n{USUAL}'.replace("\n", "\r\n"), "add_notes", ("add_vendors",)),
        (f'"""Add notes."""\n{USUAL}'.replace('"add_vendors"', "None"), "add_notes", ()),
        (USUAL, "add_notes", ("add_vendors",)),
        # They stand in a text, before the ones that count.
        (f'TEXT = """\n{USUAL}"""\n{LATER}', "drop_notes", ("add_vendors",)),
        # The last one counts, and is not that of a function.
        (f"import os\n{USUAL}{LATER}", "drop_notes", ("add_vendors",)),
        (f"import os\n{USUAL}def f():\n    revision = 'x'\n", "add_notes", ("add_vendors",)),
        (f"import os\n{USUAL}if os:\n    revision = 'other'\n", "other", ("add_vendors",)),
        (f"import os\n{USUAL}down_revision = ('a', 'b')\n", "add_notes", ("a", "b")),
    ],
)
def test_identifiers(source: str, revision: str, parents: tuple[str, ...]) -> None:
    found = scan("a.py", source.encode())
    assert (found.revision, found.parents) == (revision, parents)
    by_parser = read_identifiers("a.py", source.encode())
    assert by_parser["revision"] is not None
    assert by_parser["revision"].values == (revision,)


def test_labels_beside_what_is_usual() -> None:
    source = f'"""Open a line."""\n{USUAL}branch_labels = ("billing",)\n'
    assert scan("a.py", source.encode()).labels == ("billing",)

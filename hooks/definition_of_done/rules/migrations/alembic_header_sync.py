"""alembic-header-sync: docstring, variables and filename of a migration agree. Contract 3.7."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import SHAPED_MIGRATION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.migrations.shapes.filename_form import Shaped


@rule(
    id="alembic-header-sync",
    contract="3.7",
    summary="the docstring agrees with the revision variables and the filename's date",
    why="People read the docstring and Alembic reads the variables: where a re-parented migration"
    " keeps its old Revises line, a reviewer follows a chain that does not exist.",
    subject=SHAPED_MIGRATION,
    box=boxes.MIGRATION,
    settings=("header-fields", "revision-annotations"),
    fixes=True,
    good=example(),
    bad=example(revises="add_vendors"),
)
def check(shaped: Shaped, settings: Config) -> Iterator[Finding]:
    from definition_of_done.project.migrations.shapes.header_sync import (
        annotation_faults,
        header_faults,
    )

    migration, form, lowest_python = shaped
    yield from header_faults(migration, settings["header-fields"], form.day(migration))
    if settings["revision-annotations"]:
        yield from annotation_faults(migration, lowest_python)

"""alembic-filename: a migration is YYYYMMDD_<short_snake_description>.py. Contract 3.4."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION_WITH_REVISION
from definition_of_done.rules.sample import MIGRATION as PATH
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.migration import Migration


@rule(
    id="alembic-filename",
    contract="3.4",
    summary="a migration's filename is its date and a snake_case description",
    why="In a folder of hundreds, YYYYMMDD_add_vendor_credits.py is found by its day and by its"
    " name; a hash by neither.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    good=example(),
    bad={PATH: None, **example(path=PATH.replace("20260601", "20260631"))},
)
def check(migration: Migration) -> Iterator[Finding]:
    from definition_of_done.project.migrations.slugs import filename_fault, suggested_filename

    name = migration.path.rpartition("/")[2]
    fault = filename_fault(name, migration.title)
    if fault:
        better = suggested_filename(migration)
        yield Finding(migration.start, fault, f"git mv it to {better}", symbol=name)

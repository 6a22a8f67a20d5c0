"""alembic-filename: a migration is YYYYMMDD_<short_snake_description>.py. Contract 3.4."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import SHAPED_MIGRATION
from definition_of_done.rules.sample import MIGRATION as PATH
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.shapes.filename_form import Shaped


@rule(
    id="alembic-filename",
    contract="3.4",
    summary="a migration's filename is its date and a snake_case description",
    why="In a folder of hundreds, YYYYMMDD_add_vendor_credits.py is found by its day and by its"
    " name; a hash by neither.",
    subject=SHAPED_MIGRATION,
    box=boxes.MIGRATION,
    good=example(),
    bad={PATH: None, **example(path=PATH.replace("20260601", "20260631"))},
)
def check(shaped: Shaped) -> Iterator[Finding]:
    migration, form, _ = shaped
    fault = form.fault(migration)
    if fault:
        name = migration.path.rpartition("/")[2]
        yield Finding(migration.start, fault, form.advice(migration), symbol=name)

"""alembic-revision-slug: a revision is a short snake_case slug. Contract 3.5."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION
from definition_of_done.rules.sample import example, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.migrations.files.migration import Migration


@rule(
    id="alembic-revision-slug",
    contract="3.5",
    summary="the revision is a short snake_case slug, not a hash",
    why="Other migrations, plans and changelogs refer to a revision by name: add_vendor_credits"
    " says what it is, ae1027a6acf does not. PostgreSQL holds 32 characters of it.",
    subject=MIGRATION,
    box=boxes.MIGRATION,
    settings=("revision-max-length", "revision-pattern"),
    good=example(),
    bad={**example(revision="3f2a91bc04de"), **plan("add_credit_limit", "3f2a91bc04de")},
)
def check(migration: Migration, settings: Config) -> Iterator[Finding]:
    from definition_of_done.project.migrations.files.slugs import advice, fault

    revision, form = migration.revision, settings["revision-pattern"]
    spot, symbol = migration.start, "revision"
    if revision is None:
        faults = ["the migration has no revision"]
    elif not revision.is_text:
        spot, faults = revision.spot, ["revision is not a string literal"]
    else:
        spot, symbol = revision.spot, revision.values[0]
        faults = [*fault(symbol, settings["revision-max-length"], form)]
    for message in faults:
        help = advice(form, migration.path, migration.title)
        yield Finding(spot, message, help, symbol=symbol)

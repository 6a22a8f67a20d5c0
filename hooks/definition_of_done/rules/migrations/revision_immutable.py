"""revision-immutable: a migration that others ran keeps its place. Contract 3.5."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import BASE_MIGRATIONS
from definition_of_done.rules.sample import MIGRATION, base_example, example, releases_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.migrations.ancestry.branch_migrations import BaseMigration

_BEFORE = example(
    title="add credit_limit to vendors",
    revises="add_vendors",
    down_revision="add_vendors",
    upgrade='op.add_column("vendors", sa.Column("credit_limit", sa.Integer(), comment="In cents"))',
    downgrade='op.drop_column("vendors", "credit_limit")',
)


@rule(
    id="revision-immutable",
    contract="3.5",
    summary="a migration of the base keeps its revision and its parent, and is not deleted",
    why="Every database that ran a migration knows it by its revision: one that is renamed or gone"
    " cannot be upgraded or rolled back any more.",
    subject=BASE_MIGRATIONS,
    box=boxes.MIGRATION,
    settings=("immutable-body",),
    good=base_example(),
    bad={
        MIGRATION: _BEFORE[MIGRATION],
        **base_example("add_credit_limit"),
        **releases_apart(),
    },
)
def check(changed: list[BaseMigration], settings: Config) -> Iterator[Finding]:
    restore = "restore it, and write a new migration for what has to change"
    for migration in changed:
        slug = migration.old.revision or ""
        if migration.path is None:
            message = f"revision {slug!r} stands on the base, and its migration is deleted"
            yield Finding(migration.spot, message, restore, symbol=slug)
        if migration.revision:
            message = f"revision {migration.revision.values[0]!r} is {slug!r} on the base"
            yield Finding(migration.revision.spot, message, restore, symbol=slug)
        if migration.parents:
            now, then = (
                ", ".join(names) or "None"
                for names in (migration.parents.values, migration.old.parents)
            )
            message = f"down_revision of {slug!r} is {now} here and {then} on the base"
            yield Finding(migration.parents.spot, message, restore, symbol=slug)
        if settings["immutable-body"] and not migration.same_body:
            message = f"the code of {slug!r} differs from the base's"
            yield Finding(migration.spot, message, restore, symbol=slug)

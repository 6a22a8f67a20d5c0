"""no-autogenerate-noise: nothing of Alembic's generator is left. Contract 3.2."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.files.migration import Migration


@rule(
    id="no-autogenerate-noise",
    contract="3.2",
    summary="no marker comment and no empty title of Alembic's generator is left",
    why='"please adjust!" in a merged migration says that nobody did: what was generated was never'
    " read as a change to the database.",
    subject=MIGRATION,
    box=boxes.MIGRATION,
    fixes=True,
    good=example(),
    bad=example(
        downgrade='# ### end Alembic commands ###\n    op.drop_column("vendor_credits",'
        ' "credit_limit")'
    ),
)
def check(migration: Migration) -> Iterator[Finding]:
    from definition_of_done.base.rewrites import DropComments, Rewrite
    from definition_of_done.project.migrations.files.slugs import EMPTY_TITLE

    for noise in migration.noise:
        yield Finding(
            noise.spot,
            "a comment of Alembic's generator is left",
            f"review what was generated, then remove the line {noise.text}",
            symbol=noise.text,
            rewrite=Rewrite(noise.spot.path, (DropComments((noise.spot.line,)),)),
        )
    header = migration.header
    if header and migration.title.lower() == EMPTY_TITLE:
        message = "the title is Alembic's 'empty message'"
        yield Finding(header.title_spot, message, "say what the migration does", symbol="title")

"""model-needs-migration: every schema change ships with a migration. Contract 3.1."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import MODELS
from definition_of_done.rules.sample import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.mapped.unmigrated import Unmigrated


@rule(
    id="model-needs-migration",
    contract="3.1",
    summary="what the branch's models gain, its migrations bring",
    why="Tests that create the tables from the models pass, and the first query in production"
    " fails: the column is in no database.",
    subject=MODELS,
    box=boxes.MIGRATION,
    proves=True,
    due=DONE,
    good=model(),
    bad=model('note: Mapped[str] = mapped_column(comment="Why it is open")'),
)
def check(unmigrated: Unmigrated) -> Iterator[Finding]:
    for gap in unmigrated.gaps:
        message = f"{gap.change}, and {gap.why}" if gap.why else gap.change
        advice = "write the migration that brings the database there"
        # An index that no query needs wants no migration.
        follows = [("no-speculative-fk-index", gap.spot.path, gap.indexed)]
        if gap.is_table:
            folders = gap.spot.path.split("/")
            follows = [("resource-full-chain", "", f"{folder}.migration") for folder in folders]
        yield Finding(gap.spot, message, advice, symbol=gap.symbol, follows=follows)
    if unmigrated.hidden:
        raise NotEvaluated(f"{unmigrated.hidden}: code that is not seen may have brought it")

"""model-needs-migration: every schema change ships with a migration. Contract 3.1."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MODELS
from definition_of_done.rules.sample import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.model_comparison import Difference


@rule(
    id="model-needs-migration",
    contract="3.1",
    summary="a branch that changes what models declare adds or changes a migration",
    why="Tests that create the tables from the models pass, and the first query in production"
    " fails: the column is in no database.",
    subject=MODELS,
    box=boxes.MIGRATION,
    proves=True,
    due=DONE,
    good=model(),
    bad=model('note: Mapped[str] = mapped_column(comment="Why it is open")'),
)
def check(differences: list[Difference]) -> Iterator[Finding]:
    for difference in differences:
        message = f"{difference.change}, and the branch has no migration"
        advice = "write the migration that brings the database there"
        yield Finding(difference.spot, message, advice, symbol=difference.symbol)

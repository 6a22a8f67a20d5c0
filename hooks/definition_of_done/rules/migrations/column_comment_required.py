"""column-comment-required: every new column says what it holds. Contract 3.10."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import COMMENTED
from definition_of_done.rules.sample import example, model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.mapped.model_comments import Commented


_ADD = 'add comment="what the value represents" to this column'
_MODEL = model(
    'credit_limit: Mapped[int | None] = mapped_column(comment="Highest open credit in cents")'
)


def _copy(session: Session, findings: Sequence[Finding]) -> None:
    from definition_of_done.project.migrations.mapped.model_comments import copy_comments

    copy_comments(session, [finding for finding in findings if finding.help == _ADD])


@rule(
    id="column-comment-required",
    contract="3.10",
    summary="every new column has a comment that explains what it represents, as in its model",
    why="Whoever reads the database next, a report, an auditor, a new colleague,"
    " sees the comment and not the code.",
    subject=COMMENTED,
    box=boxes.MIGRATION,
    fixes=True,
    completes=_copy,
    good={**example(), **_MODEL},
    bad={**example(comment=""), **_MODEL},
)
def check(commented: Commented) -> Iterator[Finding]:
    for column in commented.migration.new_columns:
        if column.comment_is_hidden:
            continue
        if message := commented.fault(column):
            yield Finding(column.spot, message, _ADD, symbol=column.label)
        elif message := commented.difference(column):
            advice = "say the same here and in the model"
            yield Finding(column.spot, message, advice, symbol=column.label)

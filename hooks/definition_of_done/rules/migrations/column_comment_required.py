"""column-comment-required: every new column says what it holds. Contract 3.10."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION_WITH_REVISION
from definition_of_done.rules.sample import example, model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.migration import Migration


_MODEL = model(
    'credit_limit: Mapped[int | None] = mapped_column(comment="Highest open credit in cents")'
)


def _copy(session: Session, findings: Sequence[Finding]) -> None:
    from definition_of_done.project.migrations.model_comments import copy_comments

    copy_comments(session, findings, _says_something)


@rule(
    id="column-comment-required",
    contract="3.10",
    summary="every new column has a comment that explains what it represents",
    why="Whoever reads the database next, a report, an auditor, a new colleague,"
    " sees the comment and not the code.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    fixes=True,
    completes=_copy,
    good={**example(), **_MODEL},
    bad={**example(comment=""), **_MODEL},
)
def check(migration: Migration) -> Iterator[Finding]:
    advice = 'add comment="what the value represents" to this column'
    for column in migration.new_columns:
        if column.comment_is_hidden:
            continue
        if column.comment is None:
            message = f"column {column.label} has no comment"
        elif not column.comment.strip():
            message = f"the comment of column {column.label} is empty"
        elif not _says_something(column.comment, column.name or ""):
            message = f"the comment of column {column.label} only repeats its name"
        else:
            continue
        yield Finding(column.spot, message, advice, symbol=column.label)


def _says_something(comment: str, name: str) -> bool:
    return bool(comment.strip()) and _bare(comment) != _bare(name)


def _bare(text: str) -> str:
    return "".join(text.replace("_", "").split()).lower()

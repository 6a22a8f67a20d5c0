"""no-speculative-fk-index: no index that only doubles a foreign key. Contract 3.11."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import KEY_INDEXES
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.migrations.tables.key_indexes import KeyIndex

_KEY = 'op.create_foreign_key("fk_credit", "vendor_credits", "vendors", ["{}"], ["id"])'
_INDEX = 'op.create_index("ix_credit", "vendor_credits", ["{}"])'
_BAD = "\n    ".join(line.format("credit_limit") for line in (_KEY, _INDEX))
_UNDO = (
    'op.drop_index("ix_credit", "vendor_credits")\n'
    '    op.drop_constraint("fk_credit", "vendor_credits")\n'
    '    op.drop_column("vendor_credits", "credit_limit")'
)


@rule(
    id="no-speculative-fk-index",
    contract="3.11",
    summary="no index on exactly the column of a new foreign key without a query on a feature page",
    why="Every index slows every write. PostgreSQL makes none for a foreign key: it searches the"
    " table by that column only when a row of the parent goes. One that no query of the feature"
    " needs is paid for and hardly used.",
    subject=KEY_INDEXES,
    box=boxes.MIGRATION,
    settings=("features",),
    good=example(),
    bad=example(more=_BAD, downgrade=_UNDO),
)
def check(indexes: list[KeyIndex], settings: Config) -> Iterator[Finding]:
    keeps_pages = bool(settings["features"])
    advice = "name the index and its query on the feature page"
    if not keeps_pages:
        advice = "accept it for a query: # dod: ignore[no-speculative-fk-index] <the query>"
    for index in indexes:
        name = f"index {index.name}" if index.name else "an index"
        message, joint = f"{name} on {index.label} serves the foreign key alone", ":"
        if index.is_inline:
            message, joint = f"column {index.label} is a foreign key with an index", ", and"
        if keeps_pages:
            message += f"{joint} no page plans its query"
        yield Finding(index.spot, message, f"leave it out, or {advice}", symbol=index.label)

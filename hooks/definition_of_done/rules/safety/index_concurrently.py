"""index-concurrently: an index of a table in use is built and dropped CONCURRENTLY."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import block, deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_CREATE = 'op.create_index("ix_amount", "vendor_credits", ["amount"]{})'
_DROP = 'op.drop_index("ix_amount", table_name="vendor_credits"{})'
_SAFELY = ", postgresql_concurrently=True"


@rule(
    id="index-concurrently",
    contract=BEYOND,
    summary="an index of a table in use is built and dropped CONCURRENTLY, in no transaction",
    why="Building an index locks out all writes to its table until it is built, and that of a large"
    " table takes minutes; dropping one waits for the longest query, and all others wait behind.",
    subject=DEPLOYMENT,
    good=deployed(block(_CREATE.format(_SAFELY)), block(_DROP.format(_SAFELY))),
    bad=deployed(_CREATE.format(""), _DROP.format("")),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.indexes import locking_indexes

    yield from locking_indexes(deployment)

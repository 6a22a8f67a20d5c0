"""no-application-imports: a migration imports neither models nor services of the application."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import IMPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.imports import Imported

_MODULE = "app.graphql.vendor_credits.models.vendor_credit"
_PAY = "op.execute(sa.update({}).where({}.amount < 0).values(amount=0))"
_UNDO = 'op.execute("UPDATE vendor_credits SET amount = -1 WHERE amount = 0")'
_TABLE = 'credits = sa.table("vendor_credits", sa.column("amount"))'


@rule(
    id="no-application-imports",
    contract=BEYOND,
    summary="a migration imports neither models nor services of the application",
    why="It runs again on each new database, years later: by then the model has columns that the"
    " database does not have yet, or is gone.",
    subject=IMPORTS,
    good=deployed(f"{_TABLE}\n    {_PAY.format('credits', 'credits.c')}", _UNDO),
    bad=deployed(
        f"from {_MODULE} import VendorCredit\n\n    {_PAY.format('VendorCredit', 'VendorCredit')}",
        _UNDO,
    ),
)
def check(imported: tuple[Imported, ...]) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.imports import application_imports

    yield from application_imports(imported)

"""tests-with-code: what a branch adds or changes in a resource has a test. Contract 4.5, 5.4."""

from __future__ import annotations

from definition_of_done.base.words import few, listed
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.resources.examples import service, test
from definition_of_done.rules.resources.subjects import UNTESTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.untested import UntestedCode

_TEST = """\
from sqlalchemy.orm import Session

from app.graphql.vendors.repositories.vendor_repository import VendorRepository
from app.graphql.vendors.services.vendor_service import VendorService


def test_finds_a_part(session: Session) -> None:
    service = VendorService(VendorRepository(session))
    row = service.create_vendor("Acme")
    assert service.find_vendors("cm") == [row]
    assert service.find_vendors("x") == []
"""


@rule(
    id="tests-with-code",
    contract="5.4",
    summary="what a branch adds or changes in a resource, and a new module or task, has a test",
    why="What lands without a test is tested by the first customer who calls it.",
    subject=UNTESTED,
    box=boxes.CHAIN,
    due=DONE,
    good={**service(), **test(_TEST)},
    bad={**service(), **test("# find_vendors is tested later\n")},
)
def check(untested: UntestedCode) -> Iterator[Finding]:
    from definition_of_done.project.api.resources import TESTS

    for found in untested.resources:
        message = (
            f"the branch {found.verb} {listed(few(found.names, 3))} of resource {found.resource},"
            " and neither adds nor changes a test of it"
        )
        follows = [("resource-full-chain", "", f"{found.resource}.{link}") for link in TESTS]
        advice, symbol = f"add a test to {found.test}", found.resource
        yield Finding(found.spot, message, advice, symbol=symbol, follows=follows)
    for new in untested.unreached:
        message = f"the branch adds {new.what}, and {new.lacks}"
        yield Finding(new.spot, message, "add a test that imports and calls it", symbol=new.symbol)

"""The happy path of the resolvers of vendor credits."""

from sqlalchemy.orm import Session

from app.graphql.schema import schema
from app.graphql.vendor_credits.repositories.vendor_credit_repository import VendorCreditRepository
from app.graphql.vendor_credits.services.vendor_credit_service import VendorCreditService


def test_create_and_list(session: Session) -> None:
    context = {"vendor_credits": VendorCreditService(VendorCreditRepository(session))}
    mutation = "mutation { createVendorCredit(input: {vendorId: 1, amount: 500}) { id } }"
    assert schema.execute_sync(mutation, context_value=context).errors is None
    listed = schema.execute_sync("{ vendorCredits { id } }", context_value=context)
    assert listed.data == {"vendorCredits": [{"id": 1}]}


def test_approve(session: Session) -> None:
    service = VendorCreditService(VendorCreditRepository(session))
    row = service.create_vendor_credit(1, 500)
    context = {"vendor_credits": service}
    mutation = 'mutation { approveVendorCredit(id: %d, approver: "ann") { approver note } }' % row.id
    approved = schema.execute_sync(mutation, context_value=context)
    assert approved.data == {"approveVendorCredit": {"approver": "ann", "note": None}}
    waiting = schema.execute_sync("{ pendingVendorCredits { approvedOn } }", context_value=context)
    assert waiting.data == {"pendingVendorCredits": []}

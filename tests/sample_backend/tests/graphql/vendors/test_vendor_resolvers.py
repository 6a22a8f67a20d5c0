"""The happy path of the resolvers of vendors."""

from sqlalchemy.orm import Session

from app.graphql.schema import schema
from app.graphql.vendors.repositories.vendor_repository import VendorRepository
from app.graphql.vendors.services.vendor_service import VendorService


def test_create_and_list(session: Session) -> None:
    context = {"vendors": VendorService(VendorRepository(session))}
    mutation = "mutation { createVendor(input: {title: \"Acme\"}) { id } }"
    assert schema.execute_sync(mutation, context_value=context).errors is None
    listed = schema.execute_sync("{ vendors { id } }", context_value=context)
    assert listed.data == {"vendors": [{"id": 1}]}

"""The schema of the API."""

import strawberry

from app.graphql.vendor_credits.mutations import VendorCreditMutations
from app.graphql.vendor_credits.queries import VendorCreditQueries
from app.graphql.vendors.mutations import VendorMutations
from app.graphql.vendors.queries import VendorQueries


@strawberry.type
class Query(VendorQueries, VendorCreditQueries):
    pass


@strawberry.type
class Mutation(VendorMutations, VendorCreditMutations):
    pass


schema = strawberry.Schema(query=Query, mutation=Mutation)

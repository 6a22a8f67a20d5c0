"""Mutations of vendors."""

import strawberry

from app.graphql.vendors.inputs import VendorInput
from app.graphql.vendors.types import VendorType


@strawberry.type
class VendorMutations:
    @strawberry.mutation
    def create_vendor(self, info: strawberry.Info, input: VendorInput) -> VendorType:
        row = info.context["vendors"].create_vendor(input.title)
        return VendorType(id=row.id, title=row.title)

    @strawberry.mutation
    def update_vendor(self, info: strawberry.Info, id: int, input: VendorInput) -> VendorType:
        row = info.context["vendors"].update_vendor(id, input.title)
        return VendorType(id=row.id, title=row.title)

    @strawberry.mutation
    def delete_vendor(self, info: strawberry.Info, id: int) -> bool:
        info.context["vendors"].delete_vendor(id)
        return True

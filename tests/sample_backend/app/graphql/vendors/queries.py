"""Queries of vendors."""

import strawberry

from app.graphql.vendors.types import VendorType


@strawberry.type
class VendorQueries:
    @strawberry.field
    def vendors(self, info: strawberry.Info) -> list[VendorType]:
        service = info.context["vendors"]
        return [VendorType(id=row.id, title=row.title) for row in service.list_vendors()]

"""Parcels in the database."""

from sqlalchemy.ext.asyncio import AsyncSession

from shop.api.shipments.models.parcel import Parcel


class ParcelRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def save(self, parcel: Parcel) -> Parcel:
        self.session.add(parcel)
        return parcel

"""An empty database in memory."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import Base
from app.graphql.vendor_credits.models.credit_approval import CreditApproval
from app.graphql.vendor_credits.models.vendor_credit import VendorCredit
from app.graphql.vendors.models.vendor import Vendor

__all__ = ["CreditApproval", "Vendor", "VendorCredit"]


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()

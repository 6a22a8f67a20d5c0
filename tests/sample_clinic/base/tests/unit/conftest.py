import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.db import Base


@pytest.fixture
def session():
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session

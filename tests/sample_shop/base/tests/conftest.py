import pytest


@pytest.fixture
def session():
    return None

"""One service for the tests that need no configuration of their own."""

import pytest
from tests.service.calling import Calls


@pytest.fixture(scope="session")
def calls() -> Calls:
    """The service as it is without a configuration."""
    return Calls()

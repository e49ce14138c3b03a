"""One open service for the tests of hooks that need no configuration of their own."""

import pytest
from tests.service.calling import Calls


@pytest.fixture(scope="session")
def calls() -> Calls:
    return Calls()

"""The proofs are run once, and read by many tests."""

import pytest

from corrin.verification import prove


@pytest.fixture(scope="session")
def certificate():
    """Every obligation of the locked guideline, under every profile."""
    return prove.run()

"""One crowd for every engine."""

import pytest
from tests.population import crowd as crowds

from corrin import guideline


@pytest.fixture(scope="session")
def crowd(tmp_path_factory) -> crowds.Crowd:
    """Two thousand random records under the United Kingdom's profile."""
    return crowds.gather(guideline.load(), tmp_path_factory.mktemp("crowd"), 2000)

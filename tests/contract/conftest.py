import pytest

from tests.contract.servers.examination import Examination


@pytest.fixture(scope="session")
def examination():
    """Examine the mock once; every broken server is compared with it."""
    return Examination()

import pytest

from tests.support.programs import RedisServer

pytest.register_assert_rewrite("tests.support.store_contract")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server

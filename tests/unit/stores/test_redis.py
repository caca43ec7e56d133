import re
import socket
import socketserver
import threading
from contextlib import closing

import pytest
import redis

from mockserver.errors import SettingsError, StoreUnavailable
from mockserver.stores.base import Limits
from mockserver.stores.redis import RedisStore, masked
from tests.programs import RedisServer, free_port
from tests.unit.stores.contract import SharedStoreContract, becomes, increment


@pytest.fixture
def url(redis_server):
    redis_server.flush()
    return redis_server.url


class TestRedisStore(SharedStoreContract):
    @pytest.fixture
    def place(self, url):
        return lambda limits: RedisStore(url, limits)


def test_clear_of_every_space_leaves_nothing_in_redis(url):
    with closing(RedisStore(url)) as store, closing(redis.Redis.from_url(url)) as client:
        for space in ("s", "t"):
            store.update(space, "kind", "a", increment)
            store.append(space, "log", {})
            store.clear(space)

        assert client.keys() == []


def test_everything_of_a_space_lives_under_its_prefix(url):
    with closing(RedisStore(url)) as store, closing(redis.Redis.from_url(url)) as client:
        store.update("s", "kind", "a", increment)
        store.append("s", "log", {})
        names = {name for name in client.scan_iter() if not name.startswith(b"mockserver:s:")}

    assert names == {b"mockserver:spaces"}


def test_an_update_that_loses_against_another_is_run_again_on_what_the_other_left(url):
    with closing(RedisStore(url)) as store, closing(RedisStore(url)) as rival:
        seen = []

        def change(record):
            seen.append(record)
            if len(seen) == 1:
                rival.update("s", "kind", "a", becomes({"n": 41}))
            return increment(record)

        assert store.update("s", "kind", "a", change) == {"n": 42}
        assert seen == [None, {"n": 41}]


def test_an_update_that_always_loses_says_so_in_the_end(url):
    with closing(RedisStore(url, attempts=5)) as store, closing(RedisStore(url)) as rival:

        def change(_):
            rival.update("s", "kind", "a", increment)
            return {"mine": True}

        with pytest.raises(StoreUnavailable, match="'a' in space 's' was changed by others 5 times"):
            store.update("s", "kind", "a", change)

        assert rival.get("s", "kind", "a") == {"n": 5}


def test_a_redis_that_was_killed_is_unavailable_until_it_is_back(tmp_path):
    with RedisServer(tmp_path) as server, closing(RedisStore(server.url)) as store:
        store.append("s", "log", {})
        server.kill()
        for verb in (store.ping, store.spaces, lambda: store.append("s", "log", {})):
            with pytest.raises(StoreUnavailable, match=f"redis://127.0.0.1:{server.port}/0 does not answer"):
                verb()
        server.start()

        assert store.append("s", "log", {}) == 1
        assert store.update("s", "kind", "a", increment) == {"n": 1}


def test_a_redis_that_came_back_between_two_calls_is_not_noticed(tmp_path):
    with RedisServer(tmp_path) as server, closing(RedisStore(server.url)) as store:
        store.ping()
        server.kill()
        server.start()

        assert store.append("s", "log", {}) == 1


class RedisThatHangsUp(socketserver.StreamRequestHandler):
    """Greets as Redis does, and cuts the connection in the middle of the first command."""

    def handle(self):
        while sent := self.request.recv(65_536):
            for command in re.findall(rb"\*\d+\r\n\$\d+\r\n(\w+)", sent):
                if command == b"EVALSHA":
                    self.server.writes += 1
                    return
                self.request.sendall(b"+PONG\r\n" if command == b"PING" else b"+OK\r\n")


def test_a_write_whose_fate_is_unknown_is_not_sent_again():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RedisThatHangsUp) as server:
        server.writes = 0
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"redis://127.0.0.1:{server.server_address[1]}/0"
        with closing(RedisStore(url)) as store, pytest.raises(StoreUnavailable):
            store.append("s", "log", {})
        server.shutdown()
        thread.join()

        assert server.writes == 1


def test_an_answer_that_does_not_come_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0?socket_timeout=0.05"
        with closing(RedisStore(url)) as store, pytest.raises(StoreUnavailable, match="Timeout"):
            store.ping()


def test_a_store_opens_before_its_redis_is_there_and_hides_the_password():
    with closing(RedisStore(f"redis://:secret@127.0.0.1:{free_port()}/0")) as store:
        with pytest.raises(StoreUnavailable, match=r"redis://:\*\*\*@127\.0\.0\.1") as caught:
            store.get("s", "kind", "a")

        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://me:secret@host/0", "redis://me:***@host/0"),
        ("rediss://:s/e@c:r?e#t@host:1/2", "rediss://:***@host:1/2"),
        ("unix://:secret@/tmp/redis.sock?db=1", "unix://:***@/tmp/redis.sock?db=1"),
        ("redis://host/0?password=secret&db=1", "redis://host/0?password=***&db=1"),
    ],
)
def test_a_password_is_hidden_wherever_it_stands(url, shown):
    assert masked(url) == shown


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("redis://host:port/0", "Port could not be cast", id="port in words"),
        pytest.param("redis://[host/0", "Invalid IPv6", id="broken address"),
        pytest.param("redis://host/0?colour=red", "colour", id="unknown option"),
        pytest.param("redis:host", "redis://", id="no slashes"),
        pytest.param("redis://host/0?decode_responses=true", "decode_responses", id="option that would break it"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url, message):
    with pytest.raises(SettingsError, match=message):
        RedisStore(url, Limits())

import contextlib
import itertools
import re
import signal
import socket
import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import redis

from mockserver.errors import Conflict, SettingsError, StoreUnavailable
from mockserver.stores.base import Limits
from mockserver.stores.redis.patience import Patience
from mockserver.stores.redis.store import RedisStore, masked
from tests.support.programs import RedisServer, free_port
from tests.support.store_contract import SharedStoreContract, becomes, increment


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


# --- together --------------------------------------------------------------------------------------------


LONG = {"text": "x" * 1_000}


@pytest.fixture
def store(url):
    with closing(RedisStore(url, attempts=20)) as store:
        yield store


@pytest.fixture
def rival(url):
    with closing(RedisStore(url)) as rival:
        yield rival


def again(store, work):
    """Do *work* together until it holds, and return what it returned and how often it was begun."""
    for turn in itertools.count(1):
        with contextlib.suppress(Conflict), store.transaction():
            found = work()
            store.append("s", "log", {"turn": turn})
        if not store._local.lost:
            return found, turn
    raise AssertionError


def visit(store):
    return store.update("s", "kind", "a", increment), store.get("s", "kind", "long")


def test_what_is_done_together_takes_one_round_trip(store, monkeypatch):
    again(store, lambda: visit(store))
    sent = []
    ask = store._redis.execute_command
    monkeypatch.setattr(store._redis, "execute_command", lambda *command: sent.append(command[0]) or ask(*command))

    assert again(store, lambda: visit(store)) == (({"n": 2}, None), 1)
    assert sent == ["EVALSHA"]


@pytest.mark.parametrize("value", [{"n": 41}, LONG, None], ids=["short", "long", "gone"])
def test_a_guess_that_is_wrong_is_noticed_and_what_was_done_on_it_is_done_again(store, rival, value):
    again(store, lambda: store.update("s", "kind", "a", becomes({"n": 1})))
    rival.update("s", "kind", "a", becomes(value))

    assert again(store, lambda: store.get("s", "kind", "a")) == (value, 2)
    assert [number for number, _ in rival.entries("s", "log")] == [1, 2], "a lost turn leaves nothing behind"


def test_a_long_value_that_is_as_it_was_is_recognised(store):
    again(store, lambda: store.update("s", "kind", "a", becomes(LONG)))

    assert again(store, lambda: store.get("s", "kind", "a")) == (LONG, 1)


def test_a_very_large_value_is_guessed_at_anew_each_time(store):
    large = {"text": "x" * 100_000}
    again(store, lambda: store.update("s", "kind", "a", becomes(large)))

    assert [again(store, lambda: store.get("s", "kind", "a")) for _ in range(2)] == [(large, 2)] * 2


def test_numbers_follow_those_that_others_gave(store, rival):
    again(store, lambda: None)
    for _ in range(3):
        rival.append("s", "log", {})

    assert again(store, lambda: store.append("s", "log", {})) == (5, 2)


def test_a_space_that_others_have_cleared_begins_anew(store, rival):
    again(store, lambda: visit(store))
    rival.clear("s")

    assert again(store, lambda: visit(store)) == (({"n": 1}, None), 2)
    assert [number for number, _ in rival.entries("s", "log")] == [1]


def refuse(store, wanted):
    with store.transaction():
        if store.get("s", "kind", "a") != wanted:
            raise ZeroDivisionError
        store.append("s", "log", {})


def test_what_is_raised_on_a_wrong_guess_does_not_count(store, rival):
    rival.update("s", "kind", "a", becomes({"n": 1}))
    with pytest.raises(Conflict):
        refuse(store, {"n": 1})
    refuse(store, {"n": 1})

    assert store.usage("s", "log").entries == 1


def test_what_is_raised_on_a_right_guess_undoes_what_was_done(store):
    with pytest.raises(ZeroDivisionError):
        refuse(store, {"n": 1})

    assert store.spaces() == []


def lose(store, rival):
    with store.transaction():
        store.update("s", "kind", "a", increment)
        rival.update("s", "kind", "a", increment)


def test_who_always_loses_is_told_so_in_the_end(store, rival):
    for _ in range(19):
        with pytest.raises(Conflict):
            lose(store, rival)

    with pytest.raises(StoreUnavailable, match="space 's' was changed by others 20 times"):
        lose(store, rival)
    assert rival.get("s", "kind", "a") == {"n": 20}


def test_another_space_is_asked_at_once(store):
    with store.transaction():
        store.append("s", "log", {})
        assert store.append("t", "log", {}) == 1
        assert store.update("t", "kind", "a", increment) == {"n": 1}
        assert store.get("t", "kind", "a") == {"n": 1}
        assert store.spaces() == ["t"]

    assert store.spaces() == ["s", "t"]


def test_many_who_count_together_lose_no_count(url):
    def count(_):
        with closing(RedisStore(url)) as store:
            for _ in range(25):
                again(store, lambda: store.update("s", "kind", "a", increment))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))
    with closing(RedisStore(url)) as store:
        assert store.get("s", "kind", "a") == {"n": 100}
        assert [number for number, _ in store.entries("s", "log")] == list(range(1, 101))


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
                replies = {b"PING": b"+PONG\r\n", b"TIME": b"*2\r\n$10\r\n1790000000\r\n$1\r\n0\r\n"}
                self.request.sendall(replies.get(command, b"+OK\r\n"))


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


@contextlib.contextmanager
def silent(server):
    """Let *server* answer nothing inside, and afterwards what it was sent meanwhile."""
    server._process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server._process.send_signal(signal.SIGCONT)


def empty_transaction(store):
    with store.transaction():
        store.append("s", "log", {})


VERBS = {
    "transaction": empty_transaction,
    "append": lambda store: store.append("s", "log", {}),
    "update": lambda store: store.update("s", "kind", "a", increment),
    "clear": lambda store: store.clear("s"),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_what_nobody_waited_for_is_not_done_when_a_silent_redis_wakes_up(tmp_path, verb):
    with RedisServer(tmp_path) as server, closing(RedisStore(f"{server.url}?socket_timeout=0.2")) as store:
        again(store, lambda: None)
        with silent(server), pytest.raises(StoreUnavailable):
            verb(store)
        with closing(RedisStore(server.url)) as later:
            later.ping()

            assert (later.usage("s", "log").entries, later.get("s", "kind", "a")) == (1, None)


def test_while_redis_is_silent_one_waits_for_it_and_no_others_behind_that_one(tmp_path):
    with RedisServer(tmp_path) as server, closing(RedisStore(f"{server.url}?socket_timeout=0.2")) as store:
        store.ping()
        with silent(server), pytest.raises(StoreUnavailable):
            store.ping()
        with store._one_at_a_time, pytest.raises(StoreUnavailable, match="others wait for it, too"):
            empty_transaction(store)
        store.spaces()

        assert not store._patience.silent


def test_a_clock_of_redis_that_was_set_is_noticed(url):
    with closing(RedisStore(url)) as store:
        store.append("s", "log", {})
        store._patience._ahead_s -= 3_600

        assert store.append("s", "log", {}) == 2


def test_no_time_is_left_for_what_comes_after_the_time_is_up():
    patience = Patience(0.0, 1.0)
    with patience.span(), pytest.raises(redis.TimeoutError, match="no time is left"):
        patience.left_s()


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

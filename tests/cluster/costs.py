"""Measures what each store costs, side by side: `python -m tests.cluster.costs`.

Every way of serving has its turn in each round, and the medians are told; the ratios are worth more than the numbers.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis

from tests.support.calling.callers import JS_DOOR
from tests.support.programs import RedisServer
from tests.support.serving.balancer import Balancer
from tests.support.serving.running import CHECKOUT, Served, children, running

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 16

#: Whom to ask, who answers, and what they share.
Way = tuple[str, list[Served], redis.Redis | None]


@contextmanager
def memory() -> Iterator[Way]:
    with running() as server:
        yield server.url, [server], None


@contextmanager
def with_file(kind: str) -> Iterator[Way]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running("--workers", 2, "--store", f"{kind}:{folder}/state") as server,
    ):
        yield server.url, [server], None


@contextmanager
def with_redis(workers: int) -> Iterator[Way]:
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer(Path(folder)) as store,
        running("--workers", workers, "--store", store.url) as server,
    ):
        yield server.url, [server], redis.Redis.from_url(store.url)


@contextmanager
def cluster() -> Iterator[Way]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(RedisServer(folder))
        servers = [stack.enter_context(running("--store", store.url)) for _ in range(2)]
        balancer = stack.enter_context(Balancer(folder, [server.url for server in servers]))
        yield balancer.url, servers, redis.Redis.from_url(store.url)


WAYS = {
    "memory:, 1 worker": memory,
    "sqlite:, 2 workers": lambda: with_file("sqlite"),
    "lmdb:, 2 workers": lambda: with_file("lmdb"),
    "redis:, 1 worker": lambda: with_redis(1),
    "redis:, 2 workers": lambda: with_redis(2),
    "redis:, 2 servers behind nginx": cluster,
}


def load(url: str) -> tuple[float, float]:
    """Return calls a second and the median latency in milliseconds."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency",
         "-s", CHECKOUT / "tests/support/calling/call.lua", url + JS_DOOR],
        env={"CALL": '{"appType": "EXTERNAL"}'}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "Non-2xx" not in said, said
    number, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", said).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1_000}[unit]


def spent(servers: list[Served], client: redis.Redis | None) -> tuple[float, ...]:
    """Return the processor seconds of the servers; with Redis, also its own, and its commands."""
    mine = sum(processor_s(worker) for server in servers for worker in children(server.pid))
    if client is None:
        return (mine,)
    cpu = client.info("cpu")
    return mine, cpu["used_cpu_user"] + cpu["used_cpu_sys"], client.info("stats")["total_commands_processed"]


def processor_s(process: int) -> float:
    """Return how long *process* has been computing."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measured() -> Iterator[str]:
    """Yield the lines of the table."""
    rates, waits, shares = defaultdict(list), defaultdict(list), defaultdict(list)
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            with way() as (url, servers, client):
                before = spent(servers, client)
                rate, wait = load(url)
                after = spent(servers, client)
            rates[name].append(rate)
            waits[name].append(wait)
            shares[name].append([(b - a) / (rate * SECONDS) for a, b in zip(before, after, strict=True)])
    yield "| store | calls a second | p50, ms | server: µs a call | Redis: µs a call | Redis: commands a call |"
    yield "|---|---|---|---|---|---|"
    for name in WAYS:
        rate, wait = statistics.median(rates[name]), statistics.median(waits[name])
        mine, *its = (statistics.median(column) for column in zip(*shares[name], strict=True))
        of_redis = f"{its[0] * 1e6:.0f} | {its[1]:.0f}" if its else " | "
        yield f"| `{name}` | {rate:.0f} | {wait:.1f} | {mine * 1e6:.0f} | {of_redis} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in measured())

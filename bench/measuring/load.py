"""Puts load on a server with wrk, and says what came of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measuring.processes import Failed, Tree
from bench.measuring.usage import usage
from bench.measuring.warm_up import WINDOW_S, WarmUp, warm_up

_SCRIPT = Path(__file__).with_name("post.lua")
#: No run that counts its answers takes longer, in seconds.
_LONGEST_COUNT_S = 300
#: A server so slow that nothing was answered gets more time before it counts as failed.
_STRETCHES = (1, 4, 16)


@dataclass(frozen=True)
class Load:
    """One run under load, without an error among the answers."""

    requests: int
    rps: float
    p50_ms: float
    p99_ms: float
    #: Processor time of the server's whole tree for one call; nearly the same on a busy machine as on a quiet one.
    cpu_us: float
    #: The share of the machine's processors that other programs took meanwhile, from 0 to 1.
    others: float


@dataclass(frozen=True)
class Posts:
    """A file of requests for `post.lua`."""

    file: Path

    @staticmethod
    def write(file: Path, requests: Sequence[tuple[str, str]]) -> Posts:
        """Write paths and bodies down."""
        file.write_text("".join(f"{path}\t{body}\n" for path, body in requests), encoding="utf-8")
        return Posts(file)


def put_load(server: Tree, port: int, posts: Posts, *, connections: int, seconds: float) -> Load:
    """Send *posts* over *connections* for *seconds*. Raises `Failed` when one of them is not answered with success."""
    for stretch in _STRETCHES:
        before = usage(server)
        counted = _wrk(port, posts, connections, f"{max(1, round(seconds * stretch))}s", [])
        after = usage(server)
        server.refuse_dead()
        if counted["requests"]:
            break
    else:
        raise Failed(f"no call was answered within {seconds * _STRETCHES[-1]} s of load")
    return Load(
        requests=counted["requests"],
        rps=round(counted["requests"] / counted["took_us"] * 1e6, 1),
        p50_ms=round(counted["p50_us"] / 1000, 3),
        p99_ms=round(counted["p99_us"] / 1000, 3),
        cpu_us=round((after.server_s - before.server_s) / counted["requests"] * 1e6, 1),
        others=after.others_share_since(before),
    )


def warmed(server: Tree, port: int, posts: Posts, *, connections: int, longest_s: float) -> WarmUp:
    """Put load on a server until its rate is stable. Raises `Failed` as `put_load` does."""

    def look() -> Load:
        return put_load(server, port, posts, connections=connections, seconds=min(WINDOW_S, longest_s))

    return warm_up(look, longest_s=longest_s)


def send(port: int, posts: Posts, count: int, *, connections: int = 8) -> None:
    """Send *posts* round and round until *count* were answered. Raises `Failed` when one is refused."""
    counted = _wrk(port, posts, connections, f"{_LONGEST_COUNT_S}s", [str(count)])
    if counted["requests"] < count:
        raise Failed(f"only {counted['requests']} of {count} requests were answered in {_LONGEST_COUNT_S} s")


def _wrk(port: int, posts: Posts, connections: int, duration: str, more: Sequence[str]) -> dict[str, int]:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise Failed("wrk is not installed; apt-get install wrk")
    url = f"http://127.0.0.1:{port}"
    options = ["-t", "1", "-c", str(connections), "-d", duration, "--timeout", "10s", "-s", str(_SCRIPT)]
    command = [wrk, *options, url, "--", str(posts.file), *more]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_COUNT_S + 60, check=False)
    if ran.returncode:
        raise Failed(f"wrk failed: {ran.stdout}{ran.stderr}")
    counted: dict[str, int] = json.loads(ran.stdout.splitlines()[-1])
    if counted["refused"] or counted["broken"]:
        raise Failed(f"under load, {counted['refused']} calls were refused and {counted['broken']} broke: {counted}")
    return counted

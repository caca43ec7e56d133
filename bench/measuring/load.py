"""Puts load on a server with wrk, and says what came of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measuring.processes import Failed, Tree

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
        before = server.cpu_s()
        told = _wrk(port, posts, connections, f"{max(1, round(seconds * stretch))}s", [])
        cpu_s = server.cpu_s() - before
        server.refuse_dead()
        if told["requests"]:
            break
    else:
        raise Failed(f"no call was answered within {seconds * _STRETCHES[-1]} s of load")
    return Load(
        requests=told["requests"],
        rps=round(told["requests"] / told["took_us"] * 1e6, 1),
        p50_ms=round(told["p50_us"] / 1000, 3),
        p99_ms=round(told["p99_us"] / 1000, 3),
        cpu_us=round(cpu_s / told["requests"] * 1e6, 1),
    )


def send(port: int, posts: Posts, count: int, *, connections: int = 8) -> None:
    """Send *posts* in turns until *count* were answered. Raises `Failed` when one is refused."""
    told = _wrk(port, posts, connections, f"{_LONGEST_COUNT_S}s", [str(count)])
    if told["requests"] < count:
        raise Failed(f"only {told['requests']} of {count} requests were answered in {_LONGEST_COUNT_S} s")


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
    told: dict[str, int] = json.loads(ran.stdout.splitlines()[-1])
    if told["refused"] or told["broken"]:
        raise Failed(f"under load, {told['refused']} calls were refused and {told['broken']} broke: {told}")
    return told

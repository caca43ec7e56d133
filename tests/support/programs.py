"""Programs that tests start: found on the machine, never faked."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, Self

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry


def needs_program(name: str, *, debian_package: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the path of a program; without it the test is skipped, but in CI it fails."""
    path = shutil.which(name, path=environ.get("PATH"))
    return path or missing(f"{name} is not installed; apt-get install {debian_package}", environ)


def missing(reason: str, environ: Mapping[str, str] = os.environ) -> NoReturn:
    """Say what the machine lacks: the test is skipped, but in CI it fails."""
    if environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)  # one's own desk may lack it, and the other tests are worth running there; CI may not


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class RedisServer:
    """A Redis of our own on a TCP port, which keeps nothing on disk and can be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self._program = needs_program("redis-server", debian_package="redis-server")
        self._directory = directory
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start, and return when it answers."""
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly no".split()
        self._process = subprocess.Popen(
            [self._program, *options, "--save", "", "--dir", str(self._directory)], stdout=subprocess.DEVNULL
        )
        with redis.Redis(port=self.port, retry=Retry(ConstantBackoff(0.01), 1_000)) as client:
            client.ping()

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

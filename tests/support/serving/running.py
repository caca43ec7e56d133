"""Runs the server as users do: the command, in processes of its own, asked over sockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, TypeVar

from tests.support.calling.asking import Answer, ask

CHECKOUT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "mockserver")

#: No start and no stop takes longer, in seconds, however busy the machine is.
PATIENCE = 60

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    url: str
    admin_token: str | None
    pid: int
    process: subprocess.Popen[str]
    stderr: IO[str]

    def ask(self, method: str, path: str, **what: object) -> Answer:
        """Send one request over a new connection."""
        return ask(self.url, method, path, **what)

    def log(self) -> str:
        """Return what the server has written to standard error so far."""
        self.stderr.seek(0)
        return self.stderr.read()

    def workers(self, count: int) -> list[int]:
        """Return the process ids of the workers, once there are *count*."""
        return eventually(lambda: children(self.pid), lambda found: len(found) == count)


@contextmanager
def running(*arguments: object, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Iterator[Served]:
    """Serve on a free port until the block ends; then the server must stop by itself, having shown no traceback."""
    with launched(*arguments, env=env, cwd=cwd) as (process, stderr):
        [line] = lines_of(process, 1) or [""]
        stderr.seek(0)
        assert line, f"the server never said that it answers:\n{stderr.read()}"
        ready = json.loads(line)
        served = Served(ready["url"], ready.get("admin_token"), process.pid, process, stderr)
        yield served
        stop(served)
        assert "Traceback" not in served.log(), served.log()
        assert process.returncode == 0, served.log()


def stop(served: Served, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the server to stop, unless it has, and wait until it did."""
    if served.process.poll() is None:
        served.process.send_signal(by)
        served.process.wait(PATIENCE)


@contextmanager
def launched(
    *arguments: object,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    ready: str = "json",
    under: Sequence[str] = (),
    stdin: int | IO[bytes] | None = None,
) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Start the command `serve`, *under* another; whatever is left of its processes in the end is killed."""
    with tempfile.TemporaryFile("w+") as stderr:
        process = subprocess.Popen(
            [*under, *COMMAND, "serve", "--port", "0", "--ready", ready, *map(str, arguments)],
            env=environment(env),
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
        try:
            yield process, stderr
        finally:
            kill_group(process)


def lines_of(process: subprocess.Popen[str], count: int) -> list[str]:
    """Return the first lines that *process* prints; fewer when it ends, or takes too long, before."""
    alarm = Timer(PATIENCE, process.kill)
    alarm.start()
    try:
        lines = [process.stdout.readline() for _ in range(count)]
    finally:
        alarm.cancel()
    return [line for line in lines if line]


def kill_group(process: subprocess.Popen[str]) -> None:
    """Leave nothing of the session that *process* leads."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def command(
    *arguments: object, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def eventually(look: Callable[[], Seen], wanted: Callable[[Seen], bool]) -> Seen:
    """Look until what is seen is as wanted, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {PATIENCE} s"
        time.sleep(0.01)
    return seen


def environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Return the variables of this process without any settings, and with *more*."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")}
    return {**mine, "PYTHONPATH": str(CHECKOUT), **(more or {})}


def children(pid: int) -> list[int]:
    """Return the ids of the processes that *pid* started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []

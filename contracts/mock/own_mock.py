"""A mock of our own, started for one examination."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import Any, Final

from ..errors import SteeringError
from ..processes.surroundings import for_own_mock

#: It ends within this time, or is ended.
_END_S: Final = 30
#: A start takes half a second, and much longer on a machine that is busy with other things.
_START_S: Final = 60


@contextmanager
def mock_at(url: str | None, *, python: str = sys.executable, patience_s: float = _START_S) -> Iterator[str]:
    """Yield the URL of a mock: the given one, or one that *python* runs as long as the block.

    Raises SteeringError, with what it said, when it does not start within *patience_s*.
    """
    if url:
        yield url.rstrip("/")
        return
    # -P: a package or a module of the user that has our name, or one of Python's, lies in the current folder.
    command = [python, "-P", "-m", "mockserver", "serve", "--ready", "json"]
    command += ["--host", "127.0.0.1", "--port", "0"]
    command += ["--stop-with-stdin", "on"]  # so that it ends with this process, however that ends
    with (
        TemporaryFile("w+") as log,
        subprocess.Popen(  # noqa: S603 - our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            env=for_own_mock(os.environ), start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield _ready_url(process, log, patience_s)
        finally:
            process.send_signal(signal.SIGINT)  # at once: nobody waits for a reply any more
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_S)
            process.kill()


def _ready_url(process: subprocess.Popen[str], log: Any, patience_s: float) -> str:
    speaks = process.stdout and select.select([process.stdout], [], [], patience_s)[0]
    line = process.stdout.readline() if process.stdout and speaks else ""
    try:
        url = str(json.loads(line)["url"])
    except (ValueError, KeyError) as error:
        if not speaks:
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_S)
        log.seek(0)
        printed = " ".join(f"{line} {log.read()}".split())[-1000:]
        raise SteeringError(f"the mock did not start: {printed or f'it said nothing for {patience_s:g} s'}") from error
    return url.rstrip("/")

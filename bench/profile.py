"""Says where the time of one call goes: `python -m bench.profile`, or with `--json` for `make bench`.

Calls are made through everything that a worker does for one, over a connection within one process. What is missing
is the network: waking up for a request, and the system's work for TCP.
"""

from __future__ import annotations

import cProfile
import itertools
import json
import logging
import os
import pstats
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from bench.work import PATH, read_contract, work_of
from mockserver.app import create_app
from mockserver.serving.gunicorn_server import options
from mockserver.serving.loop.loop import Loop
from mockserver.serving.worker import bounds_of
from mockserver.settings import Settings

CALLS = 3000
WARM_UP = 300

#: The functions whose time, with all that they call, is one step; none of them calls another.
STEPS: Mapping[str, tuple[str, str]] = {
    "receive": ("connection.py", "receive"),
    "take the request": ("intake.py", "next"),
    "find the operation": ("router.py", "find"),
    "read the call": ("calls.py", "call_of"),
    "judge it": ("validation.py", "validated"),
    "decide: session, stub, reply": ("decisions.py", "decided"),
    "record the exchange": ("journal.py", "append"),
    "write the reply": ("application.py", "respond"),
    "write its head": ("heads.py", "head_of"),
    "send": ("outbox.py", "flush"),
}


def main() -> None:
    """Measure and print."""
    call = caller(create_app(Settings(seed=7), wire=True))
    for _ in range(WARM_UP):
        call()
    began = time.process_time()
    for _ in range(CALLS):
        call()
    cpu_us = (time.process_time() - began) / CALLS * 1e6
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(CALLS):
        call()
    profile.disable()
    shares = shares_of(pstats.Stats(profile))
    if "--json" in sys.argv:
        print(json.dumps({"cpu_us": cpu_us, "shares": shares}))
        return
    print(f"{cpu_us:.0f} us of processor time a call")
    for step, share in shares.items():
        print(f"{share:6.0%}  {share * cpu_us:5.0f} us  {step}")


def caller(app: Any) -> Callable[[], None]:
    """Return what makes one call of the benchmark's work, and reads the reply."""
    body = work_of(read_contract()).body
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
    rest = f"Content-Length: {len(body)}\r\n\r\n{body}"
    numbers = itertools.count()
    cfg: Any = Config()
    for name, value in options(Settings()).items():
        cfg.set(name, value)
    logging.getLogger("gunicorn.error").propagate = False
    vars(cfg).update({name: setting.get() for name, setting in cfg.settings.items()})  # as the worker does
    listener = socket.create_server(("127.0.0.1", 0))
    loop = Loop(app, [listener], bounds_of(app, cfg), cfg=cfg, log=Logger(cfg), pipe=os.pipe())
    client = socket.create_connection(listener.getsockname())
    server, address = listener.accept()
    server.setblocking(False)
    loop.take(server, address)

    def call() -> None:
        # No head is that of the call before: see `measuring/post.lua`.
        client.send(f"{head}X-Request-Id: bench-{next(numbers):06d}\r\n{rest}".encode())
        loop.run_once(1)
        reply = client.recv(1 << 16)
        if not reply.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"the call was answered with {reply[:200]!r}")

    return call


def shares_of(stats: pstats.Stats) -> dict[str, float]:
    """Return the share of each step; what is left lies between them."""
    raw: Any = stats
    entries = raw.stats
    whole = sum(row[2] for row in entries.values())
    shares = {
        step: sum(
            row[3] for (module, _, function), row in entries.items() if module.endswith(file) and function == name
        )
        / whole
        for step, (file, name) in STEPS.items()
    }
    unseen = [step for step, share in shares.items() if not share]
    if unseen:
        raise SystemExit(f"no function of these was called: {', '.join(unseen)}; name what does that work now in STEPS")
    shares["everything between"] = 1 - sum(shares.values())
    return shares


if __name__ == "__main__":
    main()

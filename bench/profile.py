"""Says where the time of one call goes inside the application: `python -m bench.profile`.

The calls are made in process, so that gunicorn is not in it; what gunicorn adds is the difference to the
processor time per call that `make bench` measures over sockets.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bench.work import PATH, read_contract, work_of
from mockserver.app import create_app
from mockserver.settings import Settings

CALLS = 3000
WARM_UP = 300

#: The functions whose time, with all that they call, is one part; a part is taken out of the one that calls it.
PARTS: Mapping[str, tuple[str, str]] = {
    "judge the call": ("validation.py", "validated"),
    "decide: session, stub, reply": ("engine.py", "_decided"),
    "record the exchange": ("journal.py", "append"),
    "read the request": ("api.py", "received"),
    "write the response": ("api.py", "send"),
}


def main() -> None:
    """Measure and print."""
    call = caller(create_app(Settings(seed=7)).wsgi_app)
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
    print(f"{cpu_us:.0f} us of processor time a call, in process")
    for part, share in shares.items():
        print(f"{share:6.0%}  {share * cpu_us:5.0f} us  {part}")


def caller(app: Callable[..., Iterable[bytes]]) -> Callable[[], None]:
    """Return what makes one call of the benchmark's work."""
    body = work_of(read_contract()).body.encode()

    def call() -> None:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8080", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8080", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        }  # fmt: skip
        status: list[str] = []
        b"".join(app(environ, lambda line, _headers: status.append(line)))
        if not status[0].startswith("200"):
            raise SystemExit(f"the call was answered with {status[0]}")

    return call


def shares_of(stats: pstats.Stats) -> dict[str, float]:
    """Return the share of each part; what is left is Flask's and werkzeug's own."""
    raw: Any = stats
    entries = raw.stats
    whole = sum(row[2] for row in entries.values())
    shares = {
        part: sum(row[3] for place, row in entries.items() if place[0].endswith(file) and place[2] == name) / whole
        for part, (file, name) in PARTS.items()
    }
    shares["Flask and werkzeug: context, routing, response"] = 1 - sum(shares.values())
    return shares


if __name__ == "__main__":
    main()

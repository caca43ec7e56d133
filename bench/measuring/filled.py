"""Serves this server with a way to open many sessions at once, as a run of days would leave them.

    python -m bench.measuring.filled PORT

Its admin API has one route more: a POST with the body `COUNT FILE` opens sessions in the process that answers,
through the same service as calls do, and adds the ids of some to FILE. Over HTTP a million would take longer than
everything that is measured.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from flask import request

from bench.work import ACCOUNT, FILL
from mockserver.apis.engagement.sessions import FixedIds, Sessions
from mockserver.app import create_app
from mockserver.engine.engine import Engine
from mockserver.model import DEFAULT_SPACE, Call, ValidCall
from mockserver.serving.gunicorn_server import run
from mockserver.serving.process.starting import Start
from mockserver.serving.server import listener
from mockserver.settings import Settings

#: So many ids are written down each time at most.
MOST_IDS = 1000


def main() -> None:
    """Serve until a signal comes."""
    settings = Settings(port=int(sys.argv[1]))
    app = create_app(settings, wire=True)
    app.add_url_rule(FILL, endpoint="bench.fill", view_func=lambda: _fill(app.engine), methods=["POST"])
    with listener(settings.host, settings.port) as taken:
        run(app, settings, taken, Start(app.engine, settings, "", "", sys.stdout))


def _fill(engine: Engine) -> str:
    count, file = request.get_data(as_text=True).split(" ", 1)
    with Path(file).open("a", encoding="ascii") as ids:
        ids.writelines(f"{visitor} {session}\n" for visitor, session in open_sessions(engine, int(count)))
    return ""


def open_sessions(engine: Engine, count: int) -> list[tuple[str, str]]:
    """Open *count* sessions, each of a visitor of its own, and return the ids of some."""
    world = engine.spaces.world(DEFAULT_SPACE)
    call = ValidCall(Call("getEngagement", "POST", "/"), "getEngagement", ACCOUNT, {}, {})
    sessions = Sessions(engine.store)
    offered = {"1": world.now_ms + 900_000}
    drawn = set(random.sample(range(count), min(count, MOST_IDS)))
    visits = ((number, sessions.visit(call, world, FixedIds(), offered)) for number in range(count))
    return [(visit.visitor_id, visit.session_id) for number, visit in visits if number in drawn]


if __name__ == "__main__":
    main()

"""mountebank: identifiers by an injected function, a journal that grows; it has no schemas to validate by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.contestant import FRESH, Ask, Contestant, Journal, Ports
from bench.contestants.installed import BIN, npm_version
from bench.work import TEMPLATE, Work

_INJECTED = """(config) => {
  const id = (size) => require('crypto').randomBytes(size).toString('base64url').slice(0, size);
  const answer = Object.assign(%s, {sessionId: id(%d), visitorId: id(%d)});
  return {statusCode: 200, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(answer)};
}"""


def mountebank_contestant() -> Contestant:
    """Return mountebank, which does not validate."""
    note = "ids by an injected function; counting is left to the client"
    return Contestant("mountebank", _command, _JOURNAL, note, [BIN / "mb"], npm_version("mountebank"))


def _imposter(ports: Ports) -> Ask:
    return Ask("GET", f"/imposters/{ports.mock}", own_port=True)


_JOURNAL = Journal(
    count=_imposter,
    counted=lambda answer: len(answer["requests"]),
    everything=_imposter,
    entries=lambda answer: list(answer["requests"]),
    reset=lambda ports: Ask("DELETE", f"/imposters/{ports.mock}/savedRequests", own_port=True),
)


def _command(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    function = _INJECTED % (json.dumps(work.answer), FRESH["sessionId"], FRESH["visitorId"])
    path = "^" + TEMPLATE.replace("{accountId}", r"\w{1,20}") + "$"
    stubs = [
        {
            "predicates": [{"equals": {"method": "POST"}}, {"matches": {"path": path}}],
            "responses": [{"inject": function}],
        },
        {"responses": [{"is": {"statusCode": 404}}]},
    ]
    imposter = {"port": ports.mock, "host": "127.0.0.1", "protocol": "http", "recordRequests": True, "stubs": stubs}
    file = folder / "imposters.json"
    file.write_text(json.dumps({"imposters": [imposter]}), encoding="utf-8")
    # What its documentation advises for speed: few log lines, and no log file.
    quiet = ["--nologfile", "--loglevel", "warn", "--pidfile", str(folder / "mb.pid")]
    where = ["--port", str(ports.admin), "--host", "127.0.0.1", "--localOnly", "--allowInjection"]
    return [str(BIN / "mb"), "start", "--configfile", str(file), "--noParse", *where, *quiet]

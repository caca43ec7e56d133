"""The mock servers that integrators would pick instead, each set up to do the same work as well as it can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.contestants import mockoon
from bench.contestants.contestant import JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports, constant
from bench.contestants.documents import for_connexion, request_schema
from bench.work import CHECKOUT, TEMPLATE, Work, read_contract

HOME = CHECKOUT / "bench/peers"
_MODULES = HOME / "node_modules"
_BIN = _MODULES / ".bin"
_CONNEXION = HOME / "venv/bin/connexion"


def peer_contestants() -> list[Contestant]:
    """Return every peer; those that can validate, at a price, come with and without."""
    return [
        Contestant("Prism", _prism, None, "reads openapi.yaml; the contract's example, word for word",
                   [_BIN / "prism"], _npm("@stoplight/prism-cli")),
        Contestant("Prism -d", _prism_dynamic, None, "reads openapi.yaml; answers made up from the schema",
                   [_BIN / "prism"], _npm("@stoplight/prism-cli")),
        Contestant("Mockoon", _mockoon(validating=False), _MOCKOON_JOURNAL, "transaction logs of the admin API",
                   [_BIN / "mockoon-cli"], _npm("@mockoon/cli")),
        Contestant("Mockoon, validating", _mockoon(validating=True), _MOCKOON_JOURNAL,
                   "body by JSON Schema, which it compiles for each call", [_BIN / "mockoon-cli"], _npm("@mockoon/cli"),
                   journal_timed=False),
        Contestant("WireMock", _wiremock(validating=False), _WIREMOCK_JOURNAL, "its jar, by java",
                   [_jar_folder()], _npm("wiremock")),
        Contestant("WireMock, validating", _wiremock(validating=True), _WIREMOCK_JOURNAL,
                   "its jar, by java; body by JSON Schema", [_jar_folder()], _npm("wiremock"), journal_timed=False),
        Contestant("mountebank", _mountebank, _MOUNTEBANK_JOURNAL,
                   "ids by an injected function; journal unbounded; counting is left to the client",
                   [_BIN / "mb"], _npm("mountebank")),
        Contestant("connexion", _connexion, None, "a derived OpenAPI 3.0 document; its example, word for word",
                   [_CONNEXION], _connexion_version),
    ]  # fmt: skip


def _npm(package: str) -> Any:
    def version() -> str:
        return str(json.loads((_MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])

    return version


def _connexion_version() -> str:
    found = next(HOME.glob("venv/lib/python*/site-packages/connexion-*.dist-info"))
    return found.name.removeprefix("connexion-").removesuffix(".dist-info")


# --- Prism: validates by the contract itself; keeps no journal -------------------------------------------


def _prism(_folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
    # It would write several lines for each call; without them it is as fast as it can be.
    options = ["--host", "127.0.0.1", "--port", str(ports.mock), "--verboseLevel", "error"]
    return [str(_BIN / "prism"), "mock", str(CHECKOUT / "openapi.yaml"), *options]


def _prism_dynamic(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    return [*_prism(folder, ports, work), "--dynamic"]


# --- Mockoon ---------------------------------------------------------------------------------------------

_TOKEN = "bench"
_MOCKOON_HEADERS = (("Authorization", f"Bearer {_TOKEN}"),)
_MOCKOON_LOGS = constant(Ask("GET", f"/mockoon-admin/logs?page=1&limit={JOURNAL_ENTRIES}", headers=_MOCKOON_HEADERS))
_MOCKOON_JOURNAL = Journal(
    count=_MOCKOON_LOGS,
    counted=len,
    everything=_MOCKOON_LOGS,
    reset=constant(Ask("POST", "/mockoon-admin/state/purge", headers=_MOCKOON_HEADERS)),
)


def _mockoon(*, validating: bool) -> Any:
    def prepare(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
        schema = request_schema(read_contract()) if validating else None
        file = folder / "mockoon.json"
        file.write_text(json.dumps(mockoon.environment(ports.mock, work.answer, schema)), encoding="utf-8")
        options = ["--disable-log-to-file", "--max-transaction-logs", str(JOURNAL_ENTRIES)]
        return [str(_BIN / "mockoon-cli"), "start", "--data", str(file), "--admin-api-token", _TOKEN, *options]

    return prepare


# --- WireMock --------------------------------------------------------------------------------------------

_WIREMOCK_JOURNAL = Journal(
    count=constant(Ask("POST", "/__admin/requests/count", {"method": "POST", "urlPathTemplate": TEMPLATE})),
    counted=lambda told: int(told["count"]),
    everything=constant(Ask("GET", "/__admin/requests")),
    reset=constant(Ask("POST", "/__admin/reset")),
)


def _jar_folder() -> Path:
    return _MODULES / "wiremock/build"


def _wiremock(*, validating: bool) -> Any:
    def prepare(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
        asked: dict[str, Any] = {"method": "POST", "urlPathTemplate": TEMPLATE}
        if validating:
            schema = request_schema(read_contract())
            asked["bodyPatterns"] = [{"matchesJsonSchema": schema, "schemaVersion": "V202012"}]
        ids = {name: f"{{{{randomValue length={size} type='ALPHANUMERIC'}}}}" for name, size in _FRESH.items()}
        answered = {
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps({**work.answer, **ids}),
            "transformers": ["response-template"],
        }
        mappings = folder / "mappings"
        mappings.mkdir()
        (mappings / "one.json").write_text(json.dumps({"request": asked, "response": answered}), encoding="utf-8")
        [jar] = _jar_folder().glob("wiremock-standalone-*.jar")
        java = shutil.which("java") or "java"
        where = ["--port", str(ports.mock), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
        bound = ["--max-request-journal-entries", str(JOURNAL_ENTRIES)]
        return [java, "-jar", str(jar), *where, *bound, "--disable-banner"]

    return prepare


#: The identifiers that are new in each reply, and how long they are.
_FRESH = {"sessionId": 22, "visitorId": 23}

# --- mountebank ------------------------------------------------------------------------------------------


def _imposter(ports: Ports) -> Ask:
    return Ask("GET", f"/imposters/{ports.mock}", own_port=True)


_MOUNTEBANK_JOURNAL = Journal(
    count=_imposter,
    counted=lambda told: len(told["requests"]),
    everything=_imposter,
    reset=lambda ports: Ask("DELETE", f"/imposters/{ports.mock}/savedRequests", own_port=True),
)
_INJECTED = """(config) => {
  const id = (size) => require('crypto').randomBytes(size).toString('base64url').slice(0, size);
  const answer = Object.assign(%s, {sessionId: id(%d), visitorId: id(%d)});
  return {statusCode: 200, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(answer)};
}"""


def _mountebank(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    function = _INJECTED % (json.dumps(work.answer), _FRESH["sessionId"], _FRESH["visitorId"])
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
    return [str(_BIN / "mb"), "start", "--configfile", str(file), "--noParse", *where, *quiet]


# --- connexion -------------------------------------------------------------------------------------------


def _connexion(folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
    file = folder / "openapi.json"
    file.write_text(json.dumps(for_connexion(read_contract())), encoding="utf-8")
    return [str(_CONNEXION), "run", str(file), "--mock", "all", "--host", "127.0.0.1", "--port", str(ports.mock)]

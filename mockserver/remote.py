"""Steers a running server over its admin API: what the pytest plugin gives to tests."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockserver.errors import MockServerError
from mockserver.model import Json

_TIMEOUT_S = 30
#: A mock stands beside its tests: what the environment says about proxies is for the outside world.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SteeringError(MockServerError):
    """The server refused to be steered so, or does not answer; the message is the server's."""


@dataclass(frozen=True)
class Remote:
    """One space of a running server."""

    #: The base URL of the space: what a client under test is given.
    url: str
    token: str = ""

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """Send one admin request and return its JSON. Raises `SteeringError` with the server's words."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__admin{path}", data, method=method)  # noqa: S310 the server's URL
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with _DIRECT.open(request, timeout=_TIMEOUT_S) as answer:
                text = answer.read()
            return json.loads(text) if text else None
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise SteeringError(_refused(refusal, self.url)) from None
        except (OSError, http.client.HTTPException) as error:
            raise SteeringError(
                f"no mock server answers at {self.url}: {error}; is it running, and is that its address?"
            ) from None
        except ValueError:
            raise SteeringError(f"what answers at {self.url} is no mock server: its answer is no JSON") from None

    def use(self, scenario: str | Path | Mapping[str, Json]) -> None:
        """Put a scenario in force: a preset's name, a file, a document, or YAML text of several lines."""
        if isinstance(scenario, Mapping):
            choice: Json = {"scenario": scenario}
        elif isinstance(scenario, Path):
            choice = {"text": scenario.read_text(encoding="utf-8")}
        elif "\n" in scenario:
            choice = {"text": scenario}
        else:
            choice = {"preset": scenario}
        self.ask("PUT", "/scenario", choice)

    def fault(self, *, window: Mapping[str, Json] | None = None, **faults: Json) -> None:
        """Switch faults on for every call of the space, or those in *window*: `fault(delay={"ms": 200})`.

        They replace the faults that were on before; without any, all are off.
        """
        limits = {} if window is None else {"window": window}
        self.ask("PUT", "/faults", {"faults": [{name: settings, **limits} for name, settings in faults.items()]})

    def rules(self, **rules: Json) -> None:
        """Give the space rules of its own: `rules(second_request="consumer")`."""
        self.ask("PUT", "/rules", rules)

    def seed(self, seed: int) -> None:
        """Seed what the space draws."""
        self.ask("PUT", "/seed", {"seed": seed})

    @property
    def clock(self) -> RemoteClock:
        """The clock of the space."""
        return RemoteClock(self)

    @property
    def journal(self) -> list[dict[str, Json]]:
        """Every exchange of the space, oldest first. Raises `SteeringError` when some were dropped."""
        found: list[dict[str, Json]] = []
        while True:
            after = found[-1]["number"] if found else 0
            page = self.ask("GET", f"/journal?after={after}")
            if page["dropped"]:
                raise SteeringError(f"the journal had to drop {page['dropped']} exchanges; raise journal_entries")
            found += page["exchanges"]
            if not page["more"]:
                return found

    def assert_called(self, *, times: int | None = None, **match: Json) -> None:
        """Fail unless the space saw such exchanges: `assert_called(operation="updateSession", times=1)`.

        *match* takes the filters of the journal. Without *times*, once or more will do.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        wanted: dict[str, Json] = {"match": match} if times is None else {"match": match, "exactly": times}
        verdict = self.ask("POST", "/journal/verify", wanted)
        if not verdict["verified"]:
            raise AssertionError("\n".join([verdict["message"], *map(_near, verdict["nearest"])]))

    def broken_clauses(self) -> list[str]:
        """Return a line for each clause that a call of the space broke."""
        return [
            f"{_told(exchange)}: {violation['where']}: {violation['what']} ({violation['clause']})"
            for exchange in self.journal
            for violation in exchange["violations"]
        ]

    def told(self) -> list[str]:
        """Return a line for each exchange of the space, for people."""
        return [
            " ".join([_told(exchange), *(f"[breaks {violation['clause']}]" for violation in exchange["violations"])])
            for exchange in self.journal
        ]

    def reset(self) -> None:
        """Make the space as new."""
        self.ask("POST", "/reset")


@dataclass(frozen=True)
class RemoteClock:
    """The virtual clock of one space; all times in seconds."""

    remote: Remote

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, now or at *at*, seconds since 1970 UTC."""
        self._set(frozen=True, at=at)

    def run(self, at: float | None = None) -> None:
        """Let the clock run, from now or from *at*."""
        self._set(frozen=False, at=at)

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.remote.ask("POST", "/clock/advance", {"ms": round(seconds * 1000)})

    def now(self) -> float:
        """Read the clock."""
        ms: int = self.remote.ask("GET", "/clock")["now_ms"]
        return ms / 1000

    def _set(self, *, frozen: bool, at: float | None) -> None:
        moment = {} if at is None else {"now_ms": round(at * 1000)}
        self.remote.ask("PUT", "/clock", {"frozen": frozen, **moment})


def space_url(server: str, space: str) -> str:
    """Return the base URL of *space* on *server*."""
    return f"{server.rstrip('/')}/__space/{urllib.parse.quote(space)}"


def _near(other: Mapping[str, Json]) -> str:
    return "\n".join([f"  nearest: {_told(other['exchange'])}", *(f"    {line}" for line in other["differences"])])


def _told(exchange: Mapping[str, Json]) -> str:
    call = exchange["call"]
    return f"exchange {exchange['number']}, {call['method']} {call['path']} -> {exchange['reply']['status']}"


def _refused(refusal: urllib.error.HTTPError, url: str) -> str:
    """Return the words of the admin API, or say that it was not the admin API that refused."""
    try:
        return str(json.loads(refusal.read())["error"])
    except (ValueError, TypeError, KeyError):
        return f"what answers at {url} is no mock server: it says {refusal.code} {refusal.reason}"

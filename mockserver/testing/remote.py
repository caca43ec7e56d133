"""Steers a running server over its admin API: what the pytest plugin gives to tests."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mockserver.abbreviation import printable
from mockserver.errors import MockServerError
from mockserver.model import Json
from mockserver.tokens import token as read_token

#: pytest shows the line of the test that failed, and no line of this module.
__tracebackhide__ = True

_TIMEOUT_S = 30
#: Where the admin API stands in each space.
_ADMIN = "/__admin"
#: A mock stands beside its tests: what the environment says about proxies is for the outside world.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SteeringError(MockServerError):
    """The server refused to be steered so, or does not answer; the message is the server's."""


class NobodyAnswers(SteeringError):
    """There is no server."""


#: A date, by ISO 8601 too, in UTC unless it names an offset; or milliseconds since 1970.
Moment = datetime | str | int


@dataclass(frozen=True)
class Mark:
    """A place in a journal: the number of an exchange, and when it came, because numbers start over with a reset."""

    number: int
    arrived_ms: int


BEGINNING = Mark(0, 0)
NO_SENTENCES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Remote:
    """One space of a running server."""

    #: The base URL of the space: what a client under test is given.
    url: str
    token: str = ""

    def __post_init__(self) -> None:
        """Raise `ValueError` for a token that no request could carry; blanks and line ends around it do not count."""
        if self.token:
            object.__setattr__(self, "token", read_token(self.token))

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """Send one admin request and return its JSON.

        *path* is the one that the pages name, with or without `/__admin` before it.
        Raises `SteeringError` with the server's words, or `NobodyAnswers` when there is no server.
        """
        data = None if body is None else json.dumps(body).encode()
        rest = "/" + path.removeprefix(_ADMIN).lstrip("/")
        request = urllib.request.Request(f"{self.url}{_ADMIN}{rest}", data, method=method)  # noqa: S310 the server's URL
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
            raise NobodyAnswers(
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
        """Every exchange of the space, oldest first. Raises `SteeringError` when some were dropped or lost."""
        return self.since(BEGINNING)

    def mark(self) -> Mark:
        """Mark the end of the journal, for `since`."""
        page = self.ask("GET", "/journal?limit=1")
        last = page["entries"] + page["dropped"]
        newest = self.ask("GET", f"/journal?after={last - 1}&limit=1")["exchanges"] if last else []
        return Mark(last, newest[0]["arrived_ms"]) if newest else BEGINNING

    def since(self, mark: Mark) -> list[dict[str, Json]]:
        """Every exchange after *mark*; all there are where the space was reset since.

        Raises `SteeringError` when some of them were dropped or lost.
        """
        found: list[dict[str, Json]] = []
        after = max(mark.number - 1, 0)
        while True:
            page = self.ask("GET", f"/journal?after={after}")
            if page["lost"]:
                raise SteeringError(page["lost"]["message"])
            found += page["exchanges"]
            if not page["more"]:
                break
            after = found[-1]["number"]
        if mark != BEGINNING:
            if found and Mark(found[0]["number"], found[0]["arrived_ms"]) == mark:
                return found[1:]
            return self.since(BEGINNING)
        if page["dropped"]:
            raise SteeringError(f"the journal had to drop {page['dropped']} exchanges; raise journal_entries")
        return found

    def assert_called(self, *, times: int | None = None, **match: Json) -> None:
        """Fail unless the space saw such exchanges: `assert_called(operation="updateSession", times=1)`.

        *match* takes the filters of a verification; `body={"appType": "EXTERNAL"}` and `header={"X-Trace": "7"}` say
        what was sent. Without *times*, once or more will do. Raises `AssertionError` when it did not, and
        `SteeringError` for a filter that there is not.
        """
        wanted: dict[str, Json] = {"match": match} if times is None else {"match": match, "exactly": times}
        verdict = self.ask("POST", "/journal/verify", wanted)
        if not verdict["verified"]:
            raise AssertionError("\n".join([verdict["message"], *map(_near, verdict["nearest"])]))

    def broken_clauses(self) -> list[str]:
        """Return a line for each clause that a call of the space broke."""
        return broken_clauses(self.journal)

    def sentences(self, exchanges: Sequence[Mapping[str, Json]]) -> dict[str, str]:
        """Return the sentence of each clause that a call of *exchanges* broke, by its id."""
        broken = {violation["clause"] for exchange in exchanges for violation in exchange["violations"]}
        if not broken:
            return {}
        return {
            clause["id"]: clause["rule"] for clause in self.ask("GET", "/clauses")["clauses"] if clause["id"] in broken
        }

    def reset(self) -> None:
        """Make the space as new."""
        self.ask("POST", "/reset")


@dataclass(frozen=True)
class RemoteClock:
    """The virtual clock of one space. A bare number is milliseconds, as in scenarios, journal and admin API."""

    remote: Remote

    def freeze(self, at: Moment | None = None) -> None:
        """Stop the clock, now or at the moment *at*."""
        self._set(frozen=True, at=at)

    def run(self, at: Moment | None = None) -> None:
        """Let the clock run, from now or from the moment *at*."""
        self._set(frozen=False, at=at)

    def advance(self, by: timedelta | int) -> None:
        """Move the clock forward."""
        ms = by // timedelta(milliseconds=1) if isinstance(by, timedelta) else by
        self.remote.ask("POST", "/clock/advance", {"ms": ms})

    def now(self) -> datetime:
        """Read the clock, in UTC."""
        return datetime.fromisoformat(self.remote.ask("GET", "/clock")["now"])

    def _set(self, *, frozen: bool, at: Moment | None) -> None:
        if isinstance(at, datetime):
            at = at.isoformat()
        moment = {} if at is None else {"now" if isinstance(at, str) else "now_ms": at}
        self.remote.ask("PUT", "/clock", {"frozen": frozen, **moment})


def broken_clauses(exchanges: Sequence[Mapping[str, Json]], sentences: Mapping[str, str] = NO_SENTENCES) -> list[str]:
    """Return a line for each clause that a call of *exchanges* broke, and the clause's sentence where it is given."""
    return [
        line
        for exchange in exchanges
        for violation in exchange["violations"]
        for line in (
            f"{_line_of(exchange)}: {printable(violation['where'] + ': ' + violation['what'])} ({violation['clause']})",
            *_sentence(violation["clause"], sentences),
        )
    ]


def in_lines(exchanges: Sequence[Mapping[str, Json]], sentences: Mapping[str, str] = NO_SENTENCES) -> list[str]:
    """Return a line for each of *exchanges*, for people, and the sentences of the clauses that it broke below it."""
    return [
        line
        for exchange in exchanges
        for clauses in [[violation["clause"] for violation in exchange["violations"]]]
        for line in (
            " ".join([_line_of(exchange), *(f"[breaks {clause}]" for clause in clauses)]),
            *(sentence for clause in dict.fromkeys(clauses) for sentence in _sentence(clause, sentences)),
        )
    ]


def end_of(exchanges: Sequence[Mapping[str, Json]], before: Mark) -> Mark:
    """Return the mark after *exchanges*, which is that *before* them when there are none."""
    return Mark(exchanges[-1]["number"], exchanges[-1]["arrived_ms"]) if exchanges else before


def space_url(server: str, space: str) -> str:
    """Return the base URL of *space* on *server*."""
    return f"{server.rstrip('/')}/__space/{urllib.parse.quote(space)}"


def _sentence(clause: str, sentences: Mapping[str, str]) -> list[str]:
    return [f"    {clause}: {sentences[clause]}"] if clause in sentences else []


def _near(other: Mapping[str, Json]) -> str:
    differences = (f"    {printable(line)}" for line in other["differences"])
    return "\n".join([f"  nearest: {_line_of(other['exchange'])}", *differences])


def _line_of(exchange: Mapping[str, Json]) -> str:
    call = exchange["call"]
    asked = f"{call['method']} {printable(call['path'])}"  # which a terminal would obey
    return f"exchange {exchange['number']}, {asked} -> {exchange['reply']['status']}"


def _refused(refusal: urllib.error.HTTPError, url: str) -> str:
    """Return the words of the admin API, or say that it was not the admin API that refused."""
    try:
        return str(json.loads(refusal.read())["error"])
    except (ValueError, TypeError, KeyError):
        return f"what answers at {url} is no mock server: it says {refusal.code} {refusal.reason}"

"""One space of a running mock, steered over its admin API; and a mock of our own, started for one examination."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from ..errors import CannotExamine
from ..processes.surroundings import for_own_mock
from ..wire.reasons import reason

_TIMEOUT_S: Final = 30
#: A start takes half a second, and much longer on a machine that is busy with other things.
_START_S: Final = 60
_PAGE: Final = 1000


class SteeringError(CannotExamine):
    """The mock cannot be started, reached or steered."""


class NotOfferedError(SteeringError):
    """The mock refused something that it does not offer, such as a fault."""


@dataclass(frozen=True)
class Space:
    """One isolated world on the server at *url*."""

    url: str
    name: str
    #: What the admin API wants to see, when the server has a token.
    token: str = ""

    def base(self, address: str) -> str:
        """Return the base URL of the space, chosen by `path` or by `host`."""
        if address == "path":
            return f"{self.url}/__space/{self.name}"
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{self.name}.localhost:{parts.port or 80}"

    def renew(self) -> None:
        """Make it new: what the mock may have lost before is nothing that this space had."""
        self._ask("POST", "reset", None)

    def sow(self, seed: int) -> None:
        """Let the ids follow from *seed*."""
        self._ask("PUT", "seed", {"seed": seed})

    def obey(self, rules: Mapping[str, Any]) -> None:
        """Set *rules* of the space."""
        self._ask("PUT", "rules", rules)

    def play(self, scenario: Mapping[str, Any]) -> None:
        """Put a scenario document in force."""
        self._ask("PUT", "scenario", {"scenario": scenario})

    def distort(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Switch *faults* on for the whole space; raises NotOfferedError for one that the server does not know."""
        if faults:
            self._ask("PUT", "faults", {"faults": list(faults)})

    def journal(self) -> tuple[list[Mapping[str, Any]], int]:
        """Return every exchange of the space, and how many the journal dropped."""
        found: list[Mapping[str, Any]] = []
        while True:
            after = found[-1]["number"] if found else 0
            page = self._ask("GET", f"journal?after={after}&limit={_PAGE}", None)
            if page["lost"]:
                raise SteeringError(f"nothing can be ruled, because {page['lost']['message']}")
            found += page["exchanges"]
            if len(page["exchanges"]) < _PAGE:
                return found, int(page["dropped"])

    def remove(self) -> None:
        """Leave nothing behind."""
        self._ask("DELETE", f"spaces/{self.name}", None)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        url = f"{self.url}/__space/{self.name}/__admin/{path}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy and no ~/.netrc stands between the harness and a mock
                reply = session.request(method, url, json=body, headers=headers, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            raise SteeringError(f"{self.url} does not answer: {reason(error)}; is the mock running there?") from error
        if reply.status_code in {400, 422}:
            raise NotOfferedError(f"the mock refused {method} {path.partition('?')[0]}: {reply.text[:500]}")
        if not reply.ok:
            raise SteeringError(
                f"{method} {url} was answered with {reply.status_code} {reply.text[:300]}; is this the mock server?"
            )
        return reply.json() if reply.content else None


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
                process.wait(_TIMEOUT_S)
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
            process.wait(_TIMEOUT_S)
        log.seek(0)
        said = " ".join(f"{line} {log.read()}".split())[-1000:]
        raise SteeringError(f"the mock did not start: {said or f'it said nothing for {patience_s:g} s'}") from error
    return url.rstrip("/")

"""One space of a running mock, in which a client is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from ..errors import AdminRefused, NotOffered, SteeringError, Unanswered
from ..reading.json_text import Json
from ..wire.subjects import Subject, UrlSubject
from .admin import ROOT, AdminApi, WithToken

_TIMEOUT_S: Final = 30
#: What the mock says when it understands a request, and does not offer what is wanted.
_NOT_OFFERED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True)
class Space:
    """One isolated space of the mock at *url*; what goes wrong there keeps a client from being judged.

    Every method that asks the mock raises NotOffered for what it does not offer, and SteeringError for the rest.
    """

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

    def prepare(
        self,
        seed: int,
        rules: Mapping[str, Json],
        scenario: Mapping[str, Json],
        faults: Sequence[Mapping[str, Json]],
    ) -> None:
        """Make the space new, with these ids, rules, scenario and faults."""
        with self._steering():
            self._admin.reset()
            self._admin.set_seed(seed)
            self._admin.set_rules(rules)
            self._admin.set_scenario(scenario)
            if faults:
                self._admin.set_faults(faults)

    def journal(self) -> tuple[Sequence[Mapping[str, Json]], int]:
        """Return every exchange of the space, and how many the journal dropped.

        Raises SteeringError when the mock lost some.
        """
        with self._steering():
            journal = self._admin.journal()
        if journal.lost:
            raise SteeringError(f"nothing can be judged, because {journal.lost}")
        return journal.exchanges, journal.dropped

    def remove(self) -> None:
        """Leave nothing behind."""
        with self._steering():
            self._admin.remove(self.name)

    @cached_property
    def _admin(self) -> AdminApi:
        subject: Subject = UrlSubject(self.url, timeout_s=_TIMEOUT_S).within(f"/__space/{self.name}")
        return AdminApi(WithToken(subject, self.token) if self.token else subject)

    @contextmanager
    def _steering(self) -> Iterator[None]:
        """Say what went wrong in the words of whoever runs a client against a mock."""
        try:
            yield
        except Unanswered as silence:
            raise SteeringError(
                f"{self.url} does not answer: {silence.reason}; is the mock running there?"
            ) from silence
        except AdminRefused as refusal:
            if refusal.status in _NOT_OFFERED:
                name = refusal.path.removeprefix(ROOT)
                raise NotOffered(f"the mock refused {refusal.method} {name}: {refusal.text[:500]}") from refusal
            raise SteeringError(
                f"{refusal.method} {self.base('path')}{refusal.path} was answered with {refusal.status} "
                f"{refusal.text[:300]}; is this the mock server?"
            ) from refusal

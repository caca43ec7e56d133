"""Asks a server over HTTP, one connection a request, so that any worker may answer."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: Longer than any reply takes, in seconds.
PATIENCE = 30


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.body)


def ask(url: str, method: str, path: str, **what: Any) -> Answer:
    """Send one request over a connection of its own."""
    with closing(connection_to(url)) as connection:
        return ask_over(connection, method, urlsplit(url).path + path, **what)


def connection_to(url: str) -> http.client.HTTPConnection:
    """Return a connection to the server at *url*."""
    where = urlsplit(url)
    return http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)


def ask_over(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    json_body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request over a connection that stays open."""
    body = None if json_body is None else json.dumps(json_body)
    declared = {} if json_body is None else {"Content-Type": "application/json"}
    connection.request(method, path, body, {**declared, **(headers or {})})
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())

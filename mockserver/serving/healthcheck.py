"""Asks a server for its health, with nothing but Python's own HTTP client: a container has no curl."""

from __future__ import annotations

import http.client
import json
import sys
from contextlib import closing, suppress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from mockserver.abbreviation import abbreviated, printable
from mockserver.command import BROKEN, KEPT
from mockserver.errors import SettingsError
from mockserver.serving.process.addresses import url_of
from mockserver.settings import Settings

_CONNECTIONS: Final = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
#: No answer about health is longer, in bytes.
_LONGEST_ANSWER: Final = 65536


def healthcheck(server: str, timeout_s: float) -> int:
    """Ask the server at the URL *server*, print what it says, and return the exit status.

    Raises `SettingsError` for what is no URL of a server.
    """
    url = _split(server)
    connection = _CONNECTIONS[url.scheme](url.netloc, timeout=timeout_s)
    with closing(connection):
        try:
            connection.request("GET", f"{url.path.rstrip('/')}/__admin/health")
            response = connection.getresponse()
            answer = response.read(_LONGEST_ANSWER)
        except (OSError, UnicodeError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or error
            print(f"mockserver: nothing answers at {server}: {reason}; is the server running?", file=sys.stderr)
            return BROKEN
    if not _is_health(answer):
        print(f"mockserver: what answers at {server} with {response.status} is no mock server", file=sys.stderr)
        return BROKEN
    print(printable(answer.decode(errors="replace")))
    return KEPT if response.status == http.HTTPStatus.OK else BROKEN


def own_url(settings: Settings) -> str:
    """Return where a server with *settings* answers this machine. Raises `SettingsError` when they do not say it."""
    if settings.port == 0:
        raise SettingsError("with port 0 the system chose the port when the server started; name it with --url")
    return url_of(settings.host, settings.port)


def _split(server: str) -> SplitResult:
    url = urlsplit("")
    with suppress(ValueError):
        url = urlsplit(server)
    if url.username is not None:
        raise SettingsError("--url has a user and a password, which would not be sent: health is told without them")
    if not _is_address(url) or not server.isascii() or not server.isprintable() or " " in server:
        raise SettingsError(
            f"--url {abbreviated(server)} must be http://HOST:PORT or https://HOST:PORT, perhaps with a path that "
            "comes before /__admin/health; without query and fragment, in ASCII"
        )
    return url


def _is_address(url: SplitResult) -> bool:
    try:
        return bool(url.scheme in _CONNECTIONS and url.hostname and url.port != 0 and not url.query + url.fragment)
    except ValueError:  # its port is none
        return False


def _is_health(answer: bytes) -> bool:
    try:
        return "status" in json.loads(answer)
    except (ValueError, TypeError):
        return False

"""What the programs that we start may see of the user's environment.

A call goes to the server that was named, and to nobody between: proxies are for the outside world, and a server that
was named is reached through one only when the user says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

#: What HTTP libraries take from the environment, in capitals.
_DETOURS: Final = frozenset(
    {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"}
)
#: This machine, as the libraries' various ways of reading NO_PROXY want it.
_HERE: Final = ("localhost", ".localhost", "127.0.0.1", "::1")
#: The settings of the user's own mock.
_SETTINGS: Final = "MOCKSERVER_"


@dataclass(frozen=True)
class Route:
    """How a server is reached; empty means directly, and with the certificates that `requests` brings."""

    proxy: str = ""
    ca_file: str = ""

    @property
    def public_proxy(self) -> str:
        """Return the proxy as a report may name it: without the password that its URL may hold."""
        parts = urlsplit(self.proxy)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


DIRECT: Final = Route()


def direct(environment: Mapping[str, str], route: Route) -> dict[str, str]:
    """Return *environment* for a program that takes *route* and no detour that the environment names."""
    rest = {name: value for name, value in environment.items() if name.upper() not in _DETOURS}
    # Without these, macOS would name the proxies of its settings, and ~/.netrc a user.
    nobody = {} if route.proxy else {"NO_PROXY": "*", "no_proxy": "*"}
    return {**rest, **nobody, "NETRC": os.devnull}


def for_own_mock(environment: Mapping[str, str]) -> dict[str, str]:
    """Return *environment* for a mock of ours: the settings in it are those of another server."""
    return {name: value for name, value in environment.items() if not name.startswith(_SETTINGS)}


def for_client(environment: Mapping[str, str], url: str) -> dict[str, str]:
    """Return *environment* for a client that is to reach the mock at *url* directly, and others as before."""
    host = urlsplit(url).hostname or ""
    before = environment.get("no_proxy") or environment.get("NO_PROXY", "")
    if before.strip() == "*":
        return dict(environment)
    hosts = ",".join(dict.fromkeys(filter(None, (*before.split(","), *_HERE, host))))
    return {**environment, "NO_PROXY": hosts, "no_proxy": hosts}

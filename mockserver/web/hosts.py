"""Which host a request names: read once, and refused when it is none, so that everybody means the same one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

#: What nearly every call sends.
_PLAIN = re.compile(r"[a-z0-9.-]+(:(?!80$)([1-9][0-9]{0,3}|[1-5][0-9]{4}))?")
#: Name or IPv4 address, or IPv6 address in brackets, and a port (RFC 3986, 3.2.2; RFC 9110, 7.2). No comma, although
#: a name may have one: by it servers join two Host headers, which RFC 9112 wants refused.
_HOST = re.compile(
    r"(?P<name>(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+|\[(?P<v6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?"
)
_HIGHEST_PORT = 65535
_USUAL_PORT = 80
_SHOWN = 100
_EXPECTED = "wanted a name or an address, and perhaps a port, as in `Host: 127.0.0.1:8080`"


class BadHost(ValueError):
    """A request names no host, or none that could be one; the text says what is wrong and what was expected."""


def host_of(environ: Mapping[str, Any]) -> str:
    """Return the host that the caller used, in small letters, with its port where that is not the usual one.

    Raises `BadHost` where RFC 9112 (3.2) wants a request refused.
    """
    sent: str = environ.get("HTTP_HOST", "")
    target: str = environ.get("RAW_URI", "/")
    if not sent:
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
            raise BadHost(f"a request in HTTP/1.1 names a host, and this one has none; {_EXPECTED}")
        name = environ["SERVER_NAME"]  # where the connection arrived
        sent = f"[{name}]:{environ['SERVER_PORT']}" if ":" in name else f"{name}:{environ['SERVER_PORT']}"
    if target.startswith("/") and _PLAIN.fullmatch(sent):
        return sent
    host = _host(sent)
    # In a target with scheme and host, that host counts (RFC 9112, 3.2.2).
    return host if target.startswith("/") or "://" not in target else _host(urlsplit(target).netloc)


def name_of(host: str) -> str:
    """Return *host*, one that `host_of` has returned, without its port."""
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _host(sent: str) -> str:
    found = _HOST.fullmatch(sent)
    if found is None or (found["v6"] and not _is_v6(found["v6"])) or int(found["port"] or 0) > _HIGHEST_PORT:
        raise BadHost(f"got {sent[:_SHOWN]!r} for a host; {_EXPECTED}")
    name, port = found["name"].lower(), int(found["port"] or _USUAL_PORT)
    return name if port == _USUAL_PORT else f"{name}:{port}"


def _is_v6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True

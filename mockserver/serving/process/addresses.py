"""Where a server answers, as its own machine writes it."""

from __future__ import annotations

import ipaddress
import socket


def url_of(host: str, port: int) -> str:
    """Return the URL by which this machine reaches a server that listens on *host*."""
    if is_every_address(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{joined(host, port)}"


def is_every_address(host: str) -> bool:
    """Say whether *host* stands for all addresses of its machine, in any spelling."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        pass
    try:
        return not any(socket.inet_aton(host))
    except (OSError, ValueError):
        return False


def joined(host: str, port: int) -> str:
    """Write *host* and *port* as one; an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

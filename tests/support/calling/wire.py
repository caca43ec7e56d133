"""Speaks HTTP byte by byte, to say what no client library would."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Self
from urllib.parse import urlsplit

from tests.support.calling.asking import PATIENCE, Answer


class Wire:
    """One connection to a server; replies are read one after the other."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.host = where.netloc
        self._socket = socket.create_connection((where.hostname, where.port), timeout=PATIENCE)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        with closing(self._socket), closing(self._file):
            pass

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(b"".join(parts))

    def no_more(self) -> None:
        """Send nothing more."""
        self._socket.shutdown(socket.SHUT_WR)

    def reply(self, *, bodiless: bool = False) -> Answer | None:
        """Read one reply; None when the server hung up instead."""
        try:
            line = self._file.readline()
        except ConnectionResetError:
            return None
        if not line:
            return None
        version, status, _ = line.split(b" ", 2)
        assert version == b"HTTP/1.1", line
        headers = dict(self._headers())
        length = 0 if bodiless else int(headers.get("content-length", 0))
        return Answer(int(status), headers, self._file.read(length))

    def everything(self) -> bytes:
        """Read until the server hangs up."""
        try:
            return self._file.read()
        except ConnectionResetError:
            return b""

    def _headers(self):
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            yield name.lower(), value.strip()


def request(method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
    """Write a request; underscores in header names stand for dashes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if body is not None:
        headers = {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")

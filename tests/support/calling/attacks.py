"""Requests that are none, or mean two things at once: what a careless or hostile client puts on the wire."""

from __future__ import annotations

from dataclasses import dataclass

_HEALTH = b"GET /__admin/health HTTP/1.1\r\nHost: a\r\n\r\n"
_CALL = b"POST /api/account/1/getEngagement HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True)
class Attack:
    """Bytes that the server must refuse with *status*, as its one and last answer on the connection."""

    status: int
    sent: bytes


def _get(*lines: bytes, target: bytes = b"/__admin/health", version: bytes = b"HTTP/1.1") -> bytes:
    return b"\r\n".join([b"GET " + target + b" " + version, *lines, b"", b""])


#: By the name under which `docs/reference/robustness.md` lists them. Each smuggled request would be answered with 200.
ATTACKS = {
    "words instead of a request": Attack(400, b"what is this\r\n\r\n"),
    "a TLS handshake": Attack(400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)) + b"\r\n\r\n"),
    "method in small letters": Attack(400, b"get / HTTP/1.1\r\nHost: a\r\n\r\n"),
    "unknown version of HTTP": Attack(400, _get(b"Host: a", version=b"HTTP/3.0")),
    "HTTP/2 by prior knowledge": Attack(400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "control character in the target": Attack(400, _get(b"Host: a", target=b"/a\x01b")),
    "raw byte above ASCII in the target": Attack(400, _get(b"Host: a", target=b"/caf\xc3\xa9")),
    "bare line feeds": Attack(400, b"GET / HTTP/1.1\nHost: a\n\n"),
    "header without colon": Attack(400, _get(b"Host a")),
    "space before the colon": Attack(400, _get(b"Host : a")),
    "folded header": Attack(400, _get(b"Host: a", b"X-Long: one", b" two")),
    "control character in a header": Attack(400, _get(b"Host: a", b"X-Nul: a\x00b")),
    "two hosts": Attack(400, _get(b"Host: a", b"Host: b")),
    "two media types": Attack(400, _CALL + b"Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n"),
    "long request line": Attack(414, _get(b"Host: a", target=b"/" + b"a" * 10_000)),
    "large header": Attack(431, _get(b"Host: a", b"X-Large: " + b"a" * 10_000)),
    "many headers": Attack(431, _get(b"Host: a", *(b"X-%d: a" % number for number in range(200)))),
    "unknown expectation": Attack(417, _CALL + b"Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}"),
    "unknown transfer coding": Attack(501, _CALL + b"Transfer-Encoding: br\r\n\r\n{}"),
    "length and chunks (CL.TE)": Attack(
        400, _CALL + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunks and length (TE.CL)": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunked twice": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunked and then something else": Attack(
        400, _CALL + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunked, but disguised": Attack(501, _CALL + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _HEALTH),
    "chunked in HTTP/1.0": Attack(
        400, b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _HEALTH
    ),
    "two lengths": Attack(400, _CALL + b"Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}" + _HEALTH),
    "a list of lengths": Attack(400, _CALL + b"Content-Length: 2, 2\r\n\r\n{}" + _HEALTH),
    "negative length": Attack(400, _CALL + b"Content-Length: -2\r\n\r\n{}" + _HEALTH),
    "length with a sign": Attack(400, _CALL + b"Content-Length: +2\r\n\r\n{}" + _HEALTH),
    "length in other digits": Attack(400, _CALL + b"Content-Length: \xb2\r\n\r\n{}" + _HEALTH),
    "chunk size that is no number": Attack(400, _CALL + b"Transfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n" + _HEALTH),
    "chunk size with a prefix": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunk longer than its size": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" + _HEALTH
    ),
    "chunk that ends in a bare line feed": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n" + _HEALTH
    ),
    "length in the trailer": Attack(
        400, _CALL + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n" + _HEALTH
    ),
}

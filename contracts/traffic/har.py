"""Reads a HAR file: the calls and replies that a browser or a proxy recorded, and what it did not record of them.

What a tool writes is taken as it comes; only what nothing can be said without must be there.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from ..errors import HarError

#: More than any recording of a chat; a recording of everything can be filtered when it is exported.
LARGEST: Final = 256 * 1024 * 1024

#: How files begin that gzip or zlib have packed: `.har.gz`, and the `.zhar` of mitmproxy.
_PACKED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")
#: Headers about the form in which a body travelled; a HAR holds it unpacked, in one piece.
_TRAVEL: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True)
class Entry:
    """One call with its reply, as recorded."""

    #: The how manieth of the file, from 1.
    number: int
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    #: None when the file does not hold it, or not all of it.
    body: bytes | None
    #: 0 when no reply came.
    status: int
    reply_headers: tuple[tuple[str, str], ...]
    #: None when the file does not hold it, or not all of it.
    reply: bytes | None
    began_ms: float
    ended_ms: float
    connection: str = ""
    page: str = ""
    #: Whether the browser answered by itself.
    cached: bool = False

    def header(self, name: str) -> str:
        """Return the value of a header of the call, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def load(path: Path, *, largest: int = LARGEST) -> tuple[Entry, ...]:
    """Read the entries of the HAR at *path*, in the order in which the calls began; raises HarError."""
    try:
        entries = sorted(_entries(_parsed(_text(path, largest))), key=lambda entry: (entry.began_ms, entry.number))
    except HarError as error:
        raise HarError(f"{path} {error}") from None
    return tuple(entries)


def _text(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise HarError(f"cannot be read: {error.strerror}") from error
    if data.startswith(_PACKED):
        try:
            data = zlib.decompressobj(wbits=47).decompress(data, largest + 1)
        except zlib.error as error:
            raise HarError(f"looks packed, and cannot be unpacked: {error}") from error
    if len(data) > largest:
        raise HarError(f"holds more than {largest >> 20} MiB; export only the calls of the API, or split it")
    return data


def _parsed(data: bytes) -> list[Any]:
    if not data.strip():
        raise HarError("is empty")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise HarError(f"is no HAR: it is no text in UTF-8 ({error.reason} at byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise HarError(f"is no HAR: it is no JSON ({error})") from error
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise HarError("is no HAR: it has no list log.entries")
    return entries


def _entries(listed: list[Any]) -> Iterator[Entry]:
    for number, entry in enumerate(listed, 1):
        try:
            yield _entry(number, entry)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else f"cannot be understood: {error}"
            raise HarError(f"is no HAR: entry {number} {what}") from error


def _entry(number: int, entry: Mapping[str, Any]) -> Entry:
    request, response = entry["request"], entry.get("response") or {}
    began = _ms(entry["startedDateTime"])
    status = int(response.get("status") or 0)
    sent, got = request.get("postData") or {}, response.get("content") or {}
    headers = _headers(request, str(sent.get("mimeType") or ""))
    reply_headers = _headers(response, str(got.get("mimeType") or ""))
    return Entry(
        number=number,
        method=_word(request["method"]).upper(),
        url=_word(request["url"]),
        headers=headers,
        body=_body(sent, max(_size(request.get("bodySize")), _length(request))),
        status=max(0, status),
        reply_headers=tuple(pair for pair in reply_headers if pair[0].lower() not in _TRAVEL),
        reply=_body(got, max(_size(got.get("size")), _length(response) if "size" not in got else 0)),
        began_ms=began,
        ended_ms=began + _lasted_ms(entry.get("time")),
        connection=str(entry.get("connection") or ""),
        page=str(entry.get("pageref") or ""),
        cached=bool(entry.get("_fromCache") or response.get("_fetchedViaServiceWorker")),
    )


def _headers(side: Mapping[str, Any], media_type: str) -> tuple[tuple[str, str], ...]:
    """Return the headers without HTTP/2's own; a tool that keeps none still says what the body was."""
    listed = tuple(
        (str(each["name"]), str(each["value"]))
        for each in side.get("headers") or ()
        if not str(each["name"]).startswith(":")
    )
    return listed or ((("Content-Type", media_type),) if media_type not in {"", "x-unknown"} else ())


def _body(held: Mapping[str, Any], size: int) -> bytes | None:
    """Return what is held of a body of at least *size* bytes, None if that is not all of it."""
    text = held.get("text")
    if text is None and held.get("params"):
        text = urlencode([(str(each["name"]), str(each.get("value", ""))) for each in held["params"]])
    if text is None:
        return b"" if size == 0 else None
    body = _decoded(str(text)) if held.get("encoding") == "base64" else str(text).encode("utf-8", "surrogatepass")
    return body if body is None or len(body) >= size else None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _length(side: Mapping[str, Any]) -> int:
    """Return the Content-Length of a body that travelled as it is."""
    named = {str(each["name"]).lower(): str(each["value"]) for each in side.get("headers") or ()}
    length = named.get("content-length", "")
    return int(length) if length.isdecimal() and "content-encoding" not in named else 0


def _size(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and value > 0 else 0


def _lasted_ms(value: Any) -> float:
    known = isinstance(value, int | float) and math.isfinite(value) and value > 0
    return float(value) if known else 0.0


def _ms(text: Any) -> float:
    moment = datetime.fromisoformat(_word(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} where a text is wanted")
    return value

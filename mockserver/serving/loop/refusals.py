"""What is answered to bytes that are no HTTP request: the contract's error entity."""

from __future__ import annotations

from http import HTTPStatus

from gunicorn.http.errors import (  # type: ignore[attr-defined]  # two are newer than the stubs
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)

from mockserver.error_entity import error_entity

_STATUSES: dict[type[BaseException], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_BAD_REQUEST, _FAILED = 5, 18  # internal codes of the contract


def status_of(error: BaseException) -> HTTPStatus:
    """Return the status of the refusal that *error* asks for."""
    if not isinstance(error, ParseException) or isinstance(error, (InvalidResponseHeader, InvalidResponseHeaderName)):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUSES.get(type(error), HTTPStatus.BAD_REQUEST)


def refusal(error: BaseException, now_ms: int) -> bytes:
    """Return the whole reply, after which the connection is closed."""
    status = status_of(error)
    code, told = _BAD_REQUEST, f"this is no HTTP request that the server reads: {error}"[:300]
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        code, told = _FAILED, "the mock server failed; its log says how"
    body = error_entity(now_ms, code, told)
    head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

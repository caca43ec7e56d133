"""What is answered to bytes that are no HTTP request: an error of the first API."""

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

from mockserver.contract.error_shape import ErrorShape

_STATUSES: dict[type[BaseException], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


def status_of(error: BaseException) -> HTTPStatus:
    """Return the status of the refusal that *error* asks for."""
    if not isinstance(error, ParseException) or isinstance(error, (InvalidResponseHeader, InvalidResponseHeaderName)):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUSES.get(type(error), HTTPStatus.BAD_REQUEST)


def refusal(error: BaseException, shape: ErrorShape, now_ms: int) -> bytes:
    """Return the whole reply, after which the connection is closed."""
    status = status_of(error)
    code, message = shape.code(HTTPStatus.BAD_REQUEST), f"this is no HTTP request that the server reads: {error}"[:300]
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        code, message = shape.code(status), "the mock server failed; its log says how"
    body = shape.entity(status, now_ms, code, message)
    head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: {shape.media_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
